from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .hostile_common import HostileCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileOpen(HostileCommon):
    """What a warehouse user may try with a delivery that has not left."""

    def test_taken_off_its_order(self):
        """By the move, the transfer, the order and its line."""
        move, picking = self.as_worker(self.move), self.as_worker(self.picking)
        other = self.small.order_line
        for attempt in (
            lambda: move.write({"sale_line_id": False}),
            lambda: move.write({"sale_line_id": other.id}),
            lambda: picking.write({"sale_id": False}),
            lambda: picking.write({"sale_id": self.small.id}),
            lambda: picking.write(
                {"move_ids": [Command.update(move.id, {"sale_line_id": False})]}
            ),
            lambda: self.as_worker(self.line).write(
                {"move_ids": [Command.unlink(move.id)]}
            ),
            lambda: self.as_worker(self.order).write(
                {"picking_ids": [Command.unlink(picking.id)]}
            ),
        ):
            self.assertRefused(attempt, AccessError)
            self.assertEqual(self.move.sale_line_id, self.line)
            self.assertEqual(self.picking.sale_id, self.order)

    def test_words_of_the_refusal(self):
        with self.assertRaises(AccessError) as caught:
            self.as_worker(self.move).write({"sale_line_id": False})
        message = caught.exception.args[0]
        self.assertIn(self.picking.name, message)
        self.assertIn(self.order.name, message)
        self.assertIn("return", message)
        for secret in ("limit", "insur", "ALFA", "75,000"):
            self.assertNotIn(secret.lower(), message.lower())

    def test_credit_control_may_take_it_off(self):
        self.move.with_user(self.credit_shipper).sale_line_id = False
        self.assertFalse(self.move.sale_line_id)

    def test_other_product_for_the_same_line(self):
        """Odoo would take the move off its order."""
        other = self.make_goods("Gold")
        move = self.as_worker(self.move)
        self.assertRefused(lambda: move.write({"product_id": other.id}))

    def test_transfer_of_another_partner(self):
        """The debtor is the order's, whoever the goods are sent to."""
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 100000.0)
        self.as_worker(self.picking).partner_id = beta
        self.assertRefused(lambda: self.ship(self.picking), RedirectWarning)

    def test_moved_to_another_transfer(self):
        """The order goes with the goods: 24 000 in one transfer do not leave."""
        small = self.small.picking_ids
        self.as_worker(self.move).picking_id = small
        self.assertRefused(lambda: self.ship(small), RedirectWarning)

    def test_moved_to_a_released_transfer(self):
        """Released are the 20 000 of one order, not 4 000 more of another."""
        self.release(self.ask_delivery_release(self.picking))
        self.set_limit(41000.0)  # 71 000 - 70 000
        self.as_worker(self.small.picking_ids.move_ids).picking_id = self.picking
        self.assertRefused(lambda: self.ship(self.picking), RedirectWarning)

    def test_from_a_customers_shelf(self):
        """Said to come from a customer, it counts as delivered all the same."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "customer", "location_id": self.customers.id}
        )
        picking = self.as_worker(self.picking)
        picking.location_id = shelf
        picking.action_assign()
        self.assertRefused(lambda: self.ship(self.picking), RedirectWarning)

    def test_into_the_warehouse_and_then_relocated(self):
        """Done within the warehouse it is no delivery; made one, it is checked."""
        home = self.warehouse.lot_stock_id
        picking = self.as_worker(self.picking)
        picking.location_dest_id = home
        picking.move_line_ids.location_dest_id = home
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(self.line.qty_delivered, 0.0)
        move = self.as_worker(self.move)
        self.assertRefused(
            lambda: move.write({"location_dest_id": self.customers.id}),
            RedirectWarning,
        )
        self.assertEqual(self.line.qty_delivered, 0.0)
        self.set_limit(60000.0)  # 90 000 - 70 000
        move.location_dest_id = self.customers
        self.assertEqual(self.line.qty_delivered, 20000.0)

    def test_a_place_that_is_said_to_be_a_customers_later(self):
        """Shipped to a shelf of ours that then becomes the customer's."""
        goods = self.make_goods("Pipes", is_storable=False, stock=0)
        self.set_limit(200000.0)
        order = self.make_sold(20000.0, product=goods)
        self.set_limit(45000.0)
        shelf = self.warehouse.lot_stock_id.copy({"name": "Shelf"})
        picking = self.as_worker(order.picking_ids)
        picking.location_dest_id = shelf
        self.ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        as_manager = shelf.with_user(self.stock_manager)
        self.assertRefused(lambda: as_manager.write({"usage": "customer"}), AccessError)
        self.credit_shipper.group_ids += self.env.ref("stock.group_stock_manager")
        shelf.with_user(self.credit_shipper).usage = "customer"
        self.assertEqual(shelf.usage, "customer")

    def test_other_places_are_everybodys(self):
        shelf = self.warehouse.lot_stock_id.copy({"name": "Shelf"})
        shelf.with_user(self.stock_manager).usage = "customer"
        self.assertEqual(shelf.usage, "customer")

    def test_scrapped_to_a_customer(self):
        scrap = self.as_worker(self.env["stock.scrap"]).create(
            {
                "product_id": self.goods.id,
                "scrap_qty": 20000.0,
                "picking_id": self.picking.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "scrap_location_id": self.customers.id,
            }
        )
        self.assertRefused(scrap.action_validate, RedirectWarning)

    def test_state_written_with_nothing_picked(self):
        """Odoo counts what is reserved, picked or not."""
        self.move.picked = False
        self.assertEqual(self.move.quantity, 20000.0)
        move = self.as_worker(self.move)
        self.assertRefused(lambda: move.write({"state": "done"}), RedirectWarning)
        self.assertEqual(self.line.qty_delivered, 0.0)

    def test_move_made_done(self):
        """A move that is born done, by create and by copy."""
        values = {
            "product_id": self.goods.id,
            "product_uom_qty": 20000.0,
            "quantity": 20000.0,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.customers.id,
            "sale_line_id": self.line.id,
            "picking_id": self.picking.id,
            "state": "done",
        }
        moves = self.as_worker(self.env["stock.move"])
        self.assertRefused(lambda: moves.create(values))
        line = {
            "product_id": self.goods.id,
            "quantity": 20000.0,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.customers.id,
        }
        del values["quantity"]
        self.assertRefused(
            lambda: moves.create({**values, "move_line_ids": [Command.create(line)]})
        )
        self.assertRefused(
            lambda: self.as_worker(self.move).copy(
                {"state": "done", "quantity": 20000.0}
            )
        )
        self.assertEqual(self.line.qty_delivered, 0.0)

    def test_line_added_to_a_transfer_said_to_be_done(self):
        """Odoo makes a done move of a line that is added to a done transfer."""
        picking = self.as_worker(self.picking)
        picking.write({"state": "done"})
        self.assertRefused(
            lambda: self.as_worker(self.env["stock.move.line"]).create(
                {
                    "picking_id": picking.id,
                    "product_id": self.goods.id,
                    "quantity": 20000.0,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                }
            )
        )

    def test_goods_of_a_quotation(self):
        """What was never confirmed would be no debt once it has left."""
        quotation = self.make_quotation(1000.0, product=self.goods)
        picking = self.make_draft_transfer(quotation)
        with self.assertRaises(UserError) as caught:
            self.ship(picking)
        self.assertIn(quotation.name, caught.exception.args[0])

    def make_draft_transfer(self, order):
        """A transfer that a worker makes for the line of an order."""
        return (
            self.env["stock.picking"]
            .with_user(self.worker)
            .create(
                {
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": 1000.0,
                                "sale_line_id": order.order_line.id,
                                "location_id": self.warehouse.lot_stock_id.id,
                                "location_dest_id": self.customers.id,
                            }
                        )
                    ],
                }
            )
        )

    def test_split_into_small_transfers(self):
        """5 000 may leave: the first three of 2 000, the third in part, is too much."""
        self.ship(self.picking, quantity=2000.0)
        second = self.order.picking_ids - self.picking
        self.ship(second, quantity=2000.0)
        third = self.order.picking_ids - self.picking - second
        self.assertRefused(lambda: self.ship(third, quantity=2000.0), RedirectWarning)
        self.ship(third, quantity=1000.0)
        self.assertEqual(self.line.qty_delivered, 5000.0)

    def test_forged_contexts(self):
        for context in (
            {"su": True, "uid": 1, "tracking_disable": True},
            {"skip_sanity_check": True, "cancel_backorder": True, "is_scrap": True},
            {"button_validate_picking_ids": [], "install_mode": True},
            {"credit_passing": True, "import_file": True},
        ):
            picking = self.picking.with_context(**context)
            self.assertRefused(lambda each=picking: self.ship(each), RedirectWarning)

    def test_others_transfers_named_in_the_context(self):
        """The refusal names no transfer that its reader may not read."""
        sister = self.setup_other_company()["company"]
        self.env["res.currency.rate"].create(  # of the policy's, for a company in USD
            {"currency_id": self.euro.id, "company_id": sister.id, "rate": 1.0}
        )
        self.policy.company_ids += sister
        self.env.user.company_ids += sister
        there = self.env["stock.warehouse"].search([("company_id", "=", sister.id)])
        self.set_limit(100000.0)
        other = self.make_sold(30000.0, company_id=sister.id, warehouse_id=there.id)
        self.set_limit(45000.0)
        foreign = other.picking_ids
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(
                self.picking.with_context(
                    button_validate_picking_ids=(self.picking + foreign).ids
                )
            )
        message = caught.exception.args[0]
        self.assertIn(self.order.name, message)
        self.assertNotIn(other.name, message)
        self.assertNotIn("30,000", message)
