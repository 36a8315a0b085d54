from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestDatedTerms(PositionCommon):
    """An endorsement changes what is shipped from its day on, and nothing before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.policy.max_payment_days = 0
        cls.make_limit(cls.alfa, 100000.0)
        cls.march = cls.make_invoice(cls.alfa, 10000.0, day="2026-03-10")
        cls.june = cls.make_invoice(cls.alfa, 1000.0, day="2026-06-30")
        cls.july = cls.make_invoice(cls.alfa, 10000.0, day="2026-07-01")

    def endorse(self, **values):
        """Brazil at 90 % until 30 June, something else from 1 July on."""
        self.policy.country_term_ids = [
            Command.clear(),
            Command.create(
                {
                    "country_id": self.brazil.id,
                    "insured_pct_named": 90.0,
                    "date_to": "2026-06-30",
                }
            ),
            Command.create(
                {
                    "country_id": self.brazil.id,
                    "date_from": "2026-07-01",
                    **values,
                }
            ),
        ]

    def assertCovers(self, march, june, july, day=None):
        rows = self.rows(self.alfa, day)
        for invoice, covered in zip(
            (self.march, self.june, self.july), (march, june, july), strict=True
        ):
            self.assertCover(rows[invoice.id], covered_amount=covered)

    def test_brazil_from_90_to_80(self):
        """10 000 × 90 %, 1 000 × 90 %, 10 000 × 80 %: 17 900 of 21 000."""
        self.endorse(insured_pct_named=80.0)
        self.assertCovers(9000.0, 900.0, 8000.0)
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 17900.0)
        explained = self.position._explain(self.alfa, self.company, self.today)
        (covered,) = (s for s in explained["sections"] if s["key"] == "covered")
        self.assertEqual(
            [(row["insured_pct"], row["amount"]) for row in covered["rows"]],
            [(90.0, 9000.0), (90.0, 900.0), (80.0, 8000.0)],
        )
        self.assertEqual(explained["covered"], 17900.0)

    def test_one_edit_of_an_undated_row_is_the_way_it_was(self):
        """A row without dates holds for every shipment: 80 % of 21 000 = 16 800."""
        self.policy.country_term_ids = [
            Command.create({"country_id": self.brazil.id, "insured_pct_named": 80.0})
        ]
        self.assertCovers(8000.0, 800.0, 8000.0)

    def test_off_cover_from_july(self):
        self.endorse(cover_status="off_cover")
        rows = self.rows(self.alfa)
        self.assertCover(rows[self.march.id], covered_amount=9000.0)
        self.assertCover(rows[self.june.id], covered_amount=900.0)
        self.assertEqual(rows[self.july.id]["exclusion_reason"], "country_off")

    def test_a_percentage_of_the_table(self):
        """In general 85 % for named limits from 1 July; the policy's 90 % before."""
        self.policy.percentage_ids = [
            Command.create({"percentage": 85.0, "date_from": "2026-07-01"})
        ]
        self.assertCovers(9000.0, 900.0, 8500.0)
        # of the country, for one quarter; then the general row again
        self.policy.percentage_ids = [
            Command.create(
                {
                    "percentage": 70.0,
                    "country_id": self.brazil.id,
                    "date_from": "2026-04-01",
                    "date_to": "2026-06-30",
                }
            )
        ]
        self.assertCovers(9000.0, 700.0, 8500.0)

    def test_the_longest_terms_are_those_of_the_day_of_shipment(self):
        """266, 154 and 153 days until 1 December; at most 200 before 1 July, 150 from
        then on."""
        self.endorse(max_payment_days=150)
        self.policy.country_term_ids[0].max_payment_days = 200
        rows = self.rows(self.alfa)
        reasons = [
            rows[invoice.id]["exclusion_reason"]
            for invoice in (self.march, self.june, self.july)
        ]
        self.assertEqual(reasons, ["terms_exceeded", None, "terms_exceeded"])

    def test_other_places_are_not_cut(self):
        """A row of Brazil begins no period anywhere else."""
        before = self.position._facts(self.company.id, self.today).terms
        self.endorse(insured_pct_named=80.0)
        after = self.position._facts(self.company.id, self.today).terms
        first = {
            term.country_class for term in after if term.date_from == date(2026, 7, 1)
        }
        self.assertEqual(len(first), 1)
        classes = {term.country_class for term in before}
        self.assertEqual(len({term.country_class for term in after}), len(classes) + 1)

    def test_the_contract_agrees_with_the_position(self):
        self.endorse(insured_pct_named=80.0)
        for day, percentage in (
            (date(2026, 3, 10), 90.0),
            (date(2026, 6, 30), 90.0),
            (date(2026, 7, 1), 80.0),
        ):
            with self.subTest(day=day):
                found = self.env["credit.insurance.limit"]._in_force(
                    self.alfa, day, self.company
                )
                self.assertEqual(found[self.alfa][self.policy].percentage, percentage)

    def test_as_many_queries_with_dates_as_without(self):
        """Dates are read with the rows that they belong to."""

        def count():
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self.rows(self.alfa)
            return self.env.cr.sql_log_count - before

        self.policy.country_term_ids = [
            Command.create({"country_id": self.brazil.id, "insured_pct_named": 90.0})
        ]
        self.rows(self.alfa)
        undated = count()
        self.endorse(insured_pct_named=80.0)
        self.rows(self.alfa)
        self.assertEqual(count(), undated)
