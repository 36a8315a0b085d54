from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .money_common import MoneyKept


@tagged("post_install", "-at_install")
class TestMoneyCredited(MoneyKept):
    """An order that was paid for and credited since is paid for no more.

    Its credit note is the buyer's, who may use it for others.
    """

    def credit_it(self):
        """Pay for the order of 45 000, bill it and credit the whole bill."""
        self.pay_for(self.order, 45000.0)
        self.assertEqual(self.order._credit_paid_orders(), self.order)
        self.product.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_residual, 0.0)
        invoice._reverse_moves().action_post()
        self.assertFalse(self.order._credit_paid_orders())

    def test_it_may_not_come_back(self):
        """A credit note of 45 000 is the buyer's: 73 000 may be sold, and no more.

        102 000 - 45 000 + 73 000 are 130 000; the order may not come back on top.
        """
        self.credit_it()
        line = self.order.order_line.with_user(self.seller)
        line.product_uom_qty = 0
        self.assertEqual(self.headroom(self.other), 73000.0)
        self.confirm(self.other)
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            line.product_uom_qty = 45
            self.env.flush_all()
        self.assertIn("45,000.00", refusal.exception.args[0])

    def test_it_goes_on(self):
        """Lowered to 1 000, it is not paid for: nobody is told that nothing stands
        against the other 44 000."""
        self.credit_it()
        line = self.order.order_line.with_user(self.seller)
        line.product_uom_qty = 1
        self.confirm(self.make_quotation(72))
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            line.product_uom_qty = 45
            self.env.flush_all()

    def test_customer_signs_it(self):
        """Cancelled and quoted once more, on the page of a customer.

        102 000 - 45 000 + 73 000 are 130 000: 45 000 are too much, and it waits.
        """
        self.credit_it()
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.confirm(self.other)
        self.order.action_draft()
        self.order.write({"require_signature": True, "require_payment": False})
        self.order.action_quotation_sent()
        self.visit()
        self.sign(self.order)
        self.assertEqual(self.order.state, "sent")
        self.assertRecordValues(
            self.hold_of(self.order),
            [
                {
                    "state": "open",
                    "accepted_by_customer": True,
                    "missing_amount": 45000.0,
                }
            ],
        )

    def test_it_leaves(self):
        """The limit is cut to 100 000: 57 000 that has left, and 43 000 of 45 000.

        Had it not been credited, it would be paid for, and leave.
        """
        self.ship(
            (self.buyer.sale_order_ids - self.order - self.other).picking_ids, 102
        )
        self.credit_it()
        self.set_limit(100000.0)
        picking = self.order.picking_ids
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            self.ship(picking, 45)
        self.assertIn("2,000.00", refusal.exception.args[0])
        self.env.invalidate_all()
        self.ship(picking, 43)
        self.assertEqual(picking.state, "done")

    def test_it_leaves_paid_for(self):
        self.ship(
            (self.buyer.sale_order_ids - self.order - self.other).picking_ids, 102
        )
        self.pay_for(self.order, 45000.0)
        self.set_limit(100000.0)
        self.ship(self.order.picking_ids, 45)
        self.assertEqual(self.order.picking_ids.state, "done")

    def test_its_terms_get_longer(self):
        """181 days are more than the 180 that are insured: refused like any credit.

        Of an order that is paid for, nobody asks when it is to be paid.
        """
        term = self.env["account.payment.term"].create(
            {
                "name": "181 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 181}
                    )
                ],
            }
        )
        self.pay_for(self.other, 73000.0)
        self.other.with_user(self.seller).payment_term_id = term
        self.env.flush_all()
        self.credit_it()
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            self.order.with_user(self.seller).payment_term_id = term
            self.env.flush_all()
        self.assertIn("within 180 days", refusal.exception.args[0])
