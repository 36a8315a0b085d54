from datetime import date

from odoo import Command
from odoo.exceptions import UserError
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

    def test_security_that_has_expired_since(self):
        """60 000 of the first 100 000 were secured until 31 May, after the loss.

        40 000 and 20 000 of the second are eligible, whatever is left of it today.
        """
        security = self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 60000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-05-31",
                "is_general": True,
                "state": "active",
            }
        )
        self.expire_securities()
        self.assertEqual(security.state, "closed")
        self.assertRecordValues(
            self.prepare(),
            [
                {
                    "gross_amount": 140000.0,
                    "eligible_amount": 60000.0,
                    "base_amount": 60000.0,
                }
            ],
        )

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
        recovery = claim.recovery_ids
        recovery.costs = 3000.0
        self.assertFalse(recovery.is_before_loss)
        self.assertEqual(recovery.insurer_amount, 17357.14)
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_paid_off_before_the_draft_was_brought_up_to_date(self):
        """The draft does not list the 5 000, and nothing else is to be added."""
        for bring_up in ("action_refresh", "action_file"):
            with self.subTest(bring_up), self.cr.savepoint() as savepoint:
                claim = self.prepare()
                third = claim.line_ids.filtered(lambda li: li.move_id == self.third)
                third.sudo().unlink()
                self.pay(self.third, 5000.0, "2026-06-02")
                getattr(claim, bring_up)()
                self.assertBeta(claim)
                self.assertIn(self.third, claim.line_ids.move_id)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_older_instalment_moves_the_loss(self):
        """Waiting counts 30 days from the oldest due date. Only the third is open.

        Due 2 April: 2 May, when the first was open; due 1 February: 3 March, when the
        second was open, too.
        """
        self.policy.write({"waiting_base": "due_date", "waiting_days": 30})
        buyer = self.make_buyer("GAMMA")
        self.make_limit(buyer, 100000.0)
        first = self.make_debt(buyer, 100.0, day="2026-01-10", due="2026-02-01")
        second = self.make_debt(buyer, 200.0, day="2026-01-12", due="2026-02-20")
        third = self.make_debt(buyer, 400.0, day="2026-01-15")
        self.pay(second, 200.0, "2026-04-01")
        self.pay(first, 100.0, "2026-05-10")
        claim = self.prepare(buyer)
        self.assertEqual(claim.loss_date, date(2026, 3, 3))
        self.assertEqual(claim.line_ids.move_id, first + second + third)
        self.assertEqual(claim.gross_amount, 700.0)

    def make_notice(self, moves):
        return self.env["credit.insurance.overdue.notice"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
                "line_ids": [
                    Command.create(
                        {"move_line_id": line.id, "due_date": line.date_maturity}
                    )
                    for line in moves.line_ids.filtered("date_maturity")
                ],
            }
        )

    def test_a_notice_says_what_is_claimed(self):
        """Of a notice what it lists, also what was paid since; nothing besides."""
        notice = self.make_notice(self.first + self.third)
        self.pay(self.third, 5000.0, "2026-06-02")
        self.pay(self.second, 35000.0, "2026-06-02")
        claim = self.prepare(notices=notice)
        self.assertEqual(claim.line_ids.move_id, self.first + self.third)
        claim.action_file()
        self.assertEqual(claim.line_ids.move_id, self.first + self.third)

    def test_a_filed_loss_stays_with_its_list(self):
        """Filed on 10 June as of the judgment of 20 May."""
        claim = self.file()
        for day in ("2026-05-19", "2026-05-21"):
            with self.assertRaises(UserError), self.cr.savepoint():
                claim.insurer_loss_date = day
        self.env.invalidate_all()
        self.assertEqual(claim.loss_date, date(2026, 5, 20))
