from datetime import date

from freezegun import freeze_time

from odoo import fields
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
        # the server's words, without the marks of Python
        self.assertEqual(reminder.failure_reason, "550 5.1.1 no such user")
        self.alfa.email = "new@example.com"
        reminder.action_retry()
        self.send_queued()
        with SmtpCatcher() as catcher:
            self.leave(catcher)
            self.assertEqual(len(catcher.to("new@example.com")), 1)
            self.leave(catcher)
            self.assertEqual(len(catcher.caught), 1)
        self.assertEqual(reminder.state, "sent")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_no_connection(self):
        """Nobody listens there any more: no mail server has refused anything."""
        self.overdue(self.alfa)
        with SmtpCatcher() as catcher:
            pass
        reminder = self.send(catcher)
        self.assertEqual(
            (reminder.state, reminder.failure_type), ("failed", "connection")
        )
        # Linux's number for it; one line
        self.assertEqual(
            reminder.failure_reason,
            "Connection failed (outgoing mail server problem) (111 Connection refused)",
        )
        reminder.action_retry()
        self.send_queued()
        with SmtpCatcher() as catcher:
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

    def match(self, receipt, invoice):
        lines = receipt.line_ids + invoice.line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    def queue(self, *buyers):
        """Mails that wait in Odoo's queue; return (reminders, invoices)."""
        invoices = [self.overdue(buyer) for buyer in buyers]
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.send_queued()
        reminders = run.reminder_ids.sorted(lambda r: buyers.index(r.partner_id))
        self.assertEqual(set(reminders.sudo().mail_id.mapped("state")), {"outgoing"})
        return reminders, invoices

    def test_paid_while_its_mail_waits(self):
        """Paid in full: recalled. Paid in part: right on its day, it leaves."""
        beta = self.make_buyer("BETA", email="beta@example.com")
        reminders, (paid, part) = self.queue(self.alfa, beta)
        mail = reminders[0].sudo().mail_id
        message = mail.mail_message_id
        self.assertEqual(paid.credit_followup_step_id, self.step)
        self.match(self.make_receipt(self.alfa, 1000.0), paid)
        self.match(self.make_receipt(beta, 400.0), part)
        self.assertRecordValues(
            reminders,
            [
                {"state": "skipped", "skip_reason": "paid", "sent_on": False},
                {"state": "sent", "skip_reason": False, "sent_on": self.now()},
            ],
        )
        self.assertEqual(reminders.line_ids.mapped("state"), ["dropped", "taken"])
        self.assertFalse(mail.exists() or message.exists())
        self.assertFalse(paid.credit_followup_step_id)
        with SmtpCatcher() as catcher:
            self.leave(catcher)
            self.assertEqual(
                [mail.recipients for mail in catcher.caught], [("beta@example.com",)]
            )

    def now(self):
        return fields.Datetime.now()

    def test_receipt_undone_after_the_recall(self):
        """The receipt was another buyer's: the step is due again, and leaves once."""
        [reminder], [invoice] = self.queue(self.alfa)
        receipt = self.make_receipt(self.alfa, 1000.0)
        self.match(receipt, invoice)
        self.assertEqual(reminder.state, "skipped")
        receipt.line_ids.remove_move_reconcile()
        with SmtpCatcher() as catcher:
            again = self.send(catcher)
            self.assertEqual(len(catcher.caught), 1)
        self.assertEqual(again.step_id, self.step)
        self.assertEqual(invoice.credit_followup_step_id, self.step)

    def test_paid_when_its_hand_over_has_begun(self):
        """Nobody knows whether it left: it stays what it is."""
        [reminder], [invoice] = self.queue(self.alfa)
        mail = reminder.sudo().mail_id
        dispatch = self.env["credit.followup.dispatch"].sudo()
        dispatch.search([("mail_id", "=", mail.id)]).begun_on = "2026-10-01 08:00:00"
        self.match(self.make_receipt(self.alfa, 1000.0), invoice)
        self.assertEqual((reminder.state, mail.state), ("sent", "outgoing"))

    def test_one_of_two_paid(self):
        """What asks for something still leaves."""
        other = self.overdue(self.alfa)
        [reminder], [invoice] = self.queue(self.alfa)
        self.match(self.make_receipt(self.alfa, 1000.0), invoice)
        self.assertEqual(reminder.state, "sent")
        self.match(self.make_receipt(self.alfa, 1000.0), other)
        self.assertEqual((reminder.state, reminder.skip_reason), ("skipped", "paid"))

    def test_paid_in_another_currency(self):
        """A gain and a loss on the exchange: paid, both are recalled."""
        for rate in (0.5, 5.0):
            with self.subTest(rate):
                buyer = self.make_buyer("USD", email="usd@example.com")
                invoice = self.make_invoice(
                    buyer,
                    1000.0,
                    day="2026-07-01",
                    due="2026-09-11",
                    currency_id=self.dollar.id,
                )
                run = self.prepare(user=self.accountant, partner_ids=buyer.ids)
                run.action_send()
                self.send_queued()
                self.assertEqual(run.reminder_ids.state, "sent")
                receipt = self.make_receipt(
                    buyer, 1000.0, currency=self.dollar, rate=rate
                )
                self.match(receipt, invoice)
                self.assertEqual(invoice.amount_residual, 0.0)
                self.assertEqual(run.reminder_ids.skip_reason, "paid")

    def test_posted_letter_is_not_recalled(self):
        """What the post office has is with the buyer."""
        self.step.send_letter = True
        [reminder], [invoice] = self.queue(self.alfa)
        reminder.dispatched_on = self.today
        self.match(self.make_receipt(self.alfa, 1000.0), invoice)
        self.assertEqual(reminder.state, "sent")
        self.assertTrue(reminder.letter_id)

    def test_receipt_is_thanked_for_once(self):
        """Matched, undone, matched with two invoices: one mail leaves."""
        self.plan.write(
            {
                "send_receipt": True,
                "receipt_subject": "Received {{ receipt_amount }}",
                "receipt_body": "<p>{{ balance }} left</p>",
            }
        )
        invoice, other = self.overdue(self.alfa), self.overdue(self.alfa)
        self.make_run()  # the company uses follow-up
        receipt = self.make_receipt(self.alfa, 1500.0)
        with SmtpCatcher() as catcher:
            for _twice in range(2):
                self.match(receipt, invoice)
                self.match(receipt, other)
                self.send_queued()
                self.leave(catcher)
                receipt.line_ids.remove_move_reconcile()
            self.assertEqual(
                [mail.message["subject"] for mail in catcher.caught],
                ["Received 1,500.00\xa0€"],
            )
