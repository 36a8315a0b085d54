from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.overview.credit_insurance_ageing import BUCKETS
from ...models.position import position_ageing
from .as_of_common import AsOfCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestAgeingByCover(AsOfCommon):
    """How late instalments are, by what is insured of them."""

    def classes(self, partner, day):
        """What of a buyer is open, {(bucket, insurance): amount}."""
        rows = self.Ageing._of_day(self.company, day)
        groups = rows._read_group(
            [("partner_id", "in", partner.ids)],
            ["bucket", "insurance"],
            ["open_amount:sum"],
        )
        return {(bucket, cover): amount for bucket, cover, amount in groups}

    def test_names_of_buckets(self):
        self.assertEqual([name for name, _ in BUCKETS], list(position_ageing.BUCKETS))

    def test_story(self):
        """See AsOfCommon and its test: 40 000 of B within what A leaves of 100 000."""
        story = self.tell_story(self.alfa)
        self.assertEqual(
            self.classes(self.alfa, date(2026, 4, 30)),
            {("overdue_000", "insured"): 60000.0, ("overdue_000", "partly"): 50000.0},
        )
        self.assertEqual(
            self.classes(self.alfa, date(2026, 7, 31)),
            {
                ("overdue_031", "insured"): 35000.0,
                ("overdue_001", "insured"): 40000.0,
                ("overdue_000", "uninsured"): 30000.0,
            },
        )
        rows = self.ageing(self.alfa, "2026-04-30")
        self.assertRecordValues(
            rows.filtered(lambda row: row.move_id == story["b"]),
            [
                {
                    "day": date(2026, 4, 30),
                    "date_maturity": date(2026, 7, 19),
                    "days_overdue": 0,
                    "open_amount": 50000.0,
                    "due_amount": 50000.0,
                    "base_amount": 40000.0,
                    "covered_amount": 36000.0,
                    "own_share_amount": 4000.0,
                    "uninsured_amount": 10000.0,
                    "uninsured_reason": "over_limit",
                }
            ],
        )

    def test_bounds_of_buckets(self):
        """A day more or less tells 30 days from 31, 180 from 181."""
        self.make_limit(self.alfa, 100000.0)
        wanted = {
            "overdue_000": (0, -1),
            "overdue_001": (1, 30),
            "overdue_031": (31, 60),
            "overdue_061": (61, 90),
            "overdue_091": (91, 180),
            "overdue_181": (181, 190),
        }
        day = self.today
        for late in wanted.values():
            for days in late:
                self.make_invoice(
                    self.alfa,
                    100.0,
                    day="2026-01-15",
                    due=str(day - timedelta(days=days)),
                )
        bounds = {
            name: {max(each, 0) for each in late} for name, late in wanted.items()
        }
        for now in ("2026-10-01", "2026-10-02"):  # of today, and looked back at
            with freeze_time(f"{now} 12:00:00"):
                found, days = {}, {}
                for row in self.ageing(self.alfa, day):
                    found[row.bucket] = found.get(row.bucket, 0.0) + row.open_amount
                    days.setdefault(row.bucket, set()).add(row.days_overdue)
                self.assertEqual(found, dict.fromkeys(wanted, 200.0))
                self.assertEqual(days, bounds)

    def test_every_kind_of_cover(self):
        """Nobody's, the limit's, in part, after a stop, paid by money not matched.

        ALFA has no limit. BETA, under 10 000: the receipt of 2 000 pays the oldest
        invoice of 2 000; 8 000 are insured, of the next 5 000 only 2 000; what left
        after the stop of 1 August is not insured.
        """
        self.make_invoice(self.alfa, 7000.0, day="2026-06-10")
        beta = self.make_buyer("BETA", country="us")
        self.make_limit(beta, 10000.0)
        self.make_invoice(beta, 2000.0, day="2026-06-10")
        self.make_invoice(beta, 8000.0, day="2026-06-11")
        self.make_invoice(beta, 5000.0, day="2026-06-12")
        self.make_receipt(beta, 2000.0, day="2026-06-13")
        self.make_invoice(beta, 1000.0, day="2026-08-05")
        self.env["credit.insurance.stop"].create(
            {"partner_id": beta.id, "date_from": "2026-08-01", "cause": "insurer"}
        )
        for day in (self.today, date(2026, 9, 15)):
            self.assertEqual(
                self.classes(self.alfa, day), {("overdue_000", "uninsured"): 7000.0}
            )
            self.assertEqual(
                self.classes(beta, day),
                {
                    ("overdue_000", "unmatched"): 2000.0,
                    ("overdue_000", "insured"): 8000.0,
                    ("overdue_000", "partly"): 5000.0,
                    ("overdue_000", "stopped"): 1000.0,
                },
            )

    def test_sums_to_the_receivables(self):
        """Also in another currency, and over several buyers and instalments."""
        self.clear_rates()
        self.set_rate(self.dollar, 1.3)
        beta = self.make_buyer("BETA", country="us")
        buyers = self.alfa + beta
        self.tell_story(self.alfa)
        self.make_limit(beta, 3333.0, currency_id=self.dollar.id)
        for number in range(5):
            self.make_invoice(
                beta,
                1000.33 + number,
                day=f"2026-0{number + 1}-07",
                due=f"2026-0{number + 2}-07",
                currency_id=self.dollar.id,
            )
        self.make_receipt(
            beta, 777.77, day="2026-02-03", currency=self.dollar, rate=1.3
        )
        for day in ("2026-03-31", "2026-06-15", "2026-10-01"):
            rows = self.ageing(buyers, day)
            exposures = self.exposures(buyers, day)
            self.assertTrue(rows)
            for name, total in (
                ("open_amount", "receivable"),
                ("covered_amount", "covered"),
                ("own_share_amount", "own_share"),
                ("base_amount", "within_limit"),
            ):
                self.assertAlmostEqual(
                    sum(rows.mapped(name)), sum(exposures.mapped(total)), 2, (day, name)
                )
            for row in rows:
                self.assertAlmostEqual(
                    row.due_amount,
                    row.covered_amount + row.own_share_amount + row.uninsured_amount,
                    2,
                )
