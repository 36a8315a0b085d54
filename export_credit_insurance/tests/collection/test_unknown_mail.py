from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..smtp_catcher import SmtpCatcher
from .common import SendingCommon

UNKNOWN = "credit.followup.unknown.mail"


@tagged("post_install", "-at_install")
class TestUnknownMail(SendingCommon):
    """Reminders and receipts that may have arrived: one list, a person decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write(
            {
                "send_receipt": True,
                "receipt_subject": "Received {{ receipt_amount }}",
                "receipt_body": "<p>{{ balance }} left</p>",
            }
        )
        cls.invoice = cls.overdue()
        cls.make_run()  # the company uses follow-up

    def cut_short(self, mails):
        """The hand-over of these mails had begun when the process was killed."""
        dispatch = self.env["credit.followup.dispatch"].sudo()
        rows = dispatch.search([("mail_id", "in", mails.ids)])
        self.assertEqual(len(rows), len(mails))
        rows.begun_on = "2026-10-01 08:00:00"
        with SmtpCatcher() as catcher:
            self.leave(catcher)
        # colleagues may be told, the buyer gets nothing
        written_to = [name for mail in catcher.caught for name in mail.recipients]
        self.assertNotIn("alfa@example.com", written_to)
        return self.env[UNKNOWN].with_user(self.accountant).search([])

    def unknown_receipt(self):
        """A receipt of 400 whose mail may have arrived."""
        receipt = self.make_receipt(self.alfa, 400.0)
        lines = receipt.line_ids + self.invoice.line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.send_queued()
        thanks = self.env["credit.followup.receipt"].search([])
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", thanks.mail_message_id.id)]
        )
        return self.cut_short(mail), thanks

    def subjects_of_the_next_turn(self):
        with SmtpCatcher() as catcher:
            self.send_queued()
            self.leave(catcher)
            return [mail.message["subject"] for mail in catcher.caught]

    def test_reminder_is_listed(self):
        reminder = self.send()
        mail = reminder.sudo().mail_id
        number = mail.message_id
        row = self.cut_short(mail)
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "reminder",
                    "reminder_id": reminder.id,
                    "partner_id": self.alfa.id,
                    "address": "alfa@example.com",
                    "message_ref": number,
                    "decision": False,
                }
            ],
        )
        with SmtpCatcher() as catcher:
            self.leave(catcher)  # the queue once more: noted once
        self.assertEqual(self.env[UNKNOWN].search_count([]), 1)

    def test_reminder_arrived(self):
        reminder = self.send()
        row = self.cut_short(reminder.sudo().mail_id)
        row.action_arrived()
        self.assertRecordValues(
            row, [{"decision": "arrived", "decided_by": self.accountant.id}]
        )
        self.assertEqual((reminder.state, reminder.failure_type), ("sent", False))
        self.assertFalse(self.subjects_of_the_next_turn())

    def test_reminder_is_sent_again(self):
        """With the sum of that day: 400 of 1 000 were received, 600 are asked for."""
        reminder = self.send()
        row = self.cut_short(reminder.sudo().mail_id)
        self.plan.send_receipt = False
        self.pay(self.invoice, 400.0)
        row.action_send_again()
        self.assertEqual((row.decision, row.decided_on.date()), ("again", self.today))
        [subject] = self.subjects_of_the_next_turn()
        self.assertIn("600.00", subject)

    def test_decided_on_the_reminder(self):
        """Whoever presses the reminder's own buttons has decided as well."""
        reminder = self.send()
        row = self.cut_short(reminder.sudo().mail_id)
        reminder.action_retry()
        self.assertRecordValues(
            row, [{"decision": "again", "decided_by": self.accountant.id}]
        )

    def test_left_alone(self):
        reminder = self.send()
        row = self.cut_short(reminder.sudo().mail_id)
        reminder.action_skip()
        self.assertEqual(row.decision, "dropped")

    def test_receipt_is_listed(self):
        row, thanks = self.unknown_receipt()
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "receipt",
                    "receipt_id": thanks.id,
                    "reminder_id": False,
                    "partner_id": self.alfa.id,
                    "decision": False,
                }
            ],
        )

    def told(self):
        """Who is to look after the receipt's mail."""
        kind = self.env.ref("export_credit_insurance.mail_activity_type_unknown_mail")
        activities = self.alfa.activity_ids
        return activities.filtered(lambda each: each.activity_type_id == kind)

    def test_receipt_is_told_of_until_decided(self):
        """By the plan's signatory; in their language, with the mail's number."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.plan.user_id = self.accountant
        self.accountant.lang = "fr_FR"
        row, _thanks = self.unknown_receipt()
        self.assertEqual(self.told().user_id, self.accountant)
        self.assertIn("15/09/2026", self.told().summary)
        self.assertIn(row.message_ref.strip("<>"), self.told().note)
        row.action_arrived()
        self.assertFalse(self.told())

    def test_receipt_without_a_signatory(self):
        """Nobody signs for the plan, nobody sells: credit control is told."""
        self.plan.user_id = False
        self.alfa.user_id = False
        self.company.credit_controller_id = self.controller
        self.unknown_receipt()
        self.assertEqual(self.told().user_id, self.controller)

    def test_receipt_arrived(self):
        row, _thanks = self.unknown_receipt()
        row.action_arrived()
        self.assertRecordValues(
            row,
            [{"decision": "arrived", "decided_by": self.accountant.id}],
        )
        self.assertFalse(row.sudo().mail_id)
        self.assertFalse(self.subjects_of_the_next_turn())
        # said at the buyer, to colleagues alone
        note = self.alfa.message_ids[0]
        self.assertIn("It Arrived", note.body)
        self.assertTrue(note.subtype_id.internal)

    def test_receipt_is_sent_again(self):
        row, _thanks = self.unknown_receipt()
        row.action_send_again()
        self.assertEqual(row.decision, "again")
        self.assertEqual(self.subjects_of_the_next_turn(), ["Received 400.00\xa0€"])
        self.assertFalse(self.subjects_of_the_next_turn())

    def test_receipt_is_retried_from_the_technical_menu(self):
        """Odoo's Retry on the failed mail: thanked once more, by a new mail."""
        row, _thanks = self.unknown_receipt()
        row.sudo().mail_id.mark_outgoing()
        self.assertEqual(row.decision, "again")
        self.assertEqual(self.subjects_of_the_next_turn(), ["Received 400.00\xa0€"])
        self.assertFalse(self.subjects_of_the_next_turn())

    def test_decided_once(self):
        """Pressed twice, by two people: the first has decided."""
        row, _thanks = self.unknown_receipt()
        row.action_arrived()
        row.with_user(self.controller).action_send_again()
        self.assertRecordValues(
            row, [{"decision": "arrived", "decided_by": self.accountant.id}]
        )
        self.assertFalse(self.subjects_of_the_next_turn())

    def test_who_decides(self):
        row, _thanks = self.unknown_receipt()
        reader = new_test_user(
            self.env,
            "reader",
            "export_credit_insurance.group_credit_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            row.with_user(reader).action_arrived()
        with self.assertRaises(AccessError):
            row.with_user(self.accountant).write({"decision": "arrived"})
