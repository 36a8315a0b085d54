from freezegun import freeze_time

from odoo.tests import tagged

from .band_move_common import ADDON, SOURCE, BandMoveCommon


@tagged("post_install", "-at_install")
class TestBandMoveFollow(BandMoveCommon):
    """A buyer stands in another band: orders and holds follow."""

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
