from contextlib import suppress
from datetime import timedelta

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

    def test_billed_as_it_is_paid_although_it_is_planned_late(self):
        """Paid for, it needs no credit: none is free, and nothing is looked at."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        self.set_limit(102000.0)
        self.order.commitment_date = self.today + timedelta(days=300)
        self.pay_for(self.order, 45000.0)
        self.assertConfirmed(self.order)
        self.assertEqual(self.order.invoice_ids.amount_total, 45000.0)
        self.assertFalse(self.env["credit.insurance.review.line"].search([]))

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

    def test_a_little_more_than_was_paid_for(self):
        """45,4 weighed of 45 paid: 400 that nobody paid for, below 500, may leave.

        They count, and so does what leaves later: 45,4 and 0,2 are 600 together. ALFA
        has no credit any more.
        """
        self.ship_what_was_sold()
        self.product.uom_id = self.env.ref("uom.product_uom_kgm")
        self.order.order_line.product_uom_id = self.product.uom_id
        self.pay(self.order, 45000.0)
        # as if the insurer had granted no more than what has left
        self.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 102000 WHERE partner_id = %s",
            [self.buyer.id],
        )
        self.env.invalidate_all()
        picking = self.order.picking_ids
        self.refused(lambda: self.ship(picking, 45.6))
        self.ship(picking, 45.4)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 45.4)
        self.assertFalse(self.hold_of(self.order))
        engine = self.env["credit.insurance.position"].sudo()
        owed = engine._get_credit_position(self.buyer, self.company)[self.buyer]
        self.assertEqual((owed.exposure, owed.headroom), (102400.0, -400.0))
        more = picking.copy()
        more.move_ids.sale_line_id = self.order.order_line
        more.action_confirm()
        self.refused(lambda: self.ship(more, 0.2))

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

    def test_one_payment_that_is_less_than_both_orders(self):
        """60 000 for 45 000 and 45 000: each has 30 000 of it.

        The first adds 15 000 to 102 000. With the second 102 000 + 90 000 - 60 000 are
        owed: 2 000 more than 130 000. It had passed, as if all of it was paid for.
        """
        other = self.make_quotation(45)
        both = self.order + other
        self.pay_for(both, 60000.0)
        self.assertEqual(both.mapped("state"), ["sent", "sent"])
        self.assertEqual([order._credit_received() for order in both], [30000.0] * 2)
        engine = self.env["credit.insurance.position"].sudo()
        for order in both:
            position = engine._get_order_positions(order)[order]
            amount = position.order_amount(order).company_currency
            # the other's 30 000 make no room for this one
            self.assertEqual((amount, position.headroom), (15000.0, 28000.0))
        self.order.with_user(self.seller).action_confirm()
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            other.with_user(self.seller).action_confirm()
        self.assertIn("2,000.00", refusal.exception.args[0])

    def test_one_payment_of_which_one_order_had_its_part(self):
        """60 000 for two of 45 000; the first is invoiced: 15 000 are left."""
        other = self.make_quotation(45)
        self.pay_for(self.order + other, 60000.0)
        self.product.invoice_policy = "order"
        self.order.with_user(self.seller).action_confirm()
        invoice = self.order._create_invoices()
        invoice.action_post()
        (invoice | self.order.transaction_ids.payment_id.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.env.invalidate_all()
        self.assertEqual(invoice.amount_residual, 0.0)
        engine = self.env["credit.insurance.position"].sudo()
        position = engine._get_order_positions(other)[other]
        amount = position.order_amount(other).company_currency
        # 45 000 - 15 000; 102 000 are owed besides
        self.assertEqual((amount, position.headroom), (30000.0, 28000.0))
