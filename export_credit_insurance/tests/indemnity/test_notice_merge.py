from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_deadline import DeadlineCommon


@tagged("post_install", "-at_install")
class TestNoticeMerge(DeadlineCommon):
    """What insurers were told moves with a merged buyer, or refuses the merge."""

    observation = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-06-01 09:00:00"))
        cls.twin = cls.make_buyer("ALFA twin")
        cls.own = cls.make_late(cls.twin, 700.0)
        cls.notices = cls.env["credit.insurance.overdue.notice"]
        cls.merger = new_test_user(
            cls.env,
            "merge-max",
            "base.group_partner_manager,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def draft(self, *buyers):
        keys = {(self.policy.id, buyer.id) for buyer in buyers}
        return self.notices._prepare(keys, self.company)

    def merge(self):
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(self.merger)
            .create(
                {
                    "partner_ids": [Command.set((self.twin | self.alfa).ids)],
                    "dst_partner_id": self.alfa.id,
                    "state": "selection",
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def test_two_drafts_refuse(self):
        drafts = self.draft(self.alfa, self.twin)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.merge()
        self.assertIn("draft of a notice", str(caught.exception))
        self.assertEqual(len(drafts.exists()), 2)

    def test_sent_ones_and_extensions_move(self):
        sent = self.draft(self.twin)
        sent.action_send()
        self.draft(self.alfa)
        item = self.own.line_ids.filtered("date_maturity")
        request = self.env["credit.insurance.extension"]._request(
            item, self.today.replace(month=6, day=30)
        )
        info = self.env["credit.insurance.adverse.info"].create(
            {"partner_id": self.twin.id, "source": "Our bank"}
        )
        insolvency = self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.twin.id, "judgment_date": "2026-05-30"}
        )
        task = self.env["credit.insurance.insolvency.task"].create(
            {
                "insolvency_id": insolvency.id,
                "company_id": self.company.id,
                "name": "File the claim",
                "deadline": "2026-08-01",
            }
        )
        self.merge()
        for record in (sent, request, info, insolvency, task):
            self.assertEqual(record.partner_id, self.alfa, record)
        self.assertEqual(sent.line_ids.move_id, self.own)

    def test_both_keep_one_reminder(self):
        reminders = self.env["credit.insurance.deadline.reminder"].sudo()
        with freeze_time("2026-06-05 09:00:00"):
            reminders._remind(self.company)
        both = [("partner_id", "in", (self.alfa | self.twin).ids)]
        self.assertEqual(len(reminders.search(both)), 2)
        gone = reminders.search([("partner_id", "=", self.twin.id)])
        activities = gone.activity_ids
        self.merge()
        self.assertEqual(reminders.search(both).partner_id, self.alfa)
        self.assertFalse(activities.exists())

    def test_a_notified_buyer_becomes_nobody_s_contact(self):
        self.draft(self.twin).action_send()
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.twin.write({"is_company": False, "parent_id": self.alfa.id})
        self.assertIn("NOT/2026/", str(caught.exception))
        self._register_payment(self.own)
        self.env.invalidate_all()
        self.twin.write({"is_company": False, "parent_id": self.alfa.id})
        self.assertEqual(self.twin.commercial_partner_id, self.alfa)
