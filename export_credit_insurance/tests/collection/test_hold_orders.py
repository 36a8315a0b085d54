from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestHoldOrders(FollowupCommon):
    """A step may hold new orders until its invoice is paid."""

    observation = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.plain = cls.make_step(5)
        cls.holding = cls.make_step(15, hold_orders=True)
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due=cls.company._credit_today()
        )
        line = cls.invoice.line_ids.filtered("date_maturity")
        line.date_maturity = "2026-09-01"

    def test_plain_step_holds_nothing(self):
        self.take(self.invoice, self.plain)
        self.assertFalse(self.alfa.credit_followup_held)
        self.assertEqual(self.make_order(self.alfa, 1000.0).state, "sale")

    def test_holding_step(self):
        self.take(self.invoice, self.holding)
        self.assertTrue(self.alfa.credit_followup_held)
        order = self.make_order(self.alfa, 1000.0, confirm=False)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_until_it_is_paid(self):
        self.take(self.invoice, self.holding)
        receipt = self.make_receipt(self.alfa, 1000.0)
        (receipt.line_ids + self.invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(self.alfa.credit_followup_held)
        self.assertEqual(self.make_order(self.alfa, 1000.0).state, "sale")

    def test_other_company_is_free(self):
        self.take(self.invoice, self.holding)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.alfa.with_company(other).credit_followup_held)
