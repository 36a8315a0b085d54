from odoo import Command
from odoo.tests import freeze_time, tagged

from .hostile_common import HostileCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestSerials(HostileCommon):
    """Goods with serial numbers: whoever names a number says that a piece leaves.

    5 000 may leave, a machine costs 1 000: 5 of the 8 that are ordered.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.make_goods("Machine", stock=0, tracking="serial")
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": f"M{number}", "product_id": cls.machine.id}
                for number in range(20)
            ]
        )
        for lot in cls.lots:
            cls.env["stock.quant"]._update_available_quantity(
                cls.machine, cls.warehouse.lot_stock_id, 1, lot_id=lot
            )
        cls.set_limit(cls, 100000.0)
        machines = {
            "product_id": cls.machine.id,
            "product_uom_qty": 8.0,
            "price_unit": 1000.0,
            "tax_ids": [Command.clear()],
        }
        cls.sold = cls.make_sold(8.0, order_line=[Command.create(machines)])
        cls.set_limit(cls, 45000.0)
        cls.transfer = cls.sold.picking_ids
        cls.machines = cls.transfer.move_ids

    def left(self):
        return self.sold.order_line.qty_delivered

    def take(self, number):
        """Scan so many serial numbers."""
        move = self.as_worker(self.machines)
        move.lot_ids = self.lots[:number]
        move.picked = True
        return move

    def test_what_fits_leaves(self):
        self.take(5)
        self.as_worker(self.transfer).with_context(
            skip_backorder=True
        ).button_validate()
        self.assertEqual(self.left(), 5.0)

    def test_a_sixth_stays(self):
        self.take(6)
        picking = self.as_worker(self.transfer).with_context(skip_backorder=True)
        self.assertRefused(picking.button_validate)
        self.assertEqual(self.left(), 0.0)

    def test_numbers_added_to_what_has_left(self):
        """By the move's numbers, by its lines, by the transfer's lines."""
        self.test_what_fits_leaves()
        move = self.as_worker(self.machines.filtered(lambda m: m.state == "done"))
        sixth = self.lots[5]
        line = {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": self.machine.id,
            "lot_id": sixth.id,
            "quantity": 1.0,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }
        lines = self.env["stock.move.line"].with_user(self.worker)
        for attempt in (
            lambda: move.write({"lot_ids": [Command.link(sixth.id)]}),
            lambda: move.write({"lot_ids": [Command.set(self.lots[:7].ids)]}),
            lambda: move.write({"move_line_ids": [Command.create(line)]}),
            lambda: lines.create(line),
            lambda: lines.create({**line, "lot_id": False, "lot_name": "NEW"}),
            lambda: lines.create({**line, "move_id": False}),
            lambda: move.picking_id.write({"move_line_ids": [Command.create(line)]}),
            lambda: move.move_line_ids[0].copy({"lot_id": sixth.id}),
            lambda: move.move_line_ids[0].write({"quantity": 2.0}),
        ):
            try:
                with self.env.cr.savepoint():
                    attempt()
            except Exception:
                self.env.invalidate_all()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertLessEqual(self.left(), 5.0)
            gone = self.env["stock.quant"].search(
                [
                    ("product_id", "=", self.machine.id),
                    ("location_id.usage", "=", "customer"),
                ]
            )
            self.assertLessEqual(sum(gone.mapped("quantity")), 5.0)
