from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .test_kit import KitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestKitChanged(KitCommon):
    """20 000 wagons are sold; then a wagon is said to need 1000 times as much.

    40 000 wheels would be 20 wagons by that, and Odoo says so. ALFA owes 70 000 of
    invoices: with the wagons it is 90 000, whatever their bill of materials says.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_sold(20000.0, product=cls.kit)
        cls.line = cls.order.order_line

    def change(self):
        for line in self.bom.bom_line_ids:
            line.product_qty *= 1000.0

    def rest(self):
        return self.order.picking_ids.filtered(lambda each: each.state != "done")

    def assertOwed(self, amount=90000.0):
        """The order is lowered to 20: what has left is owed all the same."""
        self.line.product_uom_qty = 20.0
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.get_position(self.alfa).exposure, amount)

    def test_before_anything_leaves(self):
        """50 000 and 30 000 of limit leave 10 000 for 20 000 wagons."""
        self.change()
        self.assertCase(self.order, added=20000.0)
        self.set_limit(59999.0)  # 89 999 - 70 000
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.ship(self.order.picking_ids)
        self.env.invalidate_all()
        self.set_limit(60000.0)
        self.ship(self.order.picking_ids)
        self.assertOwed()

    def test_between_two_deliveries(self):
        self.ship_parts(self.order.picking_ids, 40000.0, 10000.0)
        self.change()
        self.ship_parts(self.rest(), 0.0, 10.0)
        self.assertEqual(self.line.credit_left_qty, 20000.0)
        self.assertOwed()

    def test_after_all_has_left(self):
        """Writing the unit once more has Odoo count anew."""
        self.ship(self.order.picking_ids)
        self.change()
        self.assertEqual(self.line.qty_delivered, 20000.0)
        self.line.product_uom_id = self.line.product_uom_id
        self.env.add_to_compute(self.line._fields["qty_delivered"], self.line)
        self.assertEqual(self.line.qty_delivered, 20.0)
        self.assertOwed()

    def test_other_parts(self):
        """Its lines are deleted: no move knows any more what it was made by."""
        self.ship_parts(self.order.picking_ids, 40000.0, 0.0)
        self.bom.bom_line_ids.unlink()
        self.bom.bom_line_ids = [
            Command.create({"product_id": self.goods.id, "product_qty": 1.0})
        ]
        self.ship_parts(self.rest(), 0.0, 5000.0)
        self.assertEqual(self.line.credit_left_qty, 20000.0)
        self.assertOwed()

    def test_more_are_ordered_afterwards(self):
        """What is planned first stays, 2 wheels and 1 axle: 40 000 are 20 000."""
        self.change()
        self.line.product_uom_qty = 20001.0
        self.assertEqual(self.line.credit_kit_parts[str(self.wheel.id)], 2.0)
        self.ship_parts(self.order.picking_ids, 40000.0, 0.0)
        self.assertEqual(self.line.credit_left_qty, 20000.0)

    def test_planned_anew(self):
        """Nothing has left, the order is taken back and confirmed anew."""
        self.bom.bom_line_ids[0].product_qty = 4.0
        self.order.action_cancel()
        self.order.action_draft()
        self.order.action_confirm()
        self.assertEqual(
            self.line.credit_kit_parts,
            {str(self.wheel.id): 4.0, str(self.axle.id): 1.0},
        )

    def test_by_the_dozen(self):
        """A bill of materials for 12 wagons: 24 wheels; an order of 2 dozen wagons."""
        dozen = self.env.ref("uom.product_uom_dozen")
        self.bom.product_uom_id = dozen
        self.bom.bom_line_ids[0].product_qty = 24.0
        self.bom.bom_line_ids[1].product_qty = 12.0
        order = self.make_sold(2.0, product=self.kit)
        order.order_line.product_uom_id = dozen
        self.env.flush_all()
        self.assertEqual(
            order.order_line.credit_kit_parts,
            {str(self.wheel.id): 2.0, str(self.axle.id): 1.0},
        )
        self.ship_parts(order.picking_ids, 24.0, 0.0)
        self.assertEqual(order.order_line.credit_left_qty, 1.0)

    def test_nobody_writes_it(self):
        """Not even who sees credit data."""
        parts = self.line.credit_kit_parts
        self.line.with_user(self.user).write({"credit_kit_parts": {"1": 9.0}})
        self.env.invalidate_all()
        self.assertEqual(self.line.credit_kit_parts, parts)
        order = self.order.with_user(self.user)
        order.order_line = [
            Command.create(
                {"product_id": self.goods.id, "credit_kit_parts": {"1": 9.0}}
            )
        ]
        self.assertFalse(self.order.order_line[-1].credit_kit_parts)
