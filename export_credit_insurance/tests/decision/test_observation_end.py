from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestObservationEnd(DecisionCommon):
    """A manager sees what would be held before the observation of a policy ends.

    ALFA has 28 000 left of 130 000, 20 000 of its exposure still to be delivered.
    """

    observation = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def review(self, user=None, policy=None):
        user = user or self.manager
        action = (policy or self.policy).with_user(user).action_review_observation()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def lines_of(self, *orders):
        lines = self.review().line_ids
        return lines.filtered(lambda line: line.order_id in orders)

    def test_quotations_that_would_be_held(self):
        calm = self.make_quotation(28000.0)
        held = self.make_quotation(45000.0)
        sent = self.make_quotation(30000.0)
        sent.sudo().action_quotation_sent()
        lines = self.lines_of(calm, held, sent)
        self.assertRecordValues(
            lines.sorted("missing_amount", reverse=True),
            [
                {
                    "order_id": held.id,
                    "order_state": "quotation",
                    "partner_id": self.alfa.id,
                    "salesperson_id": self.salesman.id,
                    "amount": 45000.0,
                    "missing_amount": 17000.0,
                    "code": "over_limit",
                },
                {
                    "order_id": sent.id,
                    "order_state": "quotation",
                    "partner_id": self.alfa.id,
                    "salesperson_id": self.salesman.id,
                    "amount": 30000.0,
                    "missing_amount": 2000.0,
                    "code": "over_limit",
                },
            ],
        )

    def test_confirmed_orders_with_something_to_deliver(self):
        # confirmed in observation, the last one delivered
        first = self.make_quotation(45000.0)
        second = self.make_quotation(10000.0)
        third = self.make_quotation(5000.0)
        (first + second + third).action_confirm()
        third.sudo().order_line.qty_delivered = 5000.0
        lines = self.lines_of(first, second, third)
        self.assertEqual(
            {line.order_id: line.order_state for line in lines},
            {first: "confirmed", second: "confirmed"},
        )
        # 102 000 and 60 000 against 130 000. Without the first, 117 000 leave 13 000
        # for its 45 000; without the second, 152 000 are 22 000 too much already, and
        # it adds 10 000
        self.assertEqual(
            {line.order_id: line.missing_amount for line in lines},
            {first: 32000.0, second: 32000.0},
        )

    def test_totals_in_the_policy_s_currency(self):
        before = self.review()
        self.make_quotation(45000.0)
        self.make_quotation(40000.0)
        self.make_quotation(30000.0)
        confirmed = self.make_quotation(12000.0)
        review = self.review()
        self.assertEqual(review.quotation_count - before.quotation_count, 3)
        self.assertEqual(review.quotation_total - before.quotation_total, 115000.0)
        self.assertEqual(review.confirmed_count, 0)
        # everything that is open is looked at: four more
        self.assertEqual(review.checked_count - before.checked_count, 4)
        confirmed.action_confirm()  # 16 000 left: nothing is confirmed over it
        self.assertEqual(self.review().confirmed_count, 0)

    def test_what_is_not_in_scope_is_not_listed(self):
        cancelled = self.make_quotation(45000.0)
        cancelled.sudo().action_cancel()
        french = self.make_buyer("Domestique", country="fr")
        self.env["credit.insurance.policy.country.term"].create(
            {
                "policy_id": self.policy.id,
                "country_id": self.env.ref("base.fr").id,
                "cover_status": "off_cover",
            }
        )
        domestic = self.make_quotation(45000.0, partner=french)
        self.assertFalse(self.lines_of(cancelled, domestic))

    def test_another_policy_s_buyers_are_its_own_affair(self):
        """ALFA in Brazil goes to the policy for Brazil, which is observed itself."""
        brazil = self.make_policy(
            name="POL-BR", number="POL-BR", kind="country", sequence=1
        )
        self.env["credit.insurance.policy.country.term"].create(
            {"policy_id": brazil.id, "country_id": self.env.ref("base.br").id}
        )
        order = self.make_quotation(45000.0)
        self.assertFalse(self.lines_of(order))
        lines = self.review(policy=brazil).line_ids
        self.assertIn(order, lines.order_id)

    def test_what_sanctions_hold_today_is_not_listed(self):
        self.make_event("sanctioned")
        order = self.make_quotation(45000.0)
        self.assertFalse(self.lines_of(order))

    def test_the_screen_ends_the_observation(self):
        order = self.make_quotation(45000.0)
        confirmed = self.make_quotation(45000.0)
        confirmed.action_confirm()
        review = self.review()
        form = Form(review)
        self.assertTrue(form.quotation_count)
        self.assertTrue(self.policy.observation)
        review.action_confirm()
        self.assertFalse(self.policy.observation)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        # what is confirmed stays cleared, and may be lowered
        self.assertEqual(confirmed.state, "sale")
        self.set_amount(confirmed, 44000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(confirmed).amount, 44000.0)

    def test_only_managers(self):
        for user in (self.salesman, self.user, self.controller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.review(user)
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_end_observation()
        review = self.review()
        for user in (self.controller, self.env.ref("base.user_admin")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                review.with_user(user).line_ids.read(["order_id"])

    def test_a_manager_of_all_its_companies(self):
        """Whoever ends it sees the orders of every company that it would hold."""
        sister = self.setup_other_company(name="Sister")["company"]
        self.policy.company_ids += sister
        for action in ("action_review_observation", "action_end_observation"):
            with self.subTest(action), self.assertRaises(AccessError) as refusal:
                getattr(self.policy.with_user(self.manager), action)()
            self.assertIn("Sister", str(refusal.exception))
        self.assertTrue(self.policy.observation)
        self.manager.company_ids += sister
        order = self.make_quotation(45000.0)
        ours = self.make_order(
            self.alfa,
            1000.0,
            confirm=False,
            company_id=sister.id,
        )
        before = self.review().checked_count
        (order + ours).sudo().action_cancel()
        review = self.review()
        self.assertEqual(before - review.checked_count, 2)
        review.action_confirm()
        self.assertFalse(self.policy.observation)

    def test_the_whole_list_opens(self):
        self.make_quotation(45000.0)
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        review = self.review()
        action = review.action_open_lines()
        lines = self.env[action["res_model"]].with_user(self.manager)
        self.assertEqual(lines.search(action["domain"]), review.line_ids)
        rows = review.line_ids.with_user(self.manager).export_data(
            ["order_id/name", "partner_id/name", "missing_amount", "code"]
        )
        self.assertEqual(len(rows["datas"]), len(review.line_ids))

    def test_queries_do_not_grow_with_the_orders(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review = self.review()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, len(review.line_ids)

        for _number in range(3):
            self.make_quotation(45000.0)
        count()
        few, three = count()
        for _number in range(30):
            self.make_quotation(45000.0)
        many, all_of_them = count()
        self.assertEqual(all_of_them - three, 30)
        self.assertLessEqual(many, few + 2)
