import doctest
import io
import weakref
import zipfile
from datetime import datetime
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.overview import report_book
from .as_of_common import AsOfCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestReportBook(AsOfCommon):
    """The workbook keeps its formats: opened as a spreadsheet does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.set_rate(cls.dollar, 1.25)
        cls.tell_story(cls.alfa)
        cls.evil = cls.make_buyer("=cmd|'/c calc'!A1", country="us")
        cls.make_limit(cls.evil, 12500.0, currency_id=cls.dollar.id)
        cls.make_invoice(cls.evil, 1234.5, day="2026-04-01", due="2026-04-20")

    def open_book(self, day, lang="en_US"):
        report = self.Report.with_context(lang=lang).create({"date": day})
        content = io.BytesIO(report._make_book())
        return openpyxl.load_workbook(content), openpyxl.load_workbook(
            content, data_only=True
        )

    def table(self, sheet):
        """Return {heading: column} of a sheet and its rows of cells."""
        rows = list(sheet.iter_rows())
        columns = {cell.value: cell.column - 1 for cell in rows[2]}
        return columns, rows[3:]

    def test_examples_in_docstrings(self):
        result = doctest.testmod(report_book)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_rows_leave_the_memory(self):
        """Rows are taken one by one: when a row is asked for, those before are gone."""
        alive = weakref.WeakSet()
        most = []

        class Row(list):
            __hash__ = object.__hash__

        def rows():
            for number in range(50):
                row = Row([f"Buyer {number}", 2.0])
                alive.add(row)
                yield row
                most.append(len(alive))

        columns = (
            report_book.Column("Buyer"),
            report_book.Column("Owed", "amount", has_total=True),
        )
        sheet = report_book.Sheet("Big", ("Title",), columns, rows(), total="Total")
        content = io.BytesIO(report_book.write_report([sheet]))
        self.assertLessEqual(max(most), 2)
        # written texts are not kept for a table of shared ones either
        with zipfile.ZipFile(content) as parts:
            self.assertIn(b"inlineStr", parts.read("xl/worksheets/sheet1.xml"))
        page = openpyxl.load_workbook(content, data_only=True)["Big"]
        # title, nothing, headings, 50 rows, their total of 50 * 2
        self.assertEqual(page.max_row, 54)
        self.assertEqual([cell.value for cell in page[54]], ["Total", 100])
        self.assertEqual(page.auto_filter.ref, "A3:B53")

    def test_more_rows_than_a_sheet_takes(self):
        """Two buyers, three instalments: of room for two, the ageing takes too much."""
        report = self.Report.create({"date": "2026-04-30"})
        with patch.object(report_book, "MOST_ROWS", 2):
            for act in (report.action_export, report._make_book):
                with self.subTest(act=act.__name__), self.assertRaises(UserError):
                    act()
        with patch.object(report_book, "MOST_ROWS", 3):
            self.assertTrue(report.action_export()["url"])
            self.assertTrue(report._make_book())

    def test_buyers(self):
        """On 30 April ALFA owes 110 000, the other 1 234.50, 10 days late."""
        book, shown = self.open_book("2026-04-30")
        self.assertEqual(book.sheetnames, ["Buyers", "Ageing", "What the Figures Are"])
        sheet = book["Buyers"]
        columns, (alfa, evil, total) = self.table(sheet)
        self.assertEqual(alfa[columns["Buyer"]].value, "ALFA")
        exposure = alfa[columns["Exposure"]]
        self.assertEqual((exposure.value, exposure.data_type), (110000, "n"))
        self.assertEqual(exposure.number_format, '#,##0.00 "€"')
        limit = evil[columns["Insured Limit"]]
        self.assertEqual((limit.value, limit.number_format), (12500, '"$"#,##0.00'))
        self.assertEqual(evil[columns["1–30 Days"]].value, 1234.5)
        self.assertNotIn("Ordered, Not Delivered", columns)
        self.assertEqual(sheet.freeze_panes, "B4")
        self.assertEqual(sheet.auto_filter.ref.split(":")[0], "A3")
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        place = columns["Exposure"]
        self.assertEqual(total[0].value, "Total")
        letter = total[place].column_letter
        self.assertEqual(total[place].value, f"=SUBTOTAL(109,{letter}4:{letter}5)")
        # the sums that the formulas stand for, as a viewer without a reckoner shows
        _columns, (*rows, totals) = self.table(shown["Buyers"])
        for name in ("Receivables", "Exposure", "Covered", "Own Share", "Not Insured"):
            self.assertAlmostEqual(
                totals[columns[name]].value,
                sum(row[columns[name]].value for row in rows),
                2,
                name,
            )
        self.assertAlmostEqual(totals[place].value, 111234.5)
        self.assertIsNone(totals[columns["Insured Limit"]].value)

    def test_ageing(self):
        book, shown = self.open_book("2026-04-30")
        columns, rows = self.table(book["Ageing"])
        self.assertEqual(len(rows), 4)  # three instalments, the total
        due = rows[0][columns["Due Date"]]
        self.assertTrue(due.is_date)
        self.assertEqual(due.value, datetime(2026, 4, 20))
        self.assertEqual(due.number_format, "yyyy-mm-dd")
        self.assertEqual(rows[0][columns["Days Overdue"]].value, 10)
        self.assertEqual(rows[0][columns["Overdue"]].value, "1–30 Days")
        self.assertEqual(rows[0][columns["Insurance"]].value, "Insured")
        _columns, shown_rows = self.table(shown["Ageing"])
        self.assertAlmostEqual(shown_rows[-1][columns["Open Amount"]].value, 111234.5)

    def test_no_text_is_a_formula(self):
        book, _shown = self.open_book("2026-04-30")
        formulas = [
            cell
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        self.assertTrue(formulas)
        self.assertTrue(
            all(cell.value.startswith("=SUBTOTAL(109,") for cell in formulas)
        )
        columns, rows = self.table(book["Buyers"])
        name = rows[1][columns["Buyer"]]
        self.assertEqual((name.value, name.data_type), (self.evil.name, "s"))

    def test_today_has_orders(self):
        self.make_order(self.alfa, 20000.0)
        book, _shown = self.open_book("2026-10-01")
        columns, rows = self.table(book["Buyers"])
        self.assertEqual(rows[0][columns["Ordered, Not Delivered"]].value, 20000)
        self.assertEqual(book["What the Figures Are"].max_row, 3)

    def test_nobody_owes(self):
        book, _shown = self.open_book("2026-01-01")
        self.assertEqual(book["Buyers"].max_row, 3)

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        book, _shown = self.open_book("2026-04-30", "fr_FR")
        self.assertEqual(
            book.sheetnames, ["Acheteurs", "Balance âgée", "Ce que disent les chiffres"]
        )
        self.assertIn("encours au 30/04/2026", book["Acheteurs"]["A1"].value)


@tagged("post_install", "-at_install")
class TestReportBookDownload(AsOfCommon, HttpCase):
    """Who downloads the workbook: whoever set the report up."""

    def test_download(self):
        self.tell_story(self.alfa)
        group = "export_credit_insurance.group_credit_user"
        mine, other = (
            new_test_user(
                self.env,
                login,
                groups=group,
                company_id=self.company.id,
                company_ids=self.company.ids,
            )
            for login in ("book_mine", "book_other")
        )
        report = self.Report.with_user(mine).create({"date": "2026-04-30"})
        url = report.action_export()["url"]
        self.authenticate("book_mine", "book_mine")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(".xlsx", answer.headers["Content-Disposition"])
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book["Buyers"]["A4"].value, "ALFA")
        self.authenticate("book_other", "book_other")
        self.assertEqual(self.url_open(url).status_code, 403)
        self.assertEqual(self.url_open("/credit/exposure_report/0").status_code, 404)
        with self.assertRaises(AccessError):
            report.with_user(other).check_access("read")
