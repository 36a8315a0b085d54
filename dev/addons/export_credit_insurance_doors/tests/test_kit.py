from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from odoo.addons.export_credit_insurance_stock.tests.common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestKit(DeliveryCommon):
    """Kits of the manufacturing module leave by their parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()

    def test_kit_by_its_parts(self):
        """A kit of 2 wheels and 1 axle; half of the wheels are half the kits."""
        wheel, axle = self.make_goods("Wheel"), self.make_goods("Axle")
        kit = self.make_goods("Wagon", stock=0.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": wheel.id, "product_qty": 2.0}),
                    Command.create({"product_id": axle.id, "product_qty": 1.0}),
                ],
            }
        )
        order = self.make_sold(20000.0, product=kit)
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
