from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewCountry(ReviewCommon):
    """A country off cover or under sanctions: its open orders are looked at at once."""

    def test_confirmed_order_is_held_and_stays_confirmed(self):
        """8 000 ordered, 3 000 delivered: 5 000 may not go any more."""
        order = self.order(8000.0, delivered=3000.0)
        self.make_event("off_cover")
        self.assertFalse(self.holds_of(order), "the job does it, after the commit")
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(order),
            [
                {
                    "kind": "review",
                    "state": "open",
                    "main_code": "country_off_cover",
                    "missing_amount": 5000.0,  # 8 000 - 3 000
                    "exposure": 3000.0,
                    "order_amount": 5000.0,
                    "own_risk_amount": 5000.0,
                    "amount": 8000.0,
                }
            ],
        )
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            self.lines_of(order),
            [
                {
                    "cause": "country",
                    "stage": "confirmed",
                    "undelivered_amount": 5000.0,
                    "missing_amount": 5000.0,
                    "salesperson_id": self.salesman.id,
                    "hold_id": self.holds_of(order).id,
                    "is_open": True,
                }
            ],
        )

    def test_it_begins_with_the_day_of_each_company(self):
        """2 October begins in Auckland at 11:00 UTC, in Los Angeles 20 hours later."""
        west = self.env["res.company"].create({"name": "West"})
        self.make_policy(west, name="POL-W", observation=False)
        self.company.partner_id.tz = "Pacific/Auckland"
        west.partner_id.tz = "America/Los_Angeles"
        self.env.registry.clear_cache()
        with freeze_time("2026-10-01 06:00:00"):
            event = self.make_event("off_cover", date_from="2026-10-02")
        for moment, companies in (
            ("2026-10-01 10:00:00", west.browse()),
            ("2026-10-01 12:00:00", self.company),
            ("2026-10-02 06:00:00", self.company),
            ("2026-10-02 12:00:00", self.company + west),
            ("2026-10-03 12:00:00", self.company + west),
        ):
            with freeze_time(moment):
                self.notice_due()
            reviews = self.env["credit.insurance.review"].search(
                [("event_id", "=", event.id)], order="id"
            )
            self.assertEqual(reviews.company_id, companies, moment)
            self.assertEqual(len(reviews), len(companies), moment)

    def test_what_was_shipped_stays_covered(self):
        """3 000 shipped in August and unpaid stay covered at 90 %: 2 700."""
        self.make_invoice(self.alfa, 3000.0, day="2026-08-01")
        self.order(8000.0)
        self.make_event("off_cover")
        self.run_reviews()
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 2700.0)

    def test_delivered_order_is_no_matter_of_review(self):
        order = self.order(8000.0, delivered=8000.0)
        self.make_event("off_cover")
        self.run_reviews()
        self.assertFalse(self.holds_of(order) | self.lines_of(order).hold_id)

    def test_order_closed_short_is_no_matter_of_review(self):
        order = self.order(8000.0, delivered=3000.0)
        order.with_user(self.controller).action_close_credit_remainder()
        self.make_event("off_cover")
        self.run_reviews()
        self.assertFalse(self.lines_of(order))

    def test_quotations_are_listed(self):
        """Those that are still valid: their confirmation is refused anyway."""
        valid = self.order(2000.0, confirm=False)
        ended = self.order(2000.0, confirm=False, validity_date="2026-09-30")
        self.make_event("off_cover")
        self.run_reviews()
        self.assertRecordValues(
            self.lines_of(valid),
            [{"stage": "quotation", "undelivered_amount": 2000.0, "hold_id": False}],
        )
        self.assertFalse(self.lines_of(ended))
        self.assertFalse(self.holds_of(valid))

    def test_other_countries_are_left_alone(self):
        order = self.order(8000.0, self.gamma)
        self.make_event("off_cover")
        self.run_reviews()
        self.assertFalse(self.lines_of(order))

    def test_delivery_country_counts_for_sanctions(self):
        """GAMMA in Argentina has goods sent to Brazil, and has paid for them."""
        address = self.env["res.partner"].create(
            {
                "name": "Harbour",
                "type": "delivery",
                "parent_id": self.gamma.id,
                "country_id": self.env.ref("base.br").id,
            }
        )
        order = self.order(8000.0, self.gamma, partner_shipping_id=address.id)
        self.pay(order)
        self.make_event("sanctioned")
        self.run_reviews()
        hold = self.holds_of(order)
        self.assertEqual(hold.main_code, "country_sanctioned")
        self.assertEqual(hold.sanctioned_country_ids, self.env.ref("base.br"))

    def test_country_of_who_orders_counts_for_sanctions(self):
        """ALFA in Brazil orders; GAMMA in Argentina is billed, and has the goods."""
        order = self.order(
            8000.0,
            self.gamma,
            partner_id=self.alfa.id,
            partner_invoice_id=self.gamma.id,
            partner_shipping_id=self.gamma.id,
        )
        self.make_event("sanctioned")
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "country_sanctioned")

    def test_prepaid_order_goes_off_cover_unharmed(self):
        order = self.order(8000.0)
        self.pay(order)
        self.make_event("off_cover")
        self.run_reviews()
        self.assertFalse(self.lines_of(order))

    def test_restriction_sets_conditions_only(self):
        """The orders are looked at, but none is held or listed."""
        order = self.order(8000.0)
        self.make_event("restricted")
        self.assertEqual(
            self.env["credit.insurance.review"].search([]).cause, "country"
        )
        self.run_reviews()
        self.assertFalse(self.holds_of(order) | self.lines_of(order).hold_id)
        self.assertFalse(self.lines_of(order))

    def test_event_that_becomes_graver(self):
        order = self.order(8000.0)
        event = self.make_event("restricted")
        self.run_reviews()
        event.cover_status = "off_cover"
        self.run_reviews()
        self.assertEqual(len(self.holds_of(order)), 1)
        event.note = "Nothing new"
        event.date_to = "2027-12-31"
        self.assertEqual(len(self.env["credit.insurance.review"].search([])), 2)
        event.cover_status = "sanctioned"
        self.run_reviews()
        holds = self.holds_of(order)
        self.assertEqual(holds.mapped("state"), ["obsolete", "open"])
        self.assertEqual(holds[1].main_code, "country_sanctioned")

    def test_country_added_to_an_event(self):
        """Only the new country's orders are looked at again."""
        first, second = self.order(8000.0), self.order(7000.0, self.gamma)
        event = self.make_event("off_cover")
        self.run_reviews()
        event.country_ids += self.env.ref("base.ar")
        self.run_reviews()
        self.assertEqual(len(self.holds_of(first)), 1)
        self.assertEqual(len(self.holds_of(second)), 1)

    def test_event_to_come_is_noticed_on_its_day(self):
        order = self.order(8000.0)
        self.make_event("off_cover", date_from="2026-10-05")
        reviews = self.env["credit.insurance.review"]
        self.notice_due()
        self.assertFalse(reviews.search([]))
        with freeze_time("2026-10-05 02:00:00"):
            self.notice_due()
            self.notice_due()
            self.assertEqual(len(reviews.search([])), 1)
            self.run_reviews()
        self.assertEqual(len(self.holds_of(order)), 1)

    def test_event_that_is_over(self):
        self.order(8000.0)
        self.make_event("off_cover", date_to="2026-09-15")
        self.assertFalse(self.env["credit.insurance.review"].search([]))

    def test_country_terms_of_the_policy(self):
        order = self.order(8000.0)
        term = self.env["credit.insurance.policy.country.term"].create(
            {
                "policy_id": self.policy.id,
                "country_id": self.env.ref("base.br").id,
                "cover_status": "restricted",
            }
        )
        self.assertFalse(self.env["credit.insurance.review"].search([]))
        term.cover_status = "off_cover"
        self.run_reviews()
        self.assertEqual(self.lines_of(order).cause, "terms")
        self.assertEqual(self.holds_of(order).main_code, "country_off_cover")

    def test_country_terms_from_a_day_on(self):
        """Off cover from 5 October on: looked through that night, once, not before."""
        order = self.order(8000.0)
        reviews = self.env["credit.insurance.review"]
        self.env["credit.insurance.policy.country.term"].create(
            {
                "policy_id": self.policy.id,
                "country_id": self.env.ref("base.br").id,
                "cover_status": "off_cover",
                "date_from": "2026-10-05",
            }
        )
        self.notice_due()
        self.assertFalse(reviews.search([]))
        with freeze_time("2026-10-05 02:00:00"):
            self.notice_due()
            self.notice_due()
            self.assertEqual(len(reviews.search([])), 1)
            self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "country_off_cover")

    def test_release_and_what_happens_later(self):
        """Who let it go uninsured accepted a cut limit too, but knew of no stop."""
        order = self.order(8000.0)
        self.make_event("off_cover")
        self.run_reviews()
        self.release(
            self.holds_of(order),
            release_kind="own_risk",
            release_amount=8000.0,
            release_until="2026-10-31",
        )
        self.assertFalse(self.env["credit.insurance.hold"]._get_stops(order))
        self.limit._record_decision("cancelled")
        self.run_reviews()
        self.assertEqual(self.holds_of(order).mapped("state"), ["released"])
        self.env["credit.insurance.stop"].create({"partner_id": self.alfa.id})
        self.run_reviews()
        self.assertEqual(self.holds_of(order).mapped("state"), ["released", "open"])

    def test_refusal_stays_and_is_not_asked_again(self):
        order = self.order(8000.0)
        self.make_event("off_cover")
        self.run_reviews()
        self.holds_of(order).with_user(self.controller)._refuse("No own risk there.")
        self.env["credit.insurance.stop"].create({"partner_id": self.alfa.id})
        self.run_reviews()
        self.assertEqual(self.holds_of(order).mapped("state"), ["refused"])
        self.assertIn(order, self.env["credit.insurance.hold"]._get_stops(order))

    def test_observation_lists_and_holds_nothing(self):
        self.policy.observation = True
        order = self.order(8000.0)
        self.make_event("off_cover")
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
        self.assertEqual(self.lines_of(order).missing_amount, 8000.0)
        # and salespeople, who sell on as before, hear nothing of it
        self.assertTrue(self.lines_of(order).is_observed)
        self.assertFalse(order.activity_ids)

    def test_every_checked_company_looks_at_its_own(self):
        other = self.setup_other_company(name="Sister")["company"]
        other.currency_id = self.euro
        own = self.order(8000.0)
        foreign = self.make_order(self.alfa, 6000.0, company_id=other.id)
        self.make_event("off_cover")
        reviews = self.env["credit.insurance.review"].search([])
        self.assertEqual(reviews.company_id, self.company)
        self.run_reviews()
        self.assertEqual(len(self.lines_of(own | foreign)), 1)
        self.make_policy(other, name="POL-2")
        self.make_event("sanctioned")
        reviews = self.env["credit.insurance.review"].search([("state", "=", "queued")])
        self.assertEqual(reviews.company_id, self.company | other)
        self.run_reviews()
        self.assertEqual(self.lines_of(foreign).company_id, other)

    def test_nothing_is_noted_where_no_company_is_checked(self):
        self.policy.action_close()
        self.order(8000.0)
        self.make_event("off_cover")
        self.assertFalse(self.env["credit.insurance.review"].search([]))
