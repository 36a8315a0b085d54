from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .test_deadline import DeadlineCommon


@tagged("post_install", "-at_install")
class TestDeadlineClock(DeadlineCommon):
    """Which day it is, at the turn of a day, a month and a year, far from UTC.

    The server's clock is UTC. Auckland is 12 hours ahead in June and 13 in December,
    New York 4 behind in June. Notice is due by 14 June, see :class:`DeadlineCommon`.
    """

    def urgency(self, moment, company_zone, user_zone="Europe/Paris"):
        """What is asked for at a moment of the server's, as the controller reads it."""
        self.company.partner_id.tz = company_zone
        self.controller.tz = user_zone
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        with freeze_time(moment):
            rows = self.env["credit.insurance.deadline"].with_user(self.controller)
            rows = rows.with_company(self.company).with_context(tz=user_zone)
            found = rows.search([("partner_id", "=", self.alfa.id)])
            return found.next_kind, found.urgency

    def test_the_last_hours_of_a_deadline(self):
        """The company's day decides, neither the server's nor the reader's."""
        for moment, zone, expected in (
            # 14 June 23:59 in Auckland is 11:59 UTC
            ("2026-06-14 11:59:00", "Pacific/Auckland", "urgent"),
            ("2026-06-14 12:00:00", "Pacific/Auckland", "missed"),
            ("2026-06-14 12:00:00", "UTC", "urgent"),
            # 14 June 23:59 in New York is 15 June 03:59 UTC
            ("2026-06-15 03:59:00", "America/New_York", "urgent"),
            ("2026-06-15 04:00:00", "America/New_York", "missed"),
            ("2026-06-15 03:59:00", "UTC", "missed"),
        ):
            for reader in ("Pacific/Auckland", "America/New_York"):
                with self.subTest(moment, zone=zone, reader=reader):
                    found = self.urgency(moment, zone, reader)
                    self.assertEqual(found, ("notice", expected))

    def test_the_turn_of_a_year(self):
        """Due 2 November 2026 + 60 days: 28 of November, 31 of December, 1 January.

        Notice 30 days later, 31 January 2027. At 12:00 UTC on 31 December it is
        01:00 on 1 January in Auckland.
        """
        self.policy.date_end = "2027-12-31"
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0)
        self.make_invoice(beta, 100.0, day="2026-10-01", due="2026-11-02")
        self.company.partner_id.tz = "Pacific/Auckland"
        self.env.registry.clear_cache()
        for moment, today in (
            ("2026-12-31 10:59:00", date(2026, 12, 31)),
            ("2026-12-31 11:00:00", date(2027, 1, 1)),
        ):
            self.env.invalidate_all()
            with self.subTest(moment), freeze_time(moment):
                self.assertEqual(self.company._credit_today(), today)
                row = self.env["credit.insurance.deadline"].with_company(self.company)
                row = row.search([("partner_id", "=", beta.id)])
                self.assertEqual(row.mep_end, date(2027, 1, 1))
                self.assertEqual(row.stop_date, date(2027, 1, 2))
                self.assertEqual(row.notification_deadline, date(2027, 1, 31))

    def test_the_29th_of_february(self):
        """Due 30 December 2027 + 60 days: 1 of December, 31 of January, 28 of February
        make 28 February 2028; the notice by 29 March, for February has a 29th."""
        self.policy.write({"date_start": "2027-01-01", "date_end": "2028-12-31"})
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0, date_from="2027-01-01")
        self.make_invoice(beta, 100.0, day="2027-11-01", due="2027-12-30")
        self.env.invalidate_all()
        with freeze_time("2028-02-29 09:00:00"):
            row = self.env["credit.insurance.deadline"].with_company(self.company)
            row = row.search([("partner_id", "=", beta.id)])
            self.assertEqual(row.mep_end, date(2028, 2, 28))
            self.assertEqual(row.stop_date, date(2028, 2, 29))
            self.assertEqual(row.notification_deadline, date(2028, 3, 29))
            # a debt that falls due on it can be told apart from the first of March
            self.make_invoice(beta, 50.0, day="2028-02-29", due="2028-02-29")
        self.env.invalidate_all()
        position = self.get_position(beta, day="2028-03-01")
        self.assertEqual(position.exposure, 150.0)


@tagged("post_install", "-at_install")
class TestMissingRates(DeadlineCommon):
    """A currency without any rate counts one to one, as Odoo converts; no error."""

    def test_debts_and_limits_without_a_rate(self):
        """20 000 in euro + 1 000 in crowns without a rate: 21 000 owed."""
        crown = self.env["res.currency"].search(
            [("active", "=", False), ("rate_ids", "=", False)], limit=1
        )
        crown.active = True
        self.make_invoice(
            self.alfa, 1000.0, day="2026-02-01", due="2026-03-16", currency_id=crown.id
        )
        self.assertEqual(self.get_position(self.alfa).exposure, 21000.0)
        # rates that begin later are used from their first one backwards, as by Odoo:
        # 4 crowns a euro make 250 of them
        self.env["res.currency.rate"].create(
            {
                "currency_id": crown.id,
                "company_id": self.company.id,
                "name": "2030-01-01",
                "rate": 4.0,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.get_position(self.alfa).exposure, 20250.0)

    def test_a_policy_in_a_currency_without_a_rate(self):
        crown = self.env["res.currency"].search(
            [("active", "=", False), ("rate_ids", "=", False)], limit=1
        )
        crown.active = True
        policy = self.make_policy(
            name="CROWN", number="CROWN", currency_id=crown.id, sequence=1
        )
        policy.company_ids = [Command.set(self.company.ids)]
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 5000.0, policy=policy, currency_id=crown.id)
        self.make_invoice(beta, 1000.0, day="2026-09-01", due="2026-10-30")
        position = self.get_position(beta)
        self.assertEqual((position.exposure, position.limit), (1000.0, 5000.0))
