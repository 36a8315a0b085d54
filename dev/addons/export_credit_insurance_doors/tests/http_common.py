from odoo.tests import HttpCase

from .checked_common import CheckedCommon, text_of

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
            "doors-ana", "base.group_portal", partner_id=cls.contact.id
        )

    def visit(self):
        """Begin a session of somebody who is not logged in."""
        self.authenticate(None, None)

    def log_in(self):
        """Begin a session of the buyer's contact."""
        self.authenticate("doors-ana", "doors-ana")

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
