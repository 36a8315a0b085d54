from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimReceipts(ClaimCommon):
    """What came in after a past loss is proposed as recoveries (DOMAIN 1.14).

    BETA was judged insolvent on 20 May; today is 10 June. 140 000 were owed, 100 000 of
    them within the limit, insured at 90 %; 79 000 are to be paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.insurance.insolvency"].create(
            {"partner_id": cls.beta.id, "judgment_date": "2026-05-20"}
        )

    def pay(self, move, amount, day):
        self._register_payment(move, amount=amount, payment_date=day)

    def receivable(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def assertProposed(self, claim, *rows):
        names = ("date", "gross_amount", "net_amount", "insurer_amount", "own_amount")
        self.assertRecordValues(
            claim.recovery_ids.sorted("date"),
            [{"state": "draft", **dict(zip(names, row, strict=True))} for row in rows],
        )

    def test_matched(self):
        """30 000 × 100 / 140 × 90 % = 19 285.71 to the insurer, 10 714.29 kept."""
        self.pay(self.first, 30000.0, "2026-06-01")
        claim = self.file()
        self.assertProposed(
            claim, (date(2026, 6, 1), 30000.0, 30000.0, 19285.71, 10714.29)
        )
        self.assertRecordValues(
            claim.recovery_ids,
            [
                {
                    "costs": 0.0,
                    "method": "pro_rata",
                    "is_before_loss": False,
                    "currency_id": self.euro.id,
                }
            ],
        )
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_not_matched(self):
        self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        self.assertProposed(
            self.file(), (date(2026, 6, 1), 30000.0, 30000.0, 19285.71, 10714.29)
        )

    def test_paid_by_credit_card(self):
        """30 000 × 100 / 140 × 90 % = 19 285.71, as from a bank."""
        card = self.company_data["default_journal_credit"]
        self.make_receipt(self.beta, 30000.0, day="2026-06-01", journal=card)
        self.assertProposed(
            self.file(), (date(2026, 6, 1), 30000.0, 30000.0, 19285.71, 10714.29)
        )

    def test_what_paid_for_something_else_is_none(self):
        """Of 30 000 a delivery after the judgment took 5 000; 5 000 settle what is
        claimed and 20 000 nothing yet: 25 000 × 90 / 140 = 16 071.43."""
        later = self.make_debt(self.beta, 5000.0, day="2026-06-02", due="2026-06-02")
        receipt = self.make_receipt(self.beta, 30000.0, day="2026-06-03")
        self.receivable(receipt | later).reconcile()
        self.receivable(receipt | self.third).reconcile()
        claim = self.file()
        self.assertNotIn(later, claim.line_ids.move_id)
        self.assertProposed(
            claim, (date(2026, 6, 3), 25000.0, 25000.0, 16071.43, 8928.57)
        )

    def test_until_the_day_of_the_loss_it_lowers_the_loss(self):
        self.pay(self.first, 30000.0, "2026-05-20")
        claim = self.file()
        self.assertFalse(claim.recovery_ids)
        self.assertEqual(claim.gross_amount, 110000.0)

    def test_a_credit_note_is_no_money(self):
        self.first._reverse_moves([{"invoice_date": "2026-06-01"}]).action_post()
        self.assertFalse(self.file().recovery_ids)

    def test_another_currency(self):
        """11 000 USD at 1.10 on their day = 10 000; × 90 / 140 = 6 428.57."""
        self.set_rate(self.dollar, 1.1, day="2026-06-01")
        self.set_rate(self.dollar, 1.25, day="2026-06-08")
        self.make_receipt(
            self.beta, 11000.0, day="2026-06-01", currency=self.dollar, rate=1.1
        )
        claim = self.file()
        self.assertProposed(
            claim, (date(2026, 6, 1), 11000.0, 10000.0, 6428.57, 3571.43)
        )
        self.assertEqual(claim.recovery_ids.currency_id, self.dollar)

    def test_oldest_debt_first(self):
        """30 000 × 90 % = 27 000. Of the next 90 000 the first 70 000 are within the
        limit: 63 000, of which 79 000 − 27 000 = 52 000 are the insurer's."""
        self.policy.recovery_method = "fifo"
        self.pay(self.first, 30000.0, "2026-06-01")
        self.make_receipt(self.beta, 90000.0, day="2026-06-05")
        self.assertProposed(
            self.file(),
            (date(2026, 6, 1), 30000.0, 30000.0, 27000.0, 3000.0),
            (date(2026, 6, 5), 90000.0, 90000.0, 52000.0, 38000.0),
        )

    def test_once(self):
        """Matched since, asked for again: it is there already."""
        receipt = self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        claim = self.file()
        self.receivable(receipt | self.first).reconcile()
        claim.action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.mapped("gross_amount"), [30000.0])

    def test_what_comes_in_later_is_proposed_on_demand(self):
        """What was entered by hand comes off; of the same sum twice a day one."""
        claim = self.file()
        self.assertFalse(claim.recovery_ids)
        recovery = self.env["credit.insurance.recovery"].with_user(self.controller)
        recovery.create(
            {"claim_id": claim.id, "date": "2026-06-09", "gross_amount": 4000.0}
        )
        self.make_receipt(self.beta, 4000.0, day="2026-06-09")
        claim.action_propose_recoveries()
        self.assertEqual(len(claim.recovery_ids), 1)
        self.make_receipt(self.beta, 4000.0, day="2026-06-09")
        for _turn in range(2):
            claim.action_propose_recoveries()
            self.assertEqual(
                claim.recovery_ids.mapped("gross_amount"), [4000.0, 4000.0]
            )

    def test_two_claims_share_a_receipt(self):
        """The claim of 5 000 takes 5 000 of 30 000, the other one the rest."""
        self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        claim = self.prepare()
        claim.line_ids.filtered(lambda line: line.move_id != self.third).unlink()
        claim.action_file()
        # 5 000 after the stop are not insured: nothing of it is the insurer's
        self.assertProposed(claim, (date(2026, 6, 1), 5000.0, 5000.0, 0.0, 5000.0))
        other = self.file()
        self.assertEqual(other.line_ids.move_id, self.first + self.second)
        # 25 000 × 100 / 135 × 90 % = 16 666.67
        self.assertProposed(
            other, (date(2026, 6, 1), 25000.0, 25000.0, 16666.67, 8333.33)
        )

    def by_hand(self, claim, amount, day, **values):
        return (
            self.env["credit.insurance.recovery"]
            .with_user(self.controller)
            .create(
                {"claim_id": claim.id, "date": day, "gross_amount": amount, **values}
            )
        )

    def file_two(self):
        """A claim of the last invoice, 5 000, and one of the others, 135 000."""
        claim = self.prepare()
        claim.line_ids.filtered(lambda line: line.move_id != self.third).unlink()
        claim.action_file()
        return claim, self.file()

    def test_by_hand_on_another_claim(self):
        """30 000 entered on the newer of two claims are proposed on neither."""
        claims = self.file_two()
        self.by_hand(claims[1], 30000.0, "2026-06-01")
        self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        claims[0].action_propose_recoveries()
        self.assertFalse(claims[0].recovery_ids)

    def test_by_hand_before_the_other_claim_is_filed(self):
        """5 000 came in and were entered; the claim that is filed then gets none."""
        claim = self.prepare()
        claim.line_ids.filtered(lambda line: line.move_id != self.third).unlink()
        claim.action_file()
        self.by_hand(claim, 5000.0, "2026-06-01")
        self.make_receipt(self.beta, 5000.0, day="2026-06-01")
        self.assertFalse(self.file().recovery_ids)

    def test_by_hand_what_settles_its_claim(self):
        """Of 30 000, 5 000 settle one claim and are entered; the 25 000 that settle
        the other one are proposed there."""
        claim, other = self.file_two()
        receipt = self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        self.receivable(receipt | self.third).reconcile()
        self.receivable(receipt | self.first).reconcile()
        self.by_hand(claim, 5000.0, "2026-06-03")
        (claim | other).action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.mapped("gross_amount"), [5000.0])
        self.assertEqual(other.recovery_ids.mapped("gross_amount"), [25000.0])

    def test_by_hand_matched_with_another_claim(self):
        """30 000 entered on the one and then matched with an invoice of the other."""
        claim, other = self.file_two()
        self.by_hand(claim, 30000.0, "2026-06-01")
        receipt = self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        self.receivable(receipt | self.first).reconcile()
        other.action_propose_recoveries()
        self.assertFalse(other.recovery_ids)

    def test_by_hand_in_another_currency_and_on_another_day(self):
        """11 000 USD at 1.10 are 10 000; entered at the rate of the value date, 1.12:
        9 821.43, the whole of it."""
        self.set_rate(self.dollar, 1.1, day="2026-06-01")
        claim = self.file()
        self.by_hand(claim, 9821.43, "2026-05-29")
        self.make_receipt(
            self.beta, 11000.0, day="2026-06-01", currency=self.dollar, rate=1.1
        )
        claim.action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.mapped("gross_amount"), [9821.43])

    def test_by_hand_a_part_in_another_currency(self):
        """4 000 EUR are 4 400 of 11 000 USD at 1.10: 6 600 USD are left."""
        self.set_rate(self.dollar, 1.1, day="2026-06-01")
        claim = self.file()
        self.by_hand(claim, 4000.0, "2026-06-01")
        self.make_receipt(
            self.beta, 11000.0, day="2026-06-01", currency=self.dollar, rate=1.1
        )
        claim.action_propose_recoveries()
        self.assertEqual(
            claim.recovery_ids.filtered("receipt_id").mapped("gross_amount"), [6600.0]
        )

    def test_by_hand_a_part(self):
        """25 000 of the 30 000 of 3 June; what came in on other days is not lowered."""
        claim = self.file()
        self.by_hand(claim, 25000.0, "2026-06-05")
        self.make_receipt(self.beta, 26000.0, day="2026-06-01")
        self.make_receipt(self.beta, 30000.0, day="2026-06-03")
        claim.action_propose_recoveries()
        self.assertEqual(
            [
                (each.date, each.gross_amount)
                for each in claim.recovery_ids.filtered("receipt_id")
            ],
            [(date(2026, 6, 1), 26000.0), (date(2026, 6, 3), 5000.0)],
        )

    def test_deleted_stays_deleted(self):
        """5 000 paid a sample; the 4 000 of later are proposed, once."""
        self.make_receipt(self.beta, 5000.0, day="2026-06-01")
        claim = self.file()
        claim.recovery_ids.with_user(self.controller).unlink()
        answer = claim.with_user(self.controller).action_propose_recoveries()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertFalse(claim.recovery_ids)
        self.make_receipt(self.beta, 4000.0, day="2026-06-09")
        claim.with_user(self.controller).action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.mapped("gross_amount"), [4000.0])

    def test_nobody_says_what_was_set_aside(self):
        claim = self.file()
        receipt = self.receivable(self.make_receipt(self.beta, 5.0, day="2026-06-01"))
        with self.assertRaises(AccessError):
            claim.with_user(self.controller).set_aside_receipt_ids = receipt
        claim.action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.receipt_id, receipt)

    def test_costs_leave_nothing_owed(self):
        """140 000 of 140 000 came in, less 10 000 of costs: nothing is owed."""
        claim = self.file()
        self.make_receipt(self.beta, 140000.0, day="2026-06-01")
        claim.action_propose_recoveries()
        claim.recovery_ids.costs = 10000.0
        self.make_receipt(self.beta, 20000.0, day="2026-06-03")
        claim.action_propose_recoveries()
        self.assertEqual(claim.recovery_ids.mapped("gross_amount"), [140000.0])

    def test_nothing_is_proposed_on_a_draft(self):
        self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        with self.assertRaises(UserError):
            self.prepare().action_propose_recoveries()

    def test_nobody_says_which_receipt_it_is(self):
        claim = self.file()
        receipt = self.make_receipt(self.beta, 30000.0, day="2026-06-01")
        with self.assertRaises(AccessError):
            self.env["credit.insurance.recovery"].with_user(self.controller).create(
                {
                    "claim_id": claim.id,
                    "gross_amount": 1.0,
                    "receipt_id": self.receivable(receipt).id,
                }
            )

    def test_queries_do_not_depend_on_the_number(self):
        """Of receipts, of claims and of buyers; the first turn fills caches."""
        counts = []
        for number in (1, 2, 8):
            buyers = self.env["res.partner"]
            for place in range(number):
                buyer = self.make_buyer(f"LOST {number}-{place}")
                self.make_limit(buyer, 1000.0)
                self.make_debt(buyer, 1000.0)
                buyers += buyer
            self.env["credit.insurance.insolvency"].create(
                [
                    {"partner_id": buyer.id, "judgment_date": "2026-05-20"}
                    for buyer in buyers
                ]
            )
            claims = self.file(buyers)
            for buyer in buyers:
                self.make_receipt(buyer, 300.0, day="2026-06-01")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            values = claims._prepare_recoveries()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(
                [each["gross_amount"] for each in values], [300.0] * number
            )
        self.assertEqual(counts[1], counts[2])
