from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewList(ReviewCommon):
    """Who reads of an event, in which language, and what the list shows."""

    def review(self):
        self.make_event("off_cover")
        self.run_reviews()

    def test_each_is_told_once(self):
        """Sam has two orders, Uma one, nobody the fourth: one note each."""
        orders = self.order(8000.0) | self.order(2000.0, confirm=False)
        mine = self.order(3000.0, user_id=self.user.id)
        self.order(1000.0, user_id=False)
        self.review()
        activity = orders.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(len(activity), 1)
        for order in orders:
            self.assertIn(order.name, activity.note)
        self.assertIn("on hold", activity.note)
        self.assertEqual(mine.activity_ids.user_id, self.user)
        review = self.env["credit.insurance.review"].search([])
        self.assertEqual(review.activity_ids.user_id, self.controller)
        self.assertIn("3", review.activity_ids.summary)

    def test_salespeople_read_nothing_confidential(self):
        """Sam has no credit group, Uma has: only she reads what happened."""
        sams, umas = self.order(8000.0), self.order(3000.0, user_id=self.user.id)
        self.limit._record_decision("cancelled")
        self.run_reviews()
        self.assertNotIn("Limit", sams.activity_ids.note)
        self.assertIn("Limit Cut or Ended: ALFA", umas.activity_ids.note)

    def test_each_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesman.lang = "fr_FR"
        order = self.order(8000.0)
        self.review()
        self.assertNotIn("Credit to review", order.activity_ids.summary)
        self.assertEqual(
            self.env["credit.insurance.review"].search([]).activity_ids.summary,
            "Holds to decide: 1",
        )

    def test_customers_receive_nothing(self):
        order = self.order(8000.0)
        order.message_subscribe(order.partner_id.ids)
        before = self.env["mail.mail"].search([])
        messages = order.message_ids
        self.review()
        self.assertEqual(order.message_ids, messages)
        mails = self.env["mail.mail"].search([]) - before
        self.assertNotIn(self.alfa, mails.recipient_ids)

    def test_quotations_are_ticked_off_by_a_controller(self):
        quotation, held = self.order(2000.0, confirm=False), self.order(8000.0)
        self.review()
        lines = self.lines_of(quotation | held)
        with self.assertRaises(AccessError):
            lines.with_user(self.user).action_reviewed()
        lines.with_user(self.controller).action_reviewed()
        self.assertEqual(lines.mapped("is_open"), [False, True])
        self.assertEqual(lines[0].reviewed_by, self.controller)
        self.assertEqual(lines.search([("is_open", "=", True)]), lines[1])
        self.assertIn(lines[0], lines.search([("is_open", "=", False)]))

    def test_line_closes_with_its_hold_or_order(self):
        first, second = self.order(8000.0), self.order(7000.0)
        self.review()
        self.holds_of(first).with_user(self.controller)._refuse("No own risk there.")
        second._action_cancel()
        self.assertEqual(
            self.lines_of(first | second).mapped("is_open"), [False, False]
        )

    def test_reminder_goes_when_all_is_decided(self):
        first, second = self.order(8000.0), self.order(7000.0)
        self.review()
        review = self.lines_of(first).review_id
        holds = self.holds_of(first | second)
        holds[0].with_user(self.controller)._refuse("No own risk there.")
        self.notice_due()
        self.assertTrue(review.activity_ids)
        holds[1].with_user(self.controller)._refuse("No own risk there.")
        self.notice_due()
        self.assertFalse(review.activity_ids)

    def test_long_lists_are_cut(self):
        orders = self.env["sale.order"].union(
            *(self.order(600.0) for _number in range(35))
        )
        self.review()
        note = orders.activity_ids.note
        self.assertEqual(note.count("<li>"), 31)  # 30 of 35, and a line for the rest
        self.assertIn("and 5 more", note)

    def test_list_opens_from_the_event(self):
        order = self.order(8000.0)
        event = self.make_event("off_cover")
        self.run_reviews()
        event = event.with_user(self.user)
        self.assertEqual(event.credit_review_count, 1)
        action = event.action_open_credit_review()
        lines = self.env[action["res_model"]].with_user(self.user)
        self.assertEqual(lines.search(action["domain"]).order_id, order)
        self.assertEqual(
            lines.search(action["domain"]).review_id.display_name,
            "Country Event: Event",
        )

    def test_name_of_many_buyers_stays_short(self):
        """Two of four are named: the group's row has sums beside it."""
        buyers = self.env["res.partner"].union(
            *(self.make_buyer(name) for name in ("ONE", "TWO", "THREE", "FOUR"))
        )
        # nobody makes one by hand: jobs and triggers do
        review = (
            self.env["credit.insurance.review"]
            .sudo()
            .create(
                {
                    "cause": "limit",
                    "company_id": self.company.id,
                    "partner_ids": [(6, 0, buyers.ids)],
                }
            )
        )
        first, second = review.partner_ids[:2].mapped("name")
        self.assertEqual(
            review.display_name,
            f"Limit Cut or Ended: {first}, {second} and 2 more",
        )
        review.partner_ids = buyers[:2]
        self.assertNotIn("more", review.display_name)

    def test_other_companies_do_not_see_them(self):
        order = self.order(8000.0)
        self.review()
        other = self.setup_other_company(name="Sister")["company"]
        stranger = self.user.copy(
            {
                "login": "stranger",
                "company_ids": [(6, 0, other.ids)],
                "company_id": other.id,
            }
        )
        self.assertTrue(self.lines_of(order))
        for model in ("credit.insurance.review.line", "credit.insurance.review"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
