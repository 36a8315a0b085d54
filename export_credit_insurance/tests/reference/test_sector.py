from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .sector_common import BAND, GRADE, SOURCE, SectorCommon


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestSector(SectorCommon):
    """The sector is one more criterion of the grid; SectorCommon has the figures."""

    def test_sector_weighs_in(self):
        # construction is shipped as high risk: (42.857 x 40 + 0 x 10) / 50 = 34.29
        self.assertAlmostEqual(self.builder.credit_grid_score, 34.29, 2)
        self.assertEqual(self.builder.credit_band_id, self.env.ref(BAND % "d"))
        # nobody rated hotels: the country alone
        self.assertAlmostEqual(self.hotel.credit_grid_score, 42.86, 2)
        self.assertIn("Sector Risk: not rated", self.hotel.credit_score_detail)
        # (42.857 x 40 + 100 x 10) / 50 = 54.29
        self.rate(self.hotels, "low")
        self.assertAlmostEqual(self.hotel.credit_grid_score, 54.29, 2)

    def test_sector_is_not_the_buyers_own_score(self):
        self.assertEqual(self.builder.buyer_credit_score, 0.0)
        self.assertAlmostEqual(self.builder.country_risk_score, 42.86, 2)

    def test_grades_of_sectors_are_words_in_the_readers_language(self):
        """Codes of countries are the source's own, those of sectors are English."""
        self.env["res.lang"]._activate_lang("fr_FR")
        high = self.env.ref(GRADE % "high")
        high.with_context(lang="fr_FR").name = "Risque élevé"
        self.assertEqual(high.with_context(lang="en_US").display_name, "High risk")
        self.assertEqual(high.with_context(lang="fr_FR").display_name, "Risque élevé")
        oecd = self.env.ref(SOURCE % "oecd").grade_ids
        self.assertIn("4", oecd.mapped("display_name"))

    def test_latest_opinion_counts(self):
        # medium since May: (1714.286 + 666.667) / 50 = 47.62
        self.rate(self.construction, "medium", "2026-05-01")
        self.rate(self.construction, "low", "2026-07-01")  # not yet
        self.assertAlmostEqual(self.builder.credit_grid_score, 47.62, 2)

    def test_bands_in_sql_agree(self):
        self.rate(self.hotels, "low")
        for grade, day in (("medium", "2026-05-01"), ("high", "2026-06-01")):
            self.rate(self.construction, grade, day)
            for buyer in self.builder + self.hotel:
                found = self.env["res.partner"].search(
                    [
                        ("id", "=", buyer.id),
                        ("credit_band_id", "=", buyer.credit_band_id.id),
                    ]
                )
                self.assertEqual(found, buyer)

    def test_weight_zero_leaves_sectors_out(self):
        self.company.credit_weight_sector = 0.0
        self.assertAlmostEqual(self.builder.credit_grid_score, 42.86, 2)
        self.assertEqual(self.builder.credit_band_id, self.env.ref(BAND % "c"))
        self.assertIn(
            self.builder,
            self.env["res.partner"].search(
                [("credit_band_id", "=", self.env.ref(BAND % "c").id)]
            ),
        )

    def test_opinions_are_history(self):
        rating = self.rate(self.hotels, "low")
        with self.assertRaises(UserError):
            rating.grade_id = self.env.ref(GRADE % "high")

    def test_only_sources_of_sectors_rate_sectors(self):
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.sector.rating"].create(
                {
                    "industry_id": self.hotels.id,
                    "source_id": self.env.ref(SOURCE % "oecd").id,
                    "grade_id": self.env.ref(SOURCE % "oecd").grade_ids[0].id,
                    "date": "2026-03-01",
                }
            )
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.buyer.rating"].create(
                {
                    "partner_id": self.hotel.id,
                    "source_id": self.env.ref(SOURCE % "own_sector").id,
                    "grade_id": self.env.ref(GRADE % "low").id,
                    "date": "2026-03-01",
                }
            )

    def test_controller_records_an_opinion(self):
        Rating = self.env["credit.insurance.sector.rating"].with_user(self.controller)
        with Form(Rating) as form:
            form.industry_id = self.hotels
            form.source_id = self.env.ref(SOURCE % "own_sector")
            form.grade_id = self.env.ref(GRADE % "sensitive")
        # (1714.286 + 333.333) / 50 = 40.95
        self.assertAlmostEqual(self.hotel.credit_grid_score, 40.95, 2)
