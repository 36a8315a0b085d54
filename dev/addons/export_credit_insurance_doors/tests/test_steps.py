from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestSteps(CheckedCommon):
    """Goods that are picked and packed before they leave: the last step is checked.

    20 000 were ordered; the limit is cut to 15 000, and nothing has left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user", name="Walt")
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_pack_ship"
        cls.product.is_storable = True
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, warehouse.lot_stock_id, 1000
        )
        cls.order = cls.make_order(20)
        cls.order.action_confirm()
        cls.env["credit.insurance.limit"].flush_model()
        # past the decisions, which never change
        cls.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 15000 WHERE partner_id = %s",
            [cls.buyer.id],
        )
        cls.env.invalidate_all()

    def next_step(self):
        return self.order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def do(self, picking, quantity=20):
        picking.action_assign()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking = picking.with_user(self.worker).with_context(skip_backorder=True)
        picking.button_validate()

    def test_picked_and_packed_but_not_shipped(self):
        for name in ("PICK", "PACK"):
            picking = self.next_step()
            self.assertIn(name, picking.name)
            self.do(picking)
            self.assertEqual(picking.state, "done")
        out = self.next_step()
        self.assertEqual(out.move_ids.sale_line_id, self.order.order_line)
        with self.assertRaises(RedirectWarning):
            self.do(out)
        self.do(out, 15)
        self.assertEqual(self.order.order_line.qty_delivered, 15.0)

    def test_picked_straight_to_the_customer(self):
        """The first step is said to be the last."""
        picking = self.next_step().with_user(self.worker)
        customers = self.env.ref("stock.stock_location_customers")
        picking.location_dest_id = customers
        picking.move_ids.location_dest_id = customers
        with self.assertRaises(RedirectWarning):
            self.do(self.next_step())
