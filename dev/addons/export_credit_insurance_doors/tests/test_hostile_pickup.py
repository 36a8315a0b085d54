import json

from odoo import Command
from odoo.tests import tagged

from .checked_common import ANA
from .shop_common import ShopDoors


@tagged("post_install", "-at_install")
class TestHostilePickup(ShopDoors):
    """Where goods are fetched is what the browser says; Odoo sends them there.

    It makes the place an address while it confirms the order. Cuba is under sanctions.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.carrier = cls.make_carrier(
            name="Our store",
            delivery_type="in_store",
            warehouse_ids=[Command.set(cls.warehouse.ids)],
        )
        cls.cuba = cls.env.ref("base.cu")
        cls.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [Command.set(cls.cuba.ids)],
                "cover_status": "sanctioned",
                "date_from": cls.today,
                "source": "Official journal",
            }
        )

    def setUp(self):
        super().setUp()
        self.log_in()

    def fill_cart(self, quantity, code):
        cart = super().fill_cart(quantity)
        place = {
            "id": self.warehouse.id,
            "name": "Store",
            "street": "Calle 1",
            "city": "Havana",
            "zip_code": "10100",
            "country_code": code,
        }
        self.make_jsonrpc_request(
            "/website_sale/set_pickup_location",
            {"pickup_location_data": json.dumps(place)},
        )
        return cart

    def test_fetched_under_sanctions(self):
        """Paid in full it waits all the same, and the money is kept."""
        cart = self.fill_cart(20, "CU")
        with self.mock_mail_gateway():
            transaction = self.pay(cart)
            page = self.thanks()
        self.env.invalidate_all()
        self.assertWaits(cart, missing=0.0)
        self.assertTold(cart)
        self.assertEqual(self.hold_of(cart).main_code, "country_sanctioned")
        self.assertEqual(self.hold_of(cart).sanctioned_country_ids, self.cuba)
        self.assertKept(transaction, 20000.0)
        self.assertNeutral(page, self.read_page(cart.get_portal_url()))
        self.assertMailsNeutral(ANA)

    def test_fetched_elsewhere(self):
        cart = self.fill_cart(20, "US")
        self.pay(cart)
        self.env.invalidate_all()
        self.assertConfirmed(cart)
        self.assertEqual(cart.partner_shipping_id.country_id.code, "US")

    def test_released_it_is_fetched_there(self):
        cart = self.fill_cart(20, "CU")
        self.pay(cart)
        self.env.invalidate_all()
        manager = self.make_user(
            "doors-mia",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_manager",
            name="Mia",
        )
        proof = (
            self.env["ir.attachment"]
            .with_user(manager)
            .create({"name": "licence.pdf", "raw": b"Licence"})
        )
        decision = (
            self.env["credit.insurance.hold.decision"]
            .with_user(manager)
            .create(
                {
                    "hold_id": self.hold_of(cart).id,
                    "decision": "release",
                    "reason": "Licensed",
                    "legal_basis": "Licence 1",
                    "attachment_ids": [Command.set(proof.ids)],
                }
            )
        )
        decision.action_confirm()
        self.env.invalidate_all()
        self.assertConfirmed(cart)
        self.assertEqual(cart.partner_shipping_id.country_id, self.cuba)
