from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon
from .review_common import ReviewCommon

# 180 days after 12 October 2026: from that day on it counts
FAR = "2027-04-10 10:00:00"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestFarOrders(DecisionCommon):
    """Whoever confirms a far-dated order needs the credit for it all the same.

    ALFA has 28 000 left of 130 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def far(self, amount, partner=None):
        return self.make_quotation(amount, partner, commitment_date=FAR)

    def assertRefused(self, order, code):
        self.assertEqual(next(iter(self.find(order))), code)
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_far_orders_need_room(self):
        self.assertRefused(self.far(28001.0), "over_limit")
        far = self.far(28000.0)
        far.action_confirm()
        self.assertEqual(far.state, "sale")

    def test_barred_buyers_get_none(self):
        """However little it is, and far beyond the horizon."""
        far = self.far(900.0)
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "date_from": "2026-09-01",
                "cause": "other",
            }
        )
        self.assertRefused(far, "cover_stopped")
        self.env["credit.insurance.insolvency"].create(
            {
                "partner_id": self.alfa.id,
                "kind": "liquidation",
                "judgment_date": "2026-09-15",
                "source": "Gazette",
            }
        )
        self.assertRefused(far, "insolvent")

    def test_countries_off_cover_and_under_sanctions(self):
        gamma = self.make_buyer("GAMMA", "ar")
        self.make_limit(gamma, 50000.0)
        far = self.far(900.0, gamma)
        self.make_event("off_cover", "ar")
        self.assertRefused(far, "country_off_cover")
        self.make_event("sanctioned", "ar")
        self.assertRefused(far, "country_sanctioned")

    def test_refused_limit(self):
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 0.0, state="refused")
        self.assertRefused(self.far(900.0, beta), "limit_refused")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewHorizon(ReviewCommon):
    """Orders that come near by the calendar alone: ALFA's limit is 50 000."""

    def far(self, amount, partner=None, **values):
        return self.order(amount, partner, **{"commitment_date": FAR, **values})

    def night(self, day):
        with freeze_time(f"{day} 02:00:00"):
            self.notice_due()
            self.run_reviews()

    def reviews(self):
        return self.env["credit.insurance.review"].search([("cause", "=", "horizon")])

    def test_the_day_it_comes_near(self):
        """40 000 far and 30 000 near: both were confirmed with room for them alone.

        On 12 October the far one counts: beside 30 000 there are 20 000 left of
        50 000 for its 40 000, so 20 000 lack. The near one is not touched.
        """
        far = self.far(40000.0)
        near = self.order(30000.0)
        self.night("2026-10-11")
        self.assertFalse(self.reviews())
        self.night("2026-10-12")
        self.assertEqual(self.reviews().order_ids, far)
        self.assertRecordValues(
            self.holds_of(far + near),
            [
                {
                    "order_id": far.id,
                    "kind": "review",
                    "state": "open",
                    "main_code": "over_limit",
                    "missing_amount": 20000.0,
                    "order_amount": 40000.0,
                    "headroom_before": 20000.0,
                    "requested_by": False,
                }
            ],
        )
        self.assertEqual(self.lines_of(far).cause, "horizon")
        self.night("2026-10-13")
        self.assertEqual(len(self.reviews()), 1)

    def test_what_fits_is_not_held(self):
        far = self.far(20000.0)
        self.order(30000.0)
        self.night("2026-10-12")
        self.assertEqual(self.reviews().order_ids, far)
        self.assertFalse(self.lines_of(far))

    def test_nights_that_were_missed(self):
        far = self.far(40000.0)
        self.order(30000.0)
        self.night("2026-12-24")
        self.assertEqual(self.holds_of(far).missing_amount, 20000.0)

    def test_lines_come_near_one_by_one(self):
        """20 000 in 20 days, 20 000 in 200, 20 000 in 300: 40 000 lack no credit.

        From 21 October on (200 - 180 days) the second counts. 30 000 of another order
        leave 20 000: for 40 000 there lack 20 000, and the third does not count.
        """
        self.make_limit(self.alfa, 20000.0, kind="temporary", date_to="2026-10-15")
        order = self.order(20000.0, confirm=False)
        self.add_line(order, 20000.0)
        self.add_line(order, 20000.0)
        for line, days in zip(order.order_line, (20, 200, 300), strict=True):
            line.customer_lead = days
        order.action_confirm()
        self.order(30000.0)
        self.night("2026-10-18")
        self.assertFalse(self.reviews())
        self.night("2026-10-21")
        self.assertRecordValues(
            self.holds_of(order),
            [{"missing_amount": 20000.0, "order_amount": 40000.0}],
        )

    def test_checked_since_it_counts(self):
        """Confirmed when it was near already, or drawn nearer: it was checked then."""
        with freeze_time("2026-10-12 12:00:00"):
            self.far(10000.0)
        drawn = self.far(10000.0, commitment_date="2028-01-01")
        with freeze_time("2026-10-20 12:00:00"):
            drawn.commitment_date = "2027-04-15"
        self.night("2026-10-21")
        self.assertFalse(self.reviews())

    def test_delivered_closed_and_cancelled_orders(self):
        self.far(10000.0, delivered=10000.0)
        closed = self.far(10000.0)
        closed.sudo().credit_remainder_closed = True
        self.far(10000.0)._action_cancel()
        self.night("2026-10-12")
        self.assertFalse(self.reviews())

    def test_no_horizon(self):
        self.company.credit_order_horizon_days = 0
        self.far(10000.0)
        self.night("2026-10-12")
        self.assertFalse(self.reviews())

    def test_the_company_s_day(self):
        """22:30 UTC of the 11th is the 12th in Paris."""
        self.company.partner_id.tz = "Europe/Paris"
        self.env.registry.clear_cache()
        far = self.far(10000.0)
        with freeze_time("2026-10-11 21:30:00"):
            self.notice_due()
            self.assertFalse(self.reviews())
        with freeze_time("2026-10-11 22:30:00"):
            self.notice_due()
        self.assertEqual(self.reviews().order_ids, far)
        self.assertEqual(str(self.reviews().noticed_on), "2026-10-12")

    def test_the_planned_day_is_the_company_s(self):
        """Planned for 10 April, 20:00 UTC, the 11th in Tokyo: it counts from 13 October
        on, a day later than by UTC. Tokyo's 13th begins on the 12th, 15:00 UTC."""
        self.company.partner_id.tz = "Asia/Tokyo"
        far = self.make_quotation(10000.0, commitment_date="2027-04-10 20:00:00")
        far.action_confirm()
        with freeze_time("2026-10-12 14:30:00"):
            self.notice_due()
            self.assertFalse(self.reviews())
        with freeze_time("2026-10-12 15:30:00"):
            self.notice_due()
        self.assertEqual(self.reviews().order_ids, far)

    def test_beyond_the_horizon_by_the_company_s_day(self):
        """180 days after 1 October is 30 March: the last day that counts. 20:00 UTC is
        31 March in Tokyo; 03:00 UTC of the 31st is the 30th in Los Angeles."""
        evening = self.make_quotation(10.0, commitment_date="2027-03-30 20:00:00")
        night = self.make_quotation(10.0, commitment_date="2027-03-31 03:00:00")
        lines = (evening + night).order_line
        for zone, far in (
            ("UTC", night),
            ("Asia/Tokyo", evening + night),
            ("America/Los_Angeles", self.env["sale.order"]),
        ):
            with self.subTest(zone):
                self.company.partner_id.tz = zone
                self.assertEqual(lines._credit_beyond_horizon().order_id, far)

    # === FAR ORDERS IN OTHER REVIEWS === #

    def test_a_cut_takes_nothing_for_what_is_far(self):
        """Reduced to 10 000: 40 000 far do not count, the 9 000 after them pass."""
        far = self.far(40000.0)
        near = self.order(9000.0)
        self.limit._record_decision("reduced", amount=10000.0)
        self.run_reviews()
        self.assertFalse(self.holds_of(far + near))
        # on the 12th there is 1 000 left of 10 000 for 40 000
        self.night("2026-10-12")
        self.assertEqual(self.holds_of(far).missing_amount, 39000.0)
        self.assertFalse(self.holds_of(near))

    def test_what_bars_the_buyer_holds_what_is_far(self):
        far = self.far(40000.0)
        self.limit._record_decision("cancelled", cancelled_by="insurer")
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(far),
            [{"main_code": "limit_refused", "missing_amount": 40000.0}],
        )

    def test_other_far_orders_leave_room_to_those_that_wait(self):
        """Two holds looked at together: 40 000 far take nothing from 30 000 near."""
        far, near = self.far(40000.0), self.order(30000.0)
        checks = self.env["credit.insurance.check"].sudo()
        found = checks._assess_each((far + near).sudo())
        self.assertFalse(found[near.sudo()].blocking)

    def test_fifty_orders_cost_as_much_as_two(self):
        for number in range(52):
            buyer = self.make_buyer(f"Buyer {number}")
            self.make_limit(buyer, 50000.0)
            self.far(1000.0, buyer)
            if number == 1:
                two = self.count_queries()
                self.assertEqual(len(self.reviews().order_ids), 2)
        self.assertLessEqual(self.count_queries(), two)
        self.assertEqual(len(self.reviews().order_ids), 52)

    def count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-10-12 02:00:00"):
            before = self.env.cr.sql_log_count
            self.env["credit.insurance.review"]._notice_due_orders()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
