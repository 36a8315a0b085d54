from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestDowngrade(TransactionCase):
    """A grade that restricts or ends cover sets the status of its countries.

    Here D and E of Coface: D restricts, E puts off cover.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coface = cls.env.ref(SOURCE % "coface_country")
        cls.brazil = cls.env.ref("base.br")
        cls.grades = {grade.code: grade for grade in cls.coface.grade_ids}
        cls.grades["D"].cover_status = "restricted"
        cls.grades["E"].cover_status = "off_cover"

    def rate(self, code, day="2026-06-15", country=None):
        return self.env["credit.insurance.country.rating"].create(
            {
                "country_id": (country or self.brazil).id,
                "source_id": self.coface.id,
                "grade_id": self.grades[code].id,
                "date": day,
            }
        )

    def events(self):
        return self.env["credit.insurance.country.event"].search(
            [("kind", "=", "downgrade")], order="id"
        )

    def test_the_grade_sets_the_status(self):
        rating = self.rate("D")
        self.assertRecordValues(
            self.events(),
            [
                {
                    "kind": "downgrade",
                    "cover_status": "restricted",
                    "date_from": date(2026, 6, 15),
                    "date_to": False,
                    "rating_id": rating.id,
                    "country_ids": self.brazil.ids,
                    "name": "Brazil rated D by Coface country assessment",
                }
            ],
        )
        self.assertEqual(self.brazil.credit_status, "restricted")

    def test_other_grades_say_nothing_of_cover(self):
        self.rate("C")
        self.assertFalse(self.events())
        self.assertEqual(self.brazil.credit_status, "open")

    def test_what_was_shipped_before_it_was_known_keeps_its_cover(self):
        """An edition of March, loaded in June, counts from June on (DOMAIN 1.5)."""
        self.rate("E", "2026-03-31")
        self.assertEqual(self.events().date_from, date(2026, 6, 15))

    def test_a_rating_to_come_counts_from_its_day(self):
        self.rate("E", "2026-07-01")
        self.assertEqual(self.events().date_from, date(2026, 7, 1))
        self.assertEqual(self.brazil.credit_status, "open")

    def test_a_rating_to_come_does_not_outdate_todays(self):
        self.rate("B", "2026-07-01")
        self.rate("E")
        self.assertEqual(self.events().date_from, date(2026, 6, 15))
        self.assertEqual(self.brazil.credit_status, "off_cover")

    def test_a_better_grade_ends_it(self):
        self.rate("E", "2026-06-01")
        with freeze_time("2026-09-15 12:00:00"):
            self.rate("C", "2026-09-15")
            self.env.invalidate_all()
            self.assertEqual(self.events().date_to, date(2026, 9, 14))
            self.assertEqual(self.brazil.credit_status, "open")

    def test_the_same_grade_goes_on(self):
        first = self.rate("E", "2026-06-01")
        with freeze_time("2026-09-15 12:00:00"):
            self.rate("E", "2026-09-15")
        self.assertEqual(self.events().rating_id, first)
        self.assertFalse(self.events().date_to)

    def test_a_worse_grade_replaces_it(self):
        self.rate("D", "2026-06-01")
        with freeze_time("2026-09-15 12:00:00"):
            self.rate("E", "2026-09-15")
            self.env.invalidate_all()
            self.assertRecordValues(
                self.events(),
                [
                    {"cover_status": "restricted", "date_to": date(2026, 9, 14)},
                    {"cover_status": "off_cover", "date_to": False},
                ],
            )
            self.assertEqual(self.brazil.credit_status, "off_cover")

    def test_history_changes_nothing(self):
        """An older opinion that is recorded later is not the latest one."""
        self.rate("C", "2026-06-01")
        self.rate("E", "2026-01-01")
        self.assertFalse(self.events())

    def test_each_country_has_its_own(self):
        chile = self.env.ref("base.cl")
        self.rate("E")
        self.rate("E", country=chile)
        with freeze_time("2026-09-15 12:00:00"):
            self.rate("B", "2026-09-15", chile)
            self.env.invalidate_all()
            self.assertEqual(
                (self.brazil | chile).mapped("credit_status"), ["off_cover", "open"]
            )

    def test_grades_of_buyers_have_no_effect_on_countries(self):
        grades = self.env["credit.insurance.rating.grade"]
        grade = grades.search([("source_id.criterion", "!=", "country")], limit=1)
        with self.assertRaises(ValidationError):
            grade.cover_status = "restricted"
