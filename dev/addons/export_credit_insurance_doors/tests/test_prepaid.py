from contextlib import suppress

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .payment_common import PaymentDoors


@tagged("post_install", "-at_install")
class TestPrepaid(PaymentDoors):
    """What was paid for an order pays for this order and this buyer alone.

    102 000 of 130 000 are used; 45 000 are paid online, so they pass.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user")
        cls.order = cls.make_quotation(
            45, require_signature=False, require_payment=True
        )
        cls.other = cls.env["res.partner"].create(
            {
                "name": "GAMMA",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )

    def setUp(self):
        super().setUp()
        self.visit()

    def refused(self, action):
        with suppress(RedirectWarning, UserError), self.env.cr.savepoint():
            action()
            self.env.flush_all()
            self.fail("it was not refused")
        self.env.invalidate_all()

    def ship(self, pickings, quantity):
        pickings = pickings.with_user(self.worker)
        pickings.move_ids.write({"quantity": quantity, "picked": True})
        pickings.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=pickings.ids
        ).button_validate()

    def ship_what_was_sold(self):
        sold = self.buyer.sale_order_ids.filtered(lambda order: order != self.order)
        self.ship(sold.picking_ids, 102)

    def test_billed_to_somebody_else_afterwards(self):
        """ALFA's money lowers ALFA's debt: it pays for nothing that GAMMA owes."""
        self.pay(self.order, 45000.0)
        self.assertConfirmed(self.order)
        order = self.order.with_user(self.seller)
        self.refused(lambda: order.write({"partner_invoice_id": self.other.id}))
        self.assertEqual(self.order.partner_invoice_id, self.buyer)

    def test_billed_to_somebody_else_before(self):
        """Paid by who orders, owed by another: that one needs the credit."""
        self.order.partner_invoice_id = self.other
        transaction = self.pay(self.order, 45000.0)
        transaction.sudo().partner_id = self.buyer
        self.assertEqual(self.order._credit_received(), 0.0)
        self.order.partner_invoice_id = self.buyer
        self.assertEqual(self.order._credit_received(), 45000.0)

    def test_more_leaves_than_was_paid_for(self):
        """300 of 45 pieces: what nobody paid for needs credit before any leaves."""
        self.ship_what_was_sold()
        self.pay(self.order, 45000.0)
        picking = self.order.picking_ids
        # 102 000 + 300 000 - 45 000 - 130 000 = 227 000 too much
        self.refused(lambda: self.ship(picking, 300))
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(self.order.order_line.qty_delivered, 0.0)
        self.ship(picking, 45)
        self.assertEqual(picking.state, "done")

    def test_more_leaves_within_the_credit(self):
        """28 000 are free: 73 pieces of 45 that are paid may leave, not 74."""
        self.ship_what_was_sold()
        self.pay(self.order, 45000.0)
        picking = self.order.picking_ids
        self.refused(lambda: self.ship(picking, 74))
        self.ship(picking, 73)
        self.assertEqual(picking.state, "done")

    def test_two_transfers_of_one_call(self):
        """Each as much as was paid for: only one of them is."""
        self.ship_what_was_sold()
        self.pay(self.order, 45000.0)
        first = self.order.picking_ids
        second = first.copy()
        second.move_ids.sale_line_id = self.order.order_line
        second.action_confirm()
        self.refused(lambda: self.ship(first + second, 45))
        self.assertEqual(self.order.order_line.qty_delivered, 0.0)
        self.ship(first, 45)
        self.assertEqual(self.order.order_line.qty_delivered, 45.0)

    def test_one_payment_for_two_orders(self):
        """What is delivered of the other keeps its share when its order is lowered."""
        other = self.make_quotation(45)
        transaction = self.pay(self.order, 45000.0)
        transaction.sudo().write(
            {"amount": 90000.0, "sale_order_ids": [Command.link(other.id)]}
        )
        self.assertEqual(self.order._credit_received(), 45000.0)
        other.action_confirm()
        self.ship(other.picking_ids, 45)
        self.assertEqual(other.order_line.qty_delivered, 45.0)
        # as if it had been lowered below what has left
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amount_total = 0 WHERE id = %s", [other.id]
        )
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 0 WHERE order_id = %s",
            [other.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.order._credit_received(), 45000.0)
