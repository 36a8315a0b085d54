from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
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
        with self.assertRaises(AccessError):
            partners.create({"name": "NEWCO", "is_company": True})
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

    def test_debts_are_moved_to_nobody_else(self):
        rich = self.make_buyer("RICH")
        self.make_limit(rich, 1e6)
        self.alfa.with_user(self.salesman).commercial_partner_id = rich
        self.env.invalidate_all()
        self.assertEqual(self.alfa.commercial_partner_id, self.alfa)
        with self.assertRaises(RedirectWarning):
            self.make_quotation(45000.0).action_confirm()
