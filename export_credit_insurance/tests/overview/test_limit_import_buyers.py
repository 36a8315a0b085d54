from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .limit_import_common import LimitImportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportBuyers(LimitImportCommon):
    """How the buyer of a row is found: by number, reference, legal number."""

    def test_order_of_matching(self):
        """Insurer's number before our reference before the legal number."""
        by_number = self.make_buyer("ONE")
        self.make_limit(by_number, 1000.0, insurer_buyer_ref="N-1")
        by_ref = self.make_buyer("TWO", ref="R-2")
        by_legal = self.make_buyer(
            "THREE", country="fr", company_registry="552 100 554"
        )
        row = {"our_ref": "R-2", "id_value": "552100554", "country_iso2": "FR"}
        run = self.check(
            self.row(insurer_buyer_id="N-1", **row),
            self.row(insurer_buyer_id="N-9", **row),
            self.row(insurer_buyer_id="N-8", **{**row, "our_ref": "R-9"}),
        )
        self.assertEqual(
            [(line.partner_id, line.matched_by) for line in run.line_ids],
            [(by_number, "insurer"), (by_ref, "reference"), (by_legal, "legal")],
        )

    def test_legal_number_of_another_country(self):
        self.make_buyer("THREE", country="be", company_registry="552100554")
        run = self.check(self.row(id_value="552100554", country_iso2="FR"))
        self.assertEqual(self.outcomes(run), ["unknown"])

    def test_two_partners_are_named(self):
        first = self.make_buyer("Twin A", ref="R-2")
        second = self.make_buyer("Twin B", ref="R-2")
        run = self.check(self.row(our_ref="R-2"))
        self.assertEqual(self.outcomes(run), ["error"])
        for twin in first + second:
            self.assertIn(twin.name, run.line_ids.message)

    def test_name_only_suggests(self):
        run = self.check(self.row(name="alfa.", country_iso2="BR"))
        line = run.line_ids
        self.assertEqual(
            (line.outcome, line.partner_id), ("unknown", self.alfa.browse())
        )
        self.assertEqual(line.suggested_partner_id, self.alfa)
        with self.assertRaises(UserError):
            run.action_apply()
        line.action_take_suggestion()
        run.action_check()
        self.assertEqual(self.outcomes(run), ["new"])
        self.assertEqual(run.line_ids.matched_by, "person")
        run.action_apply()
        # the insurer's number is remembered: next time nobody is asked
        self.assertEqual(self.lines_of(self.alfa).insurer_buyer_ref, "A-1")
        again = self.check(self.row(name="?", decision_date="2026-09-21"))
        self.assertEqual(again.line_ids.matched_by, "insurer")

    def test_unknown_buyers_say_what_the_file_gives(self):
        """By its numbers, or that there is none to find a buyer by."""
        run = self.check(
            self.row(insurer_buyer_id="N-7", our_ref="R-7", name="Seven"),
            self.row(insurer_buyer_id="", name="Nameless"),
        )
        self.assertEqual(self.outcomes(run), ["unknown"] * 2)
        numbered, bare = run.line_ids
        self.assertIn("N-7 or R-7", numbered.message)
        self.assertIn("no number", bare.message)

    def test_set_aside(self):
        run = self.check(self.row(name="Nobody"))
        run.line_ids.action_set_aside()
        run.action_check()
        self.assertEqual((self.outcomes(run), run.blocking_count), (["set_aside"], 0))
        run.action_apply()
        self.assertFalse(self.lines_of(self.alfa))
