from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewQueries(ReviewCommon):
    """A batch takes as many queries for 50 orders as for two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"]
        for number in range(50):
            buyer = cls.make_buyer(f"Buyer {number}")
            cls.make_limit(buyer, 50000.0)
            cls.buyers += buyer

    def orders_of(self, buyers):
        return self.env["sale.order"].search([("partner_id", "in", buyers.ids)])

    def test_fifty_orders_cost_as_much_as_two(self):
        self.make_event("off_cover")
        self.env["credit.insurance.review"].search([]).sudo().unlink()
        self.count(1)
        two, fifty = self.count(2), self.count(50)
        self.assertLessEqual(fifty, two)

    def count(self, number):
        """Orders are confirmed while the country's state only warns."""
        self.set_rule("country_off_cover", "warn")
        buyers = self.buyers[:number]
        for buyer in buyers:
            self.order(1000.0, buyer)
        self.set_rule("country_off_cover", "block")
        reviews = self.env["credit.insurance.review"].sudo()
        reviews._notice("country", partners=buyers)
        review = reviews.search([("state", "=", "queued")])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        review._review_next(200)
        self.env.flush_all()
        used = self.env.cr.sql_log_count - before
        self.assertEqual(len(review.line_ids), number)
        review._review_next(200)
        self.orders_of(buyers)._action_cancel()
        return used

    def test_moving_fifty_orders_costs_as_much_as_two(self):
        counts = []
        for number in (1, 2, 50):
            contact = self.env["res.partner"].create(
                {"name": "Contact", "parent_id": self.alfa.id}
            )
            for _index in range(number):
                self.order(900.0, contact)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contact.parent_id = self.buyers[number - 1]
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.orders_of(contact)._action_cancel()
        self.assertLessEqual(counts[2], counts[1])
