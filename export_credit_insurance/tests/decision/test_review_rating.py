from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon

SOURCE = "export_credit_insurance.credit_insurance_rating_source_"


@tagged("post_install", "-at_install")
class TestReviewRating(ReviewCommon):
    """Ratings dated ahead lower the band on their day, and nobody touches anything.

    ALFA in Brazil: OECD 4, 42.86, band C. Band E (below 20) gets no credit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-10-01 12:00:00"):
            cls.quotation = cls.make_order(cls.alfa, 8000.0, confirm=False)
            cls.confirmed = cls.make_order(cls.alfa, 5000.0)
            cls.elsewhere = cls.make_order(cls.gamma, 5000.0)
        cls.env.ref("export_credit_insurance.credit_insurance_band_e").no_credit = True

    def rate_country(self, code, day):
        source = self.env.ref(f"{SOURCE}oecd")
        self.env["credit.insurance.country.rating"].create(
            {
                "country_id": self.env.ref("base.br").id,
                "source_id": source.id,
                "grade_id": source.grade_ids.filtered(lambda g: g.code == code).id,
                "date": day,
            }
        )

    def rate_buyer(self, value, day, partner=None):
        return self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": (partner or self.alfa).id,
                "source_id": self.env.ref(f"{SOURCE}creditsafe").id,
                "value": value,
                "date": day,
            }
        )

    def night(self, day):
        """Run the night's job and what it starts; return the reviews for ratings."""
        self.env.invalidate_all()
        with self.enter_registry_test_mode(), freeze_time(f"{day} 02:00:00"):
            for cron in ("review_due", "review"):
                self.env.ref(
                    f"export_credit_insurance.ir_cron_credit_{cron}"
                ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["credit.insurance.review"].search(
            [("cause", "in", ("rating", "score"))]
        )

    def test_a_country_rating_dated_ahead_is_noticed_on_its_day_once(self):
        with freeze_time("2026-10-01 12:00:00"):
            self.rate_country("7", "2026-10-05")
        self.assertFalse(self.night("2026-10-04"))
        review = self.night("2026-10-06")  # a night was missed
        self.assertEqual(review.cause, "rating")
        self.assertEqual(self.holds_of(self.confirmed).main_code, "band_no_credit")
        self.assertEqual(self.lines_of(self.quotation).main_code, "band_no_credit")
        self.assertFalse(self.lines_of(self.elsewhere))
        self.assertEqual(self.night("2026-10-07"), review)

    def test_a_country_rating_of_today_gets_no_second_review(self):
        with freeze_time("2026-10-01 12:00:00"):
            self.rate_country("7", "2026-10-01")
        self.assertEqual(len(self.night("2026-10-02")), 1)

    def test_a_buyers_score_dated_ahead_is_noticed_on_its_day_once(self):
        """(42.857 x 40 + 0 x 35) / 75 = 22.86 is band D; with E from 25 on, band E."""
        self.move_bands()
        with freeze_time("2026-10-01 12:00:00"):
            self.rate_buyer(0.0, "2026-10-05")
        self.assertFalse(self.night("2026-10-04"))
        review = self.night("2026-10-05")
        self.assertEqual(review.cause, "score")
        self.assertEqual(review.partner_ids, self.alfa)
        self.assertEqual(self.holds_of(self.confirmed).main_code, "band_no_credit")
        self.assertEqual(self.night("2026-10-06"), review)

    def move_bands(self):
        """Let band E reach to 25."""
        bands = self.env["credit.insurance.band"].search([], order="score_min")
        bands[1].score_min = 25.0
        bands[0].score_max = 25.0

    def test_a_score_that_moves_no_band_is_no_matter_of_review(self):
        # (42.857 x 40 + 40 x 35) / 75 = 41.52: band C as before
        self.rate_buyer(40.0, "2026-10-05")
        self.assertFalse(self.night("2026-10-05"))

    def test_a_better_score_is_no_matter_of_review(self):
        self.rate_buyer(90.0, "2026-10-05")
        self.assertFalse(self.night("2026-10-05"))

    def test_persons_are_left_alone(self):
        self.move_bands()
        person = self.make_buyer("DOE", is_company=False)
        self.rate_buyer(0.0, "2026-10-05", person)
        self.assertFalse(self.night("2026-10-05"))

    def test_bands_that_decide_on_nothing_cost_nothing(self):
        self.env.ref(
            "export_credit_insurance.credit_insurance_band_e"
        ).no_credit = False
        self.move_bands()
        self.rate_buyer(0.0, "2026-10-05")
        self.assertFalse(self.night("2026-10-05"))

    def test_many_scores_take_no_query_of_their_own(self):
        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-10-05 12:00:00"):
                found = self.env["credit.insurance.review"]._find_lowering_scores(
                    self.company, *self.days()
                )
            return self.cr.sql_log_count - before, len(found)

        self.move_bands()
        self.rate_buyer(0.0, "2026-10-05")
        queries()
        one = queries()
        for number in range(49):
            self.rate_buyer(0.0, "2026-10-05", self.make_buyer(f"MANY {number}"))
        self.env.flush_all()
        self.assertEqual(one[1], 1)
        self.assertEqual(queries(), (one[0], 50))

    def days(self):
        return self.today.replace(month=9, day=5), self.today.replace(day=5)
