from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .as_of_common import AsOfCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestAsOfScreen(AsOfCommon):
    """The dialogue, and lists that sort, group and stay fast."""

    def test_dialogue(self):
        """It proposes the end of last month, and opens the rows of the day chosen."""
        self.tell_story(self.alfa)
        report = self.Report.create({})
        self.assertEqual(report.date, date(2026, 9, 30))
        self.assertEqual(len(report.basis.splitlines()), 6)
        report.date = "2026-04-30"
        self.assertRecordValues(
            report,
            [
                {
                    "receivable": 110000.0,
                    "exposure": 110000.0,
                    "covered": 90000.0,
                    "own_share": 10000.0,
                    "uninsured": 10000.0,
                }
            ],
        )
        action = report.action_open_exposure()
        self.assertIn("04/30/2026", action["name"])
        rows = self.env[action["res_model"]].with_context(**action["context"])
        self.env.invalidate_all()
        (row,) = rows.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(row.exposure, 110000.0)
        action = row.action_open_instalments()
        lines = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(
            sorted(lines.search(action["domain"]).mapped("open_amount")),
            [50000.0, 60000.0],
        )
        action = report.action_open_ageing()
        self.env.invalidate_all()
        lines = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(sum(lines.search([]).mapped("open_amount")), 110000.0)
        report.date = self.today
        self.assertEqual(len(report.basis.splitlines()), 2)

    def test_says_what_the_figures_are(self):
        """All that the documentation says is on the report of a past day."""
        basis = self.Report.create({"date": "2026-04-30"}).basis
        for words in (
            "sales at the till that are not posted",
            "which policies are active",
            "entered, cancelled or put back to draft since",
            "Goods that left after that day count as invoiced",
        ):
            with self.subTest(words=words):
                self.assertIn(words, basis)

    def test_rows_come_with_the_search(self):
        """However many rows there are, no column runs the engine a second time."""
        for number in range(5):
            self.make_invoice(self.make_buyer(f"Buyer {number}"), 100.0)
        for table, name in ((self.Exposure, "exposure"), (self.Ageing, "open_amount")):
            with self.subTest(table=table._name):
                rows = table._rows_of(self.company, self.today)
                self.assertEqual(len(rows), 5)
                with self.assertQueryCount(0):
                    self.assertEqual(sum(row[name] for row in rows), 500.0)

    def test_day_to_come(self):
        with self.assertRaises(ValidationError):
            self.Report.create({"date": "2026-10-02"})
        rows = self.Exposure.with_context(credit_report_day="2027-01-01")
        self.assertEqual(rows._report_day(), self.today)

    def test_sorted_and_grouped(self):
        beta = self.make_buyer("BETA", country="us")
        self.tell_story(self.alfa)
        self.tell_story(beta)
        self.make_invoice(beta, 5000.0, day="2026-04-25")
        rows = self.exposures(self.alfa + beta, "2026-04-30")
        self.assertEqual(rows.partner_id.ids, [beta.id, self.alfa.id])
        of_day = self.Exposure._of_day(self.company, date(2026, 4, 30))
        groups = of_day._read_group(
            [("exposure", ">", 0)], ["country_id"], ["exposure:sum", "covered:sum"]
        )
        self.assertEqual(
            {country.code: amounts for country, *amounts in groups},
            {"BR": [110000.0, 90000.0], "US": [115000.0, 90000.0]},
        )

    def test_queries_do_not_grow_with_buyers(self):
        self.tell_story(self.alfa)
        more = self.env["res.partner"].create(
            [
                {
                    "name": f"B{number}",
                    "is_company": True,
                    "country_id": self.alfa.country_id.id,
                }
                for number in range(50)
            ]
        )
        for buyer in more:
            self.make_limit(buyer, 1000.0)
            self.make_invoice(buyer, 500.0, day="2026-04-01")
        names = ["exposure", "covered", "uninsured", "overdue_001", "cover_state"]
        day = fields.Date.to_date("2026-04-30")
        for model in (self.Exposure, self.Ageing):
            counts = []
            for buyers in (self.alfa, self.alfa, self.alfa + more):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = model._rows_of(
                    self.company, day, [("partner_id", "in", buyers.ids)]
                )
                rows.read([name for name in names if name in model._fields])
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len(rows.partner_id), len(buyers))
            self.assertEqual(counts[1], counts[2])

    def test_other_company(self):
        """A sister's older 60 000 fill the limit that the policy shares.

        Of 100 000 they leave 40 000 for A on 30 April, nothing for B.
        """
        sister = self.setup_other_company(name="Sister", currency_id=self.euro.id)
        self.policy.company_ids = [Command.link(sister["company"].id)]
        self.tell_story(self.alfa)
        self.make_invoice(
            self.alfa,
            60000.0,
            day="2026-02-01",
            due="2026-07-01",
            company=sister["company"],
        )
        self.assertRow(
            self.alfa,
            "2026-04-30",
            exposure=110000.0,
            covered=36000.0,
            uninsured=70000.0,
            overdue_000=110000.0,
        )
        row = self.Exposure._rows_of(
            sister["company"],
            date(2026, 4, 30),
            [("partner_id", "=", self.alfa.id)],
        )
        self.assertEqual((row.exposure, row.covered), (60000.0, 54000.0))
