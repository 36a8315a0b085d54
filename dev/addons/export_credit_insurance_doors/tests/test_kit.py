from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from odoo.addons.export_credit_insurance_stock.tests.common import DeliveryCommon


class KitCommon(DeliveryCommon):
    """A wagon of 2 wheels and 1 axle; ALFA owes 70 000 of 130 000.

    Odoo calls a kit delivered once all of its parts have left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()
        cls.wheel, cls.axle = cls.make_goods("Wheel"), cls.make_goods("Axle")
        cls.kit = cls.make_goods("Wagon", stock=0.0)
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.wheel.id, "product_qty": 2.0}),
                    Command.create({"product_id": cls.axle.id, "product_qty": 1.0}),
                ],
            }
        )

    def ship_parts(self, picking, wheels, axles):
        """Let so many of each leave with this transfer; the rest waits."""
        for move in picking.move_ids:
            move.quantity = wheels if move.product_id == self.wheel else axles
        DeliveryCommon.ship(self, picking)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestKit(KitCommon):
    """Kits of the manufacturing module leave by their parts."""

    def test_kit_by_its_parts(self):
        """A kit of 2 wheels and 1 axle; half of the wheels are half the kits."""
        order = self.make_sold(20000.0, product=self.kit)
        picking = order.picking_ids
        wheels, axles = picking.move_ids.sorted(lambda move: -move.product_uom_qty)
        self.assertEqual(wheels.quantity, 40000.0)
        self.assertCase(order, added=20000.0)
        wheels.quantity, axles.quantity = 20000.0, 10000.0
        self.assertCase(order, added=10000.0)
        self.set_limit(49999.0)  # 79 999 - 70 000
        with self.assertRaises(RedirectWarning):
            self.ship(picking)
        self.set_limit(50000.0)
        self.ship(picking)
        self.assertEqual(order.order_line.qty_delivered, 10000.0)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestKitBegun(KitCommon):
    """All wheels of 20 000 wagons leave, the axles stay: Odoo counts no wagon.

    The wheels are with the buyer, and worth 20 000 as the gate had it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_sold(20000.0, product=cls.kit)
        cls.line = cls.order.order_line
        cls.ship_parts(cls, cls.order.picking_ids, 40000.0, 0.0)

    def exposure(self):
        self.env.flush_all()
        return self.get_position(self.alfa).exposure

    def test_it_counts_for_the_next_delivery(self):
        """70 000 and 20 000 have left: of 100 000 there is room for 10 000."""
        self.assertEqual(self.line.qty_delivered, 0.0)
        self.assertEqual(self.line.credit_left_qty, 20000.0)
        other = self.make_sold(20000.0)
        self.set_limit(70000.0)  # and 30 000 until December
        self.assertCase(other, available=10000.0)
        with self.assertRaises(RedirectWarning):
            self.ship(other.picking_ids)

    def test_its_axles_are_no_second_delivery(self):
        other = self.make_sold(1000.0)
        self.set_limit(60000.0)  # 90 000: all of it has left
        rest = self.order.picking_ids.filtered(lambda each: each.state != "done")
        self.ship(rest)
        self.assertEqual(self.line.qty_delivered, 20000.0)
        self.assertCase(other, available=0.0)

    def test_parts_in_turn(self):
        """A quarter of the axles, then the rest: no more than 20 000 ever count."""
        rest = self.order.picking_ids.filtered(lambda each: each.state != "done")
        self.ship_parts(rest, 0.0, 5000.0)
        self.assertEqual(self.line.qty_delivered, 5000.0)
        self.set_limit(60000.0)
        rest = self.order.picking_ids.filtered(lambda each: each.state != "done")
        self.ship(rest)
        self.assertEqual(self.line.qty_delivered, 20000.0)

    def test_cancelled_or_lowered(self):
        """The buyer has the wheels: no salesperson takes the order back."""
        before = self.exposure()
        # Odoo has transfers cancelled by who may read what was bought for them
        self.salesman.group_ids += self.env.ref("stock.group_stock_user")
        order = self.order.with_user(self.salesman)
        refused = self.assertRaisesRegex(UserError, "goods are delivered")
        with refused, self.env.cr.savepoint():
            order.action_cancel()
        self.env.invalidate_all()
        self.line.product_uom_qty = 0.0
        self.assertEqual(self.exposure(), before)
        # nor does it make room for another line of the order
        self.set_limit(60000.0)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            order.order_line = [
                Command.create(
                    {"product_id": self.goods.id, "product_uom_qty": 20000.0}
                )
            ]
            self.env.flush_all()

    def test_taken_back(self):
        """Wheels that come back free what they took."""
        done = self.order.picking_ids.filtered(lambda each: each.state == "done")
        self.give_back(done, 40000.0)
        other = self.make_sold(20000.0)
        self.assertCase(other, available=60000.0)
        self.order.action_cancel()
        self.assertEqual(self.order.state, "cancel")

    def test_more_parts_than_were_ordered(self):
        """Wheels of 20 000 wagons for an order of 1 000, which Odoo bills for nothing.

        Two wheels are two thirds of a wagon: 1 000 + 19 000 x 2/3 = 13 666.67. A chest
        of 99 with screws of 1, of which ten times as many leave, is a tenth more.
        """
        order = self.make_sold(1000.0, product=self.kit)
        # 130 000 - 70 000 - 20 000
        self.set_limit(73666.66)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.ship_parts(order.picking_ids, 40000.0, 0.0)
        self.env.invalidate_all()
        self.set_limit(73666.67)
        self.ship_parts(order.picking_ids, 40000.0, 0.0)
        self.assertAlmostEqual(order.order_line.credit_left_qty, 13666.67, 2)
        body = self.make_goods("Body", list_price=99.0)
        screw = self.make_goods("Screw", list_price=1.0)
        chest = self.make_goods("Chest", stock=0.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": chest.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 1.0})
                    for part in body + screw
                ],
            }
        )
        self.set_limit(100000.0)
        order = self.make_sold(100.0, product=chest)
        screws = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == screw
        )
        screws.quantity = 1000.0
        self.ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 100.0)
        self.assertAlmostEqual(order.order_line.credit_left_qty, 109.0, 2)

    def test_one_part_only(self):
        """A box of ten, of which nine leave: nine tenths of a box are owed."""
        jar = self.make_goods("Jar")
        box = self.make_goods("Box", stock=0.0, list_price=1000.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": box.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": jar.id, "product_qty": 10.0})
                ],
            }
        )
        order = self.make_sold(1.0, product=box)
        order.order_line.price_unit = 1000.0
        self.ship(order.picking_ids, quantity=9.0)
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        # 130 000 - 70 000 - 20 000 of the wheels - 900
        self.assertCase(self.make_sold(1.0), available=39100.0)
