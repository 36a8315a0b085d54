from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

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
        for values in (
            {"state": "settled"},
            {"settled_by": self.controller.id},
            {"settled_on": "2026-01-01"},
        ):
            with self.subTest(values=values):
                with self.assertRaises(AccessError):
                    self.dispute(300.0, **values)
                dispute = self.dispute(100.0)
                with self.assertRaises(AccessError):
                    dispute.write({**values, "description": "?"})
                self.assertFalse(dispute.description)
                self.assertEqual(dispute.state, "open")
                self.assertFalse(dispute.settled_by)

    def test_nothing_of_it_comes_from_a_context(self):
        disputes = self.env["credit.followup.dispute"].with_user(self.accountant)
        dispute = disputes.with_context(
            default_state="settled", default_settled_by=self.controller.id
        ).create({"move_id": self.invoice.id, "amount": 300.0})
        self.assertEqual((dispute.state, dispute.settled_by.id), ("open", False))
        self.assertEqual(self.invoice.credit_dispute_amount, 300.0)

    def test_settled_is_history(self):
        dispute = self.dispute(300.0, outcome="upheld")
        dispute.action_settle()
        for values in (
            {"outcome": "withdrawn"},
            {"category": "price"},
            {"date": "2026-01-01"},
            {"amount": 1.0},
            {"move_id": self.invoice.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                dispute.write(values)
        dispute.description = "As the contract says"
        dispute.action_reopen()
        self.assertRecordValues(
            dispute,
            [{"outcome": False, "settled_on": False, "settled_by": False}],
        )

    def test_form_and_import(self):
        """What the web client saves, and a file, name nothing of the server's."""
        disputes = self.env["credit.followup.dispute"].with_user(self.accountant)
        with Form(disputes.with_context(default_move_id=self.invoice.id)) as form:
            form.amount = 300.0
        dispute = form.record
        with Form(dispute) as form:
            form.outcome = "upheld"
        dispute.action_settle()
        with Form(dispute) as form:
            form.description = "As the contract says"
        self.assertEqual((dispute.state, dispute.amount), ("settled", 300.0))
        result = disputes.load(
            ["move_id/.id", "amount", "category"],
            [[str(self.invoice.id), "200", "price"]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(disputes.browse(result["ids"]).state, "open")

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
