from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileBuyers(DecisionCommon):
    """Who edits contacts does not say by which rules their orders are checked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        for user in (cls.salesman, cls.user, cls.controller):
            user.group_ids += cls.env.ref("base.group_partner_manager")
        cls.zone = cls.env["credit.insurance.zone"].search([], limit=1)

    def test_only_controllers_classify_buyers(self):
        changes = (
            {"credit_party_kind": "private"},
            {"credit_zone_override_id": self.zone.id},
        )
        for change in changes:
            with self.subTest(**change):
                with self.assertRaises(AccessError):
                    self.alfa.with_user(self.user).write(change)
                self.alfa.with_user(self.controller).write(change)

    def test_no_default_classifies_a_new_buyer(self):
        partners = self.env["res.partner"].with_user(self.salesman)
        self.env["ir.default"].with_user(self.salesman).set(
            "res.partner", "credit_party_kind", "private", user_id=self.salesman.id
        )
        partner = partners.create({"name": "NEWCO", "is_company": True})
        self.assertFalse(partner.sudo().credit_party_kind)
        with self.assertRaises(AccessError):
            partners.with_user(self.user).with_context(
                default_credit_zone_override_id=self.zone.id
            ).create({"name": "NEWCO", "is_company": True})

    def test_a_contact_takes_over_the_kind_of_its_company(self):
        self.alfa.credit_party_kind = "public"
        contact = self.env["res.partner"].with_user(self.salesman)
        contact = contact.create({"name": "Ana", "parent_id": self.alfa.id})
        self.assertEqual(contact.sudo().credit_party_kind, "public")

    def test_no_private_person_of_a_buyer_with_credit(self):
        with self.assertRaises(AccessError):
            self.alfa.with_user(self.salesman).is_company = False
        other = self.make_buyer("No credit").with_user(self.salesman)
        other.is_company = False
        self.alfa.with_user(self.controller).is_company = False

    def test_no_private_person_of_a_buyer_whose_release_was_refused(self):
        """Orders of private persons are hardly checked, elsewhere others are."""
        beta = self.make_buyer("BETA")
        hold = self.ask_release(self.make_quotation(45000.0, beta))
        self.release(hold, decision="refuse")
        for change in (
            {"is_company": False},
            {"company_type": "person"},
            {"country_id": self.env.ref("base.fr").id},
        ):
            with self.subTest(**change), self.assertRaises(AccessError):
                beta.with_user(self.salesman).write(change)

    def test_no_private_person_of_an_insolvent_buyer(self):
        beta = self.make_buyer("BETA")
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": beta.id, "judgment_date": TODAY}
        )
        with self.assertRaises(AccessError):
            beta.with_user(self.salesman).is_company = False

    def test_who_orders_for_a_company_goes_on_doing_so(self):
        """No name of a company is taken off once its release was refused."""
        ben = self.env["res.partner"].create(
            {
                "name": "Ben",
                "company_name": "BETA Ltda",
                "country_id": self.alfa.country_id.id,
            }
        )
        hold = self.ask_release(self.make_quotation(45000.0, ben))
        self.release(hold, decision="refuse")
        for change in (
            {"company_name": False},
            {"company_name": "", "parent_id": False, "is_company": False},
        ):
            with self.subTest(**change), self.assertRaises(AccessError):
                ben.with_user(self.salesman).write(change)
        ben.with_user(self.salesman).company_name = "BETA Limitada"
        ben.with_user(self.controller).company_name = False
        other = self.env["res.partner"].create({"name": "Eva", "company_name": "EPSI"})
        other.with_user(self.salesman).company_name = False
        self.assertFalse(other.company_name)

    def test_a_person_who_turns_out_to_be_a_company_is_looked_at(self):
        """Sold as to a private person, unchecked: on hold once it is a company."""
        beta = self.env["res.partner"].create(
            {"name": "BETA", "country_id": self.alfa.country_id.id}
        )
        order = self.make_quotation(45000.0, beta)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        beta.with_user(self.salesman).is_company = True
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_credit_review"
            ).method_direct_trigger()
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        self.assertRecordValues(
            hold, [{"state": "open", "kind": "review", "main_code": "no_limit"}]
        )
        self.assertEqual(hold.review_id.cause, "kind")

    def test_the_contact_of_a_buyer_who_is_archived(self):
        """The debt counts all the same: 102 000 + 45 000 - 130 000."""
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.alfa.id}
        )
        self.alfa.with_user(self.salesman).active = False
        quotation = self.make_quotation(45000.0, contact)
        self.assertEqual(self.find(quotation)["over_limit"].amount, 17000.0)
        with self.assertRaises(RedirectWarning):
            quotation.action_confirm()

    def test_debts_are_moved_to_nobody_else(self):
        rich = self.make_buyer("RICH")
        self.make_limit(rich, 1e6)
        self.alfa.with_user(self.salesman).commercial_partner_id = rich
        self.env.invalidate_all()
        self.assertEqual(self.alfa.commercial_partner_id, self.alfa)
        with self.assertRaises(RedirectWarning):
            self.make_quotation(45000.0).action_confirm()

    def test_a_man_of_straw(self):
        """ALFA orders 500 000 of 28 000, billed to a person whom nobody insures.

        Neither a private person nor a public buyer is asked for credit of its own.
        """
        for values in (
            {"is_company": False},
            {"is_company": False, "country_id": False},
            {"credit_party_kind": "public"},
        ):
            with self.subTest(**values):
                payer = self.make_buyer("Payer", **values)
                order = self.make_quotation(500000.0, partner_invoice_id=payer.id)
                found = self.find(order)["no_limit"]
                self.assertEqual((found.severity, found.amount), ("block", 500000.0))
                with self.assertRaises(RedirectWarning), self.cr.savepoint():
                    order.action_confirm()
        # who buys as a person is warned of, as ever
        payer = self.make_buyer("Jean", is_company=False)
        self.assertNotIn("no_limit", self.find(self.make_quotation(900.0, payer)))

    def test_a_private_person_whose_goods_go_to_a_buyer(self):
        """Jean, who works at ALFA, buys 45 000 for it; nobody asks for his credit.

        ALFA has credit that is used up. To a company that never had any, or below the
        smallest amount checked, parcels may go.
        """
        jean = self.env["res.partner"].create(
            {"name": "Jean", "country_id": self.alfa.country_id.id}
        )
        gate = self.env["res.partner"].create(
            {"name": "Gate 4", "parent_id": self.alfa.id, "type": "delivery"}
        )
        office = self.make_buyer("Where he works")
        for address in (self.alfa, gate):
            order = self.make_quotation(45000.0, jean, partner_shipping_id=address.id)
            with self.assertRaises(RedirectWarning), self.cr.savepoint():
                order.action_confirm()
            self.env.invalidate_all()
            self.assertIn("no_limit", self.find(order))
        order.partner_shipping_id = office
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        parcel = self.make_quotation(400.0, jean, partner_shipping_id=gate.id)
        parcel.action_confirm()
        self.assertEqual(parcel.state, "sale")

    def test_goods_at_the_buyer_are_not_billed_to_another(self):
        """10 000 are delivered; another company has room for as much."""
        other = self.make_buyer("Neighbour")
        self.make_limit(other, 50000.0)
        order = self.make_quotation(10000.0)
        order.action_confirm()
        order.order_line.qty_delivered = 10000.0
        self.env.flush_all()
        change = {
            "partner_id": other.id,
            "partner_invoice_id": other.id,
            "partner_shipping_id": other.id,
        }
        line = order.order_line
        taken_back = [Command.update(line.id, {"qty_delivered": 0.0})]
        for values in (change, {**change, "order_line": taken_back}):
            with self.assertRaises(UserError) as caught, self.cr.savepoint():
                order.write(values)
            self.assertIn("their buyer stays the same", caught.exception.args[0])
            self.env.invalidate_all()
        self.assertEqual(order.partner_invoice_id, self.alfa)
        # another contact of ALFA is no other buyer
        contact = self.env["res.partner"].create(
            {"name": "Office", "parent_id": self.alfa.id}
        )
        order.partner_invoice_id = contact
        # credit control may; so may anybody as long as nothing is delivered
        order.with_user(self.controller).write(change)
        order.order_line.with_user(self.controller).qty_delivered = 0.0
        self.assertEqual(order._credit_debtor(), other)
