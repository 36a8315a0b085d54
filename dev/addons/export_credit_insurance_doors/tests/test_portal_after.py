from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestPortalAfter(HttpCommon):
    """What customers change after they have accepted, and what they say of themselves.

    45 000 wait for a decision, with an option that was not taken.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_quotation(
            45, require_signature=True, require_payment=False
        )
        cls.order.order_line = [
            Command.create(
                {
                    "display_type": "line_section",
                    "name": "Options",
                    "is_optional": True,
                    "sequence": 50,
                }
            ),
            Command.create(
                {"product_id": cls.product.id, "product_uom_qty": 0, "sequence": 51}
            ),
        ]

    def take_option(self, quantity):
        self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/update_line_dict",
            {
                "line_id": self.order.order_line[-1].id,
                "access_token": self.order._portal_ensure_token(),
                "input_quantity": quantity,
            },
        )
        self.env.invalidate_all()

    def test_option_taken_before_the_release(self):
        """A release of 45 000 lets no 145 000 go."""
        self.visit()
        self.sign(self.order)
        self.take_option(100)
        self.assertEqual(self.order.amount_total, 145000.0)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.release(self.order)
        self.assertEqual(self.order.state, "sent")

    def test_option_taken_after_the_release(self):
        self.visit()
        self.sign(self.order)
        self.release(self.order)
        self.assertConfirmed(self.order)
        self.visit()
        self.take_option(100)
        self.assertEqual(self.order.amount_total, 45000.0)

    def test_signing_as_somebody_else(self):
        """Another buyer's link opens no order of this one."""
        other = self.make_quotation(1, partner_id=self.visitor.partner_id.id)
        self.visit()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": other._portal_ensure_token(),
                "name": "Ana",
                "signature": "eA==",
            },
        )
        self.assertIn("error", answer)
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.hold_of(self.order))

    def order_by_mail(self, sender, quantity):
        """What an alias makes of a mail, if it says that orders are confirmed."""
        defaults = {
            "state": "sale",
            "partner_id": self.buyer.id,
            "order_line": [
                Command.create(
                    {"product_id": self.product.id, "product_uom_qty": quantity}
                )
            ],
        }
        mail = (
            f"From: {sender}\r\nTo: orders@seller.example.com\r\nSubject: Valves\r\n"
            f"Message-ID: <{self.id()}-{quantity}-{sender}>\r\n\r\nPlease deliver.\r\n"
        )
        # sudo: as the mail server's
        gateway = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))
        number = gateway.message_process(
            "sale.order", mail, custom_values=defaults, strip_attachments=True
        )
        order = self.env["sale.order"].browse(number)
        self.assertIn("Please deliver.", order.message_ids.mapped("preview"))
        return order

    def test_an_order_by_mail_waits(self):
        """The mail is not lost, and the goods do not go."""
        with self.mock_mail_gateway():
            order = self.order_by_mail("ana@alfa.example.com", 45)
        self.assertWaits(order)

    def test_an_order_by_mail_that_fits(self):
        with self.mock_mail_gateway():
            order = self.order_by_mail("ana@alfa.example.com", 28)
        self.assertConfirmed(order)

    def test_an_order_by_mail_of_an_employee(self):
        """Nobody reads a refusal; who wrote it does not grant it."""
        with self.mock_mail_gateway():
            order = self.order_by_mail("doors-carl@seller.example.com", 45)
        self.assertEqual(order.state, "sent")
        self.assertIn(self.controller, self.hold_of(order).involved_ids)

    def test_an_order_by_mail_that_a_program_hands_in(self):
        """With no more rights than an employee's own: the mail is not lost either."""
        orders = self.env["sale.order"].with_user(self.seller)
        values = {
            "state": "sale",
            "partner_id": self.buyer.id,
            "order_line": [
                Command.create({"product_id": self.product.id, "product_uom_qty": 45})
            ],
        }
        order = orders.message_new({"subject": "Valves", "author_id": False}, values)
        self.assertEqual(order.state, "sent")
        self.assertEqual(self.hold_of(order).state, "open")
