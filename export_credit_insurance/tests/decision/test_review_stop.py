from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewStop(ReviewCommon):
    """Cover stopped, by hand or by an overdue; insolvency (DOMAIN 1.8)."""

    def test_stop_recorded_by_a_controller(self):
        order = self.order(8000.0)
        stop = (
            self.env["credit.insurance.stop"]
            .with_user(self.controller)
            .create({"partner_id": self.alfa.id, "cause": "adverse_information"})
        )
        self.run_reviews()
        hold = self.holds_of(order)
        self.assertEqual((hold.kind, hold.main_code), ("review", "cover_stopped"))
        self.assertEqual(hold.missing_amount, 8000.0)
        self.assertEqual(self.lines_of(order).cause, "stop")
        self.assertEqual(stop.credit_review_count, 1)
        # who recorded the stop may decide on the hold: it is the job that asked
        self.release(
            hold,
            self.controller,
            release_kind="own_risk",
            release_amount=8000.0,
            release_until="2026-10-31",
        )
        self.assertEqual(hold.state, "released")

    def test_stop_to_come_is_noticed_on_its_day(self):
        order = self.order(8000.0)
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-10-03"}
        )
        reviews = self.env["credit.insurance.review"]
        self.assertFalse(reviews.search([]))
        with freeze_time("2026-10-03 02:00:00"):
            self.notice_due()
            self.notice_due()
            self.assertEqual(len(reviews.search([])), 1)
            self.run_reviews()
        self.assertEqual(len(self.holds_of(order)), 1)

    def test_a_stage_that_fails_keeps_none_behind_it_waiting(self):
        """What began in countries cannot be looked at; the stop is noticed, and what
        failed is queued again by the last stages."""
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-10-03"}
        )
        reviews = self.env["credit.insurance.review"]

        def broken(_reviews, since, today):
            raise ValueError("broken")

        failed = reviews.sudo().create(
            {
                "cause": "stop",
                "company_id": self.company.id,
                "partner_ids": [(6, 0, self.gamma.ids)],
                "state": "failed",
            }
        )
        with (
            freeze_time("2026-10-03 02:00:00"),
            patch.object(self.registry[reviews._name], "_notice_events", broken),
            mute_logger("odoo.addons.export_credit_insurance.models.job"),
        ):
            self.notice_due()
        self.assertEqual(len(reviews.search([]) - failed), 1)
        self.assertEqual(failed.state, "queued")

    def test_overdue_beyond_the_extension_period(self):
        """Due 31 July, 60 days: cover stops for shipments from 30 September."""
        order = self.order(8000.0)
        self.make_invoice(self.alfa, 3000.0, day="2026-06-01", due="2026-07-31")
        self.env["credit.insurance.stop"]._record_overdue_stops(self.company)
        review = self.env["credit.insurance.review"].search([])
        self.assertEqual(review.stop_ids.date_from.isoformat(), "2026-09-30")
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(order),
            [{"main_code": "cover_stopped", "missing_amount": 8000.0}],
        )
        self.env["credit.insurance.stop"]._record_overdue_stops(self.company)
        # one of stops; the invoice, which nobody ordered, has a review of its own
        reviews = self.env["credit.insurance.review"].search([])
        self.assertEqual(len(reviews.filtered("stop_ids")), 1)

    def test_many_stops_of_one_night_are_one_review(self):
        orders = self.order(8000.0) | self.order(7000.0, self.gamma)
        for buyer in self.alfa | self.gamma:
            self.make_invoice(buyer, 3000.0, day="2026-06-01", due="2026-07-31")
        self.env["credit.insurance.stop"]._record_overdue_stops(self.company)
        self.run_reviews()
        review = self.lines_of(orders).review_id
        self.assertEqual(len(review), 1)
        self.assertEqual(len(review.activity_ids), 1)
        self.assertEqual(len(orders.activity_ids), 1, "one for all of Sam's orders")

    def test_stop_under_another_companys_policy(self):
        other = self.setup_other_company(name="Sister")["company"]
        policy = self.make_policy(other, name="POL-2")
        order = self.order(8000.0)
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "policy_id": policy.id}
        )
        self.run_reviews()
        self.assertFalse(self.lines_of(order))

    def test_insolvency(self):
        order = self.order(8000.0)
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-30"}
        )
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "insolvent")
        self.assertEqual(self.lines_of(order).cause, "insolvency")
