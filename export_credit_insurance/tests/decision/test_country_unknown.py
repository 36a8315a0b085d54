from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon

HOLDS_CRON = "export_credit_insurance.ir_cron_refresh_credit_holds"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestCountryUnknown(DecisionCommon):
    """An address without a country is no way past sanctions.

    Iran is under sanctions since 1 September. ALFA, in Brazil, has a limit of 50 000;
    its forwarder, another company, gave no country.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.event = cls.make_event(cls, "sanctioned", "ir")
        cls.forwarder = cls.env["res.partner"].create(
            {"name": "Forwarder", "is_company": True}
        )

    def contact_of(self, company, **values):
        return self.env["res.partner"].create(
            {"name": "Gate 4", "type": "delivery", "parent_id": company.id, **values}
        )

    def test_destination_without_a_country(self):
        order = self.make_quotation(8000.0, partner_shipping_id=self.forwarder.id)
        finding = self.find(order)["country_unknown"]
        self.assertEqual(finding.severity, "block")
        self.assertIn("Fill in the country of Forwarder", finding.cure)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            order.action_confirm()
        self.forwarder.country_id = self.env.ref("base.pt")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_the_salesperson_reads(self):
        """What helps is no secret; no credit lacks, so none is spoken of."""
        order = self.make_quotation(8000.0, partner_shipping_id=self.forwarder.id)
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            order.action_confirm()
        for text in (refusal.exception.args[0], order.credit_check_summary):
            self.assertIn("Fill in the country of Forwarder.", text)
            self.assertNotIn("exceeded", text)
        self.assertEqual(order.credit_check_state, "blocked")
        # 50 000 - 60 000: both are said
        self.set_amount(order, 60000.0)
        self.assertIn("exceeded by", order.credit_check_summary)
        self.assertIn("10,000.00", order.credit_check_summary)
        self.assertIn("Fill in the country of Forwarder.", order.credit_check_summary)

    def test_nobody_asks_where_no_sanctions_are_in_force(self):
        event = self.event.sudo()
        event.date_from = "2026-10-02"
        order = self.make_quotation(8000.0, partner_shipping_id=self.forwarder.id)
        self.assertFalse(self.find(order))
        event.write({"cover_status": "off_cover", "date_from": "2026-09-01"})
        self.assertFalse(self.find(order))

    def test_contacts_are_in_the_country_of_their_company(self):
        order = self.make_quotation(
            8000.0, partner_shipping_id=self.contact_of(self.alfa).id
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            self.clearance_of(order).delivery_country_id, self.env.ref("base.br")
        )
        iranian = self.contact_of(self.make_buyer("Tehran", country="ir"))
        order = self.make_quotation(8000.0, partner_shipping_id=iranian.id)
        self.assertIn("country_sanctioned", self.find(order))

    def test_invoice_address_and_buyer(self):
        self.forwarder.country_id = False
        order = self.make_quotation(8000.0, partner_invoice_id=self.forwarder.id)
        self.assertEqual(self.find(order)["country_unknown"].severity, "block")
        self.make_limit(self.forwarder, 50000.0)
        order = self.make_quotation(8000.0, self.forwarder)
        self.assertEqual(list(self.find(order)), ["country_unknown"])

    def test_small_and_prepaid_orders_too(self):
        order = self.make_quotation(10.0, partner_shipping_id=self.forwarder.id)
        self.assertEqual(list(self.find(order)), ["country_unknown"])
        self.pay(order)
        self.assertEqual(list(self.find(order)), ["country_unknown"])

    def test_rules_decide(self):
        """And while a policy is observed nothing is refused."""
        order = self.make_quotation(8000.0, partner_shipping_id=self.forwarder.id)
        self.policy.observation = True
        self.assertEqual(self.find(order)["country_unknown"].severity, "warn")
        self.policy.observation = False
        self.set_rule("country_unknown", "warn")
        self.assertEqual(self.find(order)["country_unknown"].severity, "warn")
        self.set_rule("country_unknown", "ignore")
        self.assertFalse(self.find(order))

    def test_domestic_buyers_and_persons_are_left_alone(self):
        """In small databases nobody fills in the country of the neighbours."""
        person = self.env["res.partner"].create({"name": "Jean"})
        self.assertFalse(self.find(self.make_quotation(8000.0, person)))
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": self.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        self.policy.kind = "country"
        order = self.make_quotation(8000.0, self.forwarder)
        self.assertFalse(self.find(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_foreign_buyer_outside_every_policy(self):
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": self.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        self.policy.kind = "country"
        chile = self.make_buyer("Santiago", country="cl")
        order = self.make_quotation(
            8000.0, chile, partner_shipping_id=self.forwarder.id
        )
        self.assertEqual(self.find(order)["country_unknown"].severity, "block")

    # === CONFIRMED ORDERS === #

    def test_address_exchanged_after_confirmation(self):
        order = self.make_quotation(8000.0)
        order.action_confirm()
        for address in (
            self.forwarder,
            self.contact_of(self.make_buyer("Tehran", country="ir")),
        ):
            with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                order.partner_shipping_id = address
        order.partner_shipping_id = self.contact_of(self.alfa)
        self.assertEqual(order.partner_shipping_id.name, "Gate 4")

    def test_country_emptied_after_confirmation(self):
        """On hold, as with any new country; filled in again, nothing holds it."""
        address = self.contact_of(self.alfa, country_id=self.env.ref("base.pt").id)
        address.parent_id = False
        address.write({"is_company": True})
        order = self.make_quotation(8000.0, partner_shipping_id=address.id)
        order.action_confirm()
        address.country_id = False
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        self.assertRecordValues(
            hold, [{"kind": "buyer", "state": "open", "main_code": "country_unknown"}]
        )
        address.country_id = self.env.ref("base.pt")
        with self.enter_registry_test_mode():
            self.env.ref(HOLDS_CRON).method_direct_trigger()
        self.assertEqual(hold.state, "obsolete")

    def test_filled_in_while_the_buyer_waits(self):
        """The job is started at once: the buyer is who was without a country."""
        self.make_limit(self.forwarder, 50000.0)
        order = self.make_quotation(8000.0, self.forwarder)
        hold = self.ask_release(order)
        self.assertEqual(hold.main_code, "country_unknown")
        triggers = self.env["ir.cron.trigger"].sudo()
        due = [("cron_id", "=", self.env.ref(HOLDS_CRON).id)]
        triggers.search(due).unlink()
        self.forwarder.country_id = self.env.ref("base.pt")
        self.assertTrue(triggers.search(due))

    def test_new_sanctions_find_contacts_without_a_country(self):
        """Chile is sanctioned next: goods on their way to a contact there are found."""
        address = self.contact_of(self.make_buyer("Santiago", country="cl"))
        order = self.make_quotation(8000.0, partner_shipping_id=address.id)
        order.action_confirm()
        self.make_event("sanctioned", "cl")
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_credit_review"
            ).method_direct_trigger()
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        self.assertEqual(hold.main_code, "country_sanctioned")

    def test_accepted_by_the_customer(self):
        """Outside nothing is raised: the order waits."""
        order = self.make_quotation(8000.0, partner_shipping_id=self.forwarder.id)
        order.state = "sent"
        order.sudo().with_user(self.env.ref("base.user_root"))._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.credit_hold_id.sudo().main_code, "country_unknown")
