from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestDropShip(CheckedCommon):
    """From the supplier straight to the buyer, by a purchase order.

    20 000 fit when they are ordered; then the insurer cuts the limit to 15 000, and
    nothing has left yet: 5 000 are lacking.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user", name="Walt")
        supplier = cls.env["res.partner"].create({"name": "Foundry"})
        cls.product.write(
            {
                "route_ids": [
                    Command.link(
                        cls.env.ref("stock_dropshipping.route_drop_shipping").id
                    )
                ],
                "seller_ids": [Command.create({"partner_id": supplier.id})],
            }
        )
        cls.order = cls.make_order(20)
        cls.order.action_confirm()
        purchase = cls.order._get_purchase_orders()
        purchase.button_confirm()
        cls.picking = purchase.picking_ids
        cls.set_limit(15000)

    def ship(self, picking, quantity=None):
        if quantity:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_user(self.worker).with_context(
            skip_backorder=True
        ).button_validate()

    def test_held_and_released(self):
        self.assertTrue(self.picking.is_dropship)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(self.picking)
        self.assertIn("5,000.00", caught.exception.args[0])
        self.picking.with_user(self.worker).action_request_credit_release("It waits")
        self.release(self.order)
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 20.0)
        self.assertTrue(self.order.order_line.insured_shipment_date)

    def test_part_that_fits(self):
        self.ship(self.picking, 15.0)
        self.assertEqual(self.order.order_line.qty_delivered, 15.0)
        rest = self.picking.backorder_ids
        with self.assertRaises(RedirectWarning):
            self.ship(rest)

    def test_shipped_to_another_country(self):
        """The purchase says where to, before it is confirmed or after."""
        self.set_limit(20000)
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [Command.set(self.env.ref("base.ir").ids)],
                "cover_status": "sanctioned",
                "date_from": self.today,
                "source": "Official journal",
            }
        )
        buyer = self.make_user("doors-pia", "purchase.group_purchase_user")
        elsewhere = self.env["res.partner"].create(
            {"name": "Gate 4", "country_id": self.env.ref("base.ir").id}
        )
        purchase = self.picking.move_ids.purchase_line_id.order_id
        purchase.with_user(buyer).dest_address_id = elsewhere
        with self.assertRaises(RedirectWarning):
            self.ship(self.picking)
        purchase.with_user(buyer).dest_address_id = self.order.partner_shipping_id
        self.picking.move_ids.with_user(self.worker).partner_id = elsewhere
        with self.assertRaises(RedirectWarning):
            self.ship(self.picking)
        self.picking.move_ids.with_user(self.worker).partner_id = self.buyer
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")

    def test_given_back_to_the_supplier(self):
        """What goes from the buyer to the supplier leaves for nobody's credit."""
        self.ship(self.picking, 15.0)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=self.picking.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 15.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.ship(back)
        self.assertEqual(back.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 0.0)
        self.ship(self.picking.backorder_ids)

    def test_without_an_order(self):
        """A purchase has 3 000 of goods sent to ALFA, whom nobody sold them to.

        The transfer names the supplier; it is listed for who gets the goods.
        """
        buyer = self.make_user("doors-pia", "purchase.group_purchase_user")
        drop = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.company.id)], limit=1
        )
        purchase = (
            self.env["purchase.order"]
            .with_user(buyer)
            .create(
                {
                    "partner_id": self.product.seller_ids.partner_id.id,
                    "picking_type_id": drop.id,
                    "dest_address_id": self.contact.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "product_qty": 3.0}
                        )
                    ],
                }
            )
        )
        purchase.button_confirm()
        self.assertFalse(purchase.picking_ids.sale_id)
        self.ship(purchase.picking_ids)
        self.assertEqual(purchase.picking_ids.state, "done")
        line = self.env["credit.insurance.review.line"].search(
            [("stage", "=", "transfer")]
        )
        self.assertRecordValues(
            line,
            [
                {
                    "partner_id": self.buyer.id,
                    "receipt_ref": purchase.picking_ids.name,
                    "undelivered_amount": 3000.0,
                    "is_open": True,
                }
            ],
        )
