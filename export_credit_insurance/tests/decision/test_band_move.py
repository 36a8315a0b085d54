from datetime import date

from odoo.tests import tagged

from .band_move_common import SOURCE, BandMoveCommon


@tagged("post_install", "-at_install")
class TestBandMove(BandMoveCommon):
    """A buyer stands in another band: recorded, with the reason."""

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
        self.purge_persons()
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
