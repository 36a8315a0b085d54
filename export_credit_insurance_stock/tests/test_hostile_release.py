from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .hostile_common import HostileCommon


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
