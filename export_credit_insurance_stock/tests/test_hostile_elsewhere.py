from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .test_delivery_facts import FactsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileElsewhere(FactsCommon):
    """Goods leave the house for a buyer, by another way than to its customer's place.

    ALFA owes 70 000, 4 000 have left besides; of its 75 000 only 1 000 are free.
    """

    def make_picking(self, partner, destination, quantity=5000.0, product=None):
        stock = self.warehouse.lot_stock_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": partner.id,
                "location_id": stock.id,
                "location_dest_id": destination.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.goods).id,
                            "product_uom_qty": quantity,
                            "location_id": stock.id,
                            "location_dest_id": destination.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    # === GOODS OF AN ORDER === #

    def test_delivery_of_an_order_sent_elsewhere(self):
        """To a supplier's place, lost or used up: Odoo would count nothing."""
        for usage in ("supplier", "inventory", "production"):
            with self.subTest(usage):
                place = self.env["stock.location"].search(
                    [
                        ("usage", "=", usage),
                        ("company_id", "in", [False, self.company.id]),
                    ],
                    limit=1,
                )
                self.as_worker(self.picking).location_dest_id = place
                with self.assertRaises(UserError) as caught, self.cr.savepoint():
                    self.ship(self.picking)
                self.assertIn(self.order.name, caught.exception.args[0])
                self.env.invalidate_all()
        # by the move alone, and with a state that is written
        self.picking.location_dest_id = self.customers
        self.move.location_dest_id = self.suppliers
        self.assertRefused(lambda: self.ship(self.picking))
        self.assertRefused(lambda: self.as_worker(self.move).write({"state": "done"}))

    def test_credit_control_may(self):
        self.picking.location_dest_id = self.suppliers
        self.ship(self.picking, self.credit_shipper)
        self.assertEqual(self.picking.state, "done")

    def test_what_came_from_a_supplier_goes_back(self):
        """Bought for the order; a return that was never received is none."""
        stock = self.warehouse.lot_stock_id
        values = {
            "product_id": self.goods.id,
            "product_uom_qty": 10.0,
            "sale_line_id": self.line.id,
        }
        received = self.env["stock.move"].create(
            values | {"location_id": self.suppliers.id, "location_dest_id": stock.id}
        )
        back = self.env["stock.move"].create(
            values
            | {"location_id": stock.id, "location_dest_id": self.suppliers.id}
            | {"origin_returned_move_id": received.id}
        )
        (received + back)._action_confirm()
        back.quantity = received.quantity = 10.0
        back.picked = received.picked = True
        self.assertRefused(self.as_worker(back)._action_done)
        self.as_worker(received)._action_done()
        self.as_worker(back)._action_done()
        self.assertEqual(back.state, "done")

    def test_scrap_from_the_transfer_of_an_order(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.goods.id,
                "scrap_qty": 5.0,
                "picking_id": self.picking.id,
                "location_id": self.warehouse.lot_stock_id.id,
            }
        )
        self.as_worker(scrap).action_validate()
        self.assertEqual(scrap.state, "done")

    # === GOODS WITHOUT AN ORDER === #

    def test_goods_without_a_sales_price(self):
        """50 parts that cost 100.00 each: at cost, as nobody sells them."""
        parts = self.make_goods("Parts", list_price=0.0, standard_price=100.0)
        self.ship(self.make_picking(self.alfa, self.customers, 50.0, parts))
        self.assertEqual(self.listed("transfer").undelivered_amount, 5000.0)

    # === GOODS OF A PERSON'S ORDER === #

    def make_person(self):
        return self.env["res.partner"].create(
            {"name": "Jean", "country_id": self.alfa.country_id.id}
        )

    def test_delivery_of_a_persons_order_to_a_buyer(self):
        """Nobody asks for Jean's credit; ALFA, whom the transfer names, has none."""
        order = self.make_sold(5000.0, self.make_person())
        self.as_worker(order.picking_ids).partner_id = self.alfa
        self.assertEqual(self.assess(order).case.scope, "insured")
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.ship(order.picking_ids)
        self.env.invalidate_all()
        order.picking_ids.partner_id = order.partner_id
        self.ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_transfer_for_a_buyer_hung_on_a_persons_order(self):
        """Then Odoo would add the goods to Jean's order, which nobody checks."""
        picking = self.make_picking(self.alfa, self.customers)
        picking.sale_id = self.make_sold(1.0, self.make_person())
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.ship(picking, self.env.user)

    def test_where_a_persons_goods_go_becomes_a_buyers(self):
        """A depot of nobody's becomes an address of ALFA after the confirmation."""
        depot = self.env["res.partner"].create({"name": "Depot"})
        order = self.make_sold(5000.0, self.make_person(), partner_shipping_id=depot.id)
        depot.parent_id = self.alfa
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.ship(order.picking_ids)
