from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .test_delivery_facts import FactsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileLines(FactsCommon):
    """Goods leave by the detailed operations of a transfer that goes elsewhere.

    Odoo moves the goods by these lines, and counts as delivered what the moves say.
    ALFA owes 70 000, 4 000 have left besides; of its 75 000 only 1 000 are free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf 7", "location_id": cls.warehouse.lot_stock_id.id}
        )
        stock = cls.warehouse.lot_stock_id
        cls.inner = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.int_type_id.id,
                "location_id": stock.id,
                "location_dest_id": cls.shelf.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.goods.id,
                            "product_uom_qty": 5000.0,
                            "location_id": stock.id,
                            "location_dest_id": cls.shelf.id,
                        }
                    )
                ],
            }
        )
        cls.inner.action_confirm()
        cls.inner.action_assign()

    def at_customers(self):
        return self.env["stock.quant"]._get_available_quantity(
            self.goods, self.customers
        )

    def test_line_of_a_transfer_within_the_warehouse(self):
        before = self.at_customers()
        self.as_worker(self.inner).move_line_ids.location_dest_id = self.customers
        self.assertRefused(lambda: self.ship(self.inner))
        self.assertRefused(
            lambda: self.as_worker(self.inner.move_ids).write({"state": "done"})
        )
        self.assertEqual(self.at_customers(), before)
        self.inner.move_line_ids.location_dest_id = self.shelf
        self.ship(self.inner)
        self.assertEqual(self.inner.state, "done")

    def test_line_of_a_transfer_that_is_done(self):
        self.ship(self.inner)
        lines = self.inner.move_line_ids.with_user(self.stock_manager)
        before = self.at_customers()
        self.assertRefused(lambda: lines.write({"location_dest_id": self.customers.id}))
        self.assertEqual(self.at_customers(), before)

    def test_line_added_to_a_transfer_that_is_done(self):
        self.ship(self.inner)
        lines = self.env["stock.move.line"].with_user(self.stock_manager)
        before = self.at_customers()
        self.assertRefused(
            lambda: lines.create(
                {
                    "picking_id": self.inner.id,
                    "product_id": self.goods.id,
                    "quantity": 5000.0,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                }
            )
        )
        self.assertEqual(self.at_customers(), before)

    def test_line_of_nothing_that_grows(self):
        """Emptied, sent elsewhere with nothing on it, then raised."""
        self.ship(self.inner)
        before = self.at_customers()
        line = self.inner.move_line_ids.with_user(self.stock_manager)
        line.quantity = 0.0
        line.location_dest_id = self.customers
        self.assertRefused(lambda: line.write({"quantity": 5000.0}))
        self.assertEqual(self.at_customers(), before)

    def test_a_transfer_that_goes_to_the_customer_afterwards(self):
        """Once it is done: its lines go where its move is said to go."""
        self.ship(self.inner)
        before = self.at_customers()
        move = self.as_worker(self.inner.move_ids)
        there = {"location_dest_id": self.customers.id}
        self.assertRefused(lambda: move.write(there))
        self.assertEqual(self.at_customers(), before)
        self.inner.partner_id = self.alfa
        move.write(there)
        self.assertEqual(self.at_customers(), before + 5000.0)
        self.assertRecordValues(
            self.listed("transfer"),
            [{"partner_id": self.alfa.id, "undelivered_amount": 5000.0}],
        )

    def test_line_moved_to_another_transfer(self):
        """From a transfer to the customer to one within the warehouse."""
        self.ship(self.inner)
        away = self.make_unordered(100.0)
        line = away.move_line_ids.with_user(self.stock_manager)
        inner = {"move_id": self.inner.move_ids.id, "picking_id": self.inner.id}
        self.assertRefused(lambda: line.write(inner))

    def test_strays_of_before_are_lowered(self):
        """They were there before anything was checked: mistakes are corrected."""
        self.policy.observation = True
        self.as_worker(self.inner).move_line_ids.location_dest_id = self.customers
        self.ship(self.inner)
        self.policy.observation = False
        line = self.inner.move_line_ids.with_user(self.stock_manager)
        line.quantity = 1000.0
        self.assertEqual(line.quantity, 1000.0)
        self.assertRefused(lambda: line.write({"quantity": 2000.0}))

    def test_shelves_of_one_customer_s_place(self):
        """Where the transfer is a delivery its lines may say where exactly."""
        self.set_limit(200000.0)
        room = self.env["stock.location"].create(
            {
                "name": "Room 2",
                "location_id": self.customers.id,
                "usage": "customer",
            }
        )
        self.as_worker(self.picking).move_line_ids.location_dest_id = room
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")

    def test_nothing_where_nothing_is_held(self):
        self.policy.observation = True
        self.as_worker(self.inner).move_line_ids.location_dest_id = self.customers
        self.ship(self.inner)
        self.assertEqual(self.inner.state, "done")
