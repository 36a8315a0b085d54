from odoo.tests import HttpCase

from .checked_common import ANA, CheckedCommon, text_of

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class HttpCommon(HttpCase, CheckedCommon):
    """Customers as the server sees them: requests with a link's token or a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who is asked for a captcha or a cookie is no matter of these tests
        cls.portal_user = cls.make_user(
            "doors-ana", "base.group_portal", partner_id=cls.contact.id, email=ANA
        )

    def visit(self):
        """Begin a session of somebody who is not logged in."""
        self.authenticate(None, None)

    def log_in(self):
        """Begin a session of the buyer's contact."""
        self.authenticate("doors-ana", "doors-ana")

    def ask(self, url, **params):
        """Call a route; return all of its answer, or of its refusal, as text.

        But for where in the program it was refused, which Odoo tells anybody.
        """
        call = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.url_open(url, json=call).json()
        if "error" in answer:
            answer["error"]["data"].pop("debug")
        return str(answer)

    def read_page(self, url, **params):
        """Open a page as a customer does; return all there is to read on it."""
        response = self.url_open(url, params=params)
        self.assertEqual(response.status_code, 200, url)
        self.assertNotIn("credit_insurance", response.text)
        return text_of(response.text)

    def sign(self, order):
        """Accept a quotation on its page, with the token of the link in the mail."""
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Ana",
                "signature": SIGNATURE,
            },
        )

    def release(self, order):
        # EXTENDS: in a request of the controller's browser, with what ends it
        decision = self.make_decision(order)
        self.authenticate("doors-carl", "doors-carl")
        self.make_jsonrpc_request(
            "/web/dataset/call_button/credit.insurance.hold.decision/action_confirm",
            {
                "model": decision._name,
                "method": "action_confirm",
                "args": [decision.ids],
                "kwargs": {},
            },
        )
        self.env.invalidate_all()
