import json

from odoo import Command
from odoo.tests import tagged

from .checked_common import ANA
from .shop_common import ShopDoors


class PaidLater(ShopDoors):
    """Orders that are confirmed although nothing is paid yet."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def order(self, quantity):
        """Buy, choose to pay later, and come back; return the order."""
        cart = self.fill_cart(quantity)
        transaction = self.begin_payment(cart, flow="redirect")
        self.url_open("/payment/custom/process", {"reference": transaction.reference})
        self.come_back()
        return cart

    def check_what_fits(self):
        with self.mock_mail_gateway():
            order = self.order(28)
        self.assertConfirmed(order)
        self.assertTrue(self.mails_to(ANA))

    def check_what_does_not_fit(self):
        # 102 000 + 45 000 - 130 000 = 17 000 too much
        with self.mock_mail_gateway():
            order = self.order(45)
            page = self.thanks()
        self.assertWaits(order)
        self.assertTold(order)
        self.assertIn("Thank you for your order.", page)
        self.assertNeutral(page)
        self.assertNeutral(self.read_page(order.get_portal_url()))
        self.assertMailsNeutral(ANA)

    def check_released(self):
        order = self.order(45)
        with self.mock_mail_gateway():
            self.release(order)
        self.assertConfirmed(order)
        self.assertEqual(len(self.assertMailsNeutral(ANA)), 1)

    def check_again(self):
        order = self.order(45)
        order.transaction_ids.is_post_processed = False
        self.run_payment_cron()
        self.assertWaits(order)
        self.assertTold(order)


@tagged("post_install", "-at_install")
class TestPayOnDelivery(PaidLater):
    """The driver collects the money: until then the goods are out on credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.allow_cash_on_delivery = True
        cls.provider = cls.env.ref("delivery.payment_provider_cod")
        cls.provider.write({"state": "test", "is_published": True})
        cls.method = cls.provider.payment_method_ids
        cls.method.active = True

    def test_what_fits_is_confirmed(self):
        self.check_what_fits()

    def test_what_does_not_fit_waits(self):
        self.check_what_does_not_fit()

    def test_released_it_is_confirmed_once(self):
        self.check_released()

    def test_post_processed_again_nothing_happens_twice(self):
        self.check_again()


@tagged("post_install", "-at_install")
class TestCollectInStore(PaidLater):
    """The customer pays when he fetches the goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.location = json.dumps(warehouse._prepare_pickup_location_data())
        cls.carrier = cls.make_carrier(
            name="Our store",
            delivery_type="in_store",
            warehouse_ids=[Command.set(warehouse.ids)],
        )
        cls.provider = cls.env.ref("website_sale_collect.payment_provider_on_site")
        cls.provider.write({"state": "test", "is_published": True})
        cls.method = cls.provider.payment_method_ids
        cls.method.active = True

    def fill_cart(self, quantity):
        cart = super().fill_cart(quantity)
        self.make_jsonrpc_request(
            "/website_sale/set_pickup_location",
            {"pickup_location_data": self.location},
        )
        return cart

    def test_what_fits_is_confirmed(self):
        self.check_what_fits()

    def test_what_does_not_fit_waits(self):
        self.check_what_does_not_fit()

    def test_released_it_is_confirmed_once(self):
        self.check_released()

    def test_post_processed_again_nothing_happens_twice(self):
        self.check_again()
