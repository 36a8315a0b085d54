from datetime import timedelta

from odoo import Command, fields, http
from odoo.tests import tagged

from .shop_common import ShopDoors


class EventDoors(ShopDoors):
    """A fair of the company's, with tickets at 15 000: three of them are 45 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Ticket",
                "type": "service",
                "service_tracking": "event",
                "list_price": 15000.0,
                "taxes_id": [Command.clear()],
            }
        )
        now = fields.Datetime.now()
        cls.event = cls.env["event.event"].create(
            {
                "name": "Fair",
                "date_begin": now + timedelta(days=5),
                "date_end": now + timedelta(days=6),
                "website_published": True,
                "event_ticket_ids": [
                    Command.create(
                        {
                            "name": "Stand",
                            "product_id": cls.product.id,
                            "price": 15000.0,
                        }
                    )
                ],
            }
        )
        cls.ticket = cls.event.event_ticket_ids

    def registrations(self, order):
        return self.env["event.registration"].search([("sale_order_id", "=", order.id)])


@tagged("post_install", "-at_install")
class TestEventQuotation(EventDoors):
    """Tickets on a quotation that the customer signs."""

    @classmethod
    def make_tickets(cls, quantity):
        order = cls.make_quotation(
            quantity, require_signature=True, require_payment=False, order_line=False
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": cls.product.id,
                    "product_uom_qty": quantity,
                    "event_id": cls.event.id,
                    "event_ticket_id": cls.ticket.id,
                }
            )
        ]
        return order

    def setUp(self):
        super().setUp()
        self.visit()

    def test_what_fits_is_registered(self):
        # 15 000 of 28 000
        order = self.make_tickets(1)
        self.sign(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(len(self.registrations(order)), 1)

    def test_what_does_not_fit_is_not_registered(self):
        order = self.make_tickets(3)
        with self.mock_mail_gateway():
            answer = self.sign(order)
        self.assertWaits(order)
        self.assertFalse(self.registrations(order))
        self.assertNeutral(self.read_page(answer["redirect_url"]))

    def test_released_it_is_registered_once(self):
        order = self.make_tickets(3)
        self.sign(order)
        self.release(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(len(self.registrations(order)), 3)


@tagged("post_install", "-at_install")
class TestEventShop(EventDoors):
    """Tickets that a customer books on the event's page and pays in the shop."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def register(self, quantity):
        """Fill in the form of the event's page; return the cart and the page."""
        data = {"csrf_token": http.Request.csrf_token(self)}
        asked = {asked.question_type: asked.id for asked in self.event.question_ids}
        for number in range(1, quantity + 1):
            data |= {
                f"{number}-event_ticket_id": self.ticket.id,
                f"{number}-name-{asked['name']}": f"Ana {number}",
                f"{number}-email-{asked['email']}": f"ana{number}@alfa.example.com",
            }
        response = self.url_open(
            f"/event/{self.env['ir.http']._slug(self.event)}/registration/confirm", data
        )
        self.assertEqual(response.status_code, 200)
        order = self.env["sale.order"].search(
            [("website_id", "=", self.website.id)], order="id desc", limit=1
        )
        return order, response.text

    def test_what_fits_is_registered(self):
        self.authorise_only()
        order, _page = self.register(1)
        with self.mock_mail_gateway():
            self.pay(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.registrations(order).mapped("state"), ["open"])
        self.assertTrue(self.mails_to("ana1@alfa.example.com"))

    def test_what_does_not_fit_is_not_registered(self):
        # 45 000 authorised, not received
        self.authorise_only()
        order, _page = self.register(3)
        with self.mock_mail_gateway():
            self.pay(order)
            self.assertNeutral(self.thanks())
        self.assertWaits(order)
        self.assertEqual(set(self.registrations(order).mapped("state")), {"draft"})
        self.assertFalse(self.mails_to("ana1@alfa.example.com"))

    def test_released_it_is_registered_once(self):
        self.authorise_only()
        order, _page = self.register(3)
        self.pay(order)
        with self.mock_mail_gateway():
            self.release(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.registrations(order).mapped("state"), ["open"] * 3)
        for number in (1, 2, 3):
            self.assertEqual(len(self.mails_to(f"ana{number}@alfa.example.com")), 1)

    def test_free_ticket_is_registered(self):
        self.ticket.price = 0.0
        self.register(1)
        registration = self.env["event.registration"].search(
            [("event_id", "=", self.event.id)]
        )
        self.assertEqual(registration.mapped("state"), ["open"])
