from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileReceivers(DecisionCommon):
    """ALFA has used up its credit: others order, or pay, and it gets the goods.

    It owes 70 000 and 32 000 of orders, of 130 000: 45 000 do not fit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.salesman.group_ids += cls.env.ref("base.group_partner_manager")
        cls.jean = cls.env["res.partner"].create(
            {"name": "Jean", "country_id": cls.alfa.country_id.id}
        )

    def make_sold(self, partner, amount=45000.0):
        order = self.make_quotation(amount, partner)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        return order.with_user(self.salesman)

    def assertRefused(self, order, **values):
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            order.write(values)
            self.env.flush_all()
        self.assertIn("make a new quotation", caught.exception.args[0])
        self.env.invalidate_all()

    def assertNotConfirmed(self, order):
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            order.with_user(self.salesman).action_confirm()
        self.env.invalidate_all()

    def insure_brazil_only(self):
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": self.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        self.policy.kind = "country"

    # === AFTER CONFIRMATION === #

    def test_confirmed_order_of_a_person_sent_to_a_buyer(self):
        """Nobody asked for Jean's credit, nor for that of his new office."""
        order = self.make_sold(self.jean)
        self.assertRefused(order, partner_shipping_id=self.alfa.id)
        gate = self.env["res.partner"].create(
            {"name": "Gate 4", "parent_id": self.alfa.id, "type": "delivery"}
        )
        self.assertRefused(order, partner_shipping_id=gate.id)
        office = self.make_buyer("Where he works")
        order.partner_shipping_id = office
        order.partner_shipping_id = self.jean
        self.assertEqual(order.state, "sale")

    def test_confirmed_order_of_a_person_becomes_a_buyers(self):
        order = self.make_sold(self.jean)
        self.assertRefused(
            order,
            partner_id=self.alfa.id,
            partner_invoice_id=self.jean.id,
            partner_shipping_id=self.jean.id,
        )

    def test_confirmed_order_becomes_one_from_under_sanctions(self):
        self.make_event("sanctioned", "ir")
        order = self.make_sold(self.alfa, 1000.0)
        parties = {
            "partner_invoice_id": self.alfa.id,
            "partner_shipping_id": self.alfa.id,
        }
        iran = self.make_buyer("Iran", country="ir")
        self.assertRefused(order, partner_id=iran.id, **parties)

    def test_others_order_for_who_is_insured_itself(self):
        """ALFA's credit was asked for; that it is used up since is no reason.

        102 000 + 1 000 + 50 000 of 130 000.
        """
        order = self.make_sold(self.alfa, 1000.0)
        self.make_invoice(self.alfa, 50000.0)
        agent = self.make_buyer("Agent")
        order.write(
            {"partner_id": agent.id, "partner_invoice_id": self.alfa.id}
            | {"partner_shipping_id": self.alfa.id}
        )
        order.partner_shipping_id = self.make_buyer("Forwarder")
        self.assertEqual(order.partner_id, agent)

    def test_a_job_is_held_instead(self):
        order = self.make_sold(self.jean)
        order.sudo().with_user(SUPERUSER_ID).partner_shipping_id = self.alfa
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        self.assertRecordValues(
            hold, [{"state": "open", "kind": "growth", "main_code": "no_limit"}]
        )

    # === WHOM NO POLICY INSURES === #

    def test_a_company_at_home_buys_for_a_buyer(self):
        """Nobody is asked for credit at home; ALFA, abroad, has used up its own."""
        self.insure_brazil_only()
        straw = self.make_buyer("Straw", country="fr")
        order = self.make_quotation(45000.0, straw, partner_shipping_id=self.alfa.id)
        self.assertEqual(self.find(order)["country_off_cover"].severity, "block")
        self.assertNotConfirmed(order)
        order.partner_shipping_id = self.make_buyer("Its own customer")
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertRefused(
            order.with_user(self.salesman), partner_shipping_id=self.alfa.id
        )

    def test_a_company_elsewhere_buys_for_a_buyer(self):
        """Abroad, outside every policy: a warning, unless ALFA gets the goods."""
        self.insure_brazil_only()
        straw = self.make_buyer("Straw", country="cl")
        order = self.make_quotation(45000.0, straw, partner_shipping_id=self.alfa.id)
        self.assertNotConfirmed(order)
        self.make_sold(straw)

    def test_a_company_whose_country_is_off_cover(self):
        self.env["credit.insurance.policy.country.term"].create(
            {
                "policy_id": self.policy.id,
                "country_id": self.env.ref("base.fr").id,
                "cover_status": "off_cover",
            }
        )
        straw = self.make_buyer("Straw", country="fr")
        order = self.make_quotation(45000.0, straw, partner_shipping_id=self.alfa.id)
        self.assertNotConfirmed(order)
        self.make_sold(straw)
