from odoo import Command
from odoo.tests import tagged

from .checked_common import ALFA, ANA
from .shop_common import ShopDoors


@tagged("post_install", "-at_install")
class TestShop(ShopDoors):
    """ALFA's contact buys in the shop; 28 000 are free.

    What is paid at once uses no credit. What is authorised only does, until an employee
    captures it: 45 000 are 17 000 too much.
    """

    def setUp(self):
        super().setUp()
        self.log_in()

    def test_what_fits_is_confirmed(self):
        self.authorise_only()
        cart = self.fill_cart(28)
        with self.mock_mail_gateway():
            self.pay(cart)
            self.thanks()
        self.assertConfirmed(cart)
        (mail,) = self.mails_to(ANA)
        self.assertIn(cart.name, mail.subject)

    def test_what_does_not_fit_waits(self):
        self.authorise_only()
        cart = self.fill_cart(45)
        self.pay(cart)
        self.assertWaits(cart)

    def test_salesperson_of_the_shop_is_told(self):
        self.authorise_only()
        cart = self.fill_cart(45)
        self.pay(cart)
        self.assertEqual(cart.user_id, self.seller)
        self.assertTold(cart)

    def test_customer_reads_nothing_of_it(self):
        self.authorise_only()
        cart = self.fill_cart(45)
        with self.mock_mail_gateway():
            self.pay(cart)
            self.assertNeutral(self.thanks())
        self.assertNeutral(self.read_page(cart.get_portal_url()))
        self.assertMailsNeutral(ANA, ALFA)

    def test_waiting_order_is_no_cart_any_more(self):
        self.authorise_only()
        cart = self.fill_cart(45)
        self.pay(cart)
        self.thanks()
        other = self.fill_cart(1)
        self.assertNotEqual(other, cart)
        self.assertEqual(cart.amount_total, 45000.0)
        self.assertFalse(cart.is_abandoned_cart)

    def test_released_it_is_confirmed_once(self):
        self.authorise_only()
        cart = self.fill_cart(45)
        self.pay(cart)
        with self.mock_mail_gateway():
            self.release(cart)
        self.assertConfirmed(cart)
        (mail,) = self.assertMailsNeutral(ANA)
        self.assertIn(cart.name, mail.subject)

    def test_paid_it_passes(self):
        cart = self.fill_cart(45)
        transaction = self.pay(cart)
        self.assertIn("Thank you for your order.", self.thanks())
        self.assertConfirmed(cart)
        self.assertFalse(self.hold_of(cart))
        self.assertKept(transaction, 45000.0)

    def test_paid_after_others_used_the_credit(self):
        """The cart fitted when it was filled. It is paid: it passes all the same."""
        cart = self.fill_cart(28)
        self.make_order(28).action_confirm()
        self.pay(cart)
        self.assertConfirmed(cart)

    def test_announced_transfer_confirms_nothing(self):
        """As in plain Odoo, whether it fits or not: the money is not there."""
        self.provider = self.env.ref("payment.payment_provider_transfer")
        self.provider.write({"state": "test", "is_published": True})
        self.method = self.provider.payment_method_ids
        self.method.active = True
        cart = self.fill_cart(45)
        transaction = self.begin_payment(cart, flow="redirect")
        self.url_open("/payment/custom/process", {"reference": transaction.reference})
        self.come_back()
        self.assertEqual(transaction.state, "pending")
        self.assertEqual(cart.state, "sent")
        self.assertFalse(self.hold_of(cart))
        self.assertNeutral(self.thanks())

    # === FREE OF CHARGE === #

    def make_sanctions(self):
        """The only thing that holds an order which costs nothing."""
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [Command.set(self.env.ref("base.br").ids)],
                "cover_status": "sanctioned",
                "date_from": self.today,
                "source": "Official journal",
            }
        )

    def test_free_order_is_confirmed(self):
        self.product.list_price = 0.0
        cart = self.fill_cart(1)
        self.assertIn("Thank you for your order.", self.thanks())
        self.assertConfirmed(cart)

    def test_free_order_may_wait_too(self):
        self.make_sanctions()
        self.product.list_price = 0.0
        cart = self.fill_cart(1)
        page = self.thanks()
        self.assertWaits(cart, missing=0.0)
        self.assertNeutral(page)
