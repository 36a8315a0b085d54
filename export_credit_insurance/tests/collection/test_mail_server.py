from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..smtp_catcher import SmtpCatcher
from .common import FollowupCommon

# What a buyer is told, in three scripts: the subject and the greeting.
WORDS = {
    "ar_001": ("تذكير بالدفع", "السادة المحترمون"),
    "zh_CN": ("付款提醒", "尊敬的客户"),
    "pl_PL": ("Przypomnienie o płatności", "Szanowni Państwo"),
}
PDF = b"%PDF-1.4 invoice"


@tagged("post_install", "-at_install")
class TestMailServer(FollowupCommon):
    """What arrives at a real mail server, over a real socket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.email = "exporter@example.com"
        cls.step = cls.make_step(15, attach_invoices=True, user_id=cls.accountant.id)

    def overdue(self, buyer):
        return self.make_invoice(buyer, 1000.0, day="2026-07-01", due=date(2026, 9, 11))

    def send(self, catcher):
        """Prepare, send, and let Odoo's queue talk to the catcher."""
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.send_queued()
        self.leave(catcher)
        return run.reminder_ids

    def leave(self, catcher):
        servers = self.env["ir.mail_server"]
        servers.search([]).unlink()
        servers.create(
            {
                "name": "Catcher",
                "smtp_host": "127.0.0.1",
                "smtp_port": catcher.port,
                "smtp_encryption": "none",
            }
        )
        # Odoo sends nothing while tests run, unless they say so
        sends = patch.object(type(servers), "_disable_send", lambda _self: False)
        with sends, self.enter_registry_test_mode():
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def test_languages_and_scripts(self):
        buyers = {}
        for code, (subject, greeting) in WORDS.items():
            self.env["res.lang"]._activate_lang(code)
            self.step.with_context(lang=code).subject = subject
            words = {code: {"Dear {{ buyer }}": greeting}}
            self.step.update_field_translations("body", words)
            address = f"{code.lower()}@example.com"
            buyers[code] = self.make_buyer(code, email=address, lang=code)
        invoices = {code: self.overdue(buyer) for code, buyer in buyers.items()}
        with SmtpCatcher() as catcher:
            reminders = self.send(catcher)
        self.assertEqual(len(catcher.caught), 3)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        for code, (subject, greeting) in WORDS.items():
            with self.subTest(code):
                [mail] = catcher.to(f"{code.lower()}@example.com")
                self.assertEqual(mail.message["subject"], subject)
                self.assertEqual(mail.message.get_body().get_content_charset(), "utf-8")
                for part in (mail.html, mail.text):
                    self.assertIn(greeting, part)
                    self.assertIn(invoices[code].name, part)
                side = "rtl" if code == "ar_001" else "ltr"
                self.assertIn(f'dir="{side}"', mail.html)
                self.assertIn(f'lang="{code.replace("_", "-")}"', mail.html)

    def test_headers_and_envelope(self):
        self.overdue(self.alfa)
        with SmtpCatcher() as catcher:
            reminder = self.send(catcher)
        [mail] = catcher.caught
        message = mail.message
        self.assertEqual(mail.recipients, ("alfa@example.com",))
        self.assertIn("alfa@example.com", message["to"])
        self.assertFalse(message["cc"] or message["bcc"])
        self.assertIn(self.accountant.email, message["reply-to"])
        # no answers from machines; an answer of a person finds its reminder
        self.assertEqual(message["auto-submitted"], "auto-generated")
        self.assertEqual(message["x-auto-response-suppress"], "OOF")
        thread = f"-{reminder.id}-credit.followup.reminder@"
        self.assertIn(thread, message["message-id"])
        self.assertEqual(
            message["message-id"], reminder.sudo().mail_message_id.message_id
        )

    def test_attachments(self):
        """The invoice as it went out, and the letter."""
        self.step.send_letter = True
        invoice = self.overdue(self.alfa)
        file = self.env["ir.attachment"].create(
            {
                "name": "INV.pdf",
                "raw": PDF,
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset()
        self.assertEqual(invoice.invoice_pdf_report_id, file)
        with SmtpCatcher() as catcher:
            reminder = self.send(catcher)
        files = catcher.caught[0].files
        self.assertEqual(files["INV.pdf"], PDF)
        self.assertEqual(set(files) - {"INV.pdf"}, {reminder.sudo().letter_id.name})

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_refused_and_tried_again(self):
        """The mail server does not know the mailbox: the reason, then a new address."""
        self.overdue(self.alfa)
        with SmtpCatcher(refused=["alfa@example.com"]) as catcher:
            reminder = self.send(catcher)
            self.assertFalse(catcher.caught)
        self.assertEqual((reminder.state, reminder.failure_type), ("failed", "mail"))
        self.assertIn("no such user", reminder.failure_reason)
        self.alfa.email = "new@example.com"
        reminder.action_retry()
        self.send_queued()
        with SmtpCatcher() as catcher:
            self.leave(catcher)
            self.assertEqual(len(catcher.to("new@example.com")), 1)
            self.leave(catcher)
            self.assertEqual(len(catcher.caught), 1)
        self.assertEqual(reminder.state, "sent")

    def test_begun_is_not_begun_again(self):
        """A hand-over that was cut short: the mail stays, a person decides."""
        self.overdue(self.alfa)
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.send_queued()
        reminder = run.reminder_ids
        mail = reminder.sudo().mail_id
        dispatch = self.env["credit.followup.dispatch"].sudo()
        dispatch.search([("mail_id", "=", mail.id)]).begun_on = "2026-10-01 08:00:00"
        with SmtpCatcher() as catcher:
            self.leave(catcher)
            self.assertFalse(catcher.caught)
            self.assertEqual(reminder.failure_type, "unknown")
            self.assertIn(mail.message_id, reminder.failure_reason)
            reminder.action_confirm_sent()
            self.leave(catcher)
            self.assertFalse(catcher.caught)
        self.assertRecordValues(
            reminder, [{"state": "sent", "failure_type": False, "mail_id": False}]
        )
