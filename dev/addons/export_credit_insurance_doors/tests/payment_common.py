from odoo import Command

from odoo.addons.payment_demo.controllers.main import PaymentDemoController

from .http_common import HttpCommon


class PaymentDoors(HttpCommon):
    """The demo provider, as a customer's browser drives it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.provider.write({"state": "test", "is_published": True})
        cls.method = cls.env.ref("payment_demo.payment_method_demo")
        cls.method.active = True

    def authorise_only(self):
        """From now on the provider only authorises; an employee captures."""
        self.method.support_manual_capture = "partial"
        self.provider.capture_manually = True

    def begin_payment(self, order, amount, route=None, **values):
        """Choose the provider on a page and go to it."""
        processing = self.make_jsonrpc_request(
            route or f"/my/orders/{order.id}/transaction",
            {
                "access_token": order._portal_ensure_token(),
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": amount,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": order.get_portal_url(),
                **values,
            },
        )
        return self.env["payment.transaction"].search(
            [("reference", "=", processing["reference"])]
        )

    def provider_says(self, transaction, state="done"):
        """The provider's answer, which it sends to the server."""
        self.make_jsonrpc_request(
            PaymentDemoController._simulation_url,
            {
                "reference": transaction.reference,
                "payment_details": "1234",
                "simulated_state": state,
            },
        )

    def come_back(self):
        """The customer's browser asks until the payment is processed."""
        return self.make_jsonrpc_request("/payment/status/poll")

    def pay(self, order, amount, state="done", **values):
        """A whole payment of a customer, up to the page that he comes back to."""
        transaction = self.begin_payment(order, amount, **values)
        self.provider_says(transaction, state)
        self.come_back()
        return transaction

    def pay_for(self, orders, amount):
        """What a provider tells the server of a payment; what is paid in part waits."""
        orders.write({"require_payment": True, "prepayment_percent": 1.0})
        transactions = self.env["payment.transaction"].sudo()
        transaction = transactions.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"paid-{orders.ids}-{amount}",
                "amount": amount,
                "currency_id": orders.currency_id.id,
                "partner_id": self.buyer.id,
                "sale_order_ids": [Command.set(orders.ids)],
            }
        )
        transaction._set_done()
        transaction._post_process()
        self.env.flush_all()
        self.env.invalidate_all()

    def run_payment_cron(self):
        self.env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
        self.env.invalidate_all()

    def assertKept(self, transaction, amount):
        """The money is in the books, once."""
        self.assertTrue(transaction.is_post_processed)
        payment = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        self.assertEqual(len(payment), 1)
        self.assertEqual((payment.state, payment.amount), ("in_process", amount))
        self.assertEqual(payment.move_id.state, "posted")
