from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DecisionCommon

AGENCY = "export_credit_insurance.credit_insurance_rating_source_creditsafe"
REMINDER = "credit.insurance.buyer.review.reminder"


class ReviewCommon(DecisionCommon):
    """Brazil alone rates ALFA: 42.86, band C, looked at every 6 months.

    Its limits were decided on 1 January 2026; it owes 102 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.controller

    def review(self, partner=None, user=None, **values):
        return (
            self.env["credit.insurance.buyer.review"]
            .with_user(user or self.controller)
            .with_company(self.company)
            .create(
                {
                    "partner_id": (partner or self.alfa).id,
                    "date": "2026-09-15",
                    "outcome": "kept",
                    "note": "Accounts of 2025 read: sound.",
                    **values,
                }
            )
        )

    def due(self, partner=None, user=None):
        self.env.invalidate_all()
        return (
            self.env["credit.insurance.buyer.review.due"]
            .with_user(user or self.controller)
            .with_company(self.company)
            .search([("partner_id", "in", (partner or self.alfa).ids)])
        )

    def make_person(self):
        """Somebody who owes something."""
        person = self.make_buyer("DOE", is_company=False)
        self.make_invoice(person, 5000.0)
        return person


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestBuyerReview(ReviewCommon):
    """When a buyer is due, and what a review keeps."""

    def test_never_reviewed_counts_from_the_decision_on_the_limit(self):
        # 1 January + 6 months
        self.assertRecordValues(
            self.due(),
            [
                {
                    "due_date": date(2026, 7, 1),
                    "urgency": "overdue",
                    "last_review_date": False,
                    "exposure": 102000.0,
                    "insured_limit": 130000.0,
                }
            ],
        )
        buyer = self.alfa.with_user(self.controller).with_company(self.company)
        self.assertEqual(buyer.credit_next_review_date, date(2026, 7, 1))

    def test_the_last_review_and_the_band_say_when(self):
        self.review(date="2026-03-01")
        self.review()
        # 15 September + 6 months
        self.assertEqual(self.due().due_date, date(2027, 3, 15))
        self.assertEqual(self.due().urgency, "later")

    def test_an_earlier_day_counts_a_later_one_does_not(self):
        self.review(next_date="2026-10-20")
        self.assertEqual(self.due().due_date, date(2026, 10, 20))
        self.assertEqual(self.due().urgency, "near")
        self.review(date="2026-09-16", next_date="2027-12-31")
        self.assertEqual(self.due().due_date, date(2027, 3, 16))

    def test_a_worse_band_brings_the_review_forward(self):
        self.review()
        self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": self.alfa.id,
                "source_id": self.env.ref(AGENCY).id,
                "value": 0.0,
                "date": "2026-09-20",
            }
        )
        # (42.857 x 40 + 0 x 35) / 75 = 22.86: band D, every 3 months
        self.assertEqual(self.due().band_id.code, "D")
        self.assertEqual(self.due().due_date, date(2026, 12, 15))

    def test_a_band_without_cadence_leaves_the_reviewers_day(self):
        self.review(next_date="2026-11-11")
        self.alfa.credit_band_id.review_months = 0
        self.assertEqual(self.due().due_date, date(2026, 11, 11))
        self.review(date="2026-09-16")
        self.assertFalse(self.due())

    def test_buyers_without_credit_are_left_alone(self):
        self.assertFalse(self.due(self.make_buyer("BETA")))

    def test_a_review_keeps_the_figures_of_the_moment(self):
        review = self.review(exposure=1.0, author_id=self.manager.id)
        self.assertRecordValues(
            review,
            [
                {
                    "author_id": self.controller.id,
                    "exposure": 102000.0,
                    "band_id": self.alfa.credit_band_id.id,
                }
            ],
        )
        self.make_invoice(self.alfa, 1000.0)
        self.env.invalidate_all()
        self.assertEqual(review.exposure, 102000.0)

    def test_a_review_is_history(self):
        review = self.review()
        with self.assertRaises(AccessError):
            review.write({"note": "Other"})
        with self.assertRaises(UserError):
            review.sudo().write({"note": "Other"})
        with self.assertRaises(AccessError):
            review.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            self.review(user=self.user)

    def test_days_that_cannot_be(self):
        with self.assertRaises(ValidationError):
            self.review(date="2026-10-02")
        with self.assertRaises(ValidationError):
            self.review(next_date="2026-09-15")

    def test_persons_are_for_controllers_and_purged_like_their_scores(self):
        person = self.make_person()
        review = self.review(person)
        recent = self.review(person, date="2026-09-30")
        self.assertTrue(self.due(person))
        self.assertFalse(self.due(person, self.user))
        self.assertTrue(self.due(self.alfa, self.user))
        seen = self.env["credit.insurance.buyer.review"].with_user(self.user)
        self.assertFalse(seen.search([("partner_id", "=", person.id)]))
        of_company = self.review(date="2024-01-01")
        self.company.credit_person_score_months = 12
        with self.enter_registry_test_mode(), freeze_time("2027-09-16 12:00:00"):
            self.env.ref(
                "export_credit_insurance.ir_cron_purge_persons"
            ).method_direct_trigger()
        # 12 months before 16 September 2027 is 16 September 2026
        self.assertEqual((review + recent + of_company).exists(), recent + of_company)

    def test_each_company_reviews_for_itself(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["credit.insurance.buyer.review"].create(
            {
                "partner_id": self.alfa.id,
                "company_id": other.id,
                "date": "2026-09-30",
                "outcome": "kept",
                "note": "Seen by the other company.",
            }
        )
        self.assertEqual(self.due().due_date, date(2026, 7, 1))

    def test_the_list_costs_the_same_for_many_buyers(self):
        buyers = self.alfa
        for number in range(50):
            buyer = self.make_buyer(f"MANY {number}")
            self.make_limit(buyer, 1000.0)
            buyers |= buyer

        def queries(wanted):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self.due(wanted)
            rows.read(["due_date", "urgency", "exposure", "band_id"])
            return self.cr.sql_log_count - before, len(rows)

        queries(self.alfa)  # warms what is cached for all
        self.assertEqual(
            (queries(self.alfa)[0], 51), (queries(buyers)[0], queries(buyers)[1])
        )


@tagged("post_install", "-at_install")
class TestBuyerReviewReminder(ReviewCommon):
    """Reviewed on 30 March, ALFA is due on 30 September."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.insurance.buyer.review"].create(
            {
                "partner_id": cls.alfa.id,
                "company_id": cls.company.id,
                "date": "2026-03-30",
                "outcome": "kept",
                "note": "Met at the fair.",
            }
        )

    def remind(self, day):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            self.env[REMINDER].sudo()._remind(self.company)
        return self.activities().user_id

    def activities(self, partner=None):
        reminders = self.env[REMINDER].search(
            [("partner_id", "=", (partner or self.alfa).id)]
        )
        return reminders.activity_ids

    def test_the_controller_on_the_day_the_managers_once_it_is_late(self):
        self.assertFalse(self.remind("2026-09-29"))
        self.assertEqual(self.remind("2026-09-30"), self.controller)
        self.assertEqual(self.activities().date_deadline, date(2026, 9, 30))
        self.assertEqual(self.remind("2026-10-13"), self.controller)
        late = self.remind("2026-10-14")
        self.assertIn(self.manager, late)
        self.assertIn(self.controller, late)

    def test_nobody_is_reminded_twice(self):
        self.remind("2026-09-30")
        self.remind("2026-10-01")
        self.assertEqual(len(self.activities()), 1)
        self.activities().unlink()
        self.assertFalse(self.remind("2026-10-02"))

    def test_a_review_settles_it_and_the_next_one_reminds_again(self):
        self.remind("2026-09-30")
        with freeze_time("2026-10-01 12:00:00"):
            self.review(date="2026-10-01")
        self.assertFalse(self.activities())
        self.assertFalse(self.remind("2027-03-31"))
        self.assertEqual(self.remind("2027-04-01"), self.controller)

    def test_a_cadence_that_is_longer_now_settles_it(self):
        self.remind("2026-09-30")
        self.alfa.credit_band_id.review_months = 12
        self.assertFalse(self.remind("2026-10-01"))

    def test_the_job_runs_for_companies_that_are_checked(self):
        with self.enter_registry_test_mode(), freeze_time("2026-10-01 09:00:00"):
            self.env.ref(
                "export_credit_insurance.ir_cron_remind_buyer_reviews"
            ).method_direct_trigger()
        self.assertEqual(self.activities().user_id, self.controller)

    def test_the_text_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.controller.lang = "fr_FR"
        self.remind("2026-09-30")
        self.assertIn("30/09/2026", self.activities().summary)
        self.assertIn("102", self.activities().note)

    def test_a_night_costs_the_same_for_many_buyers(self):
        """What is due takes no query of its own per buyer, told of already or not."""

        def queries():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-10-01 09:00:00"):
                self.env[REMINDER].sudo()._remind(self.company)
                self.env.flush_all()
            return self.cr.sql_log_count - before

        def add(number):
            for each in range(number):
                self.make_limit(self.make_buyer(f"MANY {number} {each}"), 1000.0)

        queries()
        quiet = queries()
        add(1)
        queries()  # the first activity of its kind
        add(2)
        few = queries()
        add(50)
        many = queries()
        self.assertEqual(len(self.env[REMINDER].search([])), 54)
        self.assertEqual(queries(), quiet)
        # Odoo writes followers and notes in pages of some dozen rows
        self.assertLessEqual(many, few + 5)
