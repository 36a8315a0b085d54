from odoo.exceptions import UserError
from odoo.tests import tagged

from .claim_entries_common import ClaimEntriesCommon


@tagged("post_install", "-at_install")
class TestClaimEventDays(ClaimEntriesCommon):
    """Entries are of the day on which something happened, at that day's rate.

    Today is 15 December. 79 000 USD are 63 200 EUR at 1.25 (until 9 December) and
    71 818.18 EUR at 1.10 (since).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.set_rate(cls.dollar, 1.25, day="2026-01-01")
        cls.set_rate(cls.dollar, 1.10, day="2026-12-10")
        policy = cls.make_policy(name="USD", currency_id=cls.dollar.id)
        cls.american = cls.make_claim(
            cls.make_invoice(cls.beta, 1000.0),
            policy=policy,
            state="waiting",
        )

    def day_of(self, entry):
        return str(entry.sudo().move_id.date)

    def admit(self, amount=79000.0, day="2026-12-01"):
        self.american.write({"admitted_amount": amount, "admitted_on": day})
        self.american.action_admit()

    def test_admitted(self):
        self.admit()
        entry = self.prepared(self.american)["admitted"]
        self.assertEqual(self.day_of(entry), "2026-12-01")
        self.assertEntry(
            entry, ("receivable", 63200.0, 79000.0), ("income", -63200.0, -79000.0)
        )

    def test_admitted_without_a_day_is_today(self):
        self.admit(day=False)
        self.assertEqual(str(self.american.admitted_on), "2026-12-15")
        entry = self.prepared(self.american)["admitted"]
        self.assertEqual(self.day_of(entry), "2026-12-15")
        # 79 000 / 1.10 = 71 818.18
        self.assertEntry(
            entry,
            ("receivable", 71818.18, 79000.0),
            ("income", -71818.18, -79000.0),
        )

    def test_paid(self):
        """500 USD less: at 1.25 on the day of the payment, 400 EUR."""
        self.admit()
        self.american.write({"paid_amount": 78500.0, "paid_on": "2026-12-08"})
        self.american.action_pay()
        entry = self.prepared(self.american)["paid"]
        self.assertEqual(self.day_of(entry), "2026-12-08")
        self.assertEntry(
            entry, ("receivable", -400.0, -500.0), ("income", 400.0, 500.0)
        )

    def test_recovery(self):
        """17 500 USD are the insurer's: 14 000 EUR at 1.25."""
        self.admit()
        recovery = self.env["credit.insurance.recovery"].create(
            {
                "claim_id": self.american.id,
                "date": "2026-12-05",
                "gross_amount": 20000.0,
            }
        )
        recovery.sudo().write({"state": "declared", "insurer_amount": 17500.0})
        entry = self.prepared(self.american)["recovery"]
        self.assertEqual(self.day_of(entry), "2026-12-05")
        self.assertEntry(
            entry, ("income", 14000.0, 17500.0), ("insurer_share", -14000.0, -17500.0)
        )

    def test_closed(self):
        self.claim.sudo().write(
            {"state": "closed", "paid_amount": 79000.0, "closed_on": "2026-12-03"}
        )
        self.assertEqual(self.day_of(self.prepared()["write_off"]), "2026-12-03")

    def test_closing_notes_its_day(self):
        self.claim.write({"paid_amount": 79000.0, "paid_on": "2026-12-10"})
        self.claim.action_pay()
        self.claim.action_close()
        self.assertEqual(str(self.claim.closed_on), "2026-12-15")

    def test_the_books_of_that_day_are_closed(self):
        """The first day that is open; the rate stays that of the event."""
        self.company.fiscalyear_lock_date = "2026-12-10"
        self.admit()
        entry = self.prepared(self.american)["admitted"]
        self.assertEqual(self.day_of(entry), "2026-12-11")
        self.assertEntry(
            entry, ("receivable", 63200.0, 79000.0), ("income", -63200.0, -79000.0)
        )

    def test_days_stay_as_recorded(self):
        self.admit()
        with self.assertRaises(UserError):
            self.american.admitted_on = "2026-12-02"

    # === REFUSED AFTER ADMISSION === #

    def refuse(self, claim):
        claim.write({"refused_on": "2026-12-12", "refusal_reason": "Disputed"})
        claim.action_refuse()

    def test_what_was_to_be_received_is_reversed(self):
        """As it was booked, 63 200 EUR, whatever the rate is on the day of refusal."""
        self.admit()
        admitted = self.prepared(self.american)["admitted"].sudo().move_id
        admitted.action_post()
        self.refuse(self.american)
        entry = self.prepared(self.american)["refused"]
        self.assertEqual(self.day_of(entry), "2026-12-12")
        self.assertEntry(
            entry, ("receivable", -63200.0, -79000.0), ("income", 63200.0, 79000.0)
        )
        entry.sudo().move_id.action_post()
        receivable = (admitted + entry.sudo().move_id).line_ids.filtered(
            lambda line: line.account_id == self.accounts["receivable"]
        )
        self.assertEqual(receivable.mapped("reconciled"), [True, True])
        with self.assertRaises(UserError):  # never twice
            self.american.action_prepare_entries()

    def test_closed_afterwards_it_is_not_reversed_again(self):
        """The closing enters what is written off, and no second reversal."""
        self.prepared()["admitted"].sudo().move_id.action_post()
        self.refuse(self.claim)
        self.assertEqual(set(self.prepared()), {"refused"})
        self.claim.action_close()
        self.assertEqual(set(self.prepared()), {"write_off"})

    def test_reversed_at_the_closing_at_the_latest(self):
        self.prepared()["admitted"].sudo().move_id.action_post()
        self.refuse(self.claim)
        self.claim.action_close()
        entries = self.prepared()
        self.assertEqual(set(entries), {"refused", "write_off"})
        self.assertEntry(
            entries["refused"], ("receivable", -79000.0), ("income", 79000.0)
        )

    def test_a_draft_of_the_admission_is_cancelled(self):
        """Nobody has posted it: there is nothing to reverse."""
        entry = self.prepared()["admitted"]
        self.refuse(self.claim)
        self.assertEqual(entry.state, "cancel")
        with self.assertRaises(UserError):
            self.claim.action_prepare_entries()

    def test_never_entered_it_is_not_entered_at_closing(self):
        self.refuse(self.claim)
        self.claim.action_close()
        self.assertEqual(set(self.prepared()), {"write_off"})
