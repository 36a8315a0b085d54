from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestShipped(PositionCommon):
    """What was shipped or invoiced, and what leaves now: the question of deliveries.

    What is only ordered takes no part in it (DESIGN 4, *Delivery*).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.product = cls.make_delivered_product()

    def test_alfa(self):
        """130 000 - (70 000 + 12 000): 48 000 may be shipped, 28 000 ordered."""
        self.make_invoice(self.alfa, 40000.0)
        self.make_invoice(self.alfa, 35000.0)
        self.make_receipt(self.alfa, 5000.0)
        self.make_order(self.alfa, 12000.0, delivered=12000.0)
        self.make_order(self.alfa, 20000.0)
        ordered = self.get_position(self.alfa)
        self.assertEqual(ordered.headroom_limit_currency, 28000.0)
        shipped = self.get_position(self.alfa, leaving={})
        self.assertEqual(shipped.headroom_limit_currency, 48000.0)
        self.assertEqual(shipped.exposure, 82000.0)
        self.assertEqual((shipped.delivered, shipped.ordered), (12000.0, 0.0))

    def test_leaving(self):
        """3 000 of 10 000 are delivered, 2 000 leave: 5 000 are shipped."""
        order = self.make_order(self.alfa, 10000.0, delivered=3000.0)
        line = order.order_line
        after = self.get_position(self.alfa, leaving={line.id: 2000.0})
        self.assertEqual(after.delivered, 5000.0)
        before = self.get_position(self.alfa, leaving={line.id: -1000.0})
        self.assertEqual(before.delivered, 2000.0)
        # of an order asked about, reported apart
        apart = self.get_position(self.alfa, orders=order, leaving={line.id: 2000.0})
        self.assertEqual(apart.delivered, 0.0)
        self.assertEqual(apart.order_amount(order).limit_currency, 5000.0)

    def test_more_than_ordered(self):
        order = self.make_order(self.alfa, 10000.0, delivered=9000.0)
        after = self.get_position(self.alfa, leaving={order.order_line.id: 4000.0})
        self.assertEqual(after.delivered, 13000.0)

    def test_invoiced_before_it_leaves(self):
        """The invoice is the debt: what leaves of it adds nothing."""
        product = self.make_delivered_product(invoice_policy="order")
        order = self.make_order(self.alfa, 10000.0, product=product)
        self.assertFalse(self.position._get_open_bills(order))
        invoice = self.invoice_order(order)
        after = self.get_position(self.alfa, leaving={order.order_line.id: 10000.0})
        self.assertEqual((after.receivable, after.delivered), (10000.0, 0.0))
        self.assertEqual(self.position._get_open_bills(order), {order.id: 10000.0})
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 4000.0})._create_payments()
        self.assertEqual(self.position._get_open_bills(order), {order.id: 6000.0})

    def test_deposit_lowers_what_is_shipped(self):
        """A deposit of 3 000 on 10 000: 5 000 delivered leave 2 000 to be invoiced."""
        order = self.make_order(self.alfa, 10000.0)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 3000.0,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        deposit = wizard._create_invoices(order)
        deposit.invoice_date = "2026-09-20"
        deposit.action_post()
        line = order.order_line.filtered(lambda line: line.product_id == self.product)
        after = self.get_position(self.alfa, leaving={line.id: 5000.0})
        self.assertEqual((after.receivable, after.delivered), (3000.0, 2000.0))

    def test_lines_beyond_the_horizon(self):
        """What leaves counts, whenever it was planned for."""
        order = self.make_order(self.alfa, 10000.0, commitment_date="2028-01-01")
        self.assertEqual(self.get_position(self.alfa).deferred, 10000.0)
        after = self.get_position(self.alfa, leaving={order.order_line.id: 6000.0})
        self.assertEqual((after.delivered, after.deferred), (6000.0, 0.0))
