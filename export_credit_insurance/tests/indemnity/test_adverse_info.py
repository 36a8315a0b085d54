from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_deadline import GROUP, DeadlineCommon


@tagged("post_install", "-at_install")
class TestAdverseInfo(DeadlineCommon):
    """What is learned of a buyer is told in the policy's days (DOMAIN 1.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-01 09:00:00"))
        cls.policy.adverse_info_days = 10

    def learn(self, buyer=None, **values):
        return (
            self.env["credit.insurance.adverse.info"]
            .with_user(self.controller)
            .create(
                {
                    "partner_id": (buyer or self.alfa).id,
                    "kind": "bounced_cheque",
                    "source": "Our bank",
                    **values,
                }
            )
        )

    def kinds(self, day="2026-04-01", buyer=None):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            rows = self.env["credit.insurance.deadline"]._get_pending(self.company, 10)
        buyer = buyer or self.alfa
        return [
            (row["kind"], row["day"]) for row in rows if row["partner_id"] == buyer.id
        ]

    def prepare(self, info):
        action = info.action_prepare_notices()
        return (
            self.env["credit.insurance.overdue.notice"]
            .with_user(self.controller)
            .browse(action["res_id"])
        )

    def test_its_own_clock(self):
        """1 April + 10 = 11 April, until it is told or settled."""
        info = self.learn()
        self.assertEqual(self.kinds(), [("adverse", date(2026, 4, 11))])
        info.date_end = "2026-04-02"
        self.assertEqual(self.kinds("2026-04-03"), [])

    def test_told_once_per_insurer(self):
        info = self.learn()
        notice = self.prepare(info)
        self.assertEqual(notice.kind, "adverse")
        self.assertEqual(notice.adverse_info_ids, info)
        self.assertEqual(notice.deadline, date(2026, 4, 11))
        notice.action_send()
        self.assertEqual(self.kinds(), [])
        # the overdue itself is not notified by it: 14 June
        self.assertIn(("notice", date(2026, 6, 14)), self.kinds("2026-06-10"))
        with self.assertRaises(UserError):
            info.action_prepare_notices()
        second = self.learn(kind="delay_request")
        self.assertEqual(self.kinds(), [("adverse", date(2026, 4, 11))])
        self.assertEqual(self.prepare(second).adverse_info_ids, second)
        notice.action_withdraw()
        self.assertEqual(len(self.kinds()), 1)

    def reminders(self, day, buyer):
        with freeze_time(f"{day} 09:00:00"):
            self.env.invalidate_all()
            reminder = self.env["credit.insurance.deadline.reminder"].sudo()
            reminder._remind(self.company)
        found = reminder.search(
            [("partner_id", "=", buyer.id), ("kind", "=", "adverse")]
        )
        return found.activity_ids.filtered(
            lambda each: each.user_id == self.controller
        ).mapped("summary")

    def test_reminded_although_nothing_is_open(self):
        """The limit is still used: ten days before, three days before, missed."""
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0)
        info = self.learn(beta)
        self.assertEqual(len(self.reminders("2026-04-01", beta)), 1)
        self.env["credit.insurance.deadline.reminder"].search([]).activity_ids.unlink()
        self.assertEqual(self.reminders("2026-04-02", beta), [])
        self.assertEqual(len(self.reminders("2026-04-08", beta)), 1)
        (summary,) = self.reminders("2026-04-12", beta)
        self.assertTrue(summary.startswith("Missed on"), summary)
        notice = self.prepare(info)
        self.assertFalse(notice.line_ids)
        notice.action_send()
        self.assertEqual(self.reminders("2026-04-13", beta), [])

    def test_nobody_to_tell(self):
        info = self.learn(self.make_buyer("Uninsured", credit_party_kind="private"))
        with self.assertRaises(UserError):
            info.action_prepare_notices()

    def test_it_ends_the_discretionary_limit(self):
        """In force until the day before; orders there are looked at again."""
        beta = self.make_buyer("BETA")
        limit = self.make_limit(
            beta, 5000.0, kind="discretionary", date_to="2026-12-31"
        )
        in_force = self.env["credit.insurance.limit"]._in_force
        before = in_force(beta, date(2026, 4, 1), self.company)[beta][self.policy]
        self.assertEqual(before.amount, 5000.0)
        self.learn(beta)
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "cancelled",
                    "cancelled_by": "insured",
                    "date_to": date(2026, 3, 31),
                }
            ],
        )
        after = in_force(beta, date(2026, 4, 1), self.company)[beta][self.policy]
        self.assertEqual(after.amount, 0.0)
        self.assertEqual(self.get_position(beta, "2026-04-01").limit, 0.0)
        self.assertEqual(self.get_position(beta, "2026-03-31").limit, 5000.0)

    def test_a_named_limit_goes_on(self):
        self.learn()
        self.assertEqual(self.get_position(self.alfa, "2026-04-01").limit, 100000.0)

    def test_no_new_discretionary_limit_until_it_is_settled(self):
        beta = self.make_buyer("BETA")
        info = self.learn(beta)
        proposal = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": beta.id,
                "kind": "discretionary",
                "currency_id": self.euro.id,
                "amount": 5000.0,
                "justification_method": "report",
                "evidence": "Report of March",
                "date_to": "2026-12-31",
            }
        )
        with self.assertRaises(ValidationError):
            proposal.action_validate()
        info.date_end = "2026-04-01"
        with freeze_time("2026-04-02 09:00:00"):
            proposal.action_validate()
        self.assertEqual(proposal.state, "approved")

    def test_bad_input(self):
        contact = self.env["res.partner"].create(
            {"name": "Clerk", "parent_id": self.alfa.id}
        )
        for case in ({"buyer": contact}, {"learned_on": "2026-04-02"}):
            with self.subTest(case), self.assertRaises(ValidationError):
                self.learn(**case)

    def test_natural_persons_are_for_controllers(self):
        jane = self.make_buyer("Jane", is_company=False)
        self.learn(jane)
        self.learn()
        user = new_test_user(
            self.env,
            "adverse_user",
            groups=f"{GROUP}user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        infos = self.env["credit.insurance.adverse.info"]
        both = [("partner_id", "in", (jane | self.alfa).ids)]
        self.assertEqual(infos.with_user(user).search(both).partner_id, self.alfa)
        self.assertEqual(len(infos.with_user(self.controller).search(both)), 2)
