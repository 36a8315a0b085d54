from odoo import Command
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import tagged

from .checked_common import ANA
from .shop_common import ShopDoors

BEN = "ben@alfa.example.com"
BRAZIL = {
    "phone": "+55 11 5555 5555",
    "street": "Rua 1",
    "city": "Campinas",
    "zip": "13010-000",
}


class SaysOfOneself(ShopDoors):
    """Whoever is logged in orders on credit, and says who they are.

    The driver collects the money. ALFA may buy for 28 000 more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.allow_cash_on_delivery = True
        cls.provider = cls.env.ref("delivery.payment_provider_cod")
        cls.provider.write({"state": "test", "is_published": True})
        cls.method = cls.provider.payment_method_ids
        cls.method.active = True
        cls.home = cls.company.country_id
        cls.brazil = cls.env.ref("base.br")
        cls.state = cls.env.ref("base.state_br_sp")

    @classmethod
    def make_customer(cls, **values):
        values = {**BRAZIL, "name": "Ben", "email": BEN, **values}
        values.setdefault("country_id", cls.brazil.id)
        values.setdefault("state_id", cls.state.id)
        ben = cls.env["res.partner"].create(values)
        cls.make_user(
            "doors-ben",
            "base.group_portal",
            partner_id=ben.id,
            email=BEN,
            name=ben.name,
        )
        return ben

    def log_in(self):
        self.authenticate("doors-ben", "doors-ben")

    def order(self, quantity, product=None):
        """Buy on credit, as a logged-in customer; return the order."""
        cart = self.fill_cart(quantity, product=product)
        transaction = self.begin_payment(cart, flow="redirect")
        self.url_open("/payment/custom/process", {"reference": transaction.reference})
        self.come_back()
        self.env.invalidate_all()
        return cart

    def say(self, partner, **values):
        """Submit the form of the own address; return the answer."""
        response = self.url_open(
            "/my/address/submit",
            {
                **BRAZIL,
                "partner_id": partner.id,
                "address_type": "billing",
                "name": partner.name,
                "email": BEN,
                "country_id": self.brazil.id,
                "state_id": self.state.id,
                "csrf_token": Request.csrf_token(self),
                **values,
            },
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200)
        self.assertNeutral(response.text)
        return response.json()


@tagged("post_install", "-at_install")
class TestHostileColleague(SaysOfOneself):
    """Somebody new at ALFA, who has ordered nothing yet.

    Odoo hands the address of a contact up to its company: a buyer could be taken out of
    a country off cover, or home, where many policies insure nobody.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben = cls.make_customer(parent_id=cls.buyer.id)

    def setUp(self):
        super().setUp()
        self.log_in()

    def say_home(self, partner):
        return self.say(
            partner,
            country_id=self.home.id,
            state_id=self.home.state_ids[:1].id,
            zip="94105",
        )

    def test_company_taken_home(self):
        """It stays where the insurer knows it."""
        self.assertNotEqual(self.home, self.brazil)
        answer = self.say_home(self.ben)
        self.assertEqual(self.buyer.country_id, self.brazil)
        self.assertEqual(answer["invalid_fields"], ["country_id"])
        self.assertIn("Please contact us", answer["messages"][0])
        self.assertWaits(self.order(45))

    def test_out_of_a_country_off_cover(self):
        """10 000 of 28 000 would fit, were ALFA not where nothing is covered."""
        self.env["credit.insurance.country.event"].create(
            {
                "name": "War",
                "kind": "war",
                "country_ids": [Command.set(self.brazil.ids)],
                "cover_status": "off_cover",
                "date_from": self.today,
                "source": "Insurer's circular",
            }
        )
        self.say_home(self.ben)
        order = self.order(10)
        self.assertEqual(order.state, "sent")
        self.assertEqual(self.hold_of(order).main_code, "country_off_cover")

    def test_from_a_company_below_it(self):
        """Nobody has decided on the subsidiary, but its address is handed up, too."""
        below = self.env["res.partner"].create(
            {"name": "ALFA Sul", "is_company": True, "parent_id": self.buyer.id}
        )
        self.ben.parent_id = below
        self.assertEqual(self.ben.commercial_partner_id, below)
        answer = self.say_home(self.ben)
        self.assertEqual(self.buyer.country_id, self.brazil)
        self.assertEqual(answer["invalid_fields"], ["country_id"])

    def test_form_of_the_address(self):
        """Odoo shows the country, and lets nobody choose another."""
        page = self.url_open(f"/my/address?partner_id={self.ben.id}").text
        self.assertNeutral(self.read_page(f"/my/address?partner_id={self.ben.id}"))
        self.assertIn("pe-none opacity-50 form-select", page)

    def test_by_whatever_door(self):
        """A module that lets people edit their profile asks no form."""
        ben = self.ben.with_user(self.ben.user_ids).sudo()
        with self.assertRaises(UserError) as refusal:
            ben.write({"country_id": self.home.id})
        self.assertNeutral(str(refusal.exception))
        self.assertNotIn("release", str(refusal.exception))

    def test_address_of_its_own(self):
        """Where goods are sent to is for the customer to say."""
        depot = self.env["res.partner"].create(
            {
                **BRAZIL,
                "name": "Depot",
                "type": "delivery",
                "parent_id": self.buyer.id,
                "country_id": self.brazil.id,
                "state_id": self.state.id,
            }
        )
        self.assertIn("redirectUrl", self.say_home(depot))
        self.assertEqual(depot.country_id, self.home)
        self.assertEqual(self.buyer.country_id, self.brazil)

    def test_of_whom_nothing_is_agreed(self):
        """A company that nobody has decided on says where it is."""
        beta = self.env["res.partner"].create(
            {"name": "BETA", "is_company": True, "country_id": self.brazil.id}
        )
        self.ben.parent_id = beta
        self.assertIn("redirectUrl", self.say_home(self.ben))
        self.assertEqual(beta.country_id, self.home)


