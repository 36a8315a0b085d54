from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import html2plaintext

from .common import FollowupCommon

REPORT = "export_credit_insurance.credit_sheet_report"


@tagged("post_install", "-at_install")
class TestSheet(FollowupCommon):
    """A buyer on one page, on the screen and for the credit committee."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.first = cls.make_step(5, name="Reminder one")
        cls.second = cls.make_step(40, name="Reminder two")
        cls.make_alfa_limits()
        cls.late = cls.make_invoice(cls.alfa, 600.0, due="2026-09-20")
        cls.soon = cls.make_invoice(cls.alfa, 1000.0, due="2026-12-01")
        cls.take(cls.late, cls.first, day="2026-09-25")

    def sheet(self, user=None):
        buyer = self.alfa.with_user(user or self.env.user)
        return buyer.with_company(self.company)._get_credit_sheet()

    def words(self, user=None):
        buyer = self.alfa.with_user(user or self.controller)
        return html2plaintext(buyer.with_company(self.company).credit_sheet)

    def test_open_items_and_steps(self):
        """Next: 20 September + 40 days is 30 October; 1 December + 5 is 6 December."""
        rows = {row["move"]: row for row in self.sheet()["rows"]}
        self.assertEqual(set(rows), {self.late, self.soon})
        self.assertEqual(rows[self.late]["reached"], "Reminder one")
        self.assertEqual(rows[self.late]["next"], "Reminder two")
        self.assertEqual(rows[self.soon]["reached"], "")
        day, step = self.sheet()["next"]
        self.assertEqual((str(day), step), ("2026-10-30", self.second))

    def test_a_buyer_who_paid_nothing_yet_paid_nothing_late_either(self):
        self.assertEqual(self.sheet()["behaviour"], "nothing paid yet in 24 months")

    def test_next_step_waits_in_a_run(self):
        """A step that a prepared reminder takes is the next one: on 1 November, that
        of 30 October."""
        with freeze_time("2026-11-01"):
            self.prepare(day="2026-11-01")
            day, step = self.sheet()["next"]
        self.assertEqual((str(day), step), ("2026-10-30", self.second))

    def test_figures_are_the_engines(self):
        """Limit 130 000, exposure 1 600, overdue 600."""
        words = self.words()
        for figure in ("130,000.00", "1,600.00", "600.00", "10/30/2026"):
            self.assertIn(figure, words)

    def test_promise_dispute_note_and_activity(self):
        promise = self.env["credit.followup.promise"].create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "move_line_ids": [
                    Command.set(
                        self.soon.line_ids.filtered(
                            lambda line: line.account_type == "asset_receivable"
                        ).ids
                    )
                ],
                "payment_ids": [
                    Command.create({"date": "2026-10-20", "amount": 1000.0})
                ],
            }
        )
        promise.action_start()
        self.env["credit.followup.dispute"].create(
            {"move_id": self.late.id, "amount": 120.0, "category": "quality"}
        )
        said = "Called Maria: pays on the 20th."
        self.alfa.message_post(body=said, message_type="comment")
        promise.activity_schedule(
            "mail.mail_activity_data_call", summary="Ask for the transfer slip"
        )
        words = self.words()
        for text in (
            "Promised",
            "120.00",
            "Quality",
            "Called Maria: pays on the 20th.",
            "Ask for the transfer slip",
        ):
            self.assertIn(text, words)
        rows = {row["move"]: row for row in self.sheet()["rows"]}
        self.assertEqual(rows[self.soon]["state"], "Promised")

    def test_sheet_on_paper_is_short(self):
        """Eight rows of a section, and how many more there are."""
        for number in range(11):
            self.make_invoice(self.alfa, 10.0 + number, due="2026-12-01")
        values = self.sheet()
        self.assertEqual((len(values["rows"]), values["row_count"]), (8, 13))
        report = self.env["ir.actions.report"].with_company(self.company)
        html = report._render_qweb_html(REPORT, self.alfa.ids)[0].decode()
        self.assertIn("5", html2plaintext(html).split(" more")[0].split("and")[-1])
        self.assertIn("confidential", html)

    def test_who_sees_it(self):
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        employee = new_test_user(
            self.env, "billing", "account.group_account_invoice", **company
        )
        with self.assertRaises(AccessError):
            self.sheet(employee)
        with self.assertRaises(AccessError):
            self.alfa.with_user(employee).read(["credit_sheet"])
        reader = new_test_user(
            self.env, "reader", "export_credit_insurance.group_credit_user", **company
        )
        self.assertIn("600.00", self.words(reader))

    def test_another_companys_story_stays_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        promise = self.env["credit.followup.promise"].create(
            {"partner_id": self.alfa.id, "company_id": other.id}
        )
        self.assertNotIn(promise, self.sheet()["promises"])

    def test_ways_to_it(self):
        """From the buyer, from a contact of it and from a reminder."""
        contact = self.env["res.partner"].create(
            {"name": "Maria", "parent_id": self.alfa.id}
        )
        reminder = self.env["credit.followup.reminder"].search(
            [("partner_id", "=", self.alfa.id)], limit=1
        )
        for action in (
            self.alfa.action_credit_sheet(),
            contact.action_credit_sheet(),
            reminder.action_open_sheet(),
        ):
            self.assertEqual(action["res_id"], self.alfa.id)
        view = self.env.ref("export_credit_insurance.res_partner_view_form_sheet")
        with Form(self.alfa, view=view) as form:
            self.assertIn("Reminder one", form.credit_sheet)
