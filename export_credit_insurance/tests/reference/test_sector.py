from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"
GRADE = "export_credit_insurance.credit_insurance_rating_grade_own_sector_%s"
BAND = "export_credit_insurance.credit_insurance_band_%s"


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestSector(TransactionCase):
    """The sector is one more criterion of the grid, and weights are tried first.

    Weights 40 country / 35 agency / 25 payment / 10 sector. Brazil is OECD 4: 42.857;
    the sector scale: low 100, medium 66.67, sensitive 33.33, high 0.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.construction = cls.env.ref("base.res_partner_industry_F")
        cls.hotels = cls.env.ref("base.res_partner_industry_I")
        cls.builder, cls.hotel = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "customer_rank": 1,
                    "country_id": cls.env.ref("base.br").id,
                    "industry_id": industry.id,
                }
                for name, industry in (
                    ("Builder", cls.construction),
                    ("Hotel", cls.hotels),
                )
            ]
        )
        cls.controller = new_test_user(
            cls.env,
            "sector_controller",
            groups="export_credit_insurance.group_credit_controller",
        )
        cls.manager = new_test_user(
            cls.env,
            "sector_manager",
            groups="export_credit_insurance.group_credit_manager",
        )

    def rate(self, industry, grade, day="2026-03-01"):
        grade = self.env.ref(GRADE % grade)
        return self.env["credit.insurance.sector.rating"].create(
            {
                "industry_id": industry.id,
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": day,
            }
        )

    def test_sector_weighs_in(self):
        # construction is shipped as high risk: (42.857 x 40 + 0 x 10) / 50 = 34.29
        self.assertAlmostEqual(self.builder.credit_grid_score, 34.29, 2)
        self.assertEqual(self.builder.credit_band_id, self.env.ref(BAND % "d"))
        # nobody rated hotels: the country alone
        self.assertAlmostEqual(self.hotel.credit_grid_score, 42.86, 2)
        self.assertIn("Sector risk: not rated", self.hotel.credit_score_detail)
        # (42.857 x 40 + 100 x 10) / 50 = 54.29
        self.rate(self.hotels, "low")
        self.assertAlmostEqual(self.hotel.credit_grid_score, 54.29, 2)

    def test_sector_is_not_the_buyers_own_score(self):
        self.assertEqual(self.builder.buyer_credit_score, 0.0)
        self.assertAlmostEqual(self.builder.country_risk_score, 42.86, 2)

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

    # === WHAT IF === #

    def test_trial_counts_moves_and_changes_nothing(self):
        """Sector at 100: builder (1714.286 + 0) / 140 = 12.24, from D to E; the hotel
        stays in C."""
        before = self.counts()
        with Form(
            self.env["credit.insurance.grid.trial"].with_user(self.manager)
        ) as form:
            self.assertEqual(form.weight_sector, 10.0)
            self.assertEqual(form.moved_count, 0)
            form.weight_sector = 100.0
            moved = form.moved_count
        trial = form.record
        band_d, band_e = self.env.ref(BAND % "d"), self.env.ref(BAND % "e")
        self.assertEqual(sum(trial.line_ids.mapped("count")), moved)
        self.assertGreaterEqual(
            trial.line_ids.filtered(
                lambda line: line.band_from_id == band_d and line.band_to_id == band_e
            ).count,
            1,
        )
        action = trial.action_open_moved()
        shown = self.env["res.partner"].search(action["domain"])
        self.assertIn(self.builder, shown)
        self.assertNotIn(self.hotel, shown)
        self.assertEqual(len(shown), moved)
        self.assertEqual(self.counts(), before)
        self.assertEqual(self.company.credit_weight_sector, 10.0)
        trial.action_apply()
        self.assertEqual(self.company.credit_weight_sector, 100.0)
        self.assertEqual(self.builder.credit_band_id, band_e)
        self.assertEqual(
            self.env["credit.insurance.grid.trial"].create({}).line_ids,
            self.env["credit.insurance.grid.trial.line"],
        )

    def counts(self):
        return self.env["res.partner"]._read_group(
            [("id", "in", (self.builder + self.hotel).ids)],
            ["credit_band_id"],
            ["__count"],
        )

    def test_trial_takes_no_negative_weight(self):
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.grid.trial"].with_user(self.manager).create(
                {"weight_country": -1.0}
            )

    def test_trial_is_the_managers(self):
        with self.assertRaises(AccessError):
            self.env["credit.insurance.grid.trial"].with_user(self.controller).create(
                {}
            )
        trial = self.env["credit.insurance.grid.trial"].with_user(self.manager)
        trial = trial.create({})
        with self.assertRaises(AccessError):
            trial.with_user(self.controller).action_apply()

    def test_trial_takes_as_many_queries_for_many_buyers(self):
        trial = self.env["credit.insurance.grid.trial"].create({"weight_sector": 50.0})
        few = self.count_queries(trial)
        self.env["res.partner"].create(
            [
                {
                    "name": f"Builder {number}",
                    "is_company": True,
                    "customer_rank": 1,
                    "country_id": self.env.ref("base.br").id,
                    "industry_id": self.construction.id,
                }
                for number in range(50)
            ]
        )
        self.env.flush_all()
        self.assertEqual(self.count_queries(trial), few)

    def count_queries(self, trial):
        trial._moves()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        trial._moves()
        return self.env.cr.sql_log_count - before
