from datetime import date

from odoo import Command
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimPastLoss(ClaimCommon):
    """A loss is what was owed on its day (DOMAIN 1.13), what came in since a recovery.

    BETA was judged insolvent on 20 May; today is 10 June. As in DOMAIN 1.13: 140 000
    owed, 120 000 eligible, 100 000 within the limit, 79 000 to be paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insolvency = cls.env["credit.insurance.insolvency"].create(
            {"partner_id": cls.beta.id, "judgment_date": "2026-05-20"}
        )

    def pay(self, move, amount, day):
        self._register_payment(move, amount=amount, payment_date=day)

    def assertBeta(self, claim):
        self.assertRecordValues(
            claim,
            [
                {
                    "loss_date": date(2026, 5, 20),
                    "gross_amount": 140000.0,
                    "eligible_amount": 120000.0,
                    "base_amount": 100000.0,
                    "expected_amount": 79000.0,
                }
            ],
        )

    def test_matched_since(self):
        self.pay(self.first, 30000.0, "2026-06-01")
        claim = self.prepare()
        self.assertBeta(claim)
        lines = {line.move_id: line.document_amount for line in claim.line_ids}
        self.assertEqual(
            lines, {self.first: 100000.0, self.second: 35000.0, self.third: 5000.0}
        )

    def test_received_since_and_not_matched(self):
        self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        self.assertBeta(self.prepare())

    def test_paid_off_since(self):
        """All of the 5 000, which are no longer open: they are listed all the same."""
        self.pay(self.third, 5000.0, "2026-06-02")
        claim = self.prepare()
        self.assertBeta(claim)
        self.assertIn(self.third, claim.line_ids.move_id)

    def test_received_while_it_is_a_draft(self):
        claim = self.prepare()
        self.pay(self.first, 30000.0, "2026-06-01")
        claim.action_refresh()
        self.assertBeta(claim)
        claim.action_file()
        self.assertBeta(claim)

    def test_received_before_the_loss(self):
        """L = 120 000 - 30 000 = 90 000 = B; 81 000 - 1 000 - 10 000 = 70 000."""
        self.pay(self.first, 30000.0, "2026-05-20")
        claim = self.prepare()
        self.assertEqual(claim.gross_amount, 110000.0)
        self.assertEqual(claim.expected_amount, 70000.0)

    def test_what_came_in_since_is_shared(self):
        """DOMAIN 1.14: 27 000 × 100/140 × 90 % = 17 357.14 to the insurer."""
        self.pay(self.first, 30000.0, "2026-06-01")
        claim = self.file()
        recovery = self.env["credit.insurance.recovery"].create(
            {
                "claim_id": claim.id,
                "date": "2026-06-01",
                "gross_amount": 30000.0,
                "costs": 3000.0,
            }
        )
        self.assertFalse(recovery.is_before_loss)
        self.assertEqual(recovery.insurer_amount, 17357.14)
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_a_notice_says_what_is_claimed(self):
        """Of a notice what it lists, nothing that was paid since besides."""
        notice = self.env["credit.insurance.overdue.notice"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
                "line_ids": [
                    Command.create(
                        {"move_line_id": line.id, "due_date": line.date_maturity}
                    )
                    for line in self.second.line_ids.filtered("date_maturity")
                ],
            }
        )
        self.pay(self.third, 5000.0, "2026-06-02")
        claim = self.prepare(notices=notice)
        self.assertEqual(claim.line_ids.move_id, self.second)
