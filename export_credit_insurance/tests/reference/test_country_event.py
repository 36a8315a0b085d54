from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase


class TestCountryEvent(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["credit.insurance.country.event"]
        cls.brazil = cls.env.ref("base.br")
        cls.chile = cls.env.ref("base.cl")
        cls.both = cls.brazil | cls.chile

    def event(self, kind="transfer_block", countries=None, **values):
        return self.Event.create(
            {
                "name": "Event",
                "kind": kind,
                "country_ids": [Command.set((countries or self.brazil).ids)],
                "date_from": "2026-05-10",
                "source": "Official journal",
                **values,
            }
        )

    def test_each_kind_has_its_effect_on_cover(self):
        effects = {
            "war": "off_cover",
            "embargo": "sanctioned",
            "targeted_measures": "restricted",
            "transfer_block": "off_cover",
            "border_closure": "off_cover",
            "devaluation": "off_cover",
            "moratorium": "off_cover",
            "downgrade": "restricted",
            "other": "restricted",
        }
        kinds = dict(self.Event._fields["kind"].selection)
        self.assertEqual(set(kinds), set(effects))
        for kind, effect in effects.items():
            self.assertEqual(self.event(kind).cover_status, effect)

    def test_the_effect_can_be_said_otherwise(self):
        event = self.event("devaluation", cover_status="restricted")
        self.assertEqual(event.cover_status, "restricted")

    def test_periods_of_countries(self):
        block = self.event(countries=self.both, date_to="2026-05-20")
        war = self.event("war", date_from="2026-03-01")
        self.assertEqual(
            self.Event._periods(self.both | self.env.ref("base.fr")),
            {
                self.brazil.id: [
                    (date(2026, 3, 1), None, "off_cover", war.id),
                    (date(2026, 5, 10), date(2026, 5, 20), "off_cover", block.id),
                ],
                self.chile.id: [
                    (date(2026, 5, 10), date(2026, 5, 20), "off_cover", block.id),
                ],
            },
        )

    def test_periods_are_cached_and_forgotten(self):
        event = self.event()
        self.Event._periods(self.both)
        with self.assertQueryCount(0):
            self.Event._periods(self.both)
        event.date_to = "2026-05-11"
        periods = self.Event._periods(self.both)[self.brazil.id]
        self.assertEqual(periods[0][1], date(2026, 5, 11))
        event.kind = "embargo"
        periods = self.Event._periods(self.both)[self.brazil.id]
        self.assertEqual(periods[0][2], "sanctioned")
        event.country_ids = self.chile
        self.assertEqual(list(self.Event._periods(self.both)), self.chile.ids)
        event.active = False
        self.assertEqual(self.Event._periods(self.both), {})
        event.active = True
        event.unlink()
        self.assertEqual(self.Event._periods(self.both), {})

    def test_status_counts_first_and_last_day(self):
        self.event(date_to="2026-05-20")
        status = {
            day: self.brazil._credit_status(date(2026, 5, day))[self.brazil]
            for day in (9, 10, 20, 21)
        }
        self.assertEqual(
            status, {9: "open", 10: "off_cover", 20: "off_cover", 21: "open"}
        )

    def test_the_gravest_event_counts(self):
        self.event("targeted_measures")
        self.event("embargo", date_from="2026-06-01")
        self.event("war", date_from="2026-07-01")
        status = [
            self.brazil._credit_status(date(2026, month, 15))[self.brazil]
            for month in (5, 6, 7)
        ]
        self.assertEqual(status, ["restricted", "sanctioned", "sanctioned"])

    def test_status_today_is_read_and_searched(self):
        self.event()
        today = [("id", "in", self.both.ids)]
        with freeze_time("2026-05-10 12:00:00"):
            self.assertEqual(self.brazil.credit_status, "off_cover")
            self.assertEqual(self.chile.credit_status, "open")
            Country = self.env["res.country"]
            limited = Country.search([*today, ("credit_status", "!=", "open")])
            self.assertEqual(limited, self.brazil)
            still_open = Country.search([*today, ("credit_status", "=", "open")])
            self.assertEqual(still_open, self.chile)

    @freeze_time("2026-05-09 22:30:00")
    def test_today_is_the_company_s(self):
        # 22:30 UTC on the 9th is 00:30 on the 10th in Paris
        self.event()
        self.env.company.partner_id.tz = "UTC"
        self.assertEqual(self.brazil.credit_status, "open")
        self.brazil.invalidate_recordset(["credit_status"])
        self.env.company.partner_id.tz = "Europe/Paris"
        self.assertEqual(self.brazil.credit_status, "off_cover")

    def test_dates_upside_down_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "upside down"):
            self.event(date_to="2026-05-09")

    def test_an_event_touches_a_country(self):
        with self.assertRaisesRegex(ValidationError, "touches no country"):
            self.event().country_ids = False
