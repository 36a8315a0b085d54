from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .money_common import MoneyKept


@tagged("post_install", "-at_install")
class TestMoneyOfDebts(MoneyKept):
    """An order that grows on money that paid its own invoices adds to what is owed.

    102 000 of 130 000 are used. An order of 28 000, of which a deposit of 20 000 is
    billed, was paid for with 20 000: 8 000 of it pay what is still to bill, the rest
    the deposit, and 102 000 + 20 000 + 8 000 - 20 000 are 110 000. Found at random.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grows = cls.make_quotation(28)
        cls.grows.action_confirm()
        wizard = cls.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=cls.grows.ids
        )
        deposit = {"advance_payment_method": "fixed", "fixed_amount": 20000.0}
        wizard.create(deposit).create_invoices()
        cls.grows.invoice_ids.action_post()

    def setUp(self):
        super().setUp()
        self.pay_for(self.grows, 20000.0)
        self.env.invalidate_all()
        self.line = self.grows.with_user(self.seller).order_line.filtered(
            "product_uom_qty"
        )

    def test_within_the_credit(self):
        """12 000 more: 102 000 + 20 000 + 20 000 - 20 000 are 122 000."""
        self.line.product_uom_qty = 40
        self.env.flush_all()
        self.assertEqual(self.headroom(self.other), 8000.0)

    def test_beyond_the_credit(self):
        """20 000 are sold on; 12 000 more are 142 000, 12 000 too much."""
        self.confirm(self.make_quotation(20))
        with self.assertRaises(RedirectWarning) as refused, self.env.cr.savepoint():
            self.line.product_uom_qty = 40
            self.env.flush_all()
        self.assertIn("12,000.00", str(refused.exception))

    def test_released(self):
        """Credit control lets it grow by the 12 000, and it does."""
        self.confirm(self.make_quotation(20))
        self.grows.with_user(self.seller).action_request_credit_release(
            "Spare parts", {self.grows.id: 40000.0}
        )
        self.assertEqual(self.hold_of(self.grows).missing_amount, 12000.0)
        self.release(self.grows)
        self.line.product_uom_qty = 40
        self.env.flush_all()
        self.assertEqual(self.grows.amount_total, 40000.0)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.line.product_uom_qty = 41
            self.env.flush_all()
