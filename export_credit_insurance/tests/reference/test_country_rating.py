from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger


class TestCountryRating(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rating = cls.env["credit.insurance.country.rating"]
        cls.oecd = cls.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_oecd"
        )
        cls.brazil = cls.env.ref("base.br")
        cls.edition = cls.env["credit.insurance.rating.edition"].search(
            [("source_id", "=", cls.oecd.id), ("date", "=", "2026-01-30")]
        )

    def grade(self, code):
        return self.oecd.grade_ids.filtered(lambda grade: grade.code == code)

    def rate(self, code, day, country=None):
        return self.Rating.create(
            {
                "country_id": (country or self.brazil).id,
                "source_id": self.oecd.id,
                "grade_id": self.grade(code).id,
                "date": day,
            }
        )

    def current(self, day, country=None):
        country = country or self.brazil
        return self.Rating._current(country, day, self.env.company)[
            country
        ].grade_id.code

    def test_shipped_edition_is_complete(self):
        self.assertEqual(self.edition.rating_count, 201)
        self.assertIn("valid as of 30 January 2026", self.edition.citation)
        counts = dict(
            self.Rating._read_group(
                [("edition_id", "=", self.edition.id)], ["grade_id"], ["__count"]
            )
        )
        self.assertEqual(
            {grade.code: count for grade, count in counts.items()},
            {
                "0": 1,
                "2": 9,
                "3": 14,
                "4": 13,
                "5": 15,
                "6": 27,
                "7": 58,
                "high_income_oecd": 17,
                "high_income_oecd+euro": 17,
                "high_income_euro": 3,
                "euro_microstate": 3,
                "not_reviewed": 24,
            },
        )

    def test_shipped_moves_are_the_current_column(self):
        for xmlid, code in (("am", "5"), ("md", "6"), ("om", "3"), ("ae", "2")):
            country = self.env.ref(f"base.{xmlid}")
            self.assertEqual(self.current(date(2026, 1, 30), country), code)

    def test_current_is_the_latest_up_to_the_day(self):
        self.rate("5", "2026-06-26")
        self.assertFalse(self.current(date(2026, 1, 29)))
        self.assertEqual(self.current(date(2026, 1, 30)), "4")
        self.assertEqual(self.current(date(2026, 6, 25)), "4")
        self.assertEqual(self.current(date(2026, 6, 26)), "5")

    def test_archived_source_has_no_current_rating(self):
        self.oecd.active = False
        self.assertFalse(self.current(date(2026, 6, 1)))

    def test_history_is_never_rewritten(self):
        rating = self.rate("5", "2026-06-26")
        with self.assertRaisesRegex(UserError, "history"):
            rating.grade_id = self.grade("6")

    @mute_logger("odoo.sql_db")
    def test_one_rating_per_source_country_and_date(self):
        with self.assertRaises(IntegrityError):
            self.rate("5", "2026-01-30")

    def test_grade_must_be_of_the_source(self):
        coface = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_coface_country"
        )
        with self.assertRaisesRegex(ValidationError, "choose a grade of OECD"):
            self.Rating.create(
                {
                    "country_id": self.brazil.id,
                    "source_id": self.oecd.id,
                    "grade_id": coface.grade_ids[0].id,
                    "date": "2026-06-26",
                }
            )

    def test_high_income_countries_score_by_company_choice(self):
        company = self.env.company
        self.assertEqual(self.grade("high_income_oecd")._score_for(company), 100)
        self.assertIsNone(self.grade("not_reviewed")._score_for(company))
        self.assertIsNone(self.grade("euro_microstate")._score_for(company))
        self.assertEqual(self.grade("7")._score_for(company), 0)
        company.credit_high_income_best = False
        self.assertIsNone(self.grade("high_income_oecd")._score_for(company))

    def test_ratings_grow_stale(self):
        rating = self.Rating._current(self.brazil, date(2026, 6, 1), self.env.company)[
            self.brazil
        ]
        # 180 days after 30 January 2026 is 29 July
        with freeze_time("2026-07-29 12:00:00"):
            self.assertFalse(rating.is_stale)
        rating.invalidate_recordset(["is_stale"])
        with freeze_time("2026-07-30 12:00:00"):
            self.assertTrue(rating.is_stale)

    def test_one_query_for_any_number_of_countries(self):
        countries = self.env["res.country"].search([], limit=50)
        for some in (countries[:1], countries):
            self.env.flush_all()
            with self.assertQueryCount(1):
                self.Rating._current(some, date(2026, 6, 1), self.env.company)
