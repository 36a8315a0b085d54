from contextlib import suppress

from odoo.http import Request
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .checked_common import ALFA, ANA
from .payment_common import PaymentDoors
from .shop_common import ShopDoors

REFUSED = "odoo.http"


@tagged("post_install", "-at_install")
class TestHostilePortal(PaymentDoors):
    """What a customer with a link may send besides what the page sends.

    28 000 are free; of a quotation of 45 000 there are 17 000 too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_quotation(
            45, require_signature=True, require_payment=False
        )
        cls.payable = cls.make_quotation(
            45, require_signature=False, require_payment=True
        )

    def setUp(self):
        super().setUp()
        self.visit()

    def refused(self, url, params):
        with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(url, params)
        self.env.invalidate_all()

    def decline(self, order):
        page = f"/my/orders/{order.id}/decline"
        token = order._portal_ensure_token()
        response = self.url_open(
            page,
            {
                "access_token": token,
                "decline_message": "Too dear",
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.env.invalidate_all()
        return response

    def test_declined_after_it_was_accepted(self):
        """What waits is accepted: it can be declined no more, and still waits."""
        self.sign(self.order)
        self.assertWaits(self.order)
        self.decline(self.order)
        self.assertWaits(self.order)

    def test_declined_and_accepted_after_all(self):
        """A declined order is cancelled: there is nothing to accept."""
        self.decline(self.order)
        self.assertEqual(self.order.state, "cancel")
        self.assertIn("error", self.sign(self.order))
        self.assertEqual(self.order.state, "cancel")
        self.assertFalse(self.hold_of(self.order))

    def test_other_keys_of_a_payment(self):
        """Odoo's form refuses what it does not know: other orders, another state."""
        for forged in (
            {"sale_order_ids": [self.order.id, self.payable.id]},
            {"custom_create_values": {"state": "done"}},
            {"state": "done"},
            {"partner_id": self.visitor.partner_id.id},
            {"operation": "offline"},
        ):
            with self.subTest(**forged), mute_logger(REFUSED):
                with self.assertRaises(JsonRpcException):
                    self.begin_payment(self.payable, 45000.0, **forged)
        self.assertFalse(self.payable.transaction_ids)

    def test_validation_of_a_card_is_no_payment(self):
        """Odoo lets the form say that a card is only looked at: nothing is paid."""
        transaction = self.begin_payment(self.payable, 45000.0, is_validation=True)
        self.assertEqual(transaction.operation, "validation")
        self.provider_says(transaction)
        self.come_back()
        self.assertEqual(self.payable._credit_received(), 0.0)
        self.assertEqual(self.payable.state, "sent")

    def test_amounts_that_are_none(self):
        for amount in (-45000.0, 0.0, 0.001):
            with self.subTest(amount=amount):
                # Odoo or the database may refuse it
                with mute_logger(REFUSED), suppress(JsonRpcException):
                    transaction = self.begin_payment(self.payable, amount)
                    self.provider_says(transaction)
                    self.come_back()
                self.env.invalidate_all()
                self.assertEqual(self.payable.state, "sent")
                self.assertLess(self.payable._credit_received(), 1.0)

    def test_paid_with_the_link_of_another_order(self):
        small = self.make_quotation(1, require_signature=False, require_payment=True)
        with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
            self.begin_payment(
                self.payable, 45000.0, access_token=small._portal_ensure_token()
            )
        self.assertFalse(self.payable.transaction_ids)

    def make_token(self, partner, state="done"):
        return self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": partner.id,
                "provider_ref": "fake",
                "payment_details": "1234",
                "demo_simulated_state": state,
            }
        )

    def pay_by_token(self, order, amount, token):
        self.begin_payment(
            order,
            amount,
            flow="token",
            token_id=token.id,
            provider_id=token.provider_id.id,
            payment_method_id=token.payment_method_id.id,
        )
        self.come_back()
        self.env.invalidate_all()

    def test_paid_with_a_kept_card(self):
        """All of it passes; a fifth that has to be paid in advance does not."""
        self.log_in()
        token = self.make_token(self.contact)
        self.payable.prepayment_percent = 0.2
        with self.mock_mail_gateway():
            self.pay_by_token(self.payable, 9000.0, token)
        # 45 000 - 9 000 - 28 000
        self.assertWaits(self.payable, missing=8000.0)
        self.assertMailsNeutral(ALFA, ANA)
        self.pay_by_token(self.payable, 36000.0, token)
        self.assertConfirmed(self.payable)

    def test_paid_with_a_kept_card_that_fails(self):
        self.log_in()
        self.pay_by_token(self.payable, 45000.0, self.make_token(self.contact, "error"))
        self.assertEqual(self.payable.state, "sent")
        self.assertEqual(self.payable._credit_received(), 0.0)

    def test_paid_with_the_card_of_somebody_else(self):
        self.log_in()
        token = self.make_token(self.env["res.partner"].create({"name": "BETA"}))
        with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
            self.pay_by_token(self.payable, 45000.0, token)
        self.assertFalse(self.payable.transaction_ids)

    def test_messages_say_nothing(self):
        """A customer writes on the order, with a file; on a hold nobody may."""
        self.sign(self.order)
        message = {
            "thread_model": "sale.order",
            "thread_id": self.order.id,
            "post_data": {
                "body": "<p>Confirm it</p>",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_note",
                "partner_ids": self.controller.partner_id.ids,
            },
            "token": self.order._portal_ensure_token(),
            "context": {"default_state": "sale", "mail_post_autofollow": True},
        }
        answer = self.make_jsonrpc_request("/mail/message/post", message)
        self.assertNeutral(str(answer))
        self.env.invalidate_all()
        self.assertWaits(self.order)
        hold = self.hold_of(self.order)
        for login in (self.visit, self.log_in):
            login()
            self.refused(
                "/mail/message/post",
                {**message, "thread_model": hold._name, "thread_id": hold.id},
            )
        self.assertNotIn("Confirm it", " ".join(hold.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestHostileShop(ShopDoors):
    """A cart that says it is somebody else's. ALFA's contact buys; 28 000 are free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create(
            {
                "name": "BETA",
                "is_company": True,
                "country_id": cls.env.ref("base.us").id,
                "email": "beta@beta.example.com",
            }
        )

    def setUp(self):
        super().setUp()
        self.log_in()

    def test_billed_to_another_company(self):
        """By the page where one chooses among the own addresses."""
        self.authorise_only()
        cart = self.fill_cart(45)
        for kind in ("billing", "delivery"):
            with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    "/shop/update_address",
                    {"partner_id": self.other.id, "address_type": kind},
                )
        self.env.invalidate_all()
        self.assertEqual(cart.partner_invoice_id, self.contact)
        self.pay(cart)
        self.assertWaits(cart)

    def test_address_of_another_company_submitted(self):
        """The form for an address, with another company's id."""
        self.authorise_only()
        cart = self.fill_cart(45)
        form = {
            "partner_id": self.other.id,
            "address_type": "billing",
            "name": "BETA",
            "email": "beta@beta.example.com",
            "phone": "1",
            "street": "1 Street",
            "city": "Town",
            "zip": "10001",
            "country_id": self.env.ref("base.us").id,
            "state_id": self.env.ref("base.state_us_27").id,
            "parent_id": self.other.id,
            "commercial_partner_id": self.other.id,
            "is_company": "on",
            "csrf_token": Request.csrf_token(self),
        }
        with mute_logger(REFUSED, "odoo.addons.http_routing"):
            self.url_open("/shop/address/submit", form)
            self.url_open("/shop/address/submit", {**form, "partner_id": ""})
        self.env.invalidate_all()
        self.assertEqual(cart.partner_invoice_id.commercial_partner_id, self.buyer)
        self.pay(cart)
        self.assertEqual(cart.state, "sent")
        self.assertTrue(self.hold_of(cart))

    def test_paid_through_the_cart_of_another(self):
        """The order's id in the address is somebody else's."""
        self.fill_cart(1)
        waits = self.make_quotation(45)
        with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
            self.begin_payment(waits, 45000.0, access_token="forged")
        self.url_open(f"/shop/payment/validate?sale_order_id={waits.id}")
        self.env.invalidate_all()
        self.assertEqual(waits.state, "sent")
        self.assertFalse(waits.transaction_ids)

    def test_paid_less_than_the_cart(self):
        """A cart of 45 000 for which the form says 1."""
        cart = self.fill_cart(45)
        with mute_logger(REFUSED), self.assertRaises(JsonRpcException):
            self.pay(cart, 1.0)
        self.assertEqual(cart.state, "draft")

    def test_more_put_into_the_cart_while_it_is_paid(self):
        """28 000 are paid for, and 45 000 are in the cart by then."""
        self.authorise_only()
        cart = self.fill_cart(28)
        transaction = self.begin_payment(cart)
        self.make_jsonrpc_request(
            "/shop/cart/update",
            {
                "line_id": cart.order_line[0].id,
                "product_id": self.product.id,
                "quantity": 45,
            },
        )
        self.provider_says(transaction)
        self.come_back()
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 45000.0)
        self.assertNotEqual(cart.state, "sale")
        self.assertEqual(self.exposure(), 102000.0)

    def exposure(self):
        engine = self.env["credit.insurance.position"].sudo()
        found = engine._get_credit_position(self.buyer, self.company)
        return found[self.buyer].exposure
