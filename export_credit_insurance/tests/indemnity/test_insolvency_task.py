from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_deadline import GROUP, DeadlineCommon

RULE = "export_credit_insurance.credit_insurance_insolvency_task_rule_fr_"


@tagged("post_install", "-at_install")
class TestInsolvencyTask(DeadlineCommon):
    """What the law asks of creditors, by calendar months (code de commerce)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-01 09:00:00"))
        cls.rhone = cls.make_buyer("RHONE", country="fr")
        cls.make_limit(cls.rhone, 50000.0)
        cls.invoice = cls.make_invoice(cls.rhone, 8000.0, day="2026-09-01")

    def open(self, buyer=None, **values):
        return (
            self.env["credit.insurance.insolvency"]
            .with_user(self.controller)
            .with_company(self.company)
            .create(
                {
                    "partner_id": (buyer or self.rhone).id,
                    "judgment_date": "2026-09-20",
                    **values,
                }
            )
        )

    def days(self, insolvency):
        return [
            (task.rule_id, task.deadline)
            for task in insolvency.task_ids.sorted("deadline")
        ]

    def test_france_for_a_creditor_in_france(self):
        """Published 30 September: claims by 30 November, goods by 30 December."""
        insolvency = self.open(publication_date="2026-09-30")
        self.assertEqual(
            self.days(insolvency),
            [
                (self.env.ref(RULE + "declaration"), date(2026, 11, 30)),
                (self.env.ref(RULE + "reclaim"), date(2026, 12, 30)),
            ],
        )
        self.assertEqual(insolvency.task_ids.company_id, self.company)
        self.assertIn("R622-24", insolvency.task_ids[0].source)
        self.assertFalse(any(insolvency.task_ids.mapped("is_provisional")))

    def test_a_creditor_abroad_has_four_months(self):
        """R622-24, par. 2: two months more; 30 September + 4 = 30 January 2027."""
        self.company.country_id = self.env.ref("base.be")
        insolvency = self.open(publication_date="2026-09-30")
        self.assertEqual(
            self.days(insolvency),
            [
                (self.env.ref(RULE + "reclaim"), date(2026, 12, 30)),
                (self.env.ref(RULE + "declaration_abroad"), date(2027, 1, 30)),
            ],
        )

    def test_months_over_the_end_of_the_year_and_in_leap_years(self):
        """A month without such a day: its last one."""
        rule = self.env.ref(RULE + "declaration")  # two months
        for start, expected in (
            ("2026-12-30", date(2027, 2, 28)),
            ("2026-12-31", date(2027, 2, 28)),
            ("2027-12-29", date(2028, 2, 29)),
            ("2027-12-30", date(2028, 2, 29)),
            ("2027-12-31", date(2028, 2, 29)),
            ("2028-02-29", date(2028, 4, 29)),
            ("2026-11-15", date(2027, 1, 15)),
        ):
            with self.subTest(start):
                found = rule._deadline(date.fromisoformat(start))
                self.assertEqual(found, expected)

    def test_until_it_is_published_the_judgment_counts(self):
        """20 September + 2 = 20 November; published on the 30th: 30 November."""
        insolvency = self.open()
        task = insolvency.task_ids.sorted("deadline")[0]
        self.assertEqual(task.deadline, date(2026, 11, 20))
        self.assertTrue(task.is_provisional)
        activity = task.activity_ids
        self.assertRecordValues(
            activity,
            [{"date_deadline": task.deadline, "user_id": self.controller.id}],
        )
        insolvency.publication_date = "2026-09-30"
        self.assertEqual(task.deadline, date(2026, 11, 30))
        self.assertFalse(task.is_provisional)
        self.assertEqual(task.activity_ids.date_deadline, date(2026, 11, 30))
        self.assertIn("RHONE", task.activity_ids.summary)

    def test_days_left(self):
        """1 October to 30 November: 60 days; on 2 December it is 2 days late."""
        insolvency = self.open(publication_date="2026-09-30")
        task = insolvency.task_ids.sorted("deadline")[0]
        self.assertEqual(task.days_left, 60)
        with freeze_time("2026-12-02 09:00:00"):
            task.invalidate_recordset(["days_left"])
            self.assertEqual(task.days_left, -2)

    def test_each_reads_the_task_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rule = self.env.ref(RULE + "declaration")
        rule.with_context(lang="fr_FR").name = "Déclarer les créances"
        rule.with_context(lang="en_US").name = "Declare the claims"
        tasks = self.open().with_context(lang="fr_FR").task_ids
        task = tasks.filtered(lambda task: task.rule_id == rule)
        self.assertEqual(task.name, "Déclarer les créances")
        task = task.with_context(lang="en_US")
        self.assertEqual(task.name, "Declare the claims")

    def test_elsewhere_tasks_are_entered_by_hand(self):
        insolvency = self.open(self.alfa)
        self.assertFalse(insolvency.task_ids)
        insolvency.task_ids = [
            Command.create({"name": "File the claim", "deadline": "2026-10-31"})
        ]
        self.assertEqual(insolvency.task_ids.company_id, self.company)
        self.assertEqual(
            insolvency.task_ids.activity_ids.date_deadline, date(2026, 10, 31)
        )
        insolvency.task_ids.deadline = "2026-11-15"
        self.assertEqual(
            insolvency.task_ids.activity_ids.date_deadline, date(2026, 11, 15)
        )

    def test_rules_of_their_time(self):
        """A rule that ended before the judgment asks for nothing."""
        self.env.ref(RULE + "reclaim").date_to = "2026-09-19"
        insolvency = self.open()
        self.assertEqual(
            insolvency.task_ids.rule_id, self.env.ref(RULE + "declaration")
        )

    def test_opened_once_and_again_what_is_missing(self):
        insolvency = self.open()
        insolvency.action_open_tasks()
        self.assertEqual(len(insolvency.task_ids), 2)
        insolvency.task_ids.filtered(
            lambda task: task.rule_id == self.env.ref(RULE + "reclaim")
        ).unlink()
        insolvency.action_open_tasks()
        self.assertEqual(len(insolvency.task_ids), 2)

    def test_each_company_that_is_owed_has_its_own(self):
        sister = self.setup_other_company(name="Sister")["company"]
        sister.country_id = self.env.ref("base.be")
        self.make_invoice(
            self.rhone,
            700.0,
            company=sister,
            currency_id=sister.currency_id.id,
        )
        insolvency = self.open(publication_date="2026-09-30")
        tasks = insolvency.sudo().task_ids
        self.assertEqual(
            {(task.company_id, task.rule_id.creditor) for task in tasks},
            {
                (self.company, "domestic"),
                (self.company, "any"),
                (sister, "abroad"),
                (sister, "any"),
            },
        )
        mine = self.env["credit.insurance.insolvency.task"].with_user(self.controller)
        found = mine.search([("insolvency_id", "=", insolvency.id)])
        self.assertEqual(found.company_id, self.company)

    def test_history_opens_nothing(self):
        self.assertFalse(self.open(date_end="2026-09-25").task_ids)

    def test_done_once_and_on_record(self):
        task = self.open().task_ids.sorted("deadline")[0]
        task.action_done()
        self.assertRecordValues(
            task,
            [
                {
                    "state": "done",
                    "done_on": date(2026, 10, 1),
                    "done_by": self.controller.id,
                }
            ],
        )
        self.assertFalse(task.activity_ids)
        with self.assertRaises(UserError):
            task.unlink()
        # what is done keeps its day
        task.insolvency_id.publication_date = "2026-09-30"
        self.assertEqual(task.deadline, date(2026, 11, 20))
        for vals in ({"state": "open"}, {"done_on": "2026-09-30"}):
            with self.assertRaises(AccessError):
                task.write(vals)
        task.action_reopen()
        self.assertEqual(task.state, "open")
        self.assertTrue(task.activity_ids)

    def test_users_read_alone(self):
        user = new_test_user(
            self.env,
            "task_user",
            groups=f"{GROUP}user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        task = self.open().task_ids[0].with_user(user)
        self.assertTrue(task.name)
        with self.assertRaises(AccessError):
            task.action_done()


@tagged("post_install", "-at_install")
class TestInsolvencyNotice(DeadlineCommon):
    """The policy's own clock for insolvency, and all that is open notified (1.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-01 09:00:00"))
        cls.policy.insolvency_notification_days = 7
        cls.not_due = cls.make_invoice(
            cls.alfa, 900.0, day="2026-03-20", due="2026-06-20"
        )
        cls.insolvency = cls.env["credit.insurance.insolvency"].create(
            {
                "partner_id": cls.alfa.id,
                "judgment_date": "2026-03-30",
                "learned_on": "2026-04-01",
            }
        )
        cls.after = cls.make_invoice(
            cls.alfa, 300.0, day="2026-03-31", due="2026-06-30"
        )

    def kinds(self, day="2026-04-01"):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            rows = self.env["credit.insurance.deadline"]._get_pending(self.company, 10)
        return [
            (row["kind"], row["move_id"], row["day"])
            for row in rows
            if row["partner_id"] == self.alfa.id
        ]

    def test_learned_plus_the_policy_s_days(self):
        """1 April + 7 = 8 April, due or not; not what was invoiced after the judgment.

        The clock of each instalment goes on beside it, none of it within ten days.
        """
        self.assertEqual(
            self.kinds(),
            [
                ("insolvency", self.late.id, date(2026, 4, 8)),
                ("insolvency", self.not_due.id, date(2026, 4, 8)),
            ],
        )
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        rows = rows.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(
            rows.mapped("insolvency_deadline"), [date(2026, 4, 8)] * 2 + [False]
        )

    def test_one_button_lists_all_that_was_open(self):
        action = self.insolvency.with_user(self.controller).action_prepare_notices()
        notice = self.env["credit.insurance.overdue.notice"].browse(action["res_id"])
        self.assertEqual(notice.kind, "insolvency")
        self.assertEqual(notice.deadline, date(2026, 4, 8))
        self.assertEqual(notice.line_ids.move_id, self.late | self.not_due)
        notice.with_user(self.controller).action_send()
        self.assertEqual(self.kinds(), [])
        # the overdue one needs no further notice: 14 June is within 30 days then
        self.assertNotIn("notice", [kind for kind, *_ in self.kinds("2026-06-10")])

    def test_the_list_prepares_it_too(self):
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        rows = rows.with_user(self.controller).search(
            [("partner_id", "=", self.alfa.id)]
        )
        action = rows.action_prepare_notices()
        notice = self.env["credit.insurance.overdue.notice"].browse(action["res_id"])
        self.assertEqual(notice.kind, "insolvency")

    def test_a_buyer_without_debts_is_told_all_the_same(self):
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0)
        insolvency = self.env["credit.insurance.insolvency"].create(
            {
                "partner_id": beta.id,
                "judgment_date": "2026-03-30",
                "learned_on": "2026-03-31",
            }
        )
        action = insolvency.with_user(self.controller).action_prepare_notices()
        notice = self.env["credit.insurance.overdue.notice"].browse(action["res_id"])
        self.assertEqual(notice.deadline, date(2026, 4, 7))
        notice.action_send()
        self.assertEqual(notice.state, "sent")

    def test_reminded_and_missed(self):
        for day, beginning in (
            ("2026-04-01", "Notify Atlas Credit Insurance of the insolvency"),
            ("2026-04-09", "Missed on"),
        ):
            with freeze_time(f"{day} 09:00:00"):
                self.env.invalidate_all()
                reminder = self.env["credit.insurance.deadline.reminder"].sudo()
                reminder._remind(self.company)
            found = reminder.search(
                [("partner_id", "=", self.alfa.id), ("kind", "=", "insolvency")]
            )
            activity = found.activity_ids.filtered(
                lambda each: each.user_id == self.controller
            )
            self.assertTrue(activity.summary.startswith(beginning), activity.summary)
