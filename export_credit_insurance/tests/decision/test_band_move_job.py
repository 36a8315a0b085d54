from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .band_move_common import ADDON, SOURCE, BandMoveCommon

MODULE = (
    "odoo.addons.export_credit_insurance.models.decision"
    ".buyer.credit_insurance_band_move"
)


class Killed(BaseException):
    """What nobody catches, like a signal."""


@tagged("post_install", "-at_install")
class TestBandMoveJob(BandMoveCommon):
    """The job that finds who stands in another band: told once, resumed, started."""

    def record_batches(self, time_left):
        """Record buyer by buyer; return what the job reported after each commit.

        :param time_left: what is left after each, for ever after the last of them
        """
        reports, times = [], iter(time_left)

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            reports.append((processed, remaining))
            return next(times, float("inf"))

        with (
            freeze_time("2026-10-05 02:00:00"),
            patch(f"{MODULE}.BATCH", 1),
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
        ):
            self.env["credit.insurance.band.move"].sudo()._cron_record()
        self.env.flush_all()
        return reports

    def fall_together(self):
        """Have ALFA and DELTA fall on the same day; return their falls."""
        delta = self.make_buyer("DELTA", customer_rank=1)
        self.make_invoice(delta, 90000.0)
        self.night("2026-10-02")
        for buyer in (self.alfa, delta):
            self.rate_buyer(0.0, "2026-10-05", buyer)
        return lambda: (self.moves() | self.moves(delta)).filtered(
            lambda move: move.direction == "down"
        )

    def test_controllers_are_told_once_of_all(self):
        delta = self.make_buyer("DELTA", customer_rank=1)
        self.make_invoice(delta, 90000.0)
        nobody = self.make_buyer("NOBODY", customer_rank=1)  # owes nothing
        self.night("2026-10-02")
        for buyer in (self.alfa, delta, nobody):
            self.rate_buyer(0.0, "2026-10-05", buyer)
        self.night("2026-10-05")
        moves = (self.moves() | self.moves(delta) | self.moves(nobody)).filtered(
            lambda move: move.direction == "down"
        )
        self.assertEqual(len(moves), 3)
        activity = moves.activity_ids
        self.assertEqual(len(activity), 1)
        # DELTA owes 90 000, ALFA 5 000 of orders
        self.assertEqual(activity.res_id, self.moves(delta)[1:].id)
        self.assertEqual(activity.user_id, self.controller)
        self.assertEqual(activity.summary, "Buyers in a lower risk band: 2")
        # bands alone: scores go with the move, a note stays
        self.assertEqual(
            html2plaintext(activity.note),
            " ".join(
                f"{name}: {self.bands['C'].name} → {self.bands['D'].name}"
                for name in ("DELTA", "ALFA")
            ),
        )
        self.assertNotIn("NOBODY", activity.note)

    def test_without_time_left_the_job_is_not_done(self):
        """Two buyers, one a batch, no time after the first: work remains, and no
        controller is told yet. The next run records the other and tells of both."""
        fallen = self.fall_together()
        count = len(self.env["res.company"]._credit_check_modes())
        self.assertEqual(self.record_batches([1, 0]), [(0, count), (1, count)])
        self.assertEqual(len(fallen()), 1)
        self.assertFalse(fallen().activity_ids)
        reports = self.record_batches([])
        self.assertEqual(reports[:2], [(0, count), (1, count)])
        self.assertEqual(reports[-1], (1, 0))
        activity = fallen().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.summary, "Buyers in a lower risk band: 2")
        self.record_batches([])
        self.assertEqual(fallen().activity_ids, activity)

    def test_who_was_recorded_before_a_kill_is_told_of(self):
        """Both batches are committed, then the worker dies: the next run, which finds
        nobody who moved, tells of both."""
        fallen = self.fall_together()
        with (
            patch.object(
                self.registry["credit.insurance.band.move"],
                "_tell",
                side_effect=Killed,
            ),
            suppress(Killed),  # assertRaises would roll the batches back
        ):
            self.record_batches([])
        self.assertEqual(len(fallen()), 2)
        self.record_batches([])
        self.assertEqual(
            fallen().activity_ids.summary, "Buyers in a lower risk band: 2"
        )

    def triggers(self):
        job = self.env.ref(f"{ADDON}ir_cron_credit_band_move")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

    def test_another_country_or_sector_starts_the_job(self):
        """As who sells changes it: what it means for credit does not depend on that."""
        self.salesman.group_ids += self.env.ref("base.group_partner_manager")
        buyer = self.make_buyer("NEW", customer_rank=1)
        brazil, germany = self.env.ref("base.br"), self.env.ref("base.de")
        trade = self.env.ref("base.res_partner_industry_G")
        for values in ({"country_id": germany.id}, {"industry_id": trade.id}):
            count = self.triggers()
            buyer.with_user(self.salesman).write(values)
            self.assertGreater(self.triggers(), count)
        # nothing new, nobody's band: no job
        count = self.triggers()
        buyer.write({"country_id": germany.id, "industry_id": trade.id, "phone": "1"})
        address = self.env["res.partner"].create(
            {"name": "Warehouse", "type": "delivery", "parent_id": buyer.id}
        )
        address.country_id = brazil
        self.make_buyer("NO BUYER").country_id = germany
        self.make_buyer("DOE", is_company=False, customer_rank=1).country_id = germany
        self.assertEqual(self.triggers(), count)

    def test_another_country_of_many_buyers_costs_as_one(self):
        """The check and the job's trigger; none where the country stays."""
        germany, chile = self.env.ref("base.de"), self.env.ref("base.cl")
        buyers = self.env["res.partner"].union(
            *(self.make_buyer(f"B {number}", customer_rank=1) for number in range(51))
        )

        def queries(partners, country):
            self.env.flush_all()
            partners.mapped("country_id.code")
            before = self.cr.sql_log_count
            partners.country_id = country
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(buyers[:1], germany)
        one = queries(buyers[:1], chile)
        self.assertLessEqual(queries(buyers[1:], chile), one + 2)

    def test_what_changes_the_grid_starts_the_job(self):
        count = self.triggers()
        for change in (
            lambda: self.rate_buyer(50.0, "2026-10-01"),
            lambda: self.company.write({"credit_weight_sector": 20.0}),
            lambda: self.bands["C"].write({"score_min": 41.0}),
            lambda: self.env.ref(f"{SOURCE}oecd").write({"weight": 2.0}),
        ):
            change()
            self.assertGreater(self.triggers(), count)
            count = self.triggers()

    def test_nothing_is_recorded_where_nothing_is_checked(self):
        self.policy._write_state({"state": "closed"})
        self.env["res.company"]._refresh_credit_checks()
        self.night("2026-10-02")
        self.assertFalse(self.moves())

    def test_queries_do_not_grow_with_buyers(self):
        Move = self.env["credit.insurance.band.move"].sudo()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-10-01 12:00:00"):
                rows = Move._find_moved(self.company)
                moves = Move._record(self.company, rows)
                moves._have_followed(self.company, None)
                moves.mapped("reason")
                self.env.flush_all()
            return self.cr.sql_log_count - before, len(rows)

        queries()
        self.make_buyer("ONE", customer_rank=1)
        one = queries()
        for number in range(50):
            self.make_buyer(f"MANY {number}", customer_rank=1)
        many = queries()
        self.assertEqual((one[1], many[1]), (1, 50))
        self.assertLessEqual(many[0], one[0] + 2)
