from datetime import date

import psycopg2
from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationLife(DeclarationCommon):
    """Drafted by itself, declared once, never edited; changes are declared later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls.make_controller()

    def test_a_controller_declares(self):
        self.make_invoice(self.alfa, 1000.0)
        draft = self.declarations.with_user(self.controller).create(
            {
                "policy_id": self.policy.id,
                "date_from": "2026-07-01",
                "date_to": "2026-09-30",
            }
        )
        with self.assertRaises(UserError):
            draft.action_declare()  # not brought up to date
        draft.action_bring_up_to_date()
        draft.action_declare()
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "declared",
                    "sent_on": date(2026, 10, 5),
                    "sent_by": self.controller.id,
                    "deadline": date(2026, 10, 30),
                    "is_late": False,
                    "amount": 1000.0,
                }
            ],
        )
        self.assertTrue(draft.name.startswith("DEC/2026/"))

    def test_a_running_period_offers_no_declaring(self):
        """The button is there from the day after the last one: 1 October."""
        draft = self.make_declaration()
        view = draft.get_view(view_type="form")["arch"]
        button = etree.fromstring(view).find(".//button[@name='action_declare']")
        self.assertIn("not is_over", button.get("invisible"))
        for day, is_over in (("2026-09-30", False), ("2026-10-01", True)):
            with self.subTest(day), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(draft.is_over, is_over)

    def test_later_periods_of_the_year_count_as_declared(self):
        """The third quarter declared first: 1 000 000 × 0.45 % = 4 500 so far, and the
        second one's own 2 000 000 × 0.20 % = 4 000 make 8 500 (DOMAIN 1.12)."""
        self.policy.year_ids.minimum_premium = 0.0
        self.make_invoice(self.alfa, 1000000.0, "2026-07-10")
        self.make_invoice(self.german, 2000000.0, "2026-04-10", due="2026-06-09")
        self.declare()
        second = self.declare("2026-04-01", "2026-06-30")
        self.assertRecordValues(
            second,
            [
                {
                    "premium_before": 4500.0,
                    "premium_amount": 4000.0,
                    "total_amount": 8500.0,
                }
            ],
        )
        self.assertIn("So Far", second._fields["premium_before"].string)

    def test_late_ones_say_so(self):
        """30 October is the last day, 31 October is late."""
        with freeze_time("2026-10-30 09:00:00"):
            self.assertFalse(self.declare().is_late)
        with freeze_time("2026-10-31 09:00:00"):
            self.assertTrue(self.declare("2026-10-01", "2026-10-01").deadline)
        with freeze_time("2026-07-31 09:00:00"):
            self.assertTrue(self.declare("2026-04-01", "2026-06-30").is_late)

    def test_what_changed_meanwhile_is_not_declared_unseen(self):
        self.make_invoice(self.alfa, 1000.0)
        draft = self.make_declaration()
        self.make_invoice(self.alfa, 500.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            draft.action_declare()
        self.env.invalidate_all()
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.amount, 1000.0)  # nothing half done
        draft.action_bring_up_to_date()
        draft.action_declare()
        self.assertEqual(draft.amount, 1500.0)

    def test_fees_that_changed_meanwhile_are_named(self):
        """One decision at 40, then a second one of the same quarter: 80."""
        self.policy.fee_ids = [Command.create({"kind": "decision", "amount": 40.0})]
        self.make_limit(self.alfa, 1000.0, date_from="2026-08-01")
        self.make_invoice(self.alfa, 1000.0)
        draft = self.make_declaration()
        self.make_limit(self.german, 1000.0, date_from="2026-08-02")
        with self.assertRaises(UserError) as raised, self.cr.savepoint():
            draft.action_declare()
        message = str(raised.exception)
        self.assertIn("Fees of the Period", message)
        self.assertIn("40.00", message)
        self.assertIn("80.00", message)
        self.assertNotIn("Premium of the Period", message)
        self.env.invalidate_all()
        draft.action_bring_up_to_date()
        draft.action_declare()
        self.assertEqual(draft.fee_amount, 80.0)

    def test_what_others_declare_is_no_change(self):
        """A second draft of the year may be declared after the first, as it is."""
        self.make_invoice(self.alfa, 1000.0)
        second = self.make_declaration()
        self.declare("2026-04-01", "2026-06-30")
        second.action_declare()
        self.assertEqual(second.state, "declared")

    def test_it_stays_as_it_was_declared(self):
        self.make_invoice(self.alfa, 1000.0)
        declaration = self.declare()
        line = declaration.line_ids
        for change in (
            lambda: declaration.write({"date_to": "2026-09-29"}),
            lambda: declaration.write({"policy_id": self.policy.id}),
            lambda: line.write({"amount": 1.0}),
            line.unlink,
            lambda: declaration.group_ids.write({"rate": 1.0}),
            declaration.group_ids.unlink,
            declaration.action_bring_up_to_date,
            declaration.action_declare,
            declaration.unlink,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        declaration.insurer_ref = "D-1"
        self.assertEqual(declaration.insurer_ref, "D-1")

    def test_nobody_forges_figures(self):
        self.make_invoice(self.alfa, 1000.0)
        draft = self.make_declaration().with_user(self.controller)
        line, group = draft.line_ids, draft.group_ids
        for attempt in (
            lambda: draft.write({"state": "declared"}),
            lambda: draft.write({"amount": 1.0}),
            lambda: draft.write({"sent_on": "2026-10-01"}),
            lambda: draft.write({"premium_before": 9.0}),
            lambda: draft.write({"corrects_id": draft.id}),
            lambda: draft.write({"line_ids": [Command.unlink(line.id)]}),
            lambda: draft.write({"included_line_ids": [Command.delete(line.id)]}),
            lambda: line.write({"amount": 1.0}),
            line.unlink,
            lambda: group.write({"premium_amount": 1.0}),
            lambda: draft.copy({"state": "declared"}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    def test_periods_do_not_overlap(self):
        """The database sees to it, also of two transactions at once."""
        self.make_declaration()
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.make_declaration("2026-09-30", "2026-10-31")
        self.assertIn(
            "for these days is there already",
            self.declarations._sql_error_to_message(caught.exception),
        )
        self.make_declaration("2026-10-01", "2026-10-31")
        self.make_declaration("2026-09-30", "2026-09-30", basis="balance")

    def test_a_period_lies_in_one_policy_year(self):
        for period in (("2025-12-01", "2026-01-31"), ("2026-12-01", "2027-01-31")):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.make_declaration(*period)

    # === BY ITSELF === #

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_prepare_declarations"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.declarations.search([("policy_id", "=", self.policy.id)])

    def test_the_job_drafts_the_period_that_ended_once(self):
        self.make_invoice(self.alfa, 1000.0)
        draft = self.run_job()
        self.assertRecordValues(
            draft,
            [
                {
                    "date_from": date(2026, 7, 1),
                    "date_to": date(2026, 9, 30),
                    "amount": 1000.0,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(self.run_job(), draft)

    def test_periods_follow_calendar_and_policy_year(self):
        """February of a leap year has 29 days; a year from 15 February is cut."""
        policy = self.make_policy(
            name="L-1", number="L-1", date_start="2024-02-15", date_end="2025-02-14"
        )
        policy.declaration_period = "month"
        cases = {
            date(2024, 3, 1): (date(2024, 2, 15), date(2024, 2, 29)),
            date(2024, 3, 31): (date(2024, 2, 15), date(2024, 2, 29)),
            date(2024, 4, 1): (date(2024, 3, 1), date(2024, 3, 31)),
            date(2025, 2, 14): (date(2025, 1, 1), date(2025, 1, 31)),
            date(2025, 2, 15): (date(2025, 2, 1), date(2025, 2, 14)),
            date(2024, 2, 20): None,
        }
        for day, period in cases.items():
            with self.subTest(day):
                self.assertEqual(policy._last_period_ended(day), period)
        policy.declaration_period = "year"
        self.assertEqual(
            policy._last_period_ended(date(2025, 2, 20)),
            (date(2024, 2, 15), date(2025, 2, 14)),
        )
        policy.declaration_period = "quarter"
        self.assertEqual(
            policy._last_period_ended(date(2024, 4, 1)),
            (date(2024, 2, 15), date(2024, 3, 31)),
        )

    def test_reminders_come_nearer(self):
        """Due on 30 October: D−10 is the 20th, D−3 the 27th, missed the 31st."""
        self.company.credit_controller_id = self.controller
        draft = self.make_declaration()
        for day, planned in (
            ("2026-10-19", 0), ("2026-10-20", 1), ("2026-10-27", 1),
        ):  # fmt: skip
            with freeze_time(f"{day} 09:00:00"):
                draft._remind()
                draft._remind()
            mine = draft.activity_ids.filtered(
                lambda each: each.user_id == self.controller
            )
            self.assertEqual(len(mine), planned, day)
        with freeze_time("2026-10-31 09:00:00"):
            draft._remind()
            mine = draft.activity_ids.filtered(
                lambda each: each.user_id == self.controller
            )
            self.assertEqual(len(mine), 1)
            self.assertIn("Missed", mine.summary)
            draft.action_declare()
        self.assertFalse(draft.activity_ids)
