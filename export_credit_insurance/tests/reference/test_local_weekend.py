from datetime import date, timedelta

from odoo.tests import TransactionCase

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


class TestLocalWeekend(TransactionCase):
    def country(self, code):
        return self.env["res.country"].search([("code", "=", code)])

    def assertWeekend(self, codes, *days):
        for code in codes.split():
            weekend = self.country(code)._credit_weekend_days()
            self.assertEqual(weekend, set(days), code)

    def test_weekends(self):
        self.assertWeekend("FR US CN BR AE TR MA", SATURDAY, SUNDAY)
        self.assertWeekend(
            "BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE", FRIDAY, SATURDAY
        )
        self.assertWeekend("AF", THURSDAY, FRIDAY)
        self.assertWeekend("IR", FRIDAY)
        self.assertWeekend("IN UG", SUNDAY)

    def test_weekends_that_cldr_lacks(self):
        self.assertWeekend("BD MV", FRIDAY, SATURDAY)
        self.assertWeekend("BN", FRIDAY, SUNDAY)
        self.assertWeekend("NP", SATURDAY)

    def test_countries_unknown_to_cldr_and_no_country(self):
        self.assertWeekend("XI HT BQ", SATURDAY, SUNDAY)
        nowhere = self.env["res.country"]
        self.assertEqual(nowhere._credit_weekend_days(), {SATURDAY, SUNDAY})

    def test_every_country_has_a_weekend_shorter_than_its_week(self):
        for country in self.env["res.country"].search([]):
            self.assertIn(len(country._credit_weekend_days()), (1, 2))

    def test_the_week_of_a_saudi_buyer(self):
        # due Monday 16 March 2026, step + 7, transport + 10: Thursday 2 April, a
        # working day; + 9: Wednesday; + 11: Friday, moved to Sunday 5 April
        saudi = self.country("SA")
        step = date(2026, 3, 16) + timedelta(days=7)
        moved = {
            transport: saudi._next_working_day(step + timedelta(days=transport))
            for transport in (9, 10, 11, 12, 13)
        }
        self.assertEqual(
            moved,
            {
                9: date(2026, 4, 1),
                10: date(2026, 4, 2),
                11: date(2026, 4, 5),
                12: date(2026, 4, 5),
                13: date(2026, 4, 5),
            },
        )

    def test_next_working_day_elsewhere(self):
        friday = date(2026, 4, 3)
        expected = {
            "FR": friday,
            "AE": friday,
            "IR": date(2026, 4, 4),
            "AF": date(2026, 4, 4),
            "BN": date(2026, 4, 4),
        }
        for code, day in expected.items():
            self.assertEqual(self.country(code)._next_working_day(friday), day, code)
        sunday = date(2026, 4, 5)
        self.assertEqual(self.country("IN")._next_working_day(sunday), date(2026, 4, 6))
        self.assertEqual(
            self.env["res.country"]._next_working_day(sunday), date(2026, 4, 6)
        )
