from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from .common import DeliveryCommon

REFUSED = (AccessError, RedirectWarning, UserError)


class HostileCommon(DeliveryCommon):
    """ALFA owes 70 000; its limit was cut to 75 000, of which 5 000 may leave.

    An order of 20 000 and one of 4 000 are in the warehouse.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()
        cls.order = cls.make_sold(20000.0)
        cls.small = cls.make_sold(4000.0)
        cls.picking = cls.order.picking_ids
        cls.move = cls.picking.move_ids
        cls.line = cls.order.order_line
        cls.set_limit(cls, 45000.0)  # and 30 000 until December
        cls.stock_manager = new_test_user(
            cls.env,
            "credit-max",
            "stock.group_stock_manager",
            name="Max",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.credit_shipper = new_test_user(
            cls.env,
            "credit-cleo",
            "stock.group_stock_user,export_credit_insurance.group_credit_controller",
            name="Cleo",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def as_worker(self, records):
        return records.with_user(self.worker)

    def make_unordered(self, quantity=20000.0):
        """Goods that left for ALFA with a transfer of no order."""
        picking = (
            self.env["stock.picking"]
            .with_user(self.worker)
            .create(
                {
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "partner_id": self.alfa.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": quantity,
                                "location_id": self.warehouse.lot_stock_id.id,
                                "location_dest_id": self.customers.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        self.ship(picking)
        self.assertEqual(picking.state, "done")
        return picking

    def assertRefused(self, action, errors=REFUSED, what=""):
        """Whatever Odoo or the add-on says: it is refused, and nothing has changed."""
        try:
            with self.env.cr.savepoint():
                action()
        except errors:
            self.env.invalidate_all()
        else:
            self.fail(f"it was not refused {what}")


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


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileRelease(HostileCommon):
    """A release of one delivery is used once, whatever becomes of its papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_limit(cls, 40000.0)  # 70 000 - 70 000

    def split(self, quantity):
        """Split the order's transfer; return both."""
        self.move.quantity = quantity
        self.picking.action_split_transfer()
        rest = self.order.picking_ids - self.picking
        rest.action_assign()
        return self.picking, rest

    def test_dated_before_the_release(self):
        """By the date it was told what had left since."""
        self.release(self.ask_delivery_release(self.picking), release_amount=20000.0)
        self.ship(self.picking, quantity=12000.0)
        backorder = self.order.picking_ids - self.picking
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET date = '2026-09-01' WHERE id = %s", [self.move.id]
        )
        self.env.invalidate_all()
        self.assertRefused(
            lambda: self.ship(backorder, quantity=9000.0), RedirectWarning
        )
        self.ship(backorder, quantity=8000.0)

    def test_said_to_be_a_backorder(self):
        """12 000 are released; 8 000 that never waited leave by it, then no 12 000."""
        first, second = self.split(12000.0)
        second.backorder_id = False
        self.release(self.ask_delivery_release(first), release_amount=12000.0)
        self.assertRefused(lambda: self.ship(second), RedirectWarning)
        self.as_worker(second).backorder_id = first
        self.ship(second)
        self.as_worker(second).backorder_id = False
        self.assertRefused(lambda: self.ship(first), RedirectWarning)
        self.ship(first, quantity=4000.0)

    def test_two_transfers_in_one_call(self):
        """12 000 are released, and 12 000 with 8 000 asked for at once."""
        first, second = self.split(12000.0)
        self.release(self.ask_delivery_release(first), release_amount=12000.0)
        self.assertEqual(second.backorder_id, first)
        self.assertRefused(lambda: self.ship(first + second), RedirectWarning)
        self.ship(first)
        self.assertEqual(first.state, "done")

    def test_enlarged_once_it_has_left(self):
        """20 000 released and 15 000 gone: 5 000 may be added, not 6 000."""
        self.release(self.ask_delivery_release(self.picking), release_amount=20000.0)
        self.ship(self.picking, quantity=15000.0, backorder=False)
        move = self.as_worker(self.move)
        self.assertRefused(lambda: move.write({"quantity": 21000.0}), RedirectWarning)
        move.quantity = 20000.0
        self.assertEqual(self.line.qty_delivered, 20000.0)

    def test_use_is_noted_by_nobody_else(self):
        hold = self.ask_delivery_release(self.picking)
        self.release(hold)
        self.ship(self.picking)
        self.assertEqual(hold.shipped_move_ids, self.move)
        for user in (self.worker, self.controller):
            self.assertRefused(
                lambda u=user: hold.with_user(u).write(
                    {"shipped_move_ids": [Command.clear()]}
                ),
                AccessError,
            )
