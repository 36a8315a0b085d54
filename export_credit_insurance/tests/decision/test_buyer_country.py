from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerCountry(DecisionCommon):
    """A partner's new country is its open orders' too: sanctions, off cover.

    Iran is under sanctions, Chad off cover since 1 September. ALFA, in Brazil, has a
    limit of 50 000 and a confirmed order of 8 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.delivery = cls.env["res.partner"].create(
            {
                "name": "Warehouse",
                "type": "delivery",
                "parent_id": cls.alfa.id,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.make_event(cls, "sanctioned", "ir")
        cls.make_event(cls, "off_cover", "td")
        cls.order = cls.make_order(
            cls.alfa, 8000.0, partner_shipping_id=cls.delivery.id
        )

    def relocate(self, partner, country):
        partner.country_id = self.env.ref(f"base.{country}")
        self.env.flush_all()
        self.env.invalidate_all()

    @property
    def hold(self):
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.order.id)]
        )

    def test_delivery_address_under_sanctions(self):
        self.relocate(self.delivery, "ir")
        self.assertRecordValues(
            self.hold,
            [
                {
                    "kind": "buyer",
                    "state": "open",
                    "main_code": "country_sanctioned",
                    "sanctioned_country_ids": self.env.ref("base.ir").ids,
                    "partner_id": self.alfa.id,
                }
            ],
        )
        clearance = self.clearance_of(self.order)
        self.assertEqual(clearance.delivery_country_id, self.env.ref("base.ir"))

    def test_debtor_under_sanctions(self):
        self.relocate(self.alfa, "ir")
        self.assertEqual(self.hold.main_code, "country_sanctioned")

    def test_debtor_in_a_country_off_cover(self):
        """All 8 000 would be uninsured."""
        self.relocate(self.alfa, "td")
        self.assertEqual(self.hold.main_code, "country_off_cover")
        self.assertEqual(self.hold.missing_amount, 8000.0)

    def test_debtor_apart_from_its_invoice_address(self):
        """The invoice goes to Brazil as before, but the debtor sits in Iran now."""
        invoice = self.delivery.copy({"type": "invoice", "parent_id": self.alfa.id})
        self.order = self.make_order(self.alfa, 7000.0, partner_invoice_id=invoice.id)
        self.relocate(self.alfa, "ir")
        self.assertEqual(self.hold.main_code, "country_sanctioned")

    def test_delivery_to_a_country_off_cover_is_the_debtors_matter(self):
        """Cover is refused for the debtor's country, not for where goods go."""
        self.relocate(self.delivery, "td")
        self.assertFalse(self.hold)

    def test_harmless_country(self):
        """The clearance follows; a buyer over its limit is not asked about that."""
        self.make_invoice(self.alfa, 60000.0)
        self.relocate(self.alfa, "ar")
        self.assertFalse(self.hold)
        clearance = self.clearance_of(self.order)
        self.assertEqual(clearance.invoice_country_id, self.env.ref("base.ar"))
        self.assertEqual(clearance.headroom_after, 42000.0)  # as it was cleared

    def test_customer_edits_the_address_in_the_portal(self):
        """Nothing is refused to the customer, who reads nothing of it."""
        self.env["res.lang"]._activate_lang("fr_FR")
        portal = new_test_user(
            self.env, "credit-pia", "base.group_portal", lang="fr_FR"
        )
        portal.partner_id.parent_id = self.alfa
        address = self.delivery.with_user(portal).sudo()
        address.with_context(lang="fr_FR").country_id = self.env.ref("base.ir")
        self.assertEqual(self.hold.main_code, "country_sanctioned")
        self.assertIn("Sanctions are in force", self.hold.finding_ids.message)
        self.assertNotIn(
            portal.partner_id, self.env["mail.activity"].search([]).user_id.partner_id
        )

    def test_delivered_order_is_left_alone(self):
        self.order.order_line.qty_delivered = 8000.0
        self.relocate(self.alfa, "ir")
        self.assertFalse(self.hold)

    def test_release_names_the_country(self):
        """A manager releases it on a legal basis; the order then delivers."""
        self.relocate(self.delivery, "ir")
        self.release(
            self.hold,
            self.manager,
            release_kind="own_risk",
            release_amount=8000.0,
            release_until="2026-10-31",
            legal_basis="Regulation 267/2012, art. 43",
            attachment_ids=[(6, 0, self.make_file(self.manager).ids)],
        )
        stops = self.env["credit.insurance.hold"]._get_stops(self.order)
        self.assertFalse(stops)
