from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewLimit(ReviewCommon):
    """The insurer's cut: a limit reduced, cancelled, refused or expired."""

    def test_reduction(self):
        """Reduced to 10 000; 2 000 of the first order are delivered.

        8 000 are left: the first's other 4 000 pass and leave 4 000, the second's
        7 000 lack 3 000, the third's 3 000 pass.
        """
        first = self.order(6000.0, delivered=2000.0)
        second, third = self.order(7000.0), self.order(3000.0)
        self.limit._record_decision("reduced", amount=10000.0)
        self.run_reviews()
        self.assertFalse(self.holds_of(first | third))
        self.assertRecordValues(
            self.holds_of(second),
            [
                {
                    "kind": "review",
                    "main_code": "over_limit",
                    "missing_amount": 3000.0,
                    "order_amount": 7000.0,
                    "limit_amount": 10000.0,
                }
            ],
        )
        self.assertEqual(self.lines_of(second).cause, "limit")
        self.assertEqual(self.limit.credit_review_count, 1)

    def test_delivered_beyond_the_new_limit(self):
        """12 000 delivered of 20 000, reduced to 10 000: all 8 000 left lack.

        They lack 10 000 to be carried by the limit: the debt exceeds it by 2 000.
        """
        order = self.order(20000.0, delivered=12000.0)
        self.limit._record_decision("reduced", amount=10000.0)
        self.run_reviews()
        hold = self.holds_of(order)
        self.assertEqual(hold.order_amount, 8000.0)
        self.assertEqual(hold.headroom_before, -2000.0)  # 10 000 - 12 000
        self.assertEqual(hold.missing_amount, 10000.0)  # 8 000 + 2 000
        self.assertEqual(hold.own_risk_amount, 8000.0)

    def test_tax_and_currency(self):
        """Cover is without tax: 1 200 with 20 % tax, half delivered, adds 500."""
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 20.0})
        order = self.order(1000.0, taxes=tax, delivered=500.0)
        self.assertEqual(order.amount_total, 1200.0)
        self.limit._record_decision("cancelled")
        self.run_reviews()
        hold = self.holds_of(order)
        self.assertEqual(hold.order_amount, 500.0)
        self.assertEqual(hold.exposure, 500.0)
        self.assertEqual(hold.missing_amount, 1000.0)
        # in the order's currency, tax included
        self.assertEqual(self.lines_of(order).undelivered_amount, 600.0)

    def test_cancellation(self):
        order = self.order(8000.0)
        self.limit._record_decision("cancelled", cancelled_by="insurer")
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "limit_refused")

    def test_refused_request_ends_a_discretionary_limit(self):
        """A refused new limit kills the discretionary one (DESIGN 4)."""
        delta = self.make_buyer("DELTA")
        self.make_limit(
            delta,
            10000.0,
            kind="discretionary",
            justification_method="report",
            evidence="Report of June",
        )
        order = self.order(8000.0, delta)
        request = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": delta.id,
                "requested_amount": 30000.0,
                "state": "requested",
            }
        )
        request._record_decision("refused")
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "limit_refused")

    def test_expiry_in_the_night(self):
        """It ended with yesterday; the order was confirmed while it was in force."""
        buyer = self.make_buyer("EPSILON")
        self.make_limit(buyer, 20000.0, date_to="2026-09-30")
        with freeze_time("2026-09-30 12:00:00"):
            order = self.order(8000.0, buyer)
        self.expire_limits()
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "limit_expired")

    def test_decision_with_a_later_effect(self):
        """Reduced from 11 October on: noticed in the night when that day begins."""
        order = self.order(20000.0)
        self.limit._record_decision("reduced", amount=10000.0, date_from="2026-10-11")
        reviews = self.env["credit.insurance.review"]
        self.assertFalse(reviews.search([]))
        self.notice_due()
        self.assertFalse(reviews.search([]))
        with freeze_time("2026-10-11 02:00:00"):
            self.notice_due()
            self.notice_due()
            self.assertEqual(len(reviews.search([])), 1)
            self.run_reviews()
        self.assertEqual(self.holds_of(order).missing_amount, 10000.0)

    def test_increase_and_approval_are_no_loss(self):
        self.order(8000.0)
        self.limit._record_decision("raised", amount=90000.0)
        self.assertFalse(self.env["credit.insurance.review"].search([]))

    def test_buyers_that_share_a_number_share_the_cut(self):
        """ALFA and its twin share 50 000, reduced to 10 000: 6 000 + 7 000 lack."""
        twin = self.make_buyer("TWIN")
        self.limit.insurer_buyer_ref = "A-1"
        self.make_limit(twin, 50000.0, insurer_buyer_ref="A-1", kind="express")
        first, second = self.order(6000.0), self.order(7000.0, twin)
        self.limit._record_decision("reduced", amount=10000.0)
        self.run_reviews()
        self.assertFalse(self.holds_of(first))
        self.assertEqual(self.holds_of(second).missing_amount, 3000.0)
