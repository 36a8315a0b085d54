from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from ..position.position_common import PositionCommon

GROUP = "export_credit_insurance.group_credit_"


class ClaimCommon(PositionCommon):
    """BETA of DOMAIN 1.13: a named limit of 100 000, 140 000 owed without tax.

    100 000 + 35 000 shipped on 1 February, 15 000 of the latter disputed, and 5 000
    shipped on 10 March, after the insurer stopped cover on 1 March.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.year_ids.premium_amount = 18500.0
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 100000.0)
        cls.first = cls.make_debt(cls.beta, 100000.0)
        cls.second = cls.make_debt(cls.beta, 35000.0)
        cls.second.credit_dispute_amount = 15000.0
        cls.env["credit.insurance.stop"].create(
            {
                "policy_id": cls.policy.id,
                "partner_id": cls.beta.id,
                "date_from": "2026-03-01",
                "cause": "insurer",
            }
        )
        cls.third = cls.make_debt(cls.beta, 5000.0, day="2026-03-10")
        cls.controller = new_test_user(
            cls.env,
            "claim_controller",
            groups=f"{GROUP}controller",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.company.credit_controller_id = cls.controller
        cls.claims = cls.env["credit.insurance.claim"].with_user(cls.controller)
        # the day on which the file of DOMAIN 1.10 is received
        cls.startClassPatcher(freeze_time("2026-06-10 09:00:00"))

    @classmethod
    def make_debt(cls, partner, amount, day="2026-02-01", due="2026-04-02", **values):
        return cls.make_invoice(partner, amount, day=day, due=due, **values)

    def prepare(self, buyers=None, **options):
        return self.claims._prepare(buyers or self.beta, self.company, **options)

    def file(self, buyers=None, **options):
        claims = self.prepare(buyers, **options)
        claims.action_file()
        return claims

    def lose(self, name, amount, limit=None, **values):
        """A claim of a buyer of its own who owes so much, within the limit."""
        buyer = self.make_buyer(name)
        self.make_limit(buyer, limit or amount)
        self.make_debt(buyer, amount, **values)
        return self.prepare(buyer)

    def assertUnpaid(self, claim, **expected):
        """Compare the rows; with the indemnity they add up to what is owed."""
        rows = {row["code"]: row["amount"] for row in claim._get_unpaid()}
        self.assertEqual(rows, expected)
        indemnity = claim.gross_amount - sum(rows.values())
        self.assertAlmostEqual(indemnity, claim.expected_amount, 2)
