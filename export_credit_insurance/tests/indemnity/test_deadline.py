import ast
from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from ..position.position_common import PositionCommon

GROUP = "export_credit_insurance.group_credit_"


class DeadlineCommon(PositionCommon):
    """The invoice of DOMAIN 1.8 and 1.9: 15 January 2026, due 16 March.

    The extension period of 60 days ends on 15 May, cover stops on 16 May; the overdue
    notice is due 30 days later, by 14 June, the hand-over 60 days later, by 14 July.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "notification_base": "mep_end",
                "notification_days": 30,
                "collection_base": "mep_end",
                "collection_days": 60,
            }
        )
        cls.make_limit(cls.alfa, 100000.0)
        cls.late = cls.make_late(cls.alfa)
        cls.instalment = cls.late.line_ids.filtered("date_maturity")
        cls.controller = new_test_user(
            cls.env,
            "clock_controller",
            groups=f"{GROUP}controller",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.company.credit_controller_id = cls.controller

    @classmethod
    def make_late(cls, partner, amount=20000.0):
        return cls.make_invoice(partner, amount, day="2026-01-15", due="2026-03-16")


@tagged("post_install", "-at_install")
class TestDeadline(DeadlineCommon):
    """The insurer's clock per instalment, and what it asks for next."""

    def row(self, day, buyers=None):
        """What is read on a day, by a controller who reads no invoices."""
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            found = self.env["credit.insurance.deadline"].with_user(self.controller)
            found = found.with_company(self.company).search(
                [("partner_id", "in", (buyers or self.alfa).ids)]
            )
            return found.read(["next_kind", "next_date", "urgency", "open_amount"])

    def assertNext(self, day, kind, date_, urgency):
        (row,) = self.row(day)
        self.assertEqual(
            (row["next_kind"], row["next_date"], row["urgency"]), (kind, date_, urgency)
        )

    def test_deadlines_of_one_instalment(self):
        with freeze_time("2026-05-01 09:00:00"):
            row = self.env["credit.insurance.deadline"].browse(self.instalment.id)
            self.assertRecordValues(
                row.with_company(self.company),
                [
                    {
                        "move_id": self.late.id,
                        "partner_id": self.alfa.id,
                        "policy_id": self.policy.id,
                        "due_date": date(2026, 3, 16),
                        "mep_end": date(2026, 5, 15),
                        "stop_date": date(2026, 5, 16),
                        "notification_deadline": date(2026, 6, 14),
                        "collection_deadline": date(2026, 7, 14),
                        "open_amount": 20000.0,
                    }
                ],
            )

    def test_one_after_the_other(self):
        """A stop that has come is over; a notice stays until it is done."""
        stop, notice = date(2026, 5, 16), date(2026, 6, 14)
        self.assertNext("2026-05-05", "stop", stop, "later")  # 11 days
        self.assertNext("2026-05-06", "stop", stop, "soon")  # 10 days
        self.assertNext("2026-05-13", "stop", stop, "urgent")  # 3 days
        self.assertNext("2026-05-16", "stop", stop, "urgent")
        self.assertNext("2026-05-17", "notice", notice, "later")
        self.assertNext("2026-06-14", "notice", notice, "urgent")
        self.assertNext("2026-06-15", "notice", notice, "missed")

    def listed(self, day, *filters):
        """Whose deadlines the filters of the list and the calendar find on a day."""
        Deadline = self.env["credit.insurance.deadline"].with_company(self.company)
        search = etree.fromstring(Deadline.get_view(view_type="search")["arch"])
        domains = [
            ast.literal_eval(search.find(f".//filter[@name='{name}']").get("domain"))
            for name in filters
        ]
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            return Deadline.search(Domain.OR(domains)).partner_id

    def test_the_next_30_days(self):
        """Cover stops on 16 May; the notice is due on 14 June. In list and calendar."""
        action = self.env.ref(
            "export_credit_insurance.credit_insurance_deadline_action"
        )
        self.assertEqual(action.view_mode, "list,kanban,calendar,form")
        filters = [
            name.removeprefix("search_default_")
            for name in ast.literal_eval(action.context)
        ]
        self.assertFalse(self.listed("2026-04-15", *filters))  # 31 days
        self.assertEqual(self.listed("2026-04-16", *filters), self.alfa)  # 30 days
        self.assertEqual(self.listed("2026-05-16", "next_30_days"), self.alfa)
        self.assertEqual(self.listed("2026-06-14", "next_30_days"), self.alfa)
        # missed: not of the days to come, and shown all the same
        self.assertFalse(self.listed("2026-06-15", "next_30_days"))
        self.assertEqual(self.listed("2026-06-15", *filters), self.alfa)
        calendar = self.env["credit.insurance.deadline"].get_view(view_type="calendar")
        self.assertEqual(
            etree.fromstring(calendar["arch"]).get("date_start"), "next_date"
        )

    def test_a_leap_year_and_weekends_are_plain_days(self):
        """Due 1 January 2028 + 60 days: 31 − 1 of January, 29 of February, 1 March."""
        self.policy.write({"date_start": "2027-01-01", "date_end": "2028-12-31"})
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0, date_from="2027-01-01")
        self.make_invoice(beta, 100.0, day="2027-11-01", due="2028-01-01")
        self.env.invalidate_all()
        with freeze_time("2028-01-10 09:00:00"):
            row = self.env["credit.insurance.deadline"].with_company(self.company)
            row = row.search([("partner_id", "=", beta.id)])
            self.assertEqual(row.mep_end, date(2028, 3, 1))

    def test_what_is_handed_over_asks_for_the_notice_alone(self):
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "move_line_id": self.instalment.id,
                "date_from": "2026-05-20",
                "cause": "handed_over",
            }
        )
        with freeze_time("2026-07-20 09:00:00"):
            pending = self.env["credit.insurance.deadline"]._get_pending(
                self.company, 10
            )
        mine = [row["kind"] for row in pending if row["partner_id"] == self.alfa.id]
        self.assertEqual(mine, ["notice"])

    def test_a_hand_over_withdrawn_is_to_be_made_again(self):
        """Handed over on 20 May and withdrawn at the end of June: by 14 July again.

        One of all that the buyer owes stands for each of its instalments.
        """
        stops = self.env["credit.insurance.stop"]
        mine = {"partner_id": self.alfa.id, "cause": "handed_over"}
        stop = stops.create(
            {
                **mine,
                "policy_id": self.policy.id,
                "move_line_id": self.instalment.id,
                "date_from": "2026-05-20",
            }
        )
        self.assertEqual(self.pending_kinds("2026-07-10"), ["notice"])
        stop.date_to = "2026-06-30"
        self.assertEqual(self.pending_kinds("2026-06-30"), ["notice"])
        self.assertEqual(self.pending_kinds("2026-07-10"), ["hand_over", "notice"])
        stops.create({**mine, "date_from": "2026-07-05"})
        self.assertEqual(self.pending_kinds("2026-07-10"), ["notice"])

    def pending_kinds(self, day):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            rows = self.env["credit.insurance.deadline"]._get_pending(self.company, 10)
        return sorted(row["kind"] for row in rows)

    def test_paid_and_residues_ask_for_nothing(self):
        """Policy: a remainder below 50 triggers nothing (DESIGN 4)."""
        self._register_payment(self.late, amount=19951.0)
        self.assertEqual(self.row("2026-05-01"), [])
        self._register_payment(self.make_late(self.alfa))
        self.assertEqual(self.row("2026-05-01"), [])

    def test_uninsured_buyers_have_no_clock(self):
        private = self.make_buyer("Jane", credit_party_kind="private")
        self.make_late(private)
        self.assertEqual(self.row("2026-05-01", private), [])

    def test_queries_do_not_grow(self):
        buyers = self.alfa
        for number in range(50):
            buyer = self.make_buyer(f"Late {number}")
            self.make_limit(buyer, 1000.0)
            self.make_late(buyer, 500.0)
            buyers |= buyer
        self.env.flush_all()
        counts = []
        for some in (self.alfa, buyers):
            self.row("2026-06-01", some)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self.row("2026-06-01", some)), len(some))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestDeadlineReminder(DeadlineCommon):
    """Activities ten and three days before, and once missed; never twice."""

    def remind(self, day):
        with freeze_time(f"{day} 09:00:00"):
            self.env.invalidate_all()
            # sudo: the job is the system's
            reminder = self.env["credit.insurance.deadline.reminder"].sudo()
            reminder._remind(self.company)
        self.env.invalidate_all()

    def activities(self, user=None):
        reminders = self.env["credit.insurance.deadline.reminder"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        found = reminders.activity_ids.filtered(
            lambda each: each.user_id == (user or self.controller)
        )
        return sorted((each.summary, each.date_deadline) for each in found)

    def test_ten_and_three_days_before_and_once_missed(self):
        by_day = {
            "2026-05-05": [],  # 11 days before the stop
            "2026-05-06": ["Cover of ALFA stops on"],
            "2026-05-17": [],  # it has come: nothing to do about it any more
            "2026-06-04": ["Notify Atlas Credit Insurance of overdue"],
            "2026-06-11": ["Notify Atlas Credit Insurance of overdue"],
            "2026-06-15": ["Missed on"],
        }
        for day, expected in by_day.items():
            self.remind(day)
            found = self.activities()
            self.assertEqual(len(found), len(expected), day)
            for (summary, _deadline), beginning in zip(found, expected, strict=True):
                self.assertTrue(summary.startswith(beginning), f"{day}: {summary}")
        self.assertEqual(self.activities()[0][1], date(2026, 6, 14))

    def test_nobody_is_reminded_twice(self):
        """Who has done the activity is left alone until the next stage."""
        self.remind("2026-06-04")
        self.remind("2026-06-04")
        self.assertEqual(len(self.activities()), 1)
        reminders = self.env["credit.insurance.deadline.reminder"].search([])
        reminders.activity_ids.unlink()
        self.remind("2026-06-05")
        self.assertEqual(self.activities(), [])
        self.remind("2026-06-11")  # three days before
        self.assertEqual(len(self.activities()), 1)

    def test_one_activity_for_all_invoices_of_a_buyer(self):
        self.make_late(self.alfa, 500.0)
        self.remind("2026-06-04")
        self.assertEqual(len(self.activities()), 1)
        reminder = self.env["credit.insurance.deadline.reminder"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "notice")]
        )
        note = reminder.activity_ids.filtered(
            lambda each: each.user_id == self.controller
        ).note
        self.assertIn(self.late.name, note)
        self.assertIn("500.00", note)
        self.assertIn("20,000.00", note)

    def test_missed_ones_reach_the_manager_too(self):
        manager = new_test_user(
            self.env,
            "clock_manager",
            groups=f"{GROUP}manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.remind("2026-06-11")
        self.assertEqual(self.activities(manager), [])
        self.remind("2026-06-15")
        self.assertEqual(len(self.activities(manager)), 1)

    def test_a_stop_that_came_is_not_called_settled(self):
        self.remind("2026-05-06")
        self.remind("2026-05-17")
        reminder = self.env["credit.insurance.deadline.reminder"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "stop")]
        )
        self.assertIn("stopped the cover", reminder.message_ids[0].body)
        self.assertNotIn("Settled", reminder.message_ids[0].body)

    def test_closed_policies_keep_their_clock(self):
        """What was shipped under them stays insured, and is to be notified."""
        with freeze_time("2026-06-04 09:00:00"):
            self.policy.action_close()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "export_credit_insurance.ir_cron_remind_deadlines"
                ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(self.activities()), 1)

    def test_paid_ones_close_by_themselves(self):
        self.remind("2026-06-04")
        self._register_payment(self.late)
        self.remind("2026-06-05")
        self.assertEqual(self.activities(), [])
        reminder = self.env["credit.insurance.deadline.reminder"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "notice")]
        )
        self.assertIn("Settled", reminder.message_ids[0].body)

    def test_an_extension_closes_them_and_the_new_day_reminds_again(self):
        """14 June + 46 days = 30 July; ten days before: 20 July."""
        self.remind("2026-06-04")
        self.env["credit.insurance.extension"].create(
            {
                "move_line_id": self.instalment.id,
                "extension_until": "2026-06-30",
                "agreement_ref": "ATLAS-778",
                "agreed_on": "2026-06-04",
            }
        )
        self.remind("2026-06-05")
        self.assertEqual(self.activities(), [])
        self.remind("2026-07-19")
        self.assertEqual(self.activities(), [])
        self.remind("2026-07-20")
        self.assertEqual([day for _text, day in self.activities()], [date(2026, 7, 30)])

    def test_the_text_is_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.controller.lang = "fr_FR"
        self.remind("2026-06-04")
        ((summary, _day),) = self.activities()
        self.assertTrue(summary.startswith("Déclarer à Atlas"), summary)

    def test_the_job(self):
        with freeze_time("2026-06-04 09:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_remind_deadlines"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(self.activities()), 1)

    def test_salespeople_see_nothing_of_it(self):
        seller = new_test_user(
            self.env, "clock_seller", groups="sales_team.group_sale_salesman"
        )
        for model in ("deadline", "deadline.reminder"):
            records = self.env[f"credit.insurance.{model}"].with_user(seller)
            self.assertFalse(records.has_access("read"))
