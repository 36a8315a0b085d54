from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestDisputeRecord(FollowupCommon):
    """Open disputes make the ledger's disputed amount; the rest is reminded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.make_step(5)
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due="2026-09-20"
        )

    def dispute(self, amount, **values):
        return (
            self.env["credit.followup.dispute"]
            .with_user(self.accountant)
            .create(
                {
                    "move_id": self.invoice.id,
                    "amount": amount,
                    "category": "quality",
                    **values,
                }
            )
        )

    def test_sum_of_open_disputes(self):
        self.dispute(300.0)
        second = self.dispute(200.0)
        self.assertEqual(self.invoice.credit_dispute_amount, 500.0)
        self.assertEqual(self.item(self.invoice).chased, 500.0)
        second.amount = 100.0
        self.assertEqual(self.invoice.credit_dispute_amount, 400.0)

    def test_settled_leaves_the_sum(self):
        dispute = self.dispute(300.0)
        with self.assertRaises(UserError):
            dispute.action_settle()
        dispute.outcome = "upheld"
        dispute.action_settle()
        self.assertRecordValues(
            dispute,
            [{"state": "settled", "settled_by": self.accountant.id}],
        )
        self.assertEqual(self.invoice.credit_dispute_amount, 0.0)
        self.assertDue(self.invoice, self.today, self.step)
        with self.assertRaises(UserError):
            dispute.amount = 500.0
        dispute.action_reopen()
        self.assertEqual(self.invoice.credit_dispute_amount, 300.0)

    def test_state_is_not_written_by_hand(self):
        dispute = self.dispute(300.0, state="settled")
        self.assertEqual(dispute.state, "open")
        dispute.write({"state": "settled", "description": "?"})
        self.assertEqual(dispute.state, "open")

    def test_not_above_the_invoice(self):
        self.dispute(600.0)
        with self.assertRaises(ValidationError):
            self.dispute(400.01)

    def test_proposes_what_is_open(self):
        action = self.invoice.with_user(self.accountant).action_record_dispute()
        model = self.env["credit.followup.dispute"].with_user(self.accountant)
        dispute = model.with_context(**action["context"]).create({})
        self.assertEqual(dispute.amount, 1000.0)
        self.assertEqual(self.item(self.invoice).exclusion, "disputed")

    def test_buyer_is_told_of_what_is_left(self):
        self.dispute(300.0)
        reminder = self.prepare().reminder_ids
        self.assertEqual(reminder.amount_due, 700.0)
        self.assertEqual(reminder.line_ids.disputed_amount, 300.0)
        self.assertIn("disputed, not included", reminder.preview_body)

    def test_deleted_dispute(self):
        dispute = self.dispute(300.0)
        dispute.sudo().unlink()
        self.assertEqual(self.invoice.credit_dispute_amount, 0.0)
