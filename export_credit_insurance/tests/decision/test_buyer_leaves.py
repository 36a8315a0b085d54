from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerLeaves(DecisionCommon):
    """A contact that leaves its company takes no order along that needs credit.

    ALFA has a limit of 50 000. What its contact has ordered would be a private
    person's, or a neighbour's, whom nobody asks for credit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": cls.alfa.id}
        )
        cls.seller = new_test_user(
            cls.env,
            "credit-pam",
            "base.group_partner_manager,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        # whom no policy insures: the policy is for Brazil alone
        cls.policy.country_term_ids = [
            Command.create(
                {"country_id": cls.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        cls.policy.kind = "country"
        cls.neighbour = cls.make_buyer("NEIGHBOUR")
        cls.neighbour.country_id = cls.company.country_id

    def order(self, amount=40000.0, **values):
        return self.make_order(
            self.contact, amount, user_id=self.seller.id, **values
        ).with_user(self.seller)

    def move(self, to, user=None):
        self.env.flush_all()
        self.contact.with_user(user or self.seller).parent_id = to
        self.env.flush_all()
        self.env.invalidate_all()

    def exposure(self):
        engine = self.env["credit.insurance.position"].sudo()
        return engine._get_credit_position(self.alfa, self.company)[self.alfa].exposure

    def assertStays(self, order):
        """Wherever the contact goes; the next 40 000 of ALFA need their own credit."""
        for to in (False, self.neighbour, self.make_buyer("Paula", is_company=False)):
            savepoint = self.env.cr.savepoint()
            with self.subTest(to=to and to.name):
                self.move(to)
                self.assertEqual(self.contact.parent_id, to or self.contact.browse())
                self.assertEqual(order.sudo().partner_invoice_id, self.alfa)
                self.assertIn(
                    "ALFA itself is billed now", order.sudo().message_ids[0].body
                )
                self.assertEqual(self.exposure(), 40000.0)
                self.assertFalse(order.sudo().credit_hold_ids)
                with self.assertRaises(RedirectWarning):
                    self.make_order(self.alfa, 40000.0)
            savepoint.close(rollback=True)

    def test_what_is_to_be_delivered(self):
        self.assertStays(self.order())

    def test_what_is_delivered(self):
        self.assertStays(self.order(delivered=40000.0))

    def test_of_an_order_that_bills_the_company(self):
        order = self.order(delivered=40000.0)
        order.partner_invoice_id = self.alfa
        self.move(False)
        self.assertFalse(self.contact.parent_id)
        self.assertEqual(order.sudo()._credit_debtor(), self.alfa)

    def test_what_is_invoiced_is_owed_by_its_invoice(self):
        order = self.order(delivered=40000.0)
        order.sudo()._create_invoices().action_post()
        self.move(False)
        self.assertFalse(self.contact.parent_id)
        self.assertEqual(self.exposure(), 40000.0)

    def test_credit_control_may(self):
        self.controller.group_ids += self.env.ref("base.group_partner_manager")
        self.order()
        self.move(False, self.controller)
        self.assertFalse(self.contact.parent_id)

    def test_an_order_of_somebody_at_home_may_go(self):
        """Of a neighbour's contact, whom nobody asks for credit either."""
        self.contact.parent_id = self.neighbour
        order = self.order()
        self.move(False)
        self.assertFalse(self.contact.parent_id)
        self.assertEqual(order.state, "sale")

    def test_of_several_orders_each_stays(self):
        """One contact takes 20 000, its colleague 25 000, in one write."""
        colleague = self.contact.copy({"name": "Colleague"})
        orders = self.order(20000.0)
        self.contact, leaver = colleague, self.contact
        orders += self.order(25000.0)
        self.contact += leaver
        self.move(self.neighbour)
        self.assertEqual(orders.sudo().partner_invoice_id, self.alfa)
        self.assertEqual(self.exposure(), 45000.0)

    def test_observed_only(self):
        self.policy.observation = True
        self.order()
        self.move(False)
        self.assertFalse(self.contact.parent_id)
