from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimRecovery(ClaimCommon):
    """What comes in after a claim was filed (DOMAIN 1.14)."""

    def recover(self, claim, gross, costs=0.0, day="2026-12-15", **values):
        return (
            self.env["credit.insurance.recovery"]
            .with_user(self.controller)
            .create(
                {
                    "claim_id": claim.id,
                    "date": day,
                    "gross_amount": gross,
                    "costs": costs,
                    **values,
                }
            )
        )

    def lost(self, name, debt, limit):
        """A claim at 100 % without deductible and first loss, paid."""
        self.policy.write({"insured_pct_named": 100.0, "deductible": 0.0})
        self.policy.year_ids.aggregate_first_loss = 0.0
        claim = self.lose(name, debt, limit)
        claim.action_file()
        claim.action_admit()
        claim.action_pay()
        return claim

    def test_pro_rata(self):
        """30 000 − 3 000 = 27 000 × 100 / 140 × 90 % = 17 357.14; 9 642.86 kept."""
        claim = self.file()
        recovery = self.recover(claim, 30000.0, 3000.0)
        self.assertRecordValues(
            recovery,
            [
                {
                    "is_before_loss": False,
                    "method": "pro_rata",
                    "currency_id": self.euro.id,
                    "net_amount": 27000.0,
                    "insurer_amount": 17357.14,
                    "own_amount": 9642.86,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_the_share_is_explained(self):
        """90 000 / 140 000 = 64.29 %; after 40 000 before the loss 72 000 / 100 000.

        Of 200 000 the insurer would get 128 571: it pays 79 000, which are 39.5 %.
        """
        claim = self.file()
        self.assertEqual(
            self.recover(claim, 7000.0).share_text.replace("\xa0", " "),
            "64.29 % = 90,000.00 € covered of 140,000.00 € owed",
        )
        claim.recovery_ids.unlink()
        most = self.recover(claim, 200000.0)
        self.assertTrue(most.share_text.startswith("39.50 %: "), most.share_text)
        most.unlink()
        early = self.recover(claim, 40000.0, day=claim.loss_date - timedelta(days=1))
        self.assertIn("Before the loss", early.share_text)
        late = self.recover(claim, 27000.0)
        self.assertTrue(late.share_text.startswith("72 % = "), late.share_text)
        oldest = self.recover(claim, 100.0, method="fifo")
        self.assertIn("oldest debt", oldest.share_text)

    def test_what_was_declared_keeps_its_share(self):
        """17 357.14 of 27 000 = 64.29 %, though 40 000 are found to come before."""
        claim = self.file()
        recovery = self.recover(claim, 30000.0, 3000.0)
        recovery.action_declare()
        self.recover(claim, 40000.0, day=claim.loss_date - timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual(recovery.insurer_amount, 17357.14)
        self.assertIn("64.29 %, as", recovery.share_text)

    def test_after_a_receipt_before_the_loss(self):
        """40 000 came in early: 100 000 are owed, 80 000 insured at 90 % = 72 000.

        Of 27 000 the insurer gets 72 / 100 = 19 440.
        """
        claim = self.file()
        early = self.recover(claim, 40000.0, day=claim.loss_date - timedelta(days=1))
        self.assertTrue(early.is_before_loss)
        day = claim.loss_date + timedelta(days=1)
        late = self.recover(claim, 30000.0, 3000.0, day=day)
        self.assertEqual(late.insurer_amount, 19440.0)

    def test_received_on_the_day_of_the_loss(self):
        """It is before the loss, as in the books of a draft."""
        claim = self.file()
        self.assertTrue(self.recover(claim, 100.0, day=claim.loss_date).is_before_loss)

    def test_years_are_written_before_claims(self):
        """As declaring does: of two at once none waits for what the other one holds."""
        claim = self.prepare()
        updates = []
        execute = type(self.cr).execute

        def listen(cr, query, *args, **options):
            text = str(getattr(query, "code", query))
            for table in ("policy_year", "claim"):
                if text.strip().startswith(
                    (
                        f"UPDATE credit_insurance_{table} ",
                        f'UPDATE "credit_insurance_{table}"',
                    )
                ):
                    updates.append(table)
            return execute(cr, query, *args, **options)

        self.patch(type(self.cr), "execute", listen)
        for step in (
            claim.action_file,
            claim.action_wait,
            lambda: self.recover(claim, 100.0),
            lambda: claim.recovery_ids.write({"costs": 1.0}),
            lambda: claim.recovery_ids.unlink(),
            claim.action_admit,
            claim.action_pay,
            claim.action_close,
        ):
            self.env.flush_all()
            updates.clear()
            step()
            self.env.flush_all()
            self.assertEqual(updates[:1], ["policy_year"], step)

    def test_nothing_is_recovered_on_a_draft(self):
        """What comes in before lowers what is owed: it would count twice."""
        claim = self.prepare()
        with self.assertRaises(UserError):
            self.recover(claim, 30000.0)
        self.assertFalse(claim.recovery_ids)

    def test_answers_stay_as_they_were_recorded(self):
        claim = self.file()
        claim.action_admit()
        for values in ({"admitted_amount": 70000.0}, {"paid_amount": 1.0}):
            claim.action_pay() if "paid_amount" in values else None
            with self.assertRaises(UserError):
                claim.with_user(self.controller).write(values)
        self.assertEqual((claim.admitted_amount, claim.paid_amount), (79000.0, 79000.0))

    def test_refused_and_closed_it_may_be_claimed_anew(self):
        claim = self.file()
        claim.refusal_reason = "The delivery is not proved."
        claim.action_refuse()
        claim.action_close()
        again = self.prepare()
        self.assertEqual(again.line_ids.move_line_id, claim.line_ids.move_line_id)

    def test_a_limit_smaller_than_the_debt(self):
        """Debt 30 000, limit 25 000, 10 000 recovered: 83 %; limit 15 000, 15 000
        recovered: half and half."""
        recovery = self.recover(self.lost("ONE", 30000.0, 25000.0), 10000.0)
        self.assertEqual(recovery.insurer_amount, 8333.33)
        self.assertEqual(recovery.own_amount, 1666.67)
        recovery = self.recover(self.lost("TWO", 30000.0, 15000.0), 15000.0)
        self.assertEqual(recovery.insurer_amount, 7500.0)
        self.assertEqual(recovery.own_amount, 7500.0)

    def test_oldest_debt_first(self):
        """Of 30 000 the first 25 000 are within the limit: 20 000 are the insurer's,
        of the next 10 000 half."""
        self.policy.recovery_method = "fifo"
        claim = self.lost("ONE", 30000.0, 25000.0)
        first = self.recover(claim, 20000.0)
        second = self.recover(claim, 10000.0, day="2026-12-20")
        self.assertEqual(first.method, "fifo")
        self.assertEqual((first.insurer_amount, first.own_amount), (20000.0, 0.0))
        self.assertEqual((second.insurer_amount, second.own_amount), (5000.0, 5000.0))

    def test_never_more_than_the_indemnity(self):
        """50 000 at 90 % less 1 000 and a first loss of 10 000: 34 000 were paid. Of
        all 50 000 recovered 90 % would be 45 000."""
        claim = self.lose("ONE", 50000.0)
        claim.action_file()
        first = self.recover(claim, 30000.0)
        second = self.recover(claim, 20000.0, day="2026-12-20")
        # 27 000, then what is left of 34 000
        self.assertEqual(
            (first.insurer_amount, second.insurer_amount), (27000.0, 7000.0)
        )
        self.assertEqual(second.own_amount, 13000.0)

    def test_before_the_loss(self):
        """Received on 1 September, the loss is on 7 November: 40 000 settle the oldest
        debt, L = 80 000, × 90 % = 72 000 − 1 000 − 10 000 = 61 000."""
        claim = self.file()
        self.assertEqual(claim.loss_date, date(2026, 11, 7))
        recovery = self.recover(claim, 40000.0, day="2026-09-01")
        self.assertTrue(recovery.is_before_loss)
        self.assertEqual(recovery.insurer_amount, 0.0)
        self.assertEqual(recovery.own_amount, 40000.0)
        self.assertEqual(claim.expected_amount, 61000.0)
        self.assertEqual(claim.liability_counted, 61000.0)
        # what was filed stays as it was filed
        rows = {row["code"]: row["amount"] for row in claim._get_unpaid()}
        self.assertEqual(rows["over_limit"], 20000.0)
        recovery.unlink()
        self.assertEqual(claim.liability_counted, 79000.0)

    def test_costs_before_the_loss_are_no_debt(self):
        """The buyer paid 30 000 of 140 000, 3 000 went to a lawyer: 110 000 are owed.

        L = 70 000 + 20 000 = 90 000 (DOMAIN 1.13: less receipts), × 90 % = 81 000,
        − 1 000 − 10 000 = 70 000. With 27 000 it would be 72 700. Of 11 000 afterwards
        with 1 000 of costs the insurer gets 10 000 × 81 / 110 = 7 363.64.
        """
        claim = self.file()
        early = self.recover(claim, 30000.0, 3000.0, day="2026-09-01")
        self.assertEqual((early.settled_amount, early.net_amount), (30000.0, 27000.0))
        self.assertEqual(claim.expected_amount, 70000.0)
        self.assertEqual(claim.liability_counted, 70000.0)
        late = self.recover(claim, 11000.0, 1000.0)
        self.assertEqual(late.insurer_amount, 7363.64)
        self.assertEqual(
            late.share_text.replace("\xa0", " "),
            "73.64 % = 81,000.00 € covered of 110,000.00 € owed",
        )
        # more costs alone: the debt is settled as before
        early.costs = 4000.0
        self.assertEqual(claim.expected_amount, 70000.0)

    def test_costs_where_the_oldest_debt_goes_first(self):
        """Owed 30 000, 25 000 of it within the limit, at 90 %. 25 000 come in, 5 000
        go to the lawyer: 25 000 are settled, all of them within the limit, and the
        insurer gets 20 000 × 90 % = 18 000. Of the next 5 000, above the limit, it
        gets nothing: with the net amount they would be 4 500.
        """
        self.policy.write({"recovery_method": "fifo", "deductible": 0.0})
        self.policy.year_ids.aggregate_first_loss = 0.0
        claim = self.lose("ONE", 30000.0, 25000.0)
        claim.action_file()
        first = self.recover(claim, 25000.0, 5000.0)
        second = self.recover(claim, 5000.0, day="2026-12-20")
        self.assertEqual((first.insurer_amount, first.own_amount), (18000.0, 2000.0))
        self.assertEqual((second.insurer_amount, second.own_amount), (0.0, 5000.0))

    def test_before_the_loss_what_was_above_the_limit_goes_first(self):
        """15 000 settle a part of the oldest debt: L = 105 000, B = 100 000 still."""
        claim = self.file()
        self.recover(claim, 15000.0, day="2026-09-01")
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_another_currency(self):
        """33 000 USD at 1.10 = 30 000 EUR, less 3 300 USD of costs: 27 000."""
        self.set_rate(self.dollar, 1.1)
        claim = self.file()
        recovery = self.recover(claim, 33000.0, 3300.0, currency_id=self.dollar.id)
        self.assertEqual(recovery.net_amount, 27000.0)
        self.assertEqual(recovery.insurer_amount, 17357.14)

    def test_what_was_declared_stays(self):
        claim = self.file()
        recovery = self.recover(claim, 30000.0, 3000.0)
        with self.assertRaises(UserError):
            recovery.action_pay_over()
        recovery.action_declare()
        with self.assertRaises(UserError):
            recovery.gross_amount = 20000.0
        with self.assertRaises(UserError):
            recovery.unlink()
        claim.admitted_amount = 10000.0
        claim.action_admit()
        self.assertEqual(recovery.insurer_amount, 17357.14)
        # the rest of what is admitted is the insurer's, at most
        later = self.recover(claim, 30000.0, day="2026-12-20")
        self.assertEqual(later.insurer_amount, 0.0)
        recovery.action_pay_over()
        self.assertEqual(recovery.state, "paid_over")

    def test_nobody_writes_shares(self):
        recovery = self.recover(self.file(), 30000.0)
        for values in (
            {"insurer_amount": 1.0},
            {"state": "paid_over"},
            {"net_amount": 1.0},
        ):
            with self.assertRaises(AccessError):
                recovery.write(values)
