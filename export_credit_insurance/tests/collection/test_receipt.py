from freezegun import freeze_time

from odoo.tests import tagged

from .common import FollowupCommon


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
            [("model", "=", "res.partner"), ("res_id", "=", self.alfa.id)]
        )

    def test_thanked_with_the_balance(self):
        """400 of 1 000 received, 600 left."""
        self.match(self.make_receipt(self.alfa, 400.0))
        self.send_queued()
        mail = self.thanks()
        self.assertIn("400.00", mail.subject)
        self.assertIn("ALFA: 600.00\xa0€ left", mail.body_html)

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
