from odoo import SUPERUSER_ID, Command
from odoo.http import Request
from odoo.tests import tagged

from .checked_common import ANA
from .http_common import HttpCommon

ADDRESS = {
    "name": "Ana of ALFA",
    "email": ANA,
    "phone": "+55 11 5555 5555",
    "street": "Rua 1",
    "city": "Campinas",
    "zip": "13010-000",
}

BEN = "ben@beta.example.com"


@tagged("post_install", "-at_install")
class TestHostileAddresses(HttpCommon):
    """What customers change of their addresses on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.depot = cls.env["res.partner"].create(
            {
                **ADDRESS,
                "name": "Depot",
                "parent_id": cls.buyer.id,
                "type": "delivery",
                "state_id": cls.env.ref("base.state_br_sp").id,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.order = cls.make_quotation(20, partner_shipping_id=cls.depot.id)
        cls.order.action_confirm()
        cls.order.message_subscribe((cls.contact + cls.buyer).ids)

    def setUp(self):
        super().setUp()
        self.log_in()

    def submit(self, partner, **values):
        response = self.url_open(
            "/my/address/submit",
            {
                "partner_id": partner.id,
                "address_type": "delivery",
                **ADDRESS,
                "name": partner.name,
                "csrf_token": Request.csrf_token(self),
                **values,
            },
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200)
        self.assertNeutral(response.text)
        return response.json()

    def embargo(self, country):
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

    def move_depot(self):
        """Have the goods of the confirmed order sent to a country under sanctions."""
        self.embargo(self.env.ref("base.us"))
        with self.mock_mail_gateway():
            answer = self.submit(
                self.depot,
                country_id=self.env.ref("base.us").id,
                state_id=self.env.ref("base.state_us_27").id,
                zip="10001",
            )
        self.assertIn("redirectUrl", answer)

    def test_delivery_address_under_sanctions(self):
        self.move_depot()
        hold = self.hold_of(self.order)
        self.assertRecordValues(
            hold, [{"state": "open", "kind": "buyer", "requested_by": False}]
        )
        self.assertIn(self.seller, self.order.activity_ids.user_id)
        self.assertFalse(self.mails_to(ANA))

    def test_team_is_told_by_the_system(self):
        """An answer to what tells of it goes to no customer."""
        self.move_depot()
        told = self.mails_to("doors-sam@", "doors-carl@")
        self.assertTrue(told)
        for mail in self._mails:
            if any("seller.example.com" in to for to in mail["email_to"]):
                heads = f"{mail['email_from']} {mail['reply_to']} {mail['headers']}"
                self.assertNotIn("alfa.example.com", heads)
                self.assertNotIn("Ana", heads)
        messages = self.hold_of(self.order).message_ids | self.order.message_ids
        wrote = messages.filtered(lambda message: message.is_internal).author_id
        self.assertNotIn(self.contact, wrote)

    def rename(self, name):
        with self.mock_mail_gateway():
            answer = self.submit(
                self.contact,
                address_type="billing",
                company_name=name,
                country_id=self.env.ref("base.br").id,
                state_id=self.env.ref("base.state_br_sp").id,
            )
        self.assertIn("redirectUrl", answer)
        self.assertEqual(self.buyer.name, name)

    def test_another_name(self):
        """Odoo renames the company: whether it is another one, credit control asks."""
        self.rename("GAMMA")
        told = self.buyer.activity_ids
        self.assertEqual(told.user_id, self.controller)
        self.assertIn("Before: ALFA. Now: GAMMA.", told.note)
        self.assertEqual(told.create_uid.id, SUPERUSER_ID)
        self.assertFalse(self.mails_to(ANA))

    def test_the_same_name(self):
        self.rename("ALFA")
        self.assertFalse(self.buyer.activity_ids)

    def test_another_name_of_who_has_no_credit(self):
        """Of whom nothing is agreed, nobody has to ask anybody."""
        beta = self.env["res.partner"].create({"name": "BETA", "is_company": True})
        ben = self.env["res.partner"].create({"name": "Ben", "parent_id": beta.id})
        self.make_user("doors-ben", "base.group_portal", partner_id=ben.id, email=BEN)
        self.authenticate("doors-ben", "doors-ben")
        self.submit(
            ben,
            address_type="billing",
            email=BEN,
            company_name="GAMMA",
            country_id=self.env.ref("base.br").id,
            state_id=self.env.ref("base.state_br_sp").id,
        )
        self.assertEqual(beta.name, "GAMMA")
        self.assertFalse(beta.activity_ids)
