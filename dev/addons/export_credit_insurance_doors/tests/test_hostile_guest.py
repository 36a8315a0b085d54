from odoo.http import Request
from odoo.tests import tagged

from .shop_common import ShopDoors

BEN = "ben@beta.example.com"
CNPJ = "16.727.230/0001-97"


@tagged("post_install", "-at_install")
class TestHostileGuest(ShopDoors):
    """Somebody without an account orders on credit: the driver collects the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.allow_cash_on_delivery = True
        cls.provider = cls.env.ref("delivery.payment_provider_cod")
        cls.provider.write({"state": "test", "is_published": True})
        cls.method = cls.provider.payment_method_ids
        cls.method.active = True

    def order(self, quantity, **address):
        """Buy as a guest with this address; return the order."""
        self.visit()
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": quantity,
            },
        )
        response = self.url_open(
            "/shop/address/submit",
            {
                "address_type": "billing",
                "use_delivery_as_billing": "true",
                "name": "Ben",
                "email": BEN,
                "phone": "+55 11 5555 5555",
                "street": "Rua 1",
                "city": "Campinas",
                "zip": "13010-000",
                "country_id": self.env.ref("base.br").id,
                "state_id": self.env.ref("base.state_br_sp").id,
                "csrf_token": Request.csrf_token(self),
                **address,
            },
        )
        self.assertIn("redirectUrl", response.json())
        cart = self.fill_cart(0)
        transaction = self.begin_payment(cart, flow="redirect")
        self.url_open("/payment/custom/process", {"reference": transaction.reference})
        self.come_back()
        self.env.invalidate_all()
        return cart

    def test_in_the_name_of_a_company(self):
        """Odoo makes no company of it; nobody has decided on its credit."""
        with self.mock_mail_gateway():
            order = self.order(45, company_name="BETA Ltda")
            page = self.thanks()
        self.assertFalse(order.partner_invoice_id.commercial_partner_id.is_company)
        self.assertWaits(order, missing=45000.0)
        self.assertTold(order)
        self.assertNeutral(page)
        self.assertMailsNeutral(BEN)

    def test_as_a_private_person(self):
        """No policy insures private persons, and nobody is asked for their credit."""
        order = self.order(45)
        self.assertConfirmed(order)

    def sell_without_tax(self):
        """Who has a VAT number there buys without tax, as businesses do."""
        self.env["account.fiscal.position"].create(
            {
                "name": "Businesses abroad",
                "auto_apply": True,
                "vat_required": True,
                "country_id": self.env.ref("base.br").id,
                "company_id": self.company.id,
            }
        )

    def test_as_a_business_without_a_name(self):
        """Odoo sells without tax to who gives a VAT number: to a business."""
        self.sell_without_tax()
        order = self.order(45, vat=CNPJ)
        self.assertTrue(order.fiscal_position_id.vat_required)
        self.assertWaits(order, missing=45000.0)
        person = order.partner_invoice_id.commercial_partner_id
        person.vat = False
        self.env["credit.insurance.hold"].search([])._refresh()
        self.assertWaits(order, missing=45000.0)
        person.credit_party_kind = "private"
        self.env["credit.insurance.hold"].search([])._refresh()
        self.assertConfirmed(order)

    def test_position_at_home(self):
        """Sales at home have such positions, too, in some countries: with tax."""
        self.sell_without_tax()
        self.company.account_fiscal_country_id = self.env.ref("base.br")
        order = self.order(45, vat=CNPJ)
        self.assertTrue(order.fiscal_position_id.vat_required)
        self.assertConfirmed(order)

    def test_person_with_a_number(self):
        """Persons have one, too, in many countries: no tax is left out for it."""
        order = self.order(45, vat=CNPJ)
        self.assertTrue(order.partner_invoice_id.vat)
        self.assertConfirmed(order)

    def test_credit_control_says_what_it_is(self):
        """A shop's customer whom somebody has looked at is what they said."""
        order = self.order(45, company_name="BETA Ltda")
        order.partner_invoice_id.commercial_partner_id.credit_party_kind = "private"
        self.env["credit.insurance.hold"].search([])._refresh()
        self.assertConfirmed(order)

    def make_its_company(self, order):
        """Sam presses *Create company* on the contact that the shop has made."""
        ben = order.partner_invoice_id.commercial_partner_id
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        ben.with_user(self.seller).create_company()
        self.env.flush_all()
        self.assertEqual(ben.commercial_partner_id.name, "BETA Ltda")
        return ben.commercial_partner_id

    def test_its_company_is_made(self):
        """What the customer has accepted waits on: now it is the company that owes."""
        order = self.order(45, company_name="BETA Ltda")
        asked = self.hold_of(order)
        beta = self.make_its_company(order)
        self.assertEqual(asked.state, "obsolete")
        hold = self.hold_of(order) - asked
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "partner_id": beta.id,
                    "accepted_by_customer": True,
                    "requested_by": False,
                    "missing_amount": 45000.0,
                }
            ],
        )
        self.assertIn(self.controller, hold.activity_ids.user_id)
        with self.mock_mail_gateway():
            self.env["credit.insurance.limit"].create(
                {
                    "policy_id": self.policy.id,
                    "partner_id": beta.id,
                    "kind": "named",
                    "state": "approved",
                    "amount": 50000.0,
                    "currency_id": self.policy.currency_id.id,
                    "date_from": self.today,
                    "decision_date": self.today,
                }
            )
            self.env["credit.insurance.hold"].search([])._refresh()
        self.assertConfirmed(order)
        self.assertEqual(len(self.assertMailsNeutral(BEN)), 1)

    def test_its_company_has_credit(self):
        """The company is found to have a limit: nothing is left to wait for."""
        order = self.order(20, company_name="ALFA")
        ben = order.partner_invoice_id.commercial_partner_id
        with self.mock_mail_gateway():
            ben.with_user(self.seller).sudo().parent_id = self.buyer
            self.env.flush_all()
        self.assertConfirmed(order)
        self.assertEqual(len(self.assertMailsNeutral(BEN)), 1)
