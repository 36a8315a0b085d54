import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ...wizard import credit_insurance_exposure_report_paper as paper
from .as_of_common import AsOfCommon

REPORT = "export_credit_insurance.credit_insurance_exposure_report_report"


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestReportPaper(AsOfCommon):
    """The cover by buyer on paper, for the auditor and the banker."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA", country="us")
        cls.gamma = cls.make_buyer("GAMMA", country="us")
        cls.story = cls.tell_story(cls.alfa)
        cls.tell_story(cls.beta)
        cls.make_invoice(cls.beta, 700.25, day="2026-02-01", due="2026-02-20")
        cls.make_receipt(cls.gamma, 300.0, day="2026-04-02")
        cls.bank = cls.make_buyer("Banque du Port", country="fr")

    def make_report(self, day="2026-04-30", **values):
        return self.Report.create({"date": day, **values})

    def render(self, report, lang="en_US"):
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        content, _kind = reports._render_qweb_html(REPORT, report.ids)
        return html.fromstring(content)

    def numbers(self, table):
        """Return the amounts of a table's rows, the total last."""
        return [
            [
                float(cell.text_content().strip().replace(",", ""))
                for cell in row.xpath("./td[contains(@class, 'text-nowrap')]")
                if cell.text_content()
                .strip()
                .replace(",", "")
                .replace(".", "")
                .lstrip("-")
                .isdigit()
            ]
            for row in table.xpath("./tbody/tr")
        ]

    def test_more_buyers_than_are_printed(self):
        """Three buyers on 30 April: a paper of two is refused, and offers XLSX."""
        report = self.make_report()
        with patch.object(paper, "MOST_PRINTED", 2):
            for act in (report.action_print, report._paper):
                with self.subTest(act=act.__name__):
                    with self.assertRaises(UserError) as caught:
                        act()
                    self.assertIn("XLSX", str(caught.exception))
        with patch.object(paper, "MOST_PRINTED", 3):
            self.assertTrue(report.action_print())
            self.assertEqual(len(report._paper()["rows"]), 3)

    def test_numbers_sum(self):
        """30 April: 110 000 + 110 700.25 owed, 300 in credit.

        BETA's oldest 700.25 is within the limit too: 100 000 of both. Of BETA 90 % are
        630.23 + 54 000 + 35 369.78, each rounded to the cent.
        """
        page = self.render(self.make_report())
        tables = page.xpath("//div[hasclass('o_credit_exposure_report')]//table")
        *rows, total = self.numbers(tables[0])
        self.assertEqual(
            rows,
            [
                [110700.25, 0.0, 110700.25, 110700.25, 90000.01, 9999.99, 10700.25],
                [110000.0, 0.0, 110000.0, 110000.0, 90000.0, 10000.0, 10000.0],
                [0.0, -300.0, -300.0, 0.0, 0.0, 0.0, -300.0],
            ],
        )
        self.assertEqual(
            total,
            [220700.25, -300.0, 220400.25, 220700.25, 180000.01, 19999.99, 20400.25],
        )
        for columns in (rows, total and [total]):
            for (
                _due,
                _credit,
                exposure,
                _eligible,
                covered,
                own,
                not_insured,
            ) in columns:
                self.assertAlmostEqual(covered + own + not_insured, exposure, 2)
        *rows, total = self.numbers(tables[1])
        self.assertEqual(rows[0], [110000.0, 0.0, 0.0, 700.25, 0.0, 0.0, 110700.25])
        self.assertEqual([sum(column) for column in zip(*rows, strict=True)], total)
        *rows, total = self.numbers(tables[2])
        self.assertEqual([sum(column) for column in zip(*rows, strict=True)], total)
        self.assertEqual(total[-1], 220700.25)

    def test_auditor_reads_no_payees(self):
        self.policy.loss_payee_id = self.bank
        text = self.render(self.make_report()).text_content()
        self.assertNotIn("Banque du Port", text)
        self.assertIn("For the auditor", text)
        self.assertIn("POL-26", text)
        self.assertIn("Atlas Credit Insurance", text)
        self.assertIn("100,000 EUR", text)
        self.assertIn("04/30/2026", text)
        self.assertIn("no history of them is kept", text)
        self.assertIn("Signature", text)

    def test_banker_reads_payees_and_factors(self):
        """A was sold with recourse on 1 April: 60 000 of it open that day."""
        self.policy.loss_payee_id = self.bank
        factor = self.make_buyer("Factor of the Coast", country="fr")
        self.env["credit.insurance.assignment"].create(
            {
                "move_id": self.story["a"].id,
                "factor_id": factor.id,
                "recourse": "with",
                "date": "2026-04-01",
            }
        )
        page = self.render(self.make_report(audience="banker"))
        text = page.text_content()
        self.assertIn("Banque du Port", text)
        self.assertIn("Factor of the Coast", text)
        report = self.make_report(audience="banker")
        self.assertEqual(
            report._paper()["sold"], [("Factor of the Coast", "ALFA", 60000.0)]
        )
        before = self.make_report("2026-03-31", audience="banker")
        self.assertEqual(before._paper()["sold"], [])
        self.assertIn("None of the receivables", self.render(before).text_content())

    def test_payee_of_a_buyer(self):
        """What was agreed for BETA comes before the policy's."""
        self.policy.loss_payee_id = self.bank
        self.beta.credit_loss_payee_id = self.gamma
        payees = self.make_report(audience="banker")._paper()["payees"]
        self.assertEqual(
            payees,
            {
                self.alfa: "Banque du Port",
                self.beta: "GAMMA",
                self.gamma: "Banque du Port",
            },
        )

    def test_today_has_orders(self):
        self.make_order(self.alfa, 20000.0)
        report = self.make_report("2026-10-01")
        self.assertEqual(report._paper()["order_columns"], ["ordered"])
        self.assertIn("Ordered", self.render(report).text_content())
        self.assertFalse(self.make_report()._paper()["order_columns"])

    def test_nobody_owes(self):
        text = self.render(self.make_report("2026-01-01")).text_content()
        self.assertIn("Nobody owed the company anything", text)

    def test_matrix(self):
        labels, lines = self.make_report()._matrix()
        self.assertEqual(labels, ["Insured", "Partly Insured", "Total"])
        self.assertEqual(lines[0], ("Not Due", [120000.0, 100000.0, 220000.0]))
        self.assertEqual(lines[2], ("31–60 Days", [0.0, 0.0, 0.0]))
        self.assertEqual(lines[-1], ("Total", [120700.25, 100000.0, 220700.25]))

    def test_queries_do_not_grow_with_buyers(self):
        """Neither on paper nor in the workbook."""
        counts = []
        for number in (0, 1, 50):
            for buyer in self.env["res.partner"].create(
                [
                    {
                        "name": f"B{number}-{each}",
                        "is_company": True,
                        "country_id": self.alfa.country_id.id,
                    }
                    for each in range(number)
                ]
            ):
                self.make_limit(buyer, 1000.0)
                self.make_invoice(buyer, 500.0, day="2026-04-01")
            report = self.make_report(audience="banker")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.render(report)
            between = self.env.cr.sql_log_count
            self.env.invalidate_all()
            report._make_book()
            counts.append((between - before, self.env.cr.sql_log_count - between))
        for few, many in zip(counts[1], counts[2], strict=True):
            self.assertLessEqual(many, few)  # what is cached by then is asked no more

    def test_pdf(self):
        """A real one, in landscape."""
        report = self.make_report(audience="banker")
        self.assertEqual(report.date, date(2026, 4, 30))
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(REPORT, report.ids)
        self.assertEqual(kind, "pdf")
        page = PdfFileReader(io.BytesIO(content)).pages[0]
        self.assertGreater(page.mediabox.width, page.mediabox.height)
