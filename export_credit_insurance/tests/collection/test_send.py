from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SendingCommon

SEND_LOGGER = (
    "odoo.addons.export_credit_insurance.models.collection"
    ".credit_followup_reminder_send"
)


@tagged("post_install", "-at_install")
class TestSend(SendingCommon):
    """Sending: once, in the buyer's words, the error where it belongs."""

    def test_sent(self):
        invoice = self.overdue()
        reminder = self.send()
        self.assertRecordValues(reminder, [{"state": "sent"}])
        self.assertRecordValues(
            reminder.line_ids,
            [{"state": "taken", "date": self.today, "step_id": self.second.id}],
        )
        self.assertEqual(reminder.run_id.state, "done")
        self.assertEqual(reminder.run_id.progress, 100.0)
        # step reached; the next one: 11 September + 30, Monday 12 October
        self.assertEqual(invoice.credit_followup_step_id, self.second)
        self.assertEqual(invoice.credit_followup_next_date, date(2026, 10, 12))

    def test_mail(self):
        self.overdue()
        mail = self.send().sudo().mail_id
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.alfa)
        self.assertIn("1,000.00", mail.subject)
        self.assertIn("Dear ALFA", mail.body_html)
        self.assertNotIn("{{", mail.subject + mail.body_html)
        self.assertIn("09/11/2026", mail.body_html)

    def test_sent_once(self):
        """The job once more, another run, the next day: no second mail."""
        self.overdue()
        reminder = self.send()
        self.send_queued()
        self.assertFalse(self.send())
        mails = self.env["mail.mail"].search([("model", "=", reminder._name)])
        self.assertEqual(mails.res_id, reminder.id)

    def test_each_step_once(self):
        invoice = self.overdue(16)
        self.assertEqual(self.send().step_id, self.second)
        with freeze_time("2026-10-15"):  # 30 days after 15 September
            self.assertEqual(self.send(day=date(2026, 10, 15)).step_id, self.third)
        self.assertEqual(invoice.credit_followup_step_id, self.third)
        self.assertFalse(invoice.credit_followup_next_date)

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.second.with_context(lang="fr_FR").write(
            {"subject": "Relance : {{ total_due }}", "body": "<p>{{ items_text }}</p>"}
        )
        self.alfa.lang = "fr_FR"
        invoice = self.overdue()
        mail = self.send().sudo().mail_id
        # the thousands' separator is the French one, a narrow space
        self.assertRegex(mail.subject, r"Relance : 1\s000,00\s€")
        self.assertIn(invoice.name, mail.body_html)

    def test_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.alfa.lang = "ar_001"
        self.overdue()
        self.assertIn('dir="rtl"', self.send().sudo().mail_id.body_html)

    def test_names_are_escaped(self):
        self.alfa.name = "<b>A & B</b>"
        self.overdue()
        self.assertIn("&lt;b&gt;A &amp; B", self.send().sudo().mail_id.body_html)

    def test_no_address(self):
        self.alfa.email = False
        invoice = self.overdue()
        reminder = self.send()
        self.assertRecordValues(
            reminder, [{"state": "failed", "failure_type": "no_address"}]
        )
        self.assertFalse(invoice.credit_followup_step_id)
        self.alfa.email = "alfa@example.com"
        reminder.action_retry()
        self.send_queued()
        self.assertEqual(reminder.state, "sent")

    def test_blacklisted(self):
        self.env["mail.blacklist"]._add("alfa@example.com")
        self.overdue()
        self.assertEqual(self.send().failure_type, "blacklisted")

    def test_letter_goes_without_an_address(self):
        self.alfa.email = False
        self.second.send_letter = True
        self.overdue()
        reminder = self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.sudo().mail_id)
        self.assertTrue(reminder.letter_id)

    def test_letter(self):
        """The letter is kept as it left, and goes with the mail."""
        self.second.send_letter = True
        invoice = self.overdue()
        reminder = self.send()
        letter = reminder.sudo().letter_id
        self.assertIn(invoice.name, letter.raw.decode())
        self.assertEqual(reminder.sudo().mail_id.attachment_ids, letter)

    def test_invoices_attached_as_they_were_sent(self):
        self.second.attach_invoices = True
        invoice, bare = self.overdue(), self.overdue()
        invoice.invoice_pdf_report_file = b"JVBERi0="
        files = self.send().sudo().mail_id.attachment_ids
        self.assertEqual(files, invoice.invoice_pdf_report_id)
        self.assertFalse(bare.invoice_pdf_report_id)

    @mute_logger(SEND_LOGGER)
    def test_error_lands_on_its_reminder(self):
        """One of three cannot be sent: the other two are, the third says why."""
        bad = self.make_buyer("BAD", email="bad@example.com")
        good = self.make_buyer("GOOD", email="good@example.com")
        for buyer in (self.alfa, bad, good):
            self.overdue(buyer=buyer)
        create = type(self.env["mail.mail"]).create

        def refuse(self, vals_list):
            if any((4, bad.id, 0) in vals["recipient_ids"] for vals in vals_list):
                raise ValueError("No way")
            return create(self, vals_list)

        with patch.object(type(self.env["mail.mail"]), "create", refuse):
            reminders = self.send()
        states = {r.partner_id: r.state for r in reminders}
        self.assertEqual(states, {self.alfa: "sent", bad: "failed", good: "sent"})
        reason = reminders.filtered(lambda r: r.partner_id == bad).failure_reason
        self.assertIn("the attached invoices, then try again", reason)
        self.assertNotIn("No way", reason)
        self.assertEqual(
            self.env["mail.mail"].search_count([("model", "=", reminders._name)]), 2
        )

    def test_error_of_a_text(self):
        """A text in one language that names nothing known fails its reminder alone."""
        self.overdue()
        self.env.cr.execute(
            "UPDATE credit_followup_step SET subject = jsonb_build_object("
            "'en_US', '{{ nothing }}') WHERE id = %s",
            [self.second.id],
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            self.send(), [{"state": "failed", "failure_type": "rendering"}]
        )

    def test_stop_and_resume(self):
        self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        run.action_stop()
        self.assertEqual((run.state, run.reminder_ids.state), ("prepared", "draft"))
        self.send_queued()
        self.assertEqual(run.reminder_ids.state, "draft")
        run.action_send()
        self.send_queued()
        self.assertEqual((run.state, run.reminder_ids.state), ("done", "sent"))

    def test_approved_and_signed(self):
        self.second.is_formal_notice = True
        self.second.body = "<p>{{ signer }}</p>"
        self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.send_queued()
        reminder = run.reminder_ids
        self.assertEqual(reminder.state, "draft")
        reminder.with_user(self.controller).action_approve()
        self.send_queued()
        self.assertRecordValues(run, [{"state": "done", "sent_count": 1}])
        self.assertIn(self.controller.name, reminder.sudo().letter_id.raw.decode())

    def test_work_for_colleagues(self):
        self.company.credit_controller_id = self.controller
        self.second.write({"send_mail": False, "plan_call": True})
        self.second.write({"notify_insurer": True})
        self.alfa.user_id = self.accountant
        self.overdue()
        reminder = self.send()
        self.assertEqual(reminder.channel, "internal")
        self.assertFalse(reminder.sudo().mail_id)
        prefix = "export_credit_insurance.mail_activity_type_"
        planned = {a.activity_type_id: a.user_id for a in reminder.activity_ids}
        self.assertEqual(
            planned,
            {
                self.env.ref(prefix + "followup_call"): self.accountant,
                self.env.ref(prefix + "insurer_notice"): self.controller,
            },
        )

    def test_who_calls_gets_no_mail_for_each_call(self):
        """They stand in the list of the day; of the insurer's matter Odoo tells."""
        self.company.credit_controller_id = self.controller
        self.second.write({"plan_call": True, "notify_insurer": True})
        self.alfa.user_id = self.accountant
        self.overdue()
        told = []

        def tell(activities):
            told.extend(activities.mapped("user_id"))

        with patch.object(type(self.env["mail.activity"]), "action_notify", tell):
            reminder = self.send().sudo()
        self.assertEqual(
            reminder.activity_ids.user_id, self.accountant + self.controller
        )
        self.assertEqual(
            set(reminder.activity_ids.mapped("res_name")), {reminder.display_name}
        )
        self.assertEqual(told, [self.controller])

    def test_internal_step_does_not_swallow_the_words(self):
        """One invoice at a step for colleagues, another at a reminder: both happen."""
        self.third.write({"send_mail": False, "plan_call": True})
        self.overdue(40)
        self.overdue(6)
        reminder = self.send()
        self.assertEqual(
            (reminder.step_id, reminder.text_step_id), (self.third, self.first)
        )
        self.assertTrue(reminder.sudo().mail_id)
        self.assertTrue(reminder.activity_ids)

    def test_previous_reminders(self):
        self.third.body = "<p>{{ previous_reminders }}</p>"
        invoice = self.overdue(40)
        self.take(invoice, self.first, date(2026, 8, 27))
        self.take(invoice, self.second, date(2026, 9, 7))
        body = self.send().sudo().mail_id.body_html
        self.assertIn("Step 5 (08/27/2026) and Step 15 (09/07/2026)", body)

    def test_mail_server_refuses(self):
        self.overdue()
        reminder = self.send()
        mail = reminder.sudo().mail_id
        mail._postprocess_sent_message([], [], "550 no such user", "unknown")
        self.assertRecordValues(
            reminder,
            [
                {
                    "state": "failed",
                    "failure_type": "mail",
                    "failure_reason": "550 no such user",
                }
            ],
        )
        mail.state = "exception"
        reminder.action_retry()
        # the refused mail is gone: nobody can send it besides the new one
        self.assertFalse(mail.exists())
        self.assertEqual(reminder.line_ids.state, "pending")
        self.send_queued()
        self.assertEqual((reminder.state, reminder.line_ids.state), ("sent", "taken"))
        self.assertEqual(reminder.sudo().mail_id.state, "outgoing")

    def test_no_mail_server(self):
        """What Odoo calls the failure, and what was said: no code of a field."""
        self.overdue()
        reminder = self.send()
        mail = reminder.sudo().mail_id
        mail.failure_reason = "Connection refused"
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertEqual(
            reminder.failure_reason,
            "Connection failed (outgoing mail server problem) (Connection refused)",
        )

    def test_sent_again_from_the_technical_menu(self):
        """Odoo's own button sends the same mail: its reminder is on its way again."""
        self.overdue()
        reminder = self.send()
        mail = reminder.sudo().mail_id
        mail._postprocess_sent_message([], [], "550 no such user", "unknown")
        mail.state = "exception"
        mail.mark_outgoing()
        self.assertEqual((reminder.state, mail.state), ("sent", "outgoing"))
        self.assertFalse(reminder.failure_reason)

    def test_bounce(self):
        self.overdue()
        reminder = self.send()
        reminder._message_receive_bounce("alfa@example.com", self.alfa)
        self.assertEqual(reminder.failure_type, "bounced")

    def test_not_before_its_day(self):
        self.overdue()
        run = self.prepare(day=date(2026, 10, 2))
        with self.assertRaises(UserError):
            run.action_send()

    def test_mail_is_the_only_news(self):
        """A mail in the chatter says 'sent'; of a letter the change of state does."""
        self.second.send_letter = True
        other = self.make_buyer("OTHER")
        for buyer in (self.alfa, other):
            self.overdue(buyer=buyer)
        reminders = self.send().sudo()
        self.cr.flush()
        mailed = reminders.filtered(lambda r: r.partner_id == self.alfa)
        self.assertEqual(mailed.message_ids, mailed.mail_message_id)
        changes = (reminders - mailed).message_ids.tracking_value_ids
        self.assertEqual(changes.mapped("new_value_char"), ["Sent"])
