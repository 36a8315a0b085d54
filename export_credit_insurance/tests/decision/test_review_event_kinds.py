from freezegun import freeze_time

from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewEventKinds(ReviewCommon):
    """Each kind of event has open quotations and orders looked at again."""

    def happen(self, kind, **values):
        return self.env["credit.insurance.country.event"].create(
            {
                "name": kind,
                "kind": kind,
                "country_ids": [(6, 0, self.env.ref("base.br").ids)],
                "date_from": "2026-10-01",
                "source": "Official journal",
                **values,
            }
        )

    def reviews(self):
        return self.env["credit.insurance.review"].search([])

    def looked_at(self, kind):
        """The main findings of an order and a quotation after such an event."""
        order = self.order(8000.0)
        quotation = self.order(2000.0, confirm=False)
        self.happen(kind)
        self.run_reviews()
        self.assertEqual(self.reviews().mapped("state"), ["done"])
        lines = self.lines_of(order | quotation)
        self.assertEqual(lines.mapped("stage"), ["confirmed", "quotation"])
        self.assertEqual(self.holds_of(order).state, "open")
        self.assertFalse(self.holds_of(quotation))
        return set(lines.mapped("main_code"))

    def test_war(self):
        self.assertEqual(self.looked_at("war"), {"country_off_cover"})

    def test_embargo(self):
        self.assertEqual(self.looked_at("embargo"), {"country_sanctioned"})

    def test_transfer_block(self):
        self.assertEqual(self.looked_at("transfer_block"), {"country_off_cover"})

    def test_border_closure(self):
        self.assertEqual(self.looked_at("border_closure"), {"country_off_cover"})

    def test_devaluation(self):
        self.assertEqual(self.looked_at("devaluation"), {"country_off_cover"})

    def test_moratorium(self):
        self.assertEqual(self.looked_at("moratorium"), {"country_off_cover"})

    def test_what_restricts_warns(self):
        """The insurer sets conditions: orders go on and say so, none is held."""
        for kind in ("targeted_measures", "downgrade", "other"):
            with self.subTest(kind=kind):
                order = self.order(8000.0)
                event = self.happen(kind)
                self.run_reviews()
                finding = self.find(order)["country_restricted"]
                self.assertEqual((finding.severity, finding.amount), ("warn", 8000.0))
                self.assertFalse(self.holds_of(order))
                event.active = False
        self.assertEqual(set(self.reviews().mapped("state")), {"done"})

    def test_what_restricts_holds_where_a_rule_says_so(self):
        self.set_rule("country_restricted")
        self.assertEqual(self.looked_at("targeted_measures"), {"country_restricted"})

    def test_a_grade_that_ends_cover(self):
        """Coface's E is off cover here; ALFA's country falls to it."""
        source = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_coface_country"
        )
        grade = source.grade_ids.filtered(lambda grade: grade.code == "E")
        grade.cover_status = "off_cover"
        order = self.order(8000.0)
        self.rate(source, grade)
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "country_off_cover")

    def rate(self, source, grade, day="2026-10-01"):
        self.env["credit.insurance.country.rating"].create(
            {
                "country_id": self.env.ref("base.br").id,
                "source_id": source.id,
                "grade_id": grade.id,
                "date": day,
            }
        )

    def test_a_downgrade_that_moves_the_band(self):
        """Brazil falls from OECD 4 to 7: score 0, the worst band, which gets no credit.

        42.86 before: band C. Other countries' orders are not looked at.
        """
        source = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_oecd"
        )
        worst = source.grade_ids.filtered(lambda grade: grade.code == "7")
        band = self.env.ref("export_credit_insurance.credit_insurance_band_e")
        order, other = self.order(8000.0), self.order(8000.0, self.gamma)
        self.assertEqual(self.alfa.credit_band_id.code, "C")
        self.rate(source, worst)
        self.assertFalse(self.reviews())  # bands decide on nothing yet
        self.env["credit.insurance.country.rating"].search(
            [("date", "=", "2026-10-01")]
        ).unlink()
        band.no_credit = True
        self.rate(source, worst)
        self.assertEqual(self.reviews().cause, "rating")
        self.run_reviews()
        self.assertEqual(self.holds_of(order).main_code, "band_no_credit")
        self.assertFalse(self.lines_of(other))
        self.assertIn("Brazil", self.reviews().display_name)

    def test_an_upgrade_is_no_matter_of_review(self):
        source = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_oecd"
        )
        better = source.grade_ids.filtered(lambda grade: grade.code == "3")
        self.env.ref("export_credit_insurance.credit_insurance_band_e").no_credit = True
        self.rate(source, better)
        self.assertFalse(self.reviews())

    def test_run_off_cover_is_kept(self):
        """Shipped before the block: covered at 90 %; shipped since: not (DOMAIN 1.5).

        10 000 on 15 September and 5 000 on 5 October, the block from 1 October on:
        9 000 covered, 15 000 x 0.9 = 13 500 without it; 9 000 for the political cause
        too.
        """
        self.make_invoice(self.alfa, 10000.0, day="2026-09-15")
        self.make_invoice(self.alfa, 5000.0, day="2026-10-05")
        self.assertEqual(float(self.totals()["covered"]), 13500.0)
        block = self.happen("transfer_block")
        totals = self.totals()
        self.assertEqual(float(totals["covered"]), 9000.0)
        self.assertEqual(float(totals["covered_political"]), 9000.0)
        self.assertEqual(float(totals["exposure"]), 15000.0)
        # lifted on the 4th: what is shipped from the 5th on is insured again
        block.date_to = "2026-10-04"
        self.assertEqual(float(self.totals()["covered"]), 13500.0)

    def totals(self):
        self.env.invalidate_all()
        return self.get_totals(self.alfa, "2026-10-06")
