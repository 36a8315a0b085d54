from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .hostile_common import HostileCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileContexts(HostileCommon):
    """What has left is counted whatever day a request's context looks back to."""

    def test_shipped_as_of_a_former_day(self):
        """Odoo counts deliveries up to the day that a context says, 0 of 4 000."""
        as_of = {"accrual_entry_date": "2020-01-01"}
        picking = self.as_worker(self.small.picking_ids).with_context(**as_of)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.small.order_line.qty_delivered, 4000.0)
        with self.assertRaisesRegex(UserError, "goods are delivered"):
            self.small.with_user(self.salesman).write({"state": "cancel"})

    def test_shipped_in_pieces_of_a_large_unit(self):
        """4 of a pallet of 1000 are 0.00 pallets for Odoo, each time."""
        pallet = self.env["uom.uom"].create(
            {
                "name": "Pallet",
                "relative_factor": 1000.0,
                "relative_uom_id": self.goods.uom_id.id,
            }
        )
        self.set_limit(100000.0)
        order = self.make_order(self.alfa, 0.02, product=self.goods, confirm=False)
        order.order_line.write({"product_uom_id": pallet.id, "price_unit": 1000000.0})
        order.user_id = self.salesman
        order.action_confirm()
        self.assertEqual(order.amount_total, 20000.0)
        for number in range(1, 6):
            picking = order.picking_ids.filtered(lambda each: each.state != "done")
            picking.action_assign()
            self.ship(picking, quantity=4.0)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(order.order_line.qty_delivered, 0.0)
            # 0.004, 0.008, ... 0.020 of a pallet, at least a hundredth of one
            expected = [0.01, 0.01, 0.02, 0.02, 0.02][number - 1]
            self.assertEqual(order.order_line.credit_left_qty, expected)
            with self.assertRaisesRegex(UserError, "goods are delivered"):
                order.with_user(self.salesman).write({"state": "cancel"})
