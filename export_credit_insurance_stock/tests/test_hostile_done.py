from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .hostile_common import HostileCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileDone(HostileCommon):
    """What a warehouse user may try with a delivery that has left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone = cls.small.picking_ids
        cls.ship(cls, cls.gone)  # 4 000 of 5 000

    def test_put_on_an_order_afterwards(self):
        """Shipped without an order, then made its delivery: 20 000 of 1 000."""
        picking = self.make_unordered()
        move = self.as_worker(picking.move_ids)
        self.assertRefused(
            lambda: move.write({"sale_line_id": self.line.id}), RedirectWarning
        )
        self.assertRefused(
            lambda: self.as_worker(picking).write({"sale_id": self.order.id}),
            RedirectWarning,
        )
        self.assertEqual(self.line.qty_delivered, 0.0)
        self.set_limit(64000.0)  # 94 000 - 74 000
        move.sale_line_id = self.line
        self.assertEqual(self.line.qty_delivered, 20000.0)

    def test_taken_back_on_paper(self):
        """That would make room for the next delivery, the goods being gone."""
        move, picking = self.as_worker(self.gone.move_ids), self.as_worker(self.gone)
        home = self.warehouse.lot_stock_id.id
        returned = {"origin_returned_move_id": self.move.id, "to_refund": False}
        for number, attempt in enumerate(
            (
                lambda: move.write({"sale_line_id": False}),
                lambda: move.write({"state": "assigned"}),
                lambda: move.write({"state": "cancel"}),
                lambda: move.write({"location_dest_id": home}),
                lambda: picking.write({"location_dest_id": home}),
                lambda: move.write({"picking_id": self.make_internal().id}),
                lambda: move.write(returned),
                lambda: move.write({"quantity": 1000.0}),
                lambda: move.move_line_ids.write({"quantity": 1000.0}),
                lambda: move.move_line_ids.write({"move_id": self.move.id}),
            )
        ):
            self.assertRefused(attempt, what=number)
            self.assertEqual(self.small.order_line.qty_delivered, 4000.0)

    def make_internal(self):
        """A transfer within the warehouse: a move that is put into it goes there."""
        home = self.warehouse.lot_stock_id.id
        return self.as_worker(self.env["stock.picking"]).create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": home,
                "location_dest_id": home,
            }
        )

    def test_corrected_by_those_who_may(self):
        """Unlocked by a manager of the warehouse, as on Odoo's screen."""
        move = self.gone.move_ids
        move.with_user(self.stock_manager).quantity = 3000.0
        self.assertEqual(self.small.order_line.qty_delivered, 3000.0)
        move.with_user(self.credit_shipper).quantity = 2000.0
        self.assertEqual(self.small.order_line.qty_delivered, 2000.0)
        self.assertRefused(
            lambda: move.with_user(self.stock_manager).write({"sale_line_id": False})
        )

    def test_dozens_in_place_of_pieces(self):
        """With a context Odoo lets the unit of a done move be written."""
        dozen = self.env.ref("uom.product_uom_dozen").id
        move = self.as_worker(self.gone.move_ids)
        move = move.with_context(skip_uom_conversion=True)
        self.assertRefused(lambda: move.write({"product_uom": dozen}))

    def test_dated_back_and_forward(self):
        """The limit of the day decides what is insured of it."""
        for day in ("2026-09-15 12:00:00", "2026-10-02 12:00:00"):
            for record, name in (
                (self.gone.move_ids, "date"),
                (self.gone, "date_done"),
            ):
                self.assertRefused(
                    lambda r=record, n=name, d=day: self.as_worker(r).write({n: d}),
                    AccessError,
                )
        self.assertEqual(
            self.small.order_line.insured_shipment_date.isoformat(), "2026-10-01"
        )

    def test_hour_of_the_same_day(self):
        self.as_worker(self.gone).date_done = "2026-10-01 08:00:00"
        self.assertEqual(self.gone.move_ids.date, datetime(2026, 10, 1, 8))

    def test_day_corrected_by_a_credit_user(self):
        self.gone.with_user(self.shipper).date_done = "2026-09-15 12:00:00"
        self.assertEqual(
            self.small.order_line.insured_shipment_date.isoformat(), "2026-09-15"
        )

    def test_where_nothing_is_held_nothing_is_kept(self):
        """In observation, and of buyers whom no policy insures."""
        self.policy.observation = True
        self.as_worker(self.gone).date_done = "2026-09-15 12:00:00"
        self.as_worker(self.gone.move_ids).quantity = 3000.0
        self.policy.observation = False
        private = self.env["res.partner"].create({"name": "Ana"})
        order = self.make_sold(100.0, private)
        self.ship(order.picking_ids)
        picking = self.as_worker(order.picking_ids)
        picking.date_done = "2026-09-15 12:00:00"
        picking.move_ids.quantity = 50.0
        self.assertEqual(order.order_line.qty_delivered, 50.0)

    def test_return_of_a_return(self):
        """4 000 came back; that they leave again is checked: 5 000 may, then 3 000."""
        back = self.give_back(self.gone, 4000.0)
        self.assertEqual(self.small.order_line.qty_delivered, 0.0)
        self.set_limit(43000.0)  # 73 000 - 70 000
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.give_back(back, 4000.0)
        self.set_limit(45000.0)
        self.give_back(back, 4000.0)
        self.assertEqual(self.small.order_line.qty_delivered, 4000.0)

    def test_exchange(self):
        """Goods that replace others leave like all others."""
        self.set_limit(44000.0)  # 74 000 - 74 000
        wizard = (
            self.as_worker(self.env["stock.return.picking"])
            .with_context(active_model="stock.picking", active_id=self.gone.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 4000.0
        wizard.action_create_exchanges()
        new = self.small.picking_ids - self.gone
        out = new.filtered(lambda each: each.location_dest_id == self.customers)
        self.assertTrue(out)
        out.action_assign()
        self.assertRefused(lambda: self.ship(out), RedirectWarning)

    def test_unordered_goods_priced_in_the_main_currency(self):
        """2 000 pieces at 1.00 of a currency of which 4 make 1 of the company's: 500.

        A product that companies share is priced in the main company's currency.
        """
        priced = self.env["res.currency"].create(
            {
                "name": "XPM",
                "symbol": "XPM",
                "rate_ids": [
                    Command.create(
                        {
                            "name": "2026-01-01",
                            "rate": 4.0 * self.company.currency_id.rate,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        moves = self.make_unordered(2000.0).move_ids
        self.assertEqual(moves._credit_sales_value(self.company), 2000.0)
        self.assertFalse(self.goods.company_id)
        self.env["res.company"]._get_main_company().currency_id = priced
        self.env.invalidate_all()
        self.assertEqual(self.goods.currency_id, priced)
        self.assertEqual(moves._credit_sales_value(self.company), 500.0)
