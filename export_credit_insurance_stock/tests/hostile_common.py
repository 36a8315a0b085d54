from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user

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
