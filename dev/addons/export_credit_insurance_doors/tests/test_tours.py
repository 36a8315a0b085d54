from odoo.tests import tagged

from .shop_common import ShopDoors


@tagged("post_install", "-at_install")
class TestTours(ShopDoors):
    """Customers in a real browser: what they order waits, and they are thanked."""

    def test_visitor_buys_beyond_the_limit(self):
        """The policy takes private persons too; this one has no limit for 1 000."""
        self.policy.exclude_private = False
        self.carrier.allow_cash_on_delivery = True
        provider = self.env.ref("delivery.payment_provider_cod")
        provider.write({"state": "test", "is_published": True})
        provider.payment_method_ids.active = True
        self.start_tour("/shop", "doors_visitor_buys_beyond_the_limit")
        order = self.env["sale.order"].search(
            [("website_id", "=", self.website.id)], order="id desc", limit=1
        )
        self.assertWaits(order, missing=1000.0)
        self.assertTold(order)

    def test_customer_signs_beyond_the_limit(self):
        # 102 000 + 45 000 - 130 000 = 17 000 too much
        order = self.make_quotation(45, require_signature=True, require_payment=False)
        self.start_tour(
            order.get_portal_url(),
            "doors_customer_signs_beyond_the_limit",
            login="doors-ana",
        )
        self.assertWaits(order)
        self.assertTold(order)
