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

    def residue_of(self, amount):
        """Pay an invoice of 1 000 but for this amount."""
        self.take(self.invoice, self.holding)
        receipt = self.make_receipt(self.alfa, 1000.0 - amount)
        (receipt.line_ids + self.invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self.invoice.amount_residual, amount)

    def test_residue_holds_nothing(self):
        """POL-26 ignores less than 50: 49.99 of 1 000 (5 %) are left."""
        self.residue_of(49.99)
        self.assertFalse(self.alfa.credit_followup_held)
        self.assertEqual(self.make_order(self.alfa, 1000.0).state, "sale")

    def test_former_policy_ignored_nothing(self):
        """POL-25 is closed, and ignored no amount at all: POL-26's 50 count."""
        former = self.make_policy(
            number="POL-25",
            date_start="2025-01-01",
            date_end="2025-12-31",
            residue_amount=0.0,
        )
        former.action_close()
        self.residue_of(49.99)
        self.assertFalse(self.alfa.credit_followup_held)

    def test_more_than_a_residue_holds(self):
        """50 are no residue any more."""
        self.residue_of(50.0)
        self.assertTrue(self.alfa.credit_followup_held)
        order = self.make_order(self.alfa, 1000.0, confirm=False)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_residue_beside_another_debt(self):
        """The step was taken for what is a residue now: it holds nothing, though
        another invoice of 700 is overdue, of which no step was taken."""
        self.residue_of(49.99)
        other = self.make_invoice(
            self.alfa, 700.0, day="2026-07-01", due=self.company._credit_today()
        )
        other.line_ids.filtered("date_maturity").date_maturity = "2026-09-01"
        self.assertFalse(self.alfa.credit_followup_held)
        self.assertEqual(self.make_order(self.alfa, 1000.0).state, "sale")

    def test_share_of_the_invoice(self):
        """Less than 1 % of the invoice is a residue: 99 of 10 000, not 100."""
        large = self.make_invoice(
            self.alfa, 10000.0, day="2026-07-01", due=self.company._credit_today()
        )
        large.line_ids.filtered("date_maturity").date_maturity = "2026-09-01"
        self.take(large, self.holding)
        for paid, held in ((9900.0, True), (1.0, False)):
            receipt = self.make_receipt(self.alfa, paid)
            (receipt.line_ids + large.line_ids).filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()
            self.alfa.invalidate_recordset()
            self.assertEqual(self.alfa.credit_followup_held, held)
