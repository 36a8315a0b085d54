from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewEnds(ReviewCommon):
    """Securities, own risk and policies that end: ALFA's limit is 50 000."""

    def make_security(self, **values):
        return self.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "kind": "bank_guarantee",
                "state": "active",
                "currency_id": self.euro.id,
                "amount": 30000.0,
                "is_general": True,
                "date_from": "2026-01-01",
                **values,
            }
        )

    def accept(self, amount, partner=None, **values):
        # by another one than who makes the orders, whom it would not serve
        rows = self.env["credit.insurance.own.risk"].with_user(self.manager)
        return rows.create(
            {
                "partner_id": (partner or self.alfa).id,
                "company_id": self.company.id,
                "amount": amount,
                "date_from": "2026-01-01",
                "reason": "Known for years",
                **values,
            }
        )

    def review_due(self):
        """What the night notices is looked through."""
        self.notice_due()
        self.run_reviews()

    def reviews(self, cause):
        return self.env["credit.insurance.review"].search([("cause", "=", cause)])

    # === WHOSE DAY IT IS === #

    def night_elsewhere(self, moment):
        """Run the job, whose own company has the day of UTC."""
        with freeze_time(moment):
            self.notice_due()
        reviews = self.env["credit.insurance.review"].sudo()
        found = reviews.search([("company_id", "=", self.company.id)])
        return sorted(found.mapped("cause"))

    def make_ends(self):
        """All of it holds until 10 October, the last day."""
        self.order(1000.0)
        self.make_security(date_to="2026-10-10")
        self.accept(10.0, date_to="2026-10-10")
        self.make_limit(
            self.alfa, 500.0, kind="topup", date_to="2026-10-10", state="expired"
        )
        stop = {"partner_id": self.alfa.id, "policy_id": self.policy.id}
        self.env["credit.insurance.stop"].create(
            {**stop, "cause": "other", "date_from": "2026-10-11"}
        )
        self.env["credit.insurance.review"].sudo().search([]).unlink()

    def test_the_company_s_day_in_the_east(self):
        """10 October, 20:00 UTC, is the 11th in Tokyo: all is over there."""
        self.company.partner_id.tz = "Asia/Tokyo"
        self.make_ends()
        self.assertEqual(self.night_elsewhere("2026-10-10 14:30:00"), [])
        self.assertEqual(
            self.night_elsewhere("2026-10-10 20:00:00"),
            ["limit", "own_risk", "security", "stop"],
        )

    def test_the_company_s_day_in_the_west(self):
        """11 October, 03:00 UTC, is still the 10th in Los Angeles."""
        self.company.partner_id.tz = "America/Los_Angeles"
        self.make_ends()
        self.assertEqual(self.night_elsewhere("2026-10-11 03:00:00"), [])
        self.assertEqual(
            self.night_elsewhere("2026-10-11 08:00:00"),
            ["limit", "own_risk", "security", "stop"],
        )

    # === SECURITIES === #

    def test_security_closed(self):
        """80 000 authorised, 70 000 ordered; without the guarantee 20 000 lack."""
        security = self.make_security()
        order = self.order(70000.0)
        quotation = self.make_quotation(10000.0)
        self.assertFalse(self.reviews("security"))
        security.action_close()
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(order),
            [{"kind": "review", "main_code": "over_limit", "missing_amount": 20000.0}],
        )
        # 50 000 - 70 000 are left for the quotation: 20 000 + 10 000 lack
        self.assertEqual(self.lines_of(quotation).missing_amount, 30000.0)
        self.assertEqual(self.lines_of(order).cause, "security")
        self.assertEqual(security.credit_review_count, 2)

    def test_security_lowered(self):
        """30 000 becomes 25 000: 70 000 fit into 75 000; then 15 000: 5 000 lack."""
        security = self.make_security()
        order = self.order(70000.0)
        security.amount = 25000.0
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
        security.amount = 15000.0
        self.run_reviews()
        self.assertEqual(self.holds_of(order).missing_amount, 5000.0)

    def test_security_no_longer_general_or_for_the_order(self):
        security = self.make_security()
        order = self.order(70000.0)
        security.is_general = False
        self.run_reviews()
        self.assertEqual(self.holds_of(order).missing_amount, 20000.0)
        other = self.make_security(name="LC-2", is_general=False)
        other.order_ids = order
        self.run_reviews()
        before = self.reviews("security")
        other.order_ids -= order
        self.assertEqual(len(self.reviews("security") - before), 1)

    def test_security_enlarged_or_renamed_is_no_loss(self):
        security = self.make_security()
        self.order(70000.0)
        security.write({"amount": 40000.0, "name": "LC-1b", "date_to": "2027-12-31"})
        self.assertFalse(self.reviews("security"))

    def test_security_expires_in_the_night(self):
        self.make_security(date_to="2026-10-10")
        order = self.order(70000.0)
        for day in ("2026-10-10", "2026-10-11"):
            with freeze_time(f"{day} 02:00:00"):
                self.review_due()
            self.assertEqual(bool(self.holds_of(order)), day == "2026-10-11")
        with freeze_time("2026-10-12 02:00:00"):
            self.expire_securities()
            before = len(self.reviews("security"))
            self.review_due()
        self.assertEqual(len(self.reviews("security")), before)
        self.assertEqual(self.holds_of(order).missing_amount, 20000.0)

    def test_last_day_of_shipment_is_over(self):
        """It is valid for weeks, but what is shipped from now on it does not serve."""
        self.make_security(latest_shipment_date="2026-10-10", date_to="2026-11-30")
        order = self.order(70000.0)
        with freeze_time("2026-10-13 02:00:00"):  # some nights were missed
            self.review_due()
            self.review_due()
            self.assertEqual(len(self.reviews("security")), 1)
        self.assertEqual(self.holds_of(order).missing_amount, 20000.0)

    def test_release_and_return_of_the_security(self):
        """A new guarantee of 20 000 lets the order go again."""
        self.make_security(date_to="2026-10-10")
        order = self.order(70000.0)
        with freeze_time("2026-10-11 02:00:00"):
            self.review_due()
            hold = self.holds_of(order)
            self.make_security(name="LC-3", amount=20000.0)
            with self.enter_registry_test_mode():
                cron = "export_credit_insurance.ir_cron_refresh_credit_holds"
                self.env.ref(cron).method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(hold.state, "obsolete")

    # === OWN RISK === #

    def test_own_risk_ended(self):
        """Ended today it is accepted until midnight: noticed the night after."""
        row = self.accept(20000.0)
        order = self.order(60000.0)
        row.action_end()
        self.run_reviews()
        self.assertFalse(self.reviews("own_risk"))
        with freeze_time("2026-10-02 02:00:00"):
            self.review_due()
            self.review_due()
            self.assertEqual(len(self.reviews("own_risk")), 1)
        # 60 000 of a limit of 50 000
        self.assertEqual(self.holds_of(order).missing_amount, 10000.0)
        self.assertEqual(row.credit_review_count, 1)

    def test_own_risk_ended_before_today(self):
        row = self.accept(20000.0)
        order = self.order(60000.0)
        row.date_to = "2026-09-30"
        self.run_reviews()
        self.assertEqual(self.holds_of(order).missing_amount, 10000.0)

    def test_own_risk_prolonged_is_no_loss(self):
        row = self.accept(20000.0, date_to="2026-10-31")
        row.date_to = "2026-12-31"
        self.assertFalse(self.reviews("own_risk"))

    # === POLICIES === #

    def test_policy_ends(self):
        """Of two policies the first ends: orders go by the second, without a limit."""
        other = self.make_policy(name="POL-27", number="POL-27", sequence=20)
        other.write({"date_end": "2027-12-31"})
        order, delivered = self.order(8000.0), self.order(9000.0, delivered=9000.0)
        self.policy.action_close()
        self.run_reviews()
        self.assertFalse(self.holds_of(order))  # today is insured still
        with freeze_time("2026-10-02 02:00:00"):
            self.review_due()
            self.review_due()
            self.assertEqual(len(self.reviews("policy")), 1)
        self.assertRecordValues(
            self.holds_of(order),
            [{"kind": "review", "main_code": "no_limit", "missing_amount": 17000.0}],
        )
        self.assertFalse(self.holds_of(delivered))
        self.assertEqual(self.policy.credit_review_count, 1)

    def test_policy_insures_the_company_no_more(self):
        other = self.make_policy(name="POL-27", number="POL-27", sequence=20)
        sister = self.setup_other_company(name="Sister")["company"]
        order = self.order(8000.0)
        self.policy.company_ids = sister
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "no_limit")
        self.assertEqual(self.holds_of(order).policy_id, other)

    def test_the_last_policy_ends(self):
        """Nothing is checked any more, so nothing is held."""
        self.order(8000.0)
        self.policy.action_close()
        with freeze_time("2026-10-02 02:00:00"):
            self.review_due()
        self.assertFalse(self.reviews("policy"))

    # === QUERIES === #

    def test_fifty_cost_as_much_as_two(self):
        rows = self.env["credit.insurance.own.risk"]
        securities = self.env["credit.insurance.security"]
        for number in range(53):
            buyer = self.make_buyer(f"Buyer {number}")
            rows += self.accept(1000.0, buyer, date_to="2026-10-01")
            securities += self.make_security(partner_id=buyer.id, name=f"G {number}")

        def count(work):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with freeze_time("2026-10-02 02:00:00"):
            for records in (rows, securities):
                count(records[0]._have_orders_reviewed)  # fills the caches
                two = count(records[1:3]._have_orders_reviewed)
                self.assertEqual(count(records[3:]._have_orders_reviewed), two)
        self.assertEqual(len(self.reviews("own_risk")), 3)
        self.assertEqual(len(self.reviews("security")), 3)
