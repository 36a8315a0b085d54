from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase


class TestRatingSource(TransactionCase):
    def source(self, code):
        return self.env.ref(
            f"export_credit_insurance.credit_insurance_rating_source_{code}"
        )

    def test_oecd_grades_are_normalised(self):
        # (7 - r) / 7 x 100
        scores = {
            grade.code: round(grade.score, 2)
            for grade in self.source("oecd").grade_ids
            if grade.scoring == "score"
        }
        self.assertEqual(
            scores,
            {
                "0": 100.0,
                "1": 85.71,
                "2": 71.43,
                "3": 57.14,
                "4": 42.86,
                "5": 28.57,
                "6": 14.29,
                "7": 0.0,
            },
        )

    def test_scales_of_insurers_are_shipped_empty(self):
        scales = {
            "allianz_trade_country": "AA A BB B C D",
            "allianz_trade_short_term": "1 2 3 4",
            "coface_country": "A1 A2 A3 A4 B C D E",
            "credendo_political": "1 2 3 4 5 6 7",
            "credendo_business": "A B C D E F G",
            "atradius_star": "1 2 3 4 5 6 7 8 9 10",
        }
        for code, grades in scales.items():
            source = self.source(code)
            self.assertEqual(" ".join(source.grade_ids.mapped("code")), grades)
            self.assertEqual(source.grade_ids[0].score, 100)
            self.assertEqual(source.grade_ids[-1].score, 0)
            self.assertFalse(
                self.env["credit.insurance.country.rating"].search_count(
                    [("source_id", "=", source.id)]
                )
            )

    def test_even_steps_are_what_is_shipped(self):
        for source in self.env["credit.insurance.rating.source"].search(
            [("scale", "=", "grade")]
        ):
            shipped = source.grade_ids.mapped("score")
            source.action_spread_scores()
            for before, after in zip(
                shipped, source.grade_ids.mapped("score"), strict=True
            ):
                self.assertAlmostEqual(before, after, places=6)

    def test_spread_scores_needs_two_ranks(self):
        source = self.env["credit.insurance.rating.source"].create(
            {
                "name": "Press",
                "code": "press",
                "grade_ids": [Command.create({"code": "A", "rank": 1})],
            }
        )
        with self.assertRaisesRegex(UserError, "two scored grades"):
            source.action_spread_scores()

    def test_numbers_are_normalised_in_their_direction(self):
        # 62 on 0..100; (80 - 1) / 99; 100 best to 1: (10 - 4) / 9
        self.assertEqual(self.source("creditsafe")._normalise(62), 62)
        self.assertAlmostEqual(self.source("dnb_paydex")._normalise(80), 79.80, 2)
        self.assertAlmostEqual(
            self.source("allianz_trade_buyer")._normalise(4), 66.67, 2
        )
        self.assertEqual(self.source("atradius_buyer")._normalise(1), 100)
        self.assertEqual(self.source("atradius_buyer")._normalise(100), 0)

    def test_a_scale_with_0_best(self):
        source = self.env["credit.insurance.rating.source"].create(
            {
                "name": "OECD as a number",
                "code": "number",
                "criterion": "agency",
                "scale": "number",
                "value_min": 0,
                "value_max": 7,
                "higher_is_better": False,
            }
        )
        self.assertAlmostEqual(source._normalise(4), 42.86, 2)
        self.assertEqual(source._normalise(0), 100)

    def test_value_outside_the_scale_is_refused(self):
        with self.assertRaisesRegex(UserError, "101 is no value.* from 0 to 100"):
            self.source("creditsafe")._normalise(101)

    def test_scale_upside_down_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "upside down"):
            self.source("creditsafe").value_max = -1

    def test_country_sources_have_grades(self):
        with self.assertRaisesRegex(ValidationError, "made of grades"):
            self.source("oecd").scale = "number"

    def test_the_same_code_of_two_sources_is_not_the_same(self):
        """B is the fourth of Allianz Trade's six, (6 - 4) / 5 = 40, and the fifth of
        Coface's eight, (8 - 5) / 7 = 42.86: each counts by its own scale."""
        allianz, coface = (
            self.env.ref(f"export_credit_insurance.credit_insurance_rating_grade_{xid}")
            for xid in ("allianz_trade_country_b", "coface_country_b")
        )
        self.assertEqual((allianz.code, coface.code), ("B", "B"))
        self.assertAlmostEqual(allianz.score, 40.0, 2)
        self.assertAlmostEqual(coface.score, 300 / 7, 2)
        country = self.env.ref("base.br")
        ratings = self.env["credit.insurance.country.rating"]
        with self.assertRaises(ValidationError):  # of another source's scale
            ratings.create(
                {
                    "country_id": country.id,
                    "source_id": allianz.source_id.id,
                    "grade_id": coface.id,
                    "date": "2026-09-01",
                }
            )
        self.source("oecd").active = False
        for grade in (allianz, coface):
            ratings.create(
                {
                    "country_id": country.id,
                    "source_id": grade.source_id.id,
                    "grade_id": grade.id,
                    "date": "2026-09-01",
                }
            )
        buyer = self.env["res.partner"].create(
            {"name": "B", "is_company": True, "country_id": country.id}
        )
        with freeze_time("2026-10-01 12:00:00"):
            # (40 + 42.857) / 2
            self.assertAlmostEqual(buyer.country_risk_score, 41.428571, 5)
