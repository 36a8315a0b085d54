from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..reference.sector_common import BAND, SectorCommon


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestGridTrial(SectorCommon):
    """Weights are tried before they count; SectorCommon has the figures."""

    def test_trial_counts_moves_and_changes_nothing(self):
        """Sector at 100: builder (1714.286 + 0) / 140 = 12.24, from D to E; the hotel
        stays in C."""
        before = self.counts()
        with Form(
            self.env["credit.insurance.grid.trial"].with_user(self.manager)
        ) as form:
            self.assertEqual(form.weight_sector, 10.0)
            self.assertEqual(form.moved_count, 0)
            self.assertEqual(form.weight_sum, 110.0)  # 40 + 35 + 25 + 10
            form.weight_sector = 100.0
            self.assertEqual(form.weight_sum, 200.0)
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
        # they count from now on: nobody would move any more
        self.assertEqual((trial.moved_count, len(trial.line_ids)), (0, 0))
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
