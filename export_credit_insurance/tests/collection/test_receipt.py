from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon

LOGGER = "odoo.addons.export_credit_insurance.models.collection.credit_followup_receipt"


@tagged("post_install", "-at_install")
class TestReceipt(FollowupCommon):
    """One mail of thanks per payment, with the balance left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.make_step(5)
        cls.plan.write(
            {
                "send_receipt": True,
                "receipt_subject": "Received {{ receipt_amount }}",
                "receipt_body": "<p>{{ buyer }}: {{ balance }} left</p>",
            }
        )
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due="2026-09-20"
        )
        cls.make_run()  # the company uses follow-up

    def match(self, receipt, invoice=None):
        lines = receipt.line_ids + (invoice or self.invoice).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    def receipts(self):
        return self.env["credit.followup.receipt"].sudo().search([])

    def thanks(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "=", self.alfa.id),
                ("subject", "like", "Received"),
            ]
        )

    def test_thanked_with_the_balance(self):
        """400 of 1 000 received, 600 left."""
        self.match(self.make_receipt(self.alfa, 400.0))
        self.send_queued()
        mail = self.thanks()
        self.assertIn("400.00", mail.subject)
        self.assertIn("ALFA: 600.00\xa0€ left", mail.body_html)

    def break_second(self):
        """Three payments, the second of which cannot be thanked for."""
        payments = [self.make_receipt(self.alfa, amount) for amount in (100, 200, 300)]
        for payment in payments:
            self.match(payment)
        receipts = type(self.receipts())
        values = receipts._text_values

        def broken(receipt, plan, contact, balance):
            if receipt.amount == 200.0:
                raise KeyError("x")
            return values(receipt, plan, contact, balance)

        return patch.object(receipts, "_text_values", broken)

    def test_one_that_fails_keeps_no_other_waiting(self):
        """100 and 300 of 1 000 are thanked for, with 400 left; of the 200 the
        salesperson hears; and the run with nothing left to send is done."""
        self.alfa.user_id = self.accountant
        run = self.prepare()
        run.reminder_ids.action_skip()
        run.sudo().state = "sending"
        with self.break_second(), mute_logger(LOGGER):
            self.send_queued()
        self.assertRecordValues(
            self.receipts().sorted("amount"),
            [
                {"amount": 100.0, "state": "sent"},
                {"amount": 200.0, "state": "failed"},
                {"amount": 300.0, "state": "sent"},
            ],
        )
        self.assertEqual(len(self.thanks()), 2)
        for mail in self.thanks():
            self.assertIn("ALFA: 400.00\xa0€ left", mail.body_html)
        activity = self.alfa.sudo().activity_ids
        self.assertEqual(activity.user_id, self.accountant)
        self.assertIn("is not acknowledged", activity.summary)
        self.assertNotIn("KeyError", activity.note)
        self.assertEqual(run.state, "done")
        cron = self.env.ref("export_credit_insurance.ir_cron_send_followup")
        self.assertEqual(cron.failure_count, 0)

    def test_thanked_for_again_once_the_text_is_mended(self):
        with self.break_second(), mute_logger(LOGGER):
            self.send_queued()
        self.send_queued()
        self.assertEqual(len(self.thanks()), 2)
        self.plan.receipt_body = "<p>{{ buyer }}</p>"
        self.send_queued()
        self.assertEqual(set(self.receipts().mapped("state")), {"sent"})
        self.assertEqual(len(self.thanks()), 3)

    def test_once_per_payment(self):
        """Matched with two invoices, undone and matched again: one mail."""
        other = self.make_invoice(self.alfa, 100.0, day="2026-07-01", due="2026-09-20")
        receipt = self.make_receipt(self.alfa, 1050.0)
        self.match(receipt)
        self.match(receipt, other)
        self.send_queued()
        receipt.line_ids.remove_move_reconcile()
        self.match(receipt)
        self.send_queued()
        self.assertEqual(len(self.thanks()), 1)
        self.assertEqual(self.receipts().state, "sent")

    def test_undone_before_it_is_thanked(self):
        """The money came, whatever it is matched with: once, 1 000 − 400 left."""
        receipt = self.make_receipt(self.alfa, 400.0)
        for _twice in range(2):
            self.match(receipt)
            receipt.line_ids.remove_move_reconcile()
        self.send_queued()
        self.match(receipt)
        self.send_queued()
        mail = self.thanks()
        self.assertEqual(len(mail), 1)
        self.assertIn("ALFA: 600.00\xa0€ left", mail.body_html)

    def test_credit_note_is_no_receipt(self):
        refund = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        refund.create({"journal_id": self.invoice.journal_id.id}).modify_moves()
        self.assertFalse(self.receipts())

    def test_plan_that_does_not_thank(self):
        self.plan.send_receipt = False
        self.match(self.make_receipt(self.alfa, 400.0))
        self.send_queued()
        self.assertFalse(self.thanks())
        self.assertEqual(self.receipts().state, "skipped")

    def test_nothing_where_follow_up_is_not_used(self):
        self.env["credit.followup.run"].search([]).unlink()
        self.env.registry.clear_cache("stable")
        self.match(self.make_receipt(self.alfa, 400.0))
        self.assertFalse(self.receipts())

    def test_paid_invoice_has_no_next_step(self):
        self.due._refresh_moves(self.alfa, self.company)
        self.assertTrue(self.invoice.credit_followup_next_date)
        self.match(self.make_receipt(self.alfa, 1000.0))
        self.assertFalse(self.invoice.credit_followup_next_date)
