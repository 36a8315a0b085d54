from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .shop_common import ShopDoors

SAO_PAULO = {
    "name": "Ana of ALFA",
    "email": "ana@alfa.example.com",
    "phone": "+55 11 5555 5555",
    "street": "Rua 1",
    "city": "Campinas",
    "zip": "13010-000",
    "state": "SP",
    "country": "BR",
}
ELSEWHERE = {**SAO_PAULO, "street": "Rua 2", "state": False}


@tagged("post_install", "-at_install")
class TestShopExpress(ShopDoors):
    """Express checkout: the provider's form says the addresses, and the pages between
    cart and payment are skipped. ALFA's contact buys; 28 000 are free.
    """

    def setUp(self):
        super().setUp()
        self.log_in()
        self.authorise_only()

    def check_out(self, billing=SAO_PAULO, shipping=SAO_PAULO):
        return self.make_jsonrpc_request(
            "/shop/express_checkout",
            {
                "billing_address": dict(billing),
                "shipping_address": dict(shipping),
                "shipping_option": {"id": str(self.carrier.id)},
            },
        )

    def make_sanctions(self, country):
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [Command.set(country.ids)],
                "cover_status": "sanctioned",
                "date_from": self.today,
                "source": "Official journal",
            }
        )

    def test_what_fits_is_confirmed(self):
        cart = self.fill_cart(28)
        self.check_out()
        self.pay(cart)
        self.assertConfirmed(cart)

    def test_billed_to_a_new_address_it_waits(self):
        """The form makes a contact of it: the debtor is ALFA all the same."""
        cart = self.fill_cart(45)
        self.check_out(billing={**ELSEWHERE, "name": "Paula", "country": "PT"})
        self.assertEqual(cart.partner_invoice_id.name, "Paula")
        self.assertEqual(cart.partner_invoice_id.commercial_partner_id, self.buyer)
        self.pay(cart)
        self.assertWaits(cart)

    def test_sent_to_a_country_under_sanctions_it_waits(self):
        self.make_sanctions(self.env.ref("base.pt"))
        cart = self.fill_cart(1)
        self.check_out(shipping={**ELSEWHERE, "country": "PT"})
        self.assertEqual(cart.partner_shipping_id.country_id.code, "PT")
        self.pay(cart)
        self.assertWaits(cart, missing=1000.0)

    def test_what_waits_gets_no_other_address(self):
        """Paid, it is no cart any more; the next call concerns no order."""
        cart = self.fill_cart(45)
        self.pay(cart)
        self.assertWaits(cart)
        before = cart.partner_invoice_id, cart.partner_shipping_id
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.check_out(billing={**ELSEWHERE, "country": "PT"})
        self.env.invalidate_all()
        self.assertEqual((cart.partner_invoice_id, cart.partner_shipping_id), before)
