from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_delivery_facts import FactsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestUnnamed(FactsCommon):
    """Goods leave for a customer's place, and nobody is named who gets them.

    ALFA owes 70 000, 4 000 have left besides; of its 75 000 only 1 000 are free.
    """

    def make_picking(self, destination=None, **values):
        """5 000 of goods without an order, as the worker makes it."""
        stock = self.warehouse.lot_stock_id
        places = {
            "location_id": stock.id,
            "location_dest_id": (destination or self.customers).id,
        }
        move = {"product_id": self.goods.id, "product_uom_qty": 5000.0, **places}
        picking = self.as_worker(self.env["stock.picking"]).create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "move_ids": [Command.create(move)],
                **places,
                **values,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def assertUnnamed(self, action, *words):
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            action()
        for word in (*words, "names nobody who gets"):
            self.assertIn(word, caught.exception.args[0])
        self.env.invalidate_all()

    def test_refused_until_the_customer_is_named(self):
        picking = self.make_picking()
        self.assertUnnamed(lambda: self.ship(picking), picking.name, "Customers")
        self.assertEqual(picking.state, "assigned")
        picking.partner_id = self.alfa
        self.ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertRecordValues(
            self.listed("transfer"),
            [{"partner_id": self.alfa.id, "undelivered_amount": 5000.0}],
        )

    def test_the_state_written(self):
        picking = self.make_picking()
        self.assertUnnamed(lambda: picking.move_ids.write({"state": "done"}))

    def test_a_move_of_its_own(self):
        """Without a transfer: what names the customer is the move."""
        move = self.as_worker(self.env["stock.move"]).create(
            {
                "product_id": self.goods.id,
                "product_uom_qty": 5000.0,
                "quantity": 5000.0,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "picked": True,
            }
        )
        self.assertUnnamed(move._action_done, "Turbines")
        move.partner_id = self.alfa
        move._action_done()
        self.assertEqual(self.listed("transfer").partner_id, self.alfa)

    def test_a_move_that_is_made_done(self):
        """By an API: it never becomes done, it is."""
        values = {
            "product_id": self.goods.id,
            "product_uom_qty": 5000.0,
            "quantity": 5000.0,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.customers.id,
            "state": "done",
        }
        moves = self.as_worker(self.env["stock.move"])
        self.assertUnnamed(lambda: moves.create(values), "Turbines")
        moves.create({**values, "partner_id": self.alfa.id})
        self.assertRecordValues(
            self.listed("transfer"),
            [{"partner_id": self.alfa.id, "undelivered_amount": 5000.0}],
        )

    def test_scrapped_to_a_customer(self):
        scrap = (
            self.as_worker(self.env["stock.scrap"])
            .sudo()
            .create(
                {
                    "product_id": self.goods.id,
                    "scrap_qty": 5000.0,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "scrap_location_id": self.customers.id,
                }
            )
            .sudo(False)
        )
        self.assertUnnamed(scrap.action_validate)

    def test_goods_that_nobody_ordered_with_those_of_an_order(self):
        """Its contact taken off, the transfer of the order would name nobody."""
        self.add_unordered()
        self.as_worker(self.picking).partner_id = False
        self.assertUnnamed(lambda: self.ship(self.picking, self.env.user))

    def test_goods_of_an_order_need_no_name(self):
        """The order says who owes them."""
        self.set_limit(200000.0)
        self.picking.partner_id = False
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")

    def test_a_supplier_sends_them(self):
        drop = self.make_picking(location_id=self.suppliers.id)
        drop.move_ids.location_id = self.suppliers
        drop.partner_id = self.alfa  # the supplier, on such a transfer
        drop.move_ids.partner_id = False
        self.assertUnnamed(lambda: self.ship(drop), "dropship address")
        drop.move_ids.partner_id = self.alfa
        self.ship(drop)
        self.assertEqual(self.listed("transfer").partner_id, self.alfa)

    def test_other_places_and_returns_need_no_name(self):
        lost = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        for place in (lost, self.suppliers, self.warehouse.wh_pack_stock_loc_id):
            picking = self.make_picking(place)
            self.ship(picking)
            self.assertEqual(picking.state, "done")
        back = self.make_picking(
            self.warehouse.lot_stock_id, location_id=self.customers.id
        )
        back.move_ids.location_id = self.customers
        self.ship(back)
        self.assertEqual(back.state, "done")

    def test_a_job_goes_on(self):
        """Nobody reads a refusal: a nightly job, a connector, a till."""
        picking = self.make_picking()
        self.ship(picking, self.env.ref("base.user_root"))
        self.assertEqual(picking.state, "done")

    def test_nothing_where_nothing_is_held(self):
        self.policy.observation = True
        picking = self.make_picking()
        self.ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.listed("transfer"))

    def test_nothing_where_no_company_is_checked(self):
        self.policy._write_state({"state": "closed"})
        picking = self.make_picking()
        self.ship(picking)
        self.assertEqual(picking.state, "done")
