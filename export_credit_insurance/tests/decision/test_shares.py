from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestShares(DecisionCommon):
    """Who stands for an order: the limit, a security, or we ourselves.

    BETA has a limit of 45 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 45000.0)

    def make_security(self, amount, orders=None, **values):
        return self.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "kind": "lc_unconfirmed",
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": amount,
                "currency_id": self.euro.id,
                "date_from": "2026-01-01",
                "date_to": "2027-12-31",
                "state": "active",
                "is_general": not orders,
                "order_ids": [Command.set(orders.ids if orders else [])],
                **values,
            }
        )

    def accept_own_risk(self, amount):
        # by another one than who makes the orders, whom it would not serve
        rows = self.env["credit.insurance.own.risk"].with_user(self.manager)
        rows.create(
            {
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": amount,
                "date_from": "2026-01-01",
                "reason": "Old customer",
            }
        )

    def assertShares(self, record, within_limit, secured, own_risk):
        self.assertRecordValues(
            record,
            [
                {
                    "insured_amount": within_limit,
                    "secured_amount": secured,
                    "own_risk_amount": own_risk,
                }
            ],
        )

    def confirm(self, order):
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return self.clearance_of(order)

    def test_letter_of_credit_is_not_within_the_limit(self):
        order = self.make_quotation(60000.0, self.beta, user=self.user)
        self.make_security(60000.0, order)
        for text in ("45,000.00", "Within the limit 0.00", "secured 60,000.00"):
            self.assertIn(text, order.credit_check_summary)
        clearance = self.confirm(order)
        self.assertShares(clearance, 0.0, 60000.0, 0.0)
        self.assertEqual(clearance.headroom_after, 45000.0)
        self.assertIn("secured 60,000.00", order.credit_check_summary)
        self.assertNotIn("were left", order.credit_check_summary)

    def test_limit_carries_what_the_letter_of_credit_leaves(self):
        # 60 000 - 20 000 = 40 000 of 45 000
        order = self.make_quotation(60000.0, self.beta)
        self.make_security(20000.0, order)
        clearance = self.confirm(order)
        self.assertShares(clearance, 40000.0, 20000.0, 0.0)
        self.assertEqual(clearance.headroom_after, 5000.0)

    def test_release_tells_the_three_apart(self):
        # 10 000 by the letter of credit, 45 000 by the limit, 5 000 by nobody
        order = self.make_quotation(60000.0, self.beta)
        self.make_security(10000.0, order)
        hold = self.ask_release(order)
        self.assertShares(hold, 45000.0, 10000.0, 5000.0)
        self.release(hold, user=self.manager)
        self.assertShares(self.confirm(order), 45000.0, 10000.0, 5000.0)
        summary = order.with_user(self.user).credit_check_summary
        for text in (
            "Released by Mona.",
            "Within the limit 45,000.00",
            "secured 10,000.00",
            "at our own risk 5,000.00",
        ):
            self.assertIn(text, summary)

    def test_general_guarantee_serves_what_is_owed_first(self):
        # 20 000 - 12 000 owed = 8 000 secured, 42 000 of 45 000 within the limit
        self.make_security(20000.0, kind="bank_guarantee")
        self.make_invoice(self.beta, 12000.0)
        order = self.make_quotation(50000.0, self.beta, user=self.user)
        # 45 000 + 20 000 - 12 000 - 50 000 = 3 000
        self.assertIn("3,000.00", order.credit_check_summary)
        self.assertIn("65,000.00", order.credit_check_summary)
        self.assertShares(self.confirm(order), 42000.0, 8000.0, 0.0)

    def test_general_guarantee_used_up(self):
        # 30 000 owed, 20 000 of it secured: 35 000 are left of the limit
        self.make_security(20000.0, kind="bank_guarantee")
        self.make_invoice(self.beta, 30000.0)
        hold = self.ask_release(self.make_quotation(36000.0, self.beta))
        self.assertShares(hold, 35000.0, 0.0, 1000.0)
        self.assertEqual(hold.missing_amount, 1000.0)
        message = hold.finding_ids.message
        self.assertIn("an authorised credit of 65,000.00", message)
        self.assertIn("a limit of 45,000.00", message)

    def test_accepted_own_risk_is_own_risk(self):
        # 45 000 + 10 000 - 50 000 = 5 000 left; 5 000 of the order beyond the limit
        self.accept_own_risk(10000.0)
        order = self.make_quotation(50000.0, self.beta, user=self.user)
        self.assertIn("5,000.00", order.credit_check_summary)
        self.assertIn("of 55,000.00", order.credit_check_summary)
        self.assertShares(self.confirm(order), 45000.0, 0.0, 5000.0)
        self.assertIn("at our own risk 5,000.00", order.credit_check_summary)

    def test_small_order_uses_the_limit_first(self):
        self.accept_own_risk(10000.0)
        order = self.make_quotation(1000.0, self.beta, user=self.user)
        self.assertShares(self.confirm(order), 1000.0, 0.0, 0.0)
        # 54 000 left of 55 000: not "54 000 of a limit of 45 000"
        self.assertNotIn("54,000.00", order.credit_check_summary)

    def test_nothing_is_insured_with_terms_too_long(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "200 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 200}
                    )
                ],
            }
        )
        order = self.make_quotation(30000.0, self.beta, payment_term_id=term.id)
        self.make_security(10000.0, order)
        self.assertShares(self.ask_release(order), 0.0, 10000.0, 20000.0)

    def test_stopped_cover_leaves_securities(self):
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.beta.id, "date_from": "2026-09-15", "cause": "insurer"}
        )
        order = self.make_quotation(30000.0, self.beta)
        self.make_security(10000.0, order)
        self.assertShares(self.ask_release(order), 0.0, 10000.0, 20000.0)
