import json
from datetime import timedelta

from odoo import Command, fields, http
from odoo.tests import tagged

from .checked_common import ANA
from .shop_common import ShopDoors


@tagged("post_install", "-at_install")
class TestBooth(ShopDoors):
    """A stand at a fair that a customer books on its page and pays in the shop.

    It costs 45 000; 28 000 are free. Authorised money is not received.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Stand",
                "type": "service",
                "service_tracking": "event_booth",
                "list_price": 45000.0,
                "taxes_id": [Command.clear()],
            }
        )
        category = cls.env["event.booth.category"].create(
            {"name": "Large", "product_id": cls.product.id, "price": 45000.0}
        )
        now = fields.Datetime.now()
        cls.event = cls.env["event.event"].create(
            {
                "name": "Fair",
                "date_begin": now + timedelta(days=5),
                "date_end": now + timedelta(days=6),
                "website_published": True,
                "event_booth_ids": [
                    Command.create({"name": "A1", "booth_category_id": category.id})
                ],
            }
        )
        cls.booth = cls.event.event_booth_ids
        cls.category = category

    def setUp(self):
        super().setUp()
        self.authorise_only()
        self.log_in()

    def book(self):
        """Fill in the form of the stands' page; return the cart."""
        response = self.url_open(
            f"/event/{self.env['ir.http']._slug(self.event)}/booth/confirm",
            {
                "csrf_token": http.Request.csrf_token(self),
                "booth_category_id": self.category.id,
                "event_booth_ids": json.dumps(self.booth.ids),
                "contact_name": "Ana",
                "contact_email": ANA,
                "contact_phone": "",
            },
        )
        self.assertEqual(response.status_code, 200, response.text)
        return self.env["sale.order"].search(
            [("website_id", "=", self.website.id)], order="id desc", limit=1
        )

    def test_what_does_not_fit_is_not_booked(self):
        order = self.book()
        with self.mock_mail_gateway():
            self.pay(order)
            self.assertNeutral(self.thanks())
        self.assertWaits(order)
        self.assertTold(order)
        self.assertEqual(self.booth.state, "available")
        self.assertMailsNeutral(ANA)

    def test_released_it_is_booked(self):
        order = self.book()
        self.pay(order)
        with self.mock_mail_gateway():
            self.release(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.booth.state, "unavailable")
        self.assertMailsNeutral(ANA)
