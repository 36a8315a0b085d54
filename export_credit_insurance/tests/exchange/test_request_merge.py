from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestRequestMerge(CreditInsuranceCommon):
    """Two buyers about whom the insurer is about to be asked are not merged unseen.

    The database would drop one of the two drafts.
    """

    observation = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls.make_buyer("ALFA twin")
        cls.merger = new_test_user(
            cls.env,
            "request-merger",
            "base.group_partner_manager,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def draft(self, buyer, **values):
        return self.env["credit.insurance.limit.request"].create(
            {
                "partner_id": buyer.id,
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "amount": 1000.0,
                **values,
            }
        )

    def merge(self):
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards.with_user(self.merger).create(
            {
                "partner_ids": [Command.set((self.twin | self.alfa).ids)],
                "dst_partner_id": self.alfa.id,
                "state": "selection",
            }
        ).action_merge()
        self.env.invalidate_all()

    def test_two_drafts_refuse(self):
        drafts = self.draft(self.alfa) | self.draft(self.twin)
        with self.assertRaises(UserError) as raised, self.cr.savepoint():
            self.merge()
        self.assertIn("draft of a request", str(raised.exception))
        self.assertEqual(len(drafts.exists()), 2)

    def test_of_two_kinds_both_move(self):
        drafts = self.draft(self.alfa) | self.draft(
            self.twin, limit_kind="temporary", date_to="2026-12-31"
        )
        self.merge()
        self.assertEqual(len(drafts.exists()), 2)
        self.assertEqual(drafts.partner_id, self.alfa)

    def test_one_draft_moves(self):
        draft = self.draft(self.twin)
        self.merge()
        self.assertEqual(draft.partner_id, self.alfa)

    def test_a_buyer_with_a_draft_becomes_nobody_s_contact(self):
        draft = self.draft(self.twin)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.twin.write({"is_company": False, "parent_id": self.alfa.id})
        draft.unlink()
        self.env.invalidate_all()
        self.twin.write({"is_company": False, "parent_id": self.alfa.id})
        self.assertEqual(self.twin.commercial_partner_id, self.alfa)
