from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewQueue(ReviewCommon):
    """The job: bounded; killed at any moment, nothing is lost or told twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.alfa
        for number in range(4):
            cls.buyers += cls.make_buyer(f"Buyer {number}")
        for buyer in cls.buyers[1:]:
            cls.make_limit(buyer, 50000.0)
        cls.orders = cls.env["sale.order"].union(
            *(
                cls.make_order(buyer, 1000.0 * number, user_id=cls.salesman.id)
                for buyer in cls.buyers
                for number in (1, 2)
            )
        )

    def queue(self):
        self.make_event("off_cover")
        return self.env["credit.insurance.review"].sudo().search([])

    def test_event_starts_the_job(self):
        cron = self.env.ref("export_credit_insurance.ir_cron_credit_review")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.queue()
        self.assertEqual(
            len(triggers.search([("cron_id", "=", cron.id)]) - triggers), 1
        )

    def test_batches_of_whole_buyers(self):
        """Five buyers with two orders each, three at a time: 4 + 4 + 2 orders."""
        review = self.queue()
        sizes = []
        while not review._review_next(3):
            sizes.append(len(review.line_ids) - sum(sizes))
            self.assertEqual(review.state, "queued")
            self.assertFalse(self.orders.activity_ids, "told when all is known")
        self.assertEqual(sizes, [4, 4, 2])
        self.assertEqual(review.state, "done")
        self.assertEqual(len(self.orders.activity_ids), 1)
        self.assertEqual(len(self.holds_of(self.orders)), 10)

    def test_killed_between_batches(self):
        """What was committed stays; the next run goes on and tells once."""
        review = self.queue()
        review._review_next(3)
        held = self.holds_of(self.orders)
        self.run_reviews()
        self.assertEqual(review.state, "done")
        self.assertEqual(len(self.holds_of(self.orders)), 10)
        self.assertEqual(set(self.holds_of(self.orders).mapped("state")), {"open"})
        self.assertLess(held, self.holds_of(self.orders))
        self.assertEqual(len(self.orders.activity_ids), 1)

    def test_killed_within_a_batch(self):
        """A batch that is rolled back is done again as a whole."""
        review = self.queue()
        with self.env.cr.savepoint() as savepoint:
            review._review_next(200)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.assertFalse(review.line_ids)
        self.run_reviews()
        self.assertEqual(len(review.line_ids), 10)
        self.assertEqual(len(self.orders.activity_ids), 1)

    def test_run_again_finds_nothing(self):
        self.queue()
        self.run_reviews()
        self.run_reviews()
        self.assertEqual(len(self.holds_of(self.orders)), 10)
        self.assertEqual(len(self.orders.activity_ids), 1)

    def test_lost_race_is_left_to_the_next_turn(self):
        review = self.queue()
        anchors = self.env.registry["credit.insurance.anchor"]
        bump = anchors._bump
        with patch.object(anchors, "_bump", side_effect=SerializationFailure):
            self.run_reviews()
        self.assertEqual(review.state, "queued")
        self.assertEqual(anchors._bump, bump)
        self.run_reviews()
        self.assertEqual(review.state, "done")

    def test_faulty_review_does_not_stop_the_others(self):
        first = self.queue()
        self.env["credit.insurance.stop"].create({"partner_id": self.alfa.id})
        second = first.search([]) - first
        reviews = self.env.registry["credit.insurance.review"]
        review_next = reviews._review_next

        def fail(review, batch_size):
            if review == first:
                raise ValueError("broken")
            return review_next(review, batch_size)

        logger = "odoo.addons.export_credit_insurance"
        with (
            patch.object(reviews, "_review_next", fail),
            mute_logger(f"{logger}.models.decision.review.credit_insurance_review_run"),
        ):
            self.run_reviews()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.notice_due()
        self.assertEqual(first.state, "queued")

    def test_review_that_cannot_even_be_skipped(self):
        """Whose orders these are cannot be told: it is tried again at night."""
        first = self.queue()
        self.env["credit.insurance.stop"].create({"partner_id": self.alfa.id})
        second = first.search([]) - first
        reviews = self.env.registry["credit.insurance.review"]
        next_orders = reviews._next_orders

        def fail(review, batch_size):
            if review == first:
                raise ValueError("broken")
            return next_orders(review, batch_size)

        logger = "odoo.addons.export_credit_insurance"
        with (
            patch.object(reviews, "_next_orders", fail),
            mute_logger(f"{logger}.models.decision.review.credit_insurance_review_run"),
        ):
            self.run_reviews()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.notice_due()
        self.assertEqual(first.state, "queued")

    def test_faulty_buyer_does_not_stop_the_others(self):
        """Those after it are looked at; it is tried again at night."""
        review = self.queue()
        reviews = self.env.registry["credit.insurance.review"]
        review_orders = reviews._review_orders
        first = min(review._next_orders(1000))

        def fail(one, orders, buyers):
            if first in buyers.ids:
                raise ValueError("broken")
            return review_orders(one, orders, buyers)

        logger = "odoo.addons.export_credit_insurance"
        with (
            patch.object(reviews, "_review_orders", fail),
            mute_logger(f"{logger}.models.decision.review.credit_insurance_review_run"),
        ):
            self.run_reviews()
        self.assertEqual(review.state, "failed")
        self.assertEqual(review.first_failed_buyer_id, first)
        self.notice_due()
        self.assertEqual((review.state, review.last_buyer_id), ("queued", first - 1))
        self.run_reviews()
        self.assertEqual(review.state, "done")

    def test_rolled_back_event_leaves_nothing(self):
        with self.env.cr.savepoint() as savepoint:
            self.queue()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.run_reviews()
        self.assertFalse(self.holds_of(self.orders))
