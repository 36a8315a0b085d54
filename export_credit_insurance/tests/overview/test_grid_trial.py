from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

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
        shown = self.moves_of(trial)
        self.assertEqual(action["context"], {"credit_grid_trial_id": trial.id})
        self.assertNotIn(self.hotel, shown.partner_id)
        self.assertEqual(len(shown), moved)
        builder = shown.filtered(lambda move: move.partner_id == self.builder)
        self.assertRecordValues(
            builder,
            [
                {
                    "band_from_id": band_d.id,
                    "band_to_id": band_e.id,
                    "direction": "down",
                    "reason": "Sector Risk, at 0.00: weight 10 → 100",
                }
            ],
        )
        # today (42.857 x 40 + 0 x 10) / 50 = 34.29
        self.assertAlmostEqual(builder.score_from, 34.285714, 5)
        self.assertAlmostEqual(builder.score_to, 12.244898, 5)
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

    def moves_of(self, trial):
        return (
            self.env["credit.insurance.grid.trial.move"]
            .with_user(self.manager)
            .with_context(credit_grid_trial_id=trial.id)
            .search([])
        )

    def test_moves_are_read_by_who_tries_the_weights(self):
        trial = self.env["credit.insurance.grid.trial"].with_user(self.manager)
        trial = trial.create({"weight_sector": 100.0})
        self.assertTrue(self.moves_of(trial))
        moves = self.env["credit.insurance.grid.trial.move"]
        self.assertFalse(moves.with_user(self.manager).search([]))  # of no trial
        with self.assertRaises(AccessError):
            moves.with_user(self.controller).search([])
        another = new_test_user(
            self.env,
            "another_manager",
            groups="export_credit_insurance.group_credit_manager",
        )
        of_another = moves.with_user(another)
        self.assertFalse(
            of_another.with_context(credit_grid_trial_id=trial.id).search([])
        )

    def test_reasons_take_as_many_queries_for_many_buyers(self):
        trial = self.env["credit.insurance.grid.trial"].with_user(self.manager)
        trial = trial.create({"weight_sector": 100.0})

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.moves_of(trial)
            rows.mapped("reason")
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        self.make_builders(50)
        self.assertLessEqual(queries(), few + 2)  # another page of what is prefetched

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
        self.make_builders(50)
        self.assertEqual(self.count_queries(trial), few)

    def make_builders(self, count):
        self.env["res.partner"].create(
            [
                {
                    "name": f"Builder {number}",
                    "is_company": True,
                    "customer_rank": 1,
                    "country_id": self.env.ref("base.br").id,
                    "industry_id": self.construction.id,
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()

    def count_queries(self, trial):
        trial._moves()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        trial._moves()
        return self.env.cr.sql_log_count - before
