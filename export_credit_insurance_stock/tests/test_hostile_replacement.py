from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .hostile_common import HostileCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileReplacement(HostileCommon):
    """Odoo counts no delivery that replaces what came back without a refund.

    ALFA owes 70 000 of 75 000: once the 4 000 have left, 1 000 may. Called the
    replacement of something that never came back, they were counted nowhere.
    """

    def take_back(self, picking, quantity, refund):
        """Give goods of a transfer back, as a customer who wants them replaced does."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=picking.id)
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.to_refund = refund
        self.ship(back)
        self.assertEqual(back.state, "done")
        return back

    def assertCountedAsLeft(self):
        """The 4 000 are with the buyer, whatever Odoo calls delivered."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertCase(self.order, available=1000.0)
        with self.assertRaisesRegex(UserError, "goods are delivered"):
            self.small.with_user(self.salesman).write({"state": "cancel"})

    def test_of_another_delivery(self):
        other = self.delivered(100.0).picking_ids.move_ids
        self.set_limit(45100.0)  # the 100 are owed, too
        move = self.as_worker(self.small.picking_ids.move_ids)
        move.write({"origin_returned_move_id": other.id, "to_refund": False})
        self.ship(self.small.picking_ids)
        self.assertEqual(self.small.order_line.qty_delivered, 0.0)
        # nor does anybody write it away
        self.shipper.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.small.order_line.with_user(self.shipper).credit_left_qty = 0.0
        self.assertCountedAsLeft()

    def test_of_what_was_refunded(self):
        """4 000 came back for a refund, and leave again as if to replace them."""
        self.ship(self.small.picking_ids)
        back = self.take_back(self.small.picking_ids, 4000.0, refund=True)
        self.take_back(back, 4000.0, refund=False)
        self.assertEqual(self.small.order_line.qty_delivered, 0.0)
        self.assertCountedAsLeft()

    def receive(self, quantity):
        """Goods that a supplier sent."""
        receipt = self.as_worker(self.env["stock.picking"]).create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": quantity,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        return receipt

    def test_by_what_a_supplier_sent(self):
        """A receipt is called the buyer's return, before it is done or afterwards."""
        self.ship(self.small.picking_ids)
        returned = {"sale_line_id": self.small.order_line.id, "to_refund": True}
        for is_done in (False, True):
            with self.subTest(is_done=is_done), self.env.cr.savepoint() as savepoint:
                receipt = self.receive(4000.0)
                if not is_done:
                    receipt.move_ids.write(returned)
                self.ship(receipt, quantity=4000.0)
                if is_done:
                    receipt.move_ids.write(returned)
                self.assertEqual(self.small.order_line.qty_delivered, 0.0)
                self.assertCountedAsLeft()
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_a_replacement_counts_once(self):
        """4 000 came back to be replaced: they are owed all the time."""
        self.ship(self.small.picking_ids)
        back = self.take_back(self.small.picking_ids, 4000.0, refund=False)
        self.set_limit(49000.0)
        self.take_back(back, 4000.0, refund=False)
        self.assertEqual(self.small.order_line.qty_delivered, 4000.0)
        self.set_limit(45000.0)
        self.assertCountedAsLeft()
