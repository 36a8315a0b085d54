from odoo.tests import tagged

from .common import SendingCommon


@tagged("post_install", "-at_install")
class TestChangedMeanwhile(SendingCommon):
    """Paid or disputed after the run was prepared: seen, and sent, as of now."""

    def test_paid_before_it_leaves(self):
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.pay(invoice, 1000.0)
        self.assertRecordValues(
            run.reminder_ids, [{"state": "skipped", "skip_reason": "paid"}]
        )
        self.send_queued()
        self.assertFalse(run.reminder_ids.sudo().mail_id)

    def test_paid_in_part_before_it_leaves(self):
        """400 of 1 000 received since: 600 are asked for."""
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.pay(invoice, 400.0)
        self.send_queued()
        self.assertEqual(run.reminder_ids.amount_due, 600.0)
        self.assertIn("600.00", run.reminder_ids.sudo().mail_id.subject)

    def test_disputed_before_it_leaves(self):
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        invoice.credit_dispute_amount = 1000.0
        self.send_queued()
        self.assertEqual(run.reminder_ids.skip_reason, "disputed")

    def test_retried_when_paid_meanwhile(self):
        """The mail came back, the buyer paid: nothing is sent any more."""
        invoice = self.overdue()
        reminder = self.send()
        reminder._message_receive_bounce("alfa@example.com", self.alfa)
        self.pay(invoice, 1000.0)
        reminder.action_retry()
        self.send_queued()
        self.assertRecordValues(
            reminder, [{"state": "skipped", "skip_reason": "paid", "mail_id": False}]
        )

    def test_preview_is_what_is_sent(self):
        self.overdue()
        run = self.prepare(user=self.accountant)
        preview = run.reminder_ids.preview_subject, run.reminder_ids.preview_body
        run.action_send()
        self.send_queued()
        mail = run.reminder_ids.sudo().mail_id
        self.assertEqual((mail.subject, str(mail.body_html)), preview)
        self.assertEqual(run.reminder_ids.preview_subject, mail.subject)

    def preview(self, run):
        """What the accountant reads on the run's only reminder."""
        run.reminder_ids.invalidate_recordset()
        reminder = run.reminder_ids.with_user(self.accountant)
        return reminder.preview_subject, reminder.preview_body

    def assertPreviewed(self, run):
        """What is read before is what arrives, to the letter."""
        preview = self.preview(run)
        run.action_send()
        self.send_queued()
        mail = run.reminder_ids.sudo().mail_id
        self.assertEqual((mail.subject, str(mail.body_html)), preview)

    def test_preview_of_what_was_paid_in_part(self):
        """400 of 1 000 received since: the preview asks for 600, as the mail does."""
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        self.pay(invoice, 400.0)
        subject, body = self.preview(run)
        self.assertIn("600.00", subject)
        self.assertNotIn("1,000.00", subject + body)
        self.assertEqual(run.reminder_ids.amount_due, 1000.0)  # nothing is written
        self.assertPreviewed(run)

    def test_preview_of_what_is_disputed_in_part(self):
        """250 of 1 000 disputed since: 750 are asked for."""
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        invoice.credit_dispute_amount = 250.0
        self.assertIn("750.00", self.preview(run)[0])
        self.assertPreviewed(run)

    def test_preview_leaves_out_what_is_settled(self):
        first, second = self.overdue(20), self.overdue(18, 500.0)
        run = self.prepare(user=self.accountant)
        first.credit_dispute_amount = 1000.0
        subject, body = self.preview(run)
        self.assertIn("500.00", subject)
        self.assertIn(second.name, body)
        self.assertNotIn(first.name, body)
        self.assertPreviewed(run)

    def test_preview_says_that_nothing_is_left(self):
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        invoice.credit_dispute_amount = 1000.0
        subject, body = self.preview(run)
        self.assertFalse(subject)
        self.assertEqual(body, "Nothing would be sent today: Disputed Meanwhile.")
        self.assertEqual(run.reminder_ids.state, "draft")  # nothing is written

    def test_interest_of_the_preview(self):
        """Paid in part after the due date: interest is that of sending, too."""
        self.second.show_interest = True
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        self.pay(invoice, 400.0)
        self.assertPreviewed(run)

    def test_letter_is_lowered_too(self):
        self.second.write({"send_letter": True, "send_mail": False})
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        self.pay(invoice, 400.0)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "export_credit_insurance.credit_followup_letter", run.reminder_ids.ids
        )
        self.assertIn("600.00", html.decode())
        self.assertNotIn("1,000.00", html.decode())

    def test_preview_of_what_was_skipped(self):
        """Insolvent since: the reminder asks for nothing, and not for 0.00."""
        self.overdue()
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-30"}
        )
        self.send_queued()
        self.assertEqual(run.reminder_ids.state, "skipped")
        subject, body = self.preview(run)
        self.assertFalse(subject)
        self.assertEqual(body, "Nothing was sent: Insolvent Meanwhile.")