@tagged("post_install", "-at_install")
class TestHostileName(SaysOfOneself):
    """Ben has an account of his own, and orders in the name of a company, or not.

    Nobody has decided on the credit of BETA; nobody is asked for a private person's.
    """

    def test_name_taken_off_while_it_waits(self):
        """What waits for the credit of a company goes on waiting."""
        ben = self.make_customer(company_name="BETA Ltda")
        self.log_in()
        order = self.order(45)
        self.assertWaits(order, missing=45000.0)
        with self.mock_mail_gateway():
            self.assertIn("redirectUrl", self.say(ben, company_name=""))
            self.run_job("ir_cron_refresh_credit_holds")
        self.assertFalse(ben.company_name)
        self.assertWaits(order, missing=45000.0)
        told = ben.activity_ids
        self.assertEqual(told.user_id, self.controller)
        self.assertIn("Before: Ben, BETA Ltda. Now: Ben.", told.note)
        self.assertFalse(self.mails_to(BEN, ANA))

    def test_name_taken_off_after_a_refusal(self):
        ben = self.make_customer(company_name="BETA Ltda")
        self.log_in()
        order = self.order(45)
        self.hold_of(order).with_user(self.controller)._refuse("Too much")
        self.say(ben, company_name="")
        self.assertWaits(self.order(45), missing=45000.0)

    def test_credit_control_says_that_it_is_a_person(self):
        ben = self.make_customer(company_name="BETA Ltda")
        self.log_in()
        order = self.order(45)
        self.say(ben, company_name="")
        ben.with_user(self.controller).sudo().credit_party_kind = "private"
        self.run_job("ir_cron_refresh_credit_holds")
        self.assertConfirmed(order)

    def make_service(self):
        """Nothing of it is ever delivered by the warehouse."""
        return self.env["product.product"].create(
            {
                "name": "Training",
                "type": "service",
                "list_price": 1000.0,
                "is_published": True,
                "taxes_id": False,
            }
        )

    def test_name_given_once_it_is_confirmed(self):
        """It was ordered for a company: on hold until somebody has decided."""
        ben = self.make_customer()
        self.log_in()
        order = self.order(45, product=self.make_service())
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.hold_of(order))
        self.say(ben, company_name="BETA Ltda")
        self.assertEqual(ben.company_name, "BETA Ltda")
        self.run_job("ir_cron_credit_review")
        self.assertRecordValues(
            self.hold_of(order), [{"state": "open", "kind": "review"}]
        )
        self.assertEqual(self.hold_of(order).review_id.cause, "kind")

    def test_name_with_a_link(self):
        """What customers call themselves is text, also to who is told of it."""
        ben = self.make_customer(company_name="BETA Ltda")
        self.log_in()
        self.assertWaits(self.order(45), missing=45000.0)
        self.say(ben, company_name="<a href='https://evil.example.com'>Pay here</a>")
        self.assertIn("Pay here", ben.activity_ids.note)
        self.assertNotIn("<a", ben.activity_ids.note)
