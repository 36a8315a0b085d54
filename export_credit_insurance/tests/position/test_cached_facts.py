from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestCachedFacts(PositionCommon):
    """The contract is cached for the position, and never stale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 1000.0)
        cls.make_invoice(cls.alfa, 300.0)

    def test_survives_a_rollback(self):
        with self.env.cr.savepoint() as savepoint:
            self.assertEqual(self.get_position(self.alfa).headroom, 700.0)
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.get_position(self.alfa).headroom, 700.0)

    def test_survives_a_failed_transaction(self):
        self.get_position(self.alfa)
        try:
            with self.env.cr.savepoint():
                self.get_position(self.alfa, "2026-10-03")
                self.env.cr.execute("SELECT 1 / 0", log_exceptions=False)
        except Exception as error:
            self.assertIn("division by zero", str(error))
        self.assertEqual(self.get_position(self.alfa, "2026-10-03").headroom, 700.0)

    def test_follows_the_policy(self):
        self.assertEqual(self.get_position(self.alfa).max_payment_days, 180)
        self.policy.max_payment_days = 90
        self.assertEqual(self.get_position(self.alfa).max_payment_days, 90)
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.alfa.country_id.id, "max_payment_days": 60})
        ]
        self.assertEqual(self.get_position(self.alfa).max_payment_days, 60)
        self.policy.country_term_ids.unlink()
        self.assertEqual(self.get_position(self.alfa).max_payment_days, 90)

    def test_follows_policy_years_zones_and_drafts(self):
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 270.0)
        year = self.policy.year_ids[:1] or self.policy.year_ids.create(
            {
                "policy_id": self.policy.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        year.insured_pct_named = 50.0
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 150.0)
        self.make_invoice(self.alfa, 100.0, post=False)
        self.company.credit_count_draft_invoices = True
        self.assertEqual(self.get_position(self.alfa).draft, 100.0)

    def test_follows_a_policy_activated_later(self):
        beta = self.make_buyer("State", credit_party_kind="public")
        self.assertFalse(self.get_position(beta).policy)
        second = self.make_policy(name="PUB", exclude_public=False, sequence=99)
        self.assertEqual(self.get_position(beta).policy, second)

    def test_follows_rates(self):
        self.clear_rates()
        self.set_rate(self.dollar, 1.0)
        self.make_invoice(self.alfa, 100.0, currency_id=self.dollar.id)
        self.assertEqual(self.get_position(self.alfa).exposure, 400.0)
        self.set_rate(self.dollar, 2.0, day="2026-10-01")
        self.assertEqual(self.get_position(self.alfa).exposure, 350.0)

    def test_follows_the_accounts_of_receivables(self):
        self.assertEqual(self.get_position(self.alfa).exposure, 300.0)
        account = self.alfa.property_account_receivable_id.copy()
        self.alfa.property_account_receivable_id = account
        self.make_invoice(self.alfa, 100.0)
        self.assertEqual(self.get_position(self.alfa).exposure, 400.0)

    def test_two_companies_two_statements(self):
        other = self.setup_other_company()["company"]
        self.get_position(self.alfa)
        found = self.position._get_credit_position(self.alfa, other, self.today)
        self.assertEqual(found[self.alfa].exposure, 0.0)
        self.assertEqual(self.get_position(self.alfa).exposure, 300.0)

    def test_nobody_asked_about(self):
        self.assertEqual(
            self.position._get_credit_position(
                self.env["res.partner"], self.company, self.today
            ),
            {},
        )
