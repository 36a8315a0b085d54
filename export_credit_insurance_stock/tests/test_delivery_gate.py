from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryGate(DeliveryCommon):
    """What may leave: debts shipped or invoiced, and the limit of the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()

    def test_example_of_the_docstring(self):
        """82 000 is owed and delivered; what is only ordered takes nothing."""
        self.delivered(12000.0)
        order = self.make_sold(20000.0)
        # as an order: 130 000 - (70 000 + 12 000 + 20 000) = 28 000
        position = self.get_position(self.alfa)
        self.assertEqual(position.headroom_limit_currency, 28000.0)
        # to be shipped: 130 000 - 82 000 = 48 000
        shipped = self.get_position(self.alfa, leaving={})
        self.assertEqual(shipped.headroom_limit_currency, 48000.0)
        self.assertEqual(shipped.ordered, 0.0)
        # 65 000 + 30 000 = 95 000, less 82 000: 13 000 may leave
        self.set_limit(65000.0)
        picking = order.picking_ids
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking, self.shipper)
        message, _action, button, context = caught.exception.args
        self.assertIn(f"{picking.name} ({order.name}), ALFA", message)
        self.assertIn("20,000.00", message)
        self.assertIn("7,000.00", message)
        self.assertIn("13,000.00", message)
        self.assertEqual(button, "Ask for Credit Release")
        self.assertEqual(context["active_ids"], picking.ids)
        self.assertEqual(picking.state, "assigned")
        self.ship(picking, quantity=13000.0)
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.order_line.qty_delivered, 13000.0)
        backorder = order.picking_ids - picking
        with self.assertRaises(RedirectWarning):
            self.ship(backorder)

    def test_worker_reads_neutral_words(self):
        order = self.make_sold(20000.0)
        self.set_limit(50000.0)
        # 80 000 - 70 000 = 10 000 may leave: 10 000 are lacking
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(order.picking_ids)
        message = caught.exception.args[0]
        self.assertIn("Authorised credit exceeded by", message)
        self.assertIn("10,000.00", message)
        for secret in ("limit", "insur", "80,000"):
            self.assertNotIn(secret, message.lower())

    def test_credit_that_is_exceeded_already(self):
        """70 000 owed, 31 000 authorised: with 20 000 more it is 59 000 too much."""
        order = self.make_sold(20000.0)
        self.set_limit(1000.0)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(order.picking_ids, self.shipper)
        self.assertIn("ALFA owes 70,000.00", caught.exception.args[0])
        self.assertIn("exceeded by 59,000.00", caught.exception.args[0])

    def test_undelivered_parts_of_other_orders_do_not_block(self):
        """130 000 - 70 000 = 60 000 may leave, whatever is ordered besides."""
        self.make_sold(25000.0)
        order = self.make_sold(35000.0)
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 0.0)
        self.set_limit(75000.0)  # 105 000 - 70 000 = 35 000
        self.ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_delivered_counts_once(self):
        order = self.make_sold(40000.0)
        self.ship(order.picking_ids, quantity=30000.0)
        self.set_limit(79000.0)  # 109 000 - 70 000 - 30 000 = 9 000
        backorder = order.picking_ids.filtered(lambda p: p.state != "done")
        with self.assertRaises(RedirectWarning):
            self.ship(backorder)
        self.ship(backorder, quantity=9000.0)

    def test_cover_stop_holds_every_delivery(self):
        order = self.make_sold(1000.0)
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": "2026-09-30",
                "cause": "insurer",
            }
        )
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(order.picking_ids, self.shipper)
        self.assertIn("stopped", caught.exception.args[0])

    def test_observation_holds_nothing(self):
        order = self.make_sold(20000.0)
        self.set_limit(1000.0)
        self.policy.observation = True
        self.ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_paid_in_advance_passes(self):
        order = self.make_sold(20000.0)
        self.set_limit(1000.0)
        self.pay(order)
        self.ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_sanctions_stop_what_is_paid(self):
        order = self.make_sold(20000.0)
        self.pay(order)
        self.make_event("sanctioned")
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)

    def test_sanctions_of_the_transfers_own_address(self):
        order = self.make_sold(1000.0)
        self.make_event("sanctioned", "ng")
        order.picking_ids.partner_id = self.make_buyer("Agent", "ng")
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)

    def test_over_delivery(self):
        """Ordered 20 000, shipped 61 000: 1 000 more than 130 000 - 70 000."""
        order = self.make_sold(20000.0)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(order.picking_ids, self.shipper, quantity=61000.0)
        self.assertIn("1,000.00", caught.exception.args[0])
        self.ship(order.picking_ids, quantity=60000.0)
        self.assertEqual(order.order_line.qty_delivered, 60000.0)

    def test_done_delivery_made_larger(self):
        order = self.make_sold(20000.0)
        picking = order.picking_ids
        self.ship(picking)
        move = picking.move_ids
        with self.assertRaises(RedirectWarning):
            move.with_user(self.worker).quantity = 61000.0
        move.with_user(self.worker).quantity = 60000.0
        self.set_limit(1000.0)
        self.worker.group_ids += self.env.ref("stock.group_stock_manager")
        move.with_user(self.worker).quantity = 5000.0  # a correction downwards
        self.assertEqual(order.order_line.qty_delivered, 5000.0)

    def test_goods_that_nobody_ordered(self):
        """What Odoo will bill for a product that is put into the transfer."""
        order = self.make_sold(20000.0)
        picking = order.picking_ids
        other = self.make_goods("Spare parts", list_price=2.0)
        self.set_limit(60000.0)  # 90 000 - 70 000 = 20 000
        self.env["stock.move"].create(
            {
                "product_id": other.id,
                "product_uom_qty": 250.0,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking, self.shipper)
        self.assertIn("500.00", caught.exception.args[0])  # 250 at 2.00
        self.set_limit(60500.0)
        self.ship(picking, self.env.user)  # Odoo adds a line: that takes a seller
        self.assertEqual(picking.state, "done")

    def test_what_lowered_the_order_comes_back(self):
        """Scrap at -1.00, billed on delivery: 20 000 off, until it is returned."""
        order = self.make_sold(20000.0)
        scrap = self.make_goods("Scrap")
        order.order_line = [
            Command.create(
                {
                    "product_id": scrap.id,
                    "name": "Scrap",
                    "product_uom_qty": 20000.0,
                    "price_unit": -1.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        move = order.order_line[-1].move_ids
        move.write({"quantity": 20000.0, "picked": True})
        move._action_done()
        self.assertEqual(order.order_line[-1].qty_delivered, 20000.0)
        self.set_limit(60000.0)  # 90 000: what is owed, and the 20 000 that are ordered
        self.assertFalse(order.sudo().credit_hold_ids)
        self.set_limit(50000.0)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=move.picking_id.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 20000.0
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.ship(returned)
        self.assertEqual(order.order_line[-1].qty_delivered, 0.0)
        self.assertRecordValues(
            order.sudo().credit_hold_ids,
            [{"kind": "growth", "state": "open", "missing_amount": 10000.0}],
        )

    def test_what_lowered_the_order_is_recorded_as_less(self):
        """Scrap at -1.00 taken back from the buyer: 20 000, corrected to 5 000.

        90 000 less 20 000 fitted 80 000; with 5 000 off, 5 000 are lacking.
        """
        order = self.make_sold(20000.0)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.make_goods("Scrap").id,
                    "name": "Scrap",
                    "product_uom_qty": -20000.0,
                    "price_unit": 1.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        move = order.order_line[-1].move_ids
        move.write({"quantity": 20000.0, "picked": True})
        move._action_done()
        self.assertEqual(order.order_line[-1].qty_delivered, -20000.0)
        self.set_limit(50000.0)
        self.assertFalse(order.sudo().credit_hold_ids)
        move.with_user(self.worker).quantity = 5000.0
        self.env.flush_all()
        self.assertEqual(order.order_line[-1].qty_delivered, -5000.0)
        self.assertRecordValues(
            order.sudo().credit_hold_ids,
            [{"kind": "growth", "state": "open", "missing_amount": 5000.0}],
        )

    def test_state_written_directly(self):
        """The transition itself is guarded, whoever writes it."""
        order = self.make_sold(20000.0)
        self.set_limit(1000.0)
        move = order.picking_ids.move_ids
        move.picked = True
        with self.assertRaises(RedirectWarning):
            move.with_user(self.worker).write({"state": "done"})
        with self.assertRaises(RedirectWarning):
            move.with_user(self.worker)._action_done()
        with self.assertRaises(UserError):
            move.sudo().write({"state": "done"})
        self.assertNotEqual(move.state, "done")

    def test_steps_within_the_warehouse_and_returns_pass(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.make_sold(20000.0)
        self.set_limit(1000.0)
        pick = order.picking_ids
        self.assertEqual(pick.picking_type_id, self.warehouse.pick_type_id)
        self.ship(pick)
        out = order.picking_ids - pick
        self.assertEqual(out.location_dest_id, self.customers)
        with self.assertRaises(RedirectWarning):
            self.ship(out)
        self.set_limit(100000.0)
        self.ship(out)
        self.set_limit(1000.0)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=out.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 20000.0
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.ship(returned)
        self.assertEqual(returned.state, "done")
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_drop_shipment(self):
        """From the supplier straight to the buyer."""
        order = self.make_sold(20000.0)
        picking = order.picking_ids
        picking.do_unreserve()
        picking.move_ids.location_id = picking.location_id = self.suppliers
        picking.action_assign()
        self.set_limit(1000.0)
        with self.assertRaises(RedirectWarning):
            self.ship(picking)
        self.set_limit(100000.0)
        self.ship(picking)
        self.assertEqual(order.order_line.qty_delivered, 20000.0)

    def test_mass_validation_is_all_or_nothing(self):
        """55 000 may leave: 25 000 and 30 000 would, 35 000 would not."""
        self.set_limit(160000.0)
        orders = [self.make_sold(amount) for amount in (25000.0, 35000.0, 30000.0)]
        self.set_limit(95000.0)  # 125 000 - 70 000
        pickings = self.env["stock.picking"].union(*(o.picking_ids for o in orders))
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(pickings)
        message, *_rest, context = caught.exception.args
        refused, passing = message.split("Would pass without them")
        first, second, third = (order.picking_ids for order in orders)
        self.assertIn(second.name, refused)
        self.assertIn(first.name, passing)
        self.assertIn(third.name, passing)
        self.assertEqual(context["active_ids"], second.ids)
        self.assertEqual(set(pickings.mapped("state")), {"assigned"})
        self.ship(first + third)

    def test_two_transfers_of_one_order_in_one_call(self):
        """20 000 may leave, in two transfers of one order as well."""
        order = self.make_sold(30000.0)
        self.ship(order.picking_ids, quantity=10000.0)
        backorder = order.picking_ids.filtered(lambda p: p.state != "done")
        backorder.move_ids.quantity = 12000.0
        backorder.action_split_transfer()
        others = order.picking_ids.filtered(lambda p: p.state != "done")
        others.action_assign()
        self.assertEqual(sorted(others.move_ids.mapped("quantity")), [8000.0, 12000.0])
        self.set_limit(65000.0)  # 95 000 - 70 000 - 10 000 = 15 000
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(others)
        self.assertIn("Would pass", caught.exception.args[0])
        self.set_limit(70000.0)
        self.ship(others)
        self.assertEqual(order.order_line.qty_delivered, 30000.0)
