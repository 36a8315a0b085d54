from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestTrend(TransactionCase):
    """Screens say how a rating moved, how old it is and how sure the whole is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.coface = cls.env.ref(SOURCE % "coface_country")
        cls.creditsafe = cls.env.ref(SOURCE % "creditsafe")
        cls.alfa = cls.env["res.partner"].create(
            {"name": "ALFA", "is_company": True, "country_id": cls.brazil.id}
        )

    def rate_country(self, code, day, source=None):
        source = source or self.coface
        grade = source.grade_ids.filtered(lambda grade: grade.code == code)
        return self.env["credit.insurance.country.rating"].create(
            {
                "country_id": self.brazil.id,
                "source_id": source.id,
                "grade_id": grade.id,
                "date": day,
            }
        )

    def rate(self, value, day, source=None, **values):
        return self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": self.alfa.id,
                "source_id": (source or self.creditsafe).id,
                "value": value,
                "date": day,
                **values,
            }
        )

    # === TREND === #

    def test_countries(self):
        """A3, then B (worse), B, A4 (better); the other source is another story."""
        ratings = self.env["credit.insurance.country.rating"]
        for code, day in (
            ("A3", "2025-06-30"),
            ("B", "2025-09-30"),
            ("B", "2025-12-31"),
            ("A4", "2026-03-31"),
        ):
            ratings |= self.rate_country(code, day)
        self.assertEqual(
            [(r.trend, r.previous_value) for r in ratings],
            [("first", False), ("down", "A3"), ("same", "B"), ("up", "B")],
        )

    def test_an_older_edition_recorded_later(self):
        """What came before is a matter of dates, not of when it was recorded."""
        later = self.rate_country("B", "2026-03-31")
        self.assertEqual(later.trend, "first")
        self.rate_country("C", "2025-12-31")
        later.invalidate_recordset()
        self.assertEqual((later.trend, later.previous_value), ("up", "C"))

    def test_numbers_in_their_direction(self):
        """Allianz Trade's grade 1 is the best: from 4 to 6 is worse."""
        allianz = self.env.ref(SOURCE % "allianz_trade_buyer")
        self.rate(4, "2026-01-31", allianz)
        self.assertEqual(self.rate(6, "2026-04-30", allianz).trend, "down")
        self.rate(40, "2026-01-31")
        rating = self.rate(62, "2026-04-30")
        self.assertEqual((rating.trend, rating.previous_value), ("up", "40"))

    def test_each_company_has_its_own_experience(self):
        source = self.env.ref(SOURCE % "own_experience")
        other = self.env["res.company"].create({"name": "Sister"})
        self.rate(90, "2026-01-31", source, company_id=other.id)
        rating = self.rate(40, "2026-04-30", source, company_id=self.env.company.id)
        self.assertEqual(rating.trend, "first")

    def test_grades_without_score_do_not_compare(self):
        oecd = self.env.ref(SOURCE % "oecd")
        unrated = oecd.grade_ids.filtered(lambda grade: grade.scoring == "none")
        self.assertTrue(unrated)
        rating = self.rate_country(unrated[0].code, "2026-06-01", oecd)
        self.assertFalse(rating.trend)
        self.assertEqual(rating.previous_value, "4")

    def test_queries(self):
        ratings = self.env["credit.insurance.country.rating"]
        codes = self.coface.grade_ids.mapped("code")
        for number in range(50):
            day = f"20{10 + number // 12}-{number % 12 + 1:02}-01"
            ratings |= self.rate_country(codes[number % len(codes)], day)
        counts = []
        for some in (ratings[5:6], ratings[5:6], ratings):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("trend")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])

    def test_the_graph_s_scores(self):
        """Coface: eight grades at even steps, A1 100 .. E 0; B is the fifth: 42.86."""
        self.assertAlmostEqual(self.rate_country("B", "2026-03-31").score, 42.86, 2)
        oecd = self.env.ref(SOURCE % "oecd")
        best = oecd.grade_ids.filtered(lambda grade: grade.scoring == "best")[:1]
        self.assertEqual(self.rate_country(best.code, "2026-06-01", oecd).score, 100)

    def test_pages_lead_to_their_history(self):
        rating = self.rate(62, "2026-04-30")
        action = self.alfa.action_credit_ratings()
        self.assertEqual(action["views"][0][1], "graph")
        self.assertEqual(self.env[rating._name].search(action["domain"]), rating)
        action = self.brazil.action_credit_ratings()
        found = self.env["credit.insurance.country.rating"].search(action["domain"])
        self.assertEqual(found, self.brazil.credit_rating_ids)

    def test_weekends(self):
        days = {
            code: self.env.ref(f"base.{code}").with_context(lang="en_US").credit_weekend
            for code in ("fr", "sa", "bn", "np")
        }
        self.assertEqual(
            days,
            {
                "fr": "Saturday, Sunday",
                "sa": "Friday, Saturday",
                "bn": "Friday, Sunday",
                "np": "Saturday",
            },
        )

    # === AGE AND CONFIDENCE === #

    def test_age(self):
        """From 16 December to 15 June: 181 days, stale after 180."""
        rating = self.rate(62, "2025-12-16")
        self.assertEqual((rating.age_days, rating.is_stale), (181, True))
        rating = self.rate(62, "2025-12-17")
        self.assertEqual((rating.age_days, rating.is_stale), (180, False))

    def confidence(self):
        self.alfa.invalidate_recordset()
        share = self.alfa._credit_scores(self.env.company)[self.alfa].confidence
        return round(share, 4), self.alfa.credit_score_confidence

    def test_what_is_missing_lowers_confidence(self):
        """Weights 40, 35, 25 and 10: 110 in all. The country alone: 40 / 110."""
        self.assertEqual(self.confidence(), (0.3636, "low"))
        self.rate(62, "2026-04-30")
        self.assertEqual(self.confidence(), (0.6818, "medium"))  # 75 / 110
        self.rate(80, "2026-04-30", self.env.ref(SOURCE % "own_experience"))
        self.assertEqual(self.confidence(), (0.9091, "high"))  # 100 / 110

    def test_a_stale_score_lowers_confidence(self):
        """(40 + 35 / 2) / 110 = 0.5227; the score itself counts as before."""
        self.rate(62, "2025-10-31")
        self.assertEqual(self.confidence(), (0.5227, "medium"))
        self.assertEqual(self.alfa.buyer_credit_score, 62.0)
        self.assertIn("stale", self.alfa.credit_score_detail)

    def test_a_score_of_low_reliability_too(self):
        """(40 + 35 / 4) / 110 = 0.4432: stale and unreliable."""
        self.rate(62, "2025-10-31", reliability="low")
        self.assertEqual(self.confidence(), (0.4432, "low"))

    def test_the_best_of_several_sources_counts(self):
        """A fresh score beside a stale one: the criterion is as sure as the former."""
        self.rate(62, "2025-10-31")
        self.rate(50, "2026-04-30", self.env.ref(SOURCE % "dnb_failure"))
        self.assertEqual(self.confidence(), (0.6818, "medium"))

    def test_nothing_known(self):
        self.alfa.country_id = False
        self.assertEqual(self.confidence(), (0.0, False))

    def test_a_gap_between_bands_is_named(self):
        """42.86 falls between 40 and 60 where band C begins at 50."""
        band = self.env.ref("export_credit_insurance.credit_insurance_band_c")
        band.score_min = 50
        self.alfa.invalidate_recordset()
        self.assertFalse(self.alfa.credit_band_id)
        self.assertIn(
            "No risk band holds a score of 42.86", self.alfa.credit_score_detail
        )

    def test_buyers_are_sorted_by_score(self):
        """ALFA 42.86; DELTA in Argentina, OECD 7: 0; nothing known: last."""
        delta, unknown = self.env["res.partner"].create(
            [
                {
                    "name": "DELTA",
                    "is_company": True,
                    "country_id": self.env.ref("base.ar").id,
                },
                {"name": "UNKNOWN", "is_company": True},
            ]
        )
        buyers = self.alfa | delta | unknown
        found = self.env["res.partner"].search(
            [("id", "in", buyers.ids)], order="credit_grid_score"
        )
        self.assertEqual(found, delta | self.alfa | unknown)
