from odoo import Command

from ..position.position_common import PositionCommon


class DashboardCommon(PositionCommon):
    """A book of four buyers, in euro, on 1 October 2026, insured by named limits.

    The policy insures named buyers alone: GAMMA has none and is not insured.

    | buyer | country | exposure | limit | covered 90 % | beyond | own risk |
    | ALFA  | Brazil  | 120 000  | 100 000 | 90 000 | 20 000 | 10 000 |
    | BETA  | Germany |  30 000  |  50 000 | 27 000 |      0 |  3 000 |
    | GAMMA | Brazil  |   8 000  |       – |      0 |  5 000 |  3 000 (accepted) |
    | total |         | 158 000  |         | 117 000 | 25 000 | 16 000 |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.policy.kind = "buyer"
        # ALFA's limit ends on 15 November, 45 days from now
        cls.company.credit_limit_expiring_days = 45
        cls.beta = cls.make_buyer("BETA", "de")
        cls.gamma = cls.make_buyer("GAMMA")
        cls.make_limit(cls.alfa, 100000.0, date_to="2026-11-15")
        cls.make_limit(cls.beta, 50000.0)
        cls.make_invoice(cls.alfa, 120000.0)
        cls.make_invoice(cls.beta, 30000.0)
        # overdue for 17 days on 1 October
        cls.make_invoice(cls.gamma, 8000.0, day="2026-08-01", due="2026-09-14")
        cls.env["credit.insurance.own.risk"].create(
            {
                "partner_id": cls.gamma.id,
                "company_id": cls.company.id,
                "amount": 3000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "reason": "Known for long",
            }
        )
        cls.dashboard = cls.env["credit.insurance.dashboard"]
        cls.snapshots = cls.env["credit.insurance.exposure.snapshot"]
        cls.brazil, cls.germany = cls.alfa.country_id, cls.beta.country_id

    @classmethod
    def make_dollar_buyer(cls):
        """Amounts that do not divide evenly: 1 000.33 $ at 1.0837."""
        cls.set_rate(cls.dollar, 1.0837)
        buyer = cls.make_buyer("EPSILON", "us")
        cls.make_limit(buyer, 500.0)
        cls.make_invoice(buyer, 1000.33, currency_id=cls.dollar.id)
        return buyer

    @classmethod
    def make_other_company(cls):
        other = cls.env["res.company"].create(
            {
                "name": "Other",
                "currency_id": cls.euro.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.user.company_ids = [Command.link(other.id)]
        return other

    def get(self, **filters):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.dashboard.get_dashboard(
            {"company_id": self.company.id, "date": False, **filters}
        )

    def amounts(self, row):
        names = ("exposure", "covered", "own_risk", "uncovered")
        return tuple(row[name] for name in names)

    def figures(self, board):
        return {figure["key"]: figure["amount"] for figure in board["figures"]}
