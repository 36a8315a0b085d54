from contextlib import suppress
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .review_common import ReviewCommon

ADDON = "export_credit_insurance."
MODULE = (
    "odoo.addons.export_credit_insurance.models.decision.credit_insurance_band_move"
)
SOURCE = ADDON + "credit_insurance_rating_source_"


@tagged("post_install", "-at_install")
class TestBandMove(ReviewCommon):
    """A buyer stands in another band: recorded with the reason, followed, told.

    ALFA in Brazil: OECD 4, 42.857, band C (from 40). GAMMA in Argentina is in no move.
    Bands: D from 20, E below. Weights 40 country / 35 agency / 25 payment / 10 sector.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_id = cls.controller
        cls.alfa.customer_rank = 1
        with freeze_time("2026-10-01 12:00:00"):
            cls.confirmed = cls.make_order(cls.alfa, 5000.0)
            cls.elsewhere = cls.make_order(cls.gamma, 5000.0)
        cls.bands = {
            code: cls.env.ref(f"{ADDON}credit_insurance_band_{code.lower()}")
            for code in "ABCDE"
        }
        cls.bands["D"].no_credit = True

    last_night = False

    def night(self, day):
        """Run the night's job and what it starts."""
        # Odoo notes the real time of a run, which no clock of a test is at
        self.env.ref(f"{ADDON}ir_cron_credit_band_move").lastcall = self.last_night
        self.last_night = f"{day} 02:00:00"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.enter_registry_test_mode(), freeze_time(f"{day} 02:00:00"):
            for cron in ("band_move", "review", "review_due"):
                self.env.ref(f"{ADDON}ir_cron_credit_{cron}").method_direct_trigger()
        self.env.invalidate_all()

    def moves(self, partner=None):
        return self.env["credit.insurance.band.move"].search(
            [
                ("partner_id", "=", (partner or self.alfa).id),
                ("company_id", "=", self.company.id),
            ],
            order="id",
        )

    def reviews(self):
        return self.env["credit.insurance.review"].search(
            [("cause", "in", ("rating", "score", "band"))]
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

    def rate_sector(self, code, day):
        grade = self.env.ref(f"{ADDON}credit_insurance_rating_grade_own_sector_{code}")
        self.alfa.industry_id = self.env.ref("base.res_partner_industry_I")
        return self.env["credit.insurance.sector.rating"].create(
            {
                "industry_id": self.alfa.industry_id.id,
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": day,
            }
        )

    # === WHAT IS RECORDED === #

    def test_the_first_night_takes_stock_and_tells_nobody(self):
        self.night("2026-10-02")
        move = self.moves()
        self.assertRecordValues(
            move,
            [
                {
                    "direction": "first",
                    "date": date(2026, 10, 2),
                    "band_from_id": False,
                    "band_id": self.bands["C"].id,
                    "reason": "Graded for the first time.",
                }
            ],
        )
        self.assertAlmostEqual(move.score, 300 / 7)
        self.assertFalse(move.activity_ids)
        self.assertFalse(self.reviews())
        self.night("2026-10-03")
        self.assertEqual(self.moves(), move)

    def test_a_score_dated_ahead_moves_the_band_on_its_day(self):
        """(42.857 x 40 + 0 x 35) / 75 = 22.857: from C to D."""
        self.night("2026-10-02")
        self.rate_buyer(0.0, "2026-10-05")
        self.night("2026-10-04")
        self.assertEqual(len(self.moves()), 1)
        self.night("2026-10-05")
        move = self.moves()[1:]
        self.assertRecordValues(
            move,
            [
                {
                    "direction": "down",
                    "date": date(2026, 10, 5),
                    "band_from_id": self.bands["C"].id,
                    "band_id": self.bands["D"].id,
                    "reason": "Score of an agency or insurer: 0.00, not rated before",
                }
            ],
        )
        self.assertAlmostEqual(move.score_from, 300 / 7)
        self.assertAlmostEqual(move.score, 22.857142857)
        self.night("2026-10-05")
        self.assertEqual(len(self.moves()), 2)

    def test_other_weights_are_the_reason(self):
        """A score of 35: (42.857 x 40 + 35 x 35) / 75 = 39.19 is D; at a weight of
        12.5 (42.857 x 40 + 35 x 12.5) / 52.5 = 40.99 is C."""
        self.rate_buyer(35.0, "2026-10-01")
        self.night("2026-10-02")
        self.assertEqual(self.moves().band_id, self.bands["D"])
        self.company.credit_weight_agency = 12.5
        self.night("2026-10-03")
        move = self.moves()[1:]
        self.assertEqual((move.direction, move.band_id), ("up", self.bands["C"]))
        self.assertEqual(
            move.reason,
            "Score of an agency or insurer, at 35.00: weight 35 → 12.50",
        )

    def test_other_bands_are_the_reason(self):
        self.night("2026-10-02")
        self.bands["C"].score_min = 43.0
        self.bands["D"].score_max = 43.0
        self.night("2026-10-03")
        move = self.moves()[1:]
        self.assertEqual((move.direction, move.band_id), ("down", self.bands["D"]))
        self.assertEqual(move.reason, "The bounds of the risk bands were changed.")

    def test_a_rating_that_falls_away(self):
        rating = self.rate_buyer(0.0, "2026-10-01")
        self.night("2026-10-02")
        rating.unlink()
        self.night("2026-10-03")
        self.assertEqual(
            self.moves()[1:].reason,
            "Score of an agency or insurer: not rated any more, was 0.00",
        )

    def test_who_is_not_rated_any_more(self):
        self.night("2026-10-02")
        self.env.ref(f"{SOURCE}oecd").active = False
        self.night("2026-10-03")
        move = self.moves()[1:]
        self.assertEqual((move.direction, move.band_id.id), ("lost", False))

    def test_the_reason_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.night("2026-10-02")
        self.rate_buyer(0.0, "2026-10-03")
        self.night("2026-10-03")
        move = self.moves()[1:]
        # numbers at least: 0,00 with the comma of the French
        self.assertIn("0,00", move.with_context(lang="fr_FR").reason)
        self.assertIn("0.00", move.with_context(lang="en_US").reason)

    def test_natural_persons_have_none(self):
        doe = self.make_buyer("DOE", is_company=False, customer_rank=1)
        trader = self.make_buyer("SOLE", customer_rank=1, credit_sole_trader=True)
        private = self.make_buyer("PRIV", customer_rank=1, credit_party_kind="private")
        self.night("2026-10-02")
        self.assertFalse(self.moves(doe) | self.moves(trader) | self.moves(private))
        self.assertTrue(self.moves())
        self.alfa.is_company = False
        self.env["credit.insurance.buyer.rating"].sudo()._cron_purge_persons()
        self.assertFalse(self.moves())

    def test_each_company_grades_for_itself(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.credit_check_enabled = True
        other.credit_weight_country = 0.0
        self.night("2026-10-02")
        self.assertTrue(self.moves())
        self.assertFalse(
            self.env["credit.insurance.band.move"].search(
                [("partner_id", "=", self.alfa.id), ("company_id", "=", other.id)]
            )
        )

    def test_buyers_of_another_company_are_its_own(self):
        """A buyer of the other company has no move here; of ours and shared ones."""
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_buyer("THEIRS", customer_rank=1, company_id=other.id)
        ours = self.make_buyer("OURS", customer_rank=1, company_id=self.company.id)
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.night("2026-10-02")
        self.assertFalse(self.moves(theirs))
        self.assertTrue(self.moves(ours))
        graded = self.env["credit.insurance.band.move"]._graded_domain(branch)
        self.assertEqual((ours | theirs).filtered_domain(graded), ours)
        # a row made before the buyer went to the other company is not read here
        moved = self.moves(ours).with_user(self.controller)
        self.assertEqual(moved.search([("id", "in", moved.ids)]), moved)
        ours.company_id = other
        self.assertFalse(moved.search([("id", "in", moved.ids)]))

    def test_who_is_only_quoted_to_is_a_buyer(self):
        """As in the list of buyers, and so in Try Other Weights."""
        quoted = self.make_buyer("QUOTED")
        nobody = self.make_buyer("NO BUYER")
        self.make_order(quoted, 100.0, confirm=False)
        self.assertFalse(quoted.customer_rank)
        self.night("2026-10-02")
        self.assertEqual(self.moves(quoted).direction, "first")
        self.assertFalse(self.moves(nobody))

    # === WHAT FOLLOWS === #

    def test_a_sector_dated_ahead_has_orders_reviewed_on_its_day(self):
        """(42.857 x 40 + 0 x 10) / 50 = 34.286: band D, which gets no credit here."""
        self.rate_sector("high", "2026-10-05")
        self.night("2026-10-02")
        self.assertFalse(self.reviews())
        self.night("2026-10-05")
        review = self.reviews()
        self.assertEqual((review.cause, review.partner_ids), ("band", self.alfa))
        self.assertEqual(self.holds_of(self.confirmed).main_code, "band_no_credit")
        self.assertFalse(self.holds_of(self.elsewhere))
        self.night("2026-10-06")
        self.assertEqual(self.reviews(), review)

    def test_a_rating_with_its_own_review_has_no_second_one(self):
        self.night("2026-10-02")
        self.rate_buyer(0.0, "2026-10-05")
        self.night("2026-10-05")
        self.assertEqual(self.reviews().mapped("cause"), ["score"])
        self.assertEqual(len(self.moves()), 2)
        self.assertEqual(len(self.lines_of(self.confirmed)), 1)

    def test_bands_that_decide_on_nothing_have_nothing_reviewed(self):
        self.bands["D"].no_credit = False
        self.rate_sector("high", "2026-10-05")
        self.night("2026-10-02")
        self.night("2026-10-05")
        self.assertEqual(self.moves()[1:].direction, "down")
        self.assertFalse(self.reviews())

    def test_a_better_band_lets_orders_go(self):
        self.rate_sector("high", "2026-10-01")
        self.night("2026-10-02")
        with freeze_time("2026-10-02 12:00:00"):
            order = self.make_order(self.alfa, 4000.0, confirm=False)
            order.with_user(self.salesman).action_request_credit_release()
        hold = self.holds_of(order)
        self.assertEqual((hold.state, hold.main_code), ("open", "band_no_credit"))
        # the sector is better from the 5th on: 40 x 42.857 + 10 x 100 over 50 = 54.29
        self.rate_sector("low", "2026-10-05")
        self.night("2026-10-05")
        self.assertEqual(self.moves()[1:].direction, "up")
        with self.enter_registry_test_mode(), freeze_time("2026-10-05 02:05:00"):
            self.env.ref(f"{ADDON}ir_cron_refresh_credit_holds").method_direct_trigger()
        self.assertEqual(hold.state, "obsolete")

    def test_no_band_any_more_lets_orders_go(self):
        """Band C gets no credit; whom nobody rates is in none."""
        self.bands["C"].no_credit = True
        self.night("2026-10-02")
        with freeze_time("2026-10-02 12:00:00"):
            order = self.make_order(self.alfa, 4000.0, confirm=False)
            order.with_user(self.salesman).action_request_credit_release()
        hold = self.holds_of(order)
        self.assertEqual((hold.state, hold.main_code), ("open", "band_no_credit"))
        refresh = self.env.ref(f"{ADDON}ir_cron_refresh_credit_holds")
        self.env.ref(f"{SOURCE}oecd").active = False
        self.env["ir.cron.trigger"].search([("cron_id", "=", refresh.id)]).unlink()
        self.night("2026-10-03")
        self.assertEqual(self.moves()[1:].direction, "lost")
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", refresh.id)])
        )
        with self.enter_registry_test_mode(), freeze_time("2026-10-03 02:05:00"):
            refresh.method_direct_trigger()
        self.assertEqual(hold.state, "obsolete")

    def test_who_is_rated_again_has_orders_and_holds_looked_at(self):
        """In no band from the 3rd on, in D again from the 4th: it gets no credit."""
        oecd = self.env.ref(f"{SOURCE}oecd")
        self.rate_sector("high", "2026-10-01")
        self.night("2026-10-02")
        oecd.active = False
        self.company.credit_weight_sector = 0.0
        self.night("2026-10-03")
        refresh = self.env.ref(f"{ADDON}ir_cron_refresh_credit_holds")
        triggers = [("cron_id", "=", refresh.id)]
        with freeze_time("2026-10-03 12:00:00"):
            order = self.make_order(self.alfa, 900000.0, confirm=False)
            order.with_user(self.salesman).action_request_credit_release()
        self.assertEqual(self.holds_of(order).state, "open")
        self.env["ir.cron.trigger"].search(triggers).unlink()
        oecd.active = True
        self.company.credit_weight_sector = 10.0
        self.night("2026-10-04")
        self.assertEqual(self.moves().mapped("direction"), ["first", "lost", "first"])
        self.assertEqual(self.moves()[2].band_id, self.bands["D"])
        self.assertTrue(self.env["ir.cron.trigger"].search(triggers))
        review = self.reviews()
        # GAMMA's country is rated again, too
        rated = ("band", self.alfa + self.gamma)
        self.assertEqual((review.cause, review.partner_ids), rated)
        self.assertEqual(self.holds_of(self.confirmed).main_code, "band_no_credit")

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
                side_effect=RuntimeError("killed"),
            ),
            suppress(RuntimeError),  # assertRaises would roll the batches back
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
