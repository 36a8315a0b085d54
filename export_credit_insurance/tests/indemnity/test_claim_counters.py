from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimCounters(ClaimCommon):
    """What claims use of their policy year, one after the other (DOMAIN 1.11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.deductible = 0.0
        cls.year = cls.policy.year_ids
        cls.year.aggregate_first_loss = 100000.0

    def test_first_loss_at_90_percent(self):
        """50 000 and 20 000 count 45 000 + 18 000 = 63 000; nothing is paid, 37 000
        are left; a third of 60 000 is worth 54 000 − 37 000 = 17 000."""
        first = self.lose("ONE", 50000.0)
        second = self.lose("TWO", 20000.0)
        first.action_file()
        # the draft sees what the other has used: 100 000 − 45 000
        self.assertEqual(second.first_loss_left, 55000.0)
        second.action_file()
        self.assertEqual((first | second).mapped("expected_amount"), [0.0, 0.0])
        self.assertRecordValues(
            self.year,
            [{"first_loss_claimed": 63000.0, "first_loss_left": 37000.0}],
        )
        third = self.lose("THREE", 60000.0)
        self.assertEqual(third.first_loss_left, 37000.0)
        self.assertEqual(third.expected_amount, 17000.0)
        third.action_file()
        self.assertEqual(self.year.first_loss_left, 0.0)
        # 450 000 or 30 × 18 500 = 555 000, − 17 000
        self.assertEqual(self.year.liability_left, 538000.0)

    def test_excess_of_loss(self):
        """The same counter at 100 %: 60 + 50 + 30 = 140 of which 40 are paid. Filed
        in one go they are judged one after the other."""
        self.policy.insured_pct_named = 100.0
        claims = self.claims.union(
            *(self.lose(str(amount), 1000.0 * amount) for amount in (60, 50, 30))
        )
        claims.action_file()
        self.assertEqual(claims.mapped("expected_amount"), [0.0, 10000.0, 30000.0])
        self.assertEqual(self.year.first_loss_left, 0.0)

    def test_what_was_used_before(self):
        """Entered by hand for losses that no claim here stands for."""
        self.year.first_loss_used = 80000.0
        claim = self.lose("ONE", 50000.0)
        # 45 000 − 20 000
        self.assertEqual(claim.expected_amount, 25000.0)
        claim.action_file()
        self.assertEqual(self.year.first_loss_left, 0.0)

    def test_maximum_liability(self):
        """10 000 left: of 45 000 due 10 000 are paid, 35 000 are above."""
        self.year.write({"aggregate_first_loss": 0.0, "liability_used": 545000.0})
        claim = self.lose("ONE", 50000.0)
        self.assertEqual(claim.expected_amount, 10000.0)
        self.assertUnpaid(claim, coinsurance=5000.0, liability=35000.0)
        claim.action_file()
        self.assertEqual(self.year.liability_left, 0.0)
        self.assertEqual(self.lose("TWO", 5000.0).expected_amount, 0.0)
        self.assertEqual(claim.expected_amount, 10000.0)

    def test_no_maximum_agreed(self):
        self.year.write({"aggregate_first_loss": 0.0, "max_liability_multiple": 0.0})
        self.assertEqual(self.lose("ONE", 50000.0).expected_amount, 45000.0)

    def test_a_refused_claim_gives_back(self):
        first = self.lose("ONE", 50000.0)
        first.action_file()
        second = self.lose("TWO", 80000.0)
        second.action_file()
        # 72 000 − 55 000
        self.assertEqual(second.expected_amount, 17000.0)
        first.refusal_reason = "Shipped to another place than agreed."
        first.action_refuse()
        self.assertEqual(self.year.first_loss_claimed, 55000.0)
        # what was filed stays as it was filed
        self.assertEqual(second.expected_amount, 17000.0)

    def test_what_the_insurer_pays_counts(self):
        """Expected until it says what it admits, then that, then what it pays."""
        self.year.aggregate_first_loss = 0.0
        claim = self.lose("ONE", 50000.0)
        claim.action_file()
        self.assertEqual(self.year.liability_claimed, 45000.0)
        claim.admitted_amount = 40000.0
        claim.action_admit()
        self.assertEqual(self.year.liability_claimed, 40000.0)
        claim.paid_amount = 39500.0
        claim.action_pay()
        claim.action_close()
        self.assertEqual(self.year.liability_claimed, 39500.0)
        self.assertEqual(self.year.liability_left, 515500.0)

    def test_threshold(self):
        """10 000: a loss of 8 000 is not paid at all, one of 10 000.01 whole."""
        self.year.aggregate_first_loss = 0.0
        self.policy.claim_threshold = 10000.0
        below = self.lose("ONE", 8000.0)
        self.assertEqual(below.expected_amount, 0.0)
        self.assertUnpaid(below, threshold=8000.0)
        # 10 000.01 × 90 % = 9 000.009
        self.assertEqual(self.lose("TWO", 10000.01).expected_amount, 9000.01)
        self.assertEqual(self.lose("THREE", 10000.0).expected_amount, 0.0)

    def test_by_shipment_two_years_are_two_claims(self):
        """Shipments of 2025 and 2026 use the counters of their own years."""
        before = self.year.create(
            {
                "policy_id": self.policy.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
                "aggregate_first_loss": 5000.0,
            }
        )
        self.policy.write({"date_start": "2025-01-01", "claim_year_base": "shipment"})
        buyer = self.make_buyer("TWO YEARS")
        self.make_limit(buyer, 80000.0, date_from="2025-01-01")
        self.make_debt(buyer, 30000.0, day="2025-12-20", due="2026-02-20")
        self.make_debt(buyer, 50000.0, day="2026-01-20", due="2026-03-20")
        claims = self.prepare(buyer).sorted("net_amount")
        self.assertEqual(claims.policy_year_id, before | self.year)
        # 27 000 − 5 000, no maximum in the year; 45 000 within 100 000
        self.assertEqual(claims.mapped("expected_amount"), [22000.0, 0.0])
        self.assertEqual(self.prepare(buyer), self.claims)
        claims.action_file()
        self.assertEqual((before | self.year).mapped("first_loss_left"), [0.0, 55000.0])

    def test_by_loss_the_year_moves_with_the_loss(self):
        """Received on 10 June + 150 days: 7 November 2026; the insurer says 2027."""
        following = self.year.create(
            {
                "policy_id": self.policy.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "aggregate_first_loss": 5000.0,
                "max_liability_multiple": 1.0,
                "minimum_premium": 30000.0,
            }
        )
        claim = self.lose("ONE", 50000.0)
        claim.action_file()
        self.assertEqual(claim.policy_year_id, self.year)
        self.assertEqual(claim.expected_amount, 0.0)
        claim.insurer_loss_date = "2027-01-05"
        self.assertEqual(claim.policy_year_id, following)
        # 45 000 − 5 000, at most 30 000
        self.assertEqual(claim.expected_amount, 30000.0)
        self.assertEqual(self.year.first_loss_claimed, 0.0)
        self.assertRecordValues(
            following, [{"first_loss_left": 0.0, "liability_left": 0.0}]
        )

    def test_the_year_of_the_loss_may_be_to_come(self):
        """Received on 30 November 2026 + 150 days: 29 April 2027, a year to come."""
        self.policy.renewal = "tacit"
        claim = self.lose("ONE", 50000.0)
        with freeze_time("2026-11-30 09:00:00"):
            claim.action_file()
        self.assertEqual(claim.policy_year_id.date_from, date(2027, 1, 1))
        self.assertEqual(self.year.first_loss_claimed, 0.0)
        # the term and its day of notice have not moved; they do when it ends
        self.assertEqual(self.policy.date_end, date(2026, 12, 31))
        self.policy._renew(date(2027, 1, 1))
        self.assertEqual(self.policy.date_end, date(2027, 12, 31))
        # the new year has taken over a first loss of 100 000
        self.assertEqual(claim.policy_year_id.first_loss_left, 55000.0)

    def test_a_year_must_be_there(self):
        self.policy.year_ids.unlink()
        claim = self.prepare()
        self.assertEqual(claim.first_loss_left, self.policy.aggregate_first_loss)
        with self.assertRaises(UserError):
            claim.action_file()

    def test_two_companies_of_one_policy(self):
        """They share limit and counters: 70 000 were shipped first in the one, so of
        40 000 in the other 30 000 are within 100 000."""
        other = self.setup_other_company(name="Sister")["company"]
        other.write({"currency_id": self.euro.id})
        self.policy.company_ids = [Command.link(other.id)]
        self.year.aggregate_first_loss = 10000.0
        buyer = self.make_buyer("SHARED")
        self.make_limit(buyer, 100000.0)
        self.make_debt(buyer, 70000.0)
        self.controller.company_ids = [Command.link(other.id)]
        sister = self.env.user
        sister.company_ids = [Command.link(other.id)]
        invoice = self.make_other_debt(other, buyer, 40000.0)
        own = self.prepare(buyer)
        others = self.claims._prepare(buyer, other)
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(others.line_ids.move_id, invoice)
        self.assertEqual((own.base_amount, others.base_amount), (70000.0, 30000.0))
        own.action_file()
        # 63 000 − 10 000
        self.assertEqual(own.expected_amount, 53000.0)
        # the first loss is used up: 27 000
        self.assertEqual(others.expected_amount, 27000.0)

    def make_other_debt(self, company, buyer, amount):
        sale = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
        )
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "journal_id": sale.id,
                    "partner_id": buyer.id,
                    "invoice_date": "2026-02-15",
                    "invoice_date_due": "2026-04-16",
                    "invoice_payment_term_id": False,
                    "currency_id": self.euro.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Valves",
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice
