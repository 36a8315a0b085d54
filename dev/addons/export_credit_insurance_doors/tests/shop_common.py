from odoo import Command

from .payment_common import PaymentDoors


class ShopDoors(PaymentDoors):
    """ALFA's contact in the shop: goods at 1 000, and a lorry that costs nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.product_tmpl_id.is_published = True
        cls.env["delivery.carrier"].search([]).is_published = False
        cls.carrier = cls.make_carrier(name="Lorry")
        cls.website.write({"salesperson_id": cls.seller.id, "salesteam_id": False})

    @classmethod
    def make_carrier(cls, **values):
        freight = cls.env["product.product"].create(
            {
                "name": "Freight",
                "type": "service",
                "list_price": 0.0,
                "taxes_id": [Command.clear()],
            }
        )
        return cls.env["delivery.carrier"].create(
            {
                "product_id": freight.id,
                "delivery_type": "fixed",
                "fixed_price": 0.0,
                "is_published": True,
                **values,
            }
        )

    def fill_cart(self, quantity, carrier=None, product=None):
        """Go shopping, up to the page on which to pay; return the cart."""
        product = product or self.product
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "quantity": quantity,
            },
        )
        self.make_jsonrpc_request(
            "/shop/set_delivery_method", {"dm_id": (carrier or self.carrier).id}
        )
        self.read_page("/shop/checkout")
        self.read_page("/shop/payment")
        return self.env["sale.order"].search(
            [("website_id", "=", self.website.id), ("state", "=", "draft")],
            order="id desc",
            limit=1,
        )

    def begin_payment(self, order, amount=None, **values):
        return super().begin_payment(
            order,
            amount or order.amount_total,
            route=f"/shop/payment/transaction/{order.id}",
            landing_route="/shop/payment/validate",
            **values,
        )

    def pay(self, order, amount=None, **values):
        return super().pay(order, amount, **values)

    def thanks(self):
        """What the customer reads who comes back from paying."""
        return self.read_page("/shop/payment/validate")
