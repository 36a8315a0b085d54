import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl

from odoo.tests import freeze_time, tagged
from odoo.tools import file_path

from ...models.indemnity.sheet_file import write_csv, write_xlsx
from .exchange_common import ExchangeCommon

# What a spreadsheet would run, by Excel's habits and by those of its Asian editions.
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '=HYPERLINK("http://127.0.0.1/?"&A1,"Details")',
)
# The only writers of tables: each keeps texts texts.
WRITERS = {"sheet_file.py", "pack_index.py", "report_book.py"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestHostileFiles(ExchangeCommon):
    """Names that people enter do nothing in the files that leave the house."""

    def test_csv_runs_nothing(self):
        """Neither a cell nor a heading, which an insurer's layout may name."""
        content = write_csv(FORMULAS, [FORMULAS]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
        self.assertEqual(rows, [[f"'{text}" for text in FORMULAS]] * 2)
        # quotes and separators end no cell, so that none begins in the middle
        tricky = ['a";=1+1', "a;=1+1", 'a\r\n=1+1;"']
        content = write_csv(["a", "b", "c"], [tricky]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
        self.assertEqual(rows[1:], [tricky])

    def test_sheets_run_nothing(self):
        book = openpyxl.load_workbook(io.BytesIO(write_xlsx(FORMULAS, [FORMULAS])))
        rows = list(book.active.iter_rows())
        self.assertEqual([len(row) for row in rows], [len(FORMULAS)] * 2)
        for row in rows:
            for cell in row:
                self.assertEqual(cell.data_type, "s", cell.value)
                self.assertIsNone(cell.hyperlink)

    def test_a_heading_of_an_insurer(self):
        self.insurer.write({"request_columns": "name = =1+1\nour_ref = @SUM(1)"})
        for kind in ("csv", "xlsx"):
            self.insurer.request_file_format = kind
            request = self.ask(self.make_buyer("=2+2", ref="+3"), 100.0)
            file = self.file_of(request.action_send())
            with self.subTest(kind):
                if kind == "csv":
                    self.assertEqual(
                        file.raw.decode("utf-8-sig").splitlines(),
                        ["'=1+1;'@SUM(1)", "'=2+2;'+3"],
                    )
                    continue
                sheet = openpyxl.load_workbook(io.BytesIO(file.raw)).active
                kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
                self.assertEqual(kinds, {"s"})

    def file_of(self, action):
        number = int(re.search(r"/web/content/(\d+)", action["url"])[1])
        return self.env["ir.attachment"].browse(number)

    def test_no_other_writer_of_tables(self):
        """A new one would have to think of formulas, too."""
        folder = Path(file_path("export_credit_insurance/__manifest__.py")).parent
        writes = re.compile(r"csv\.(Dict)?[wW]riter|xlsxwriter|openpyxl\.Workbook")
        found = {
            path.name
            for path in folder.rglob("*.py")
            if "tests" not in path.parts and writes.search(path.read_text())
        }
        self.assertEqual(found, WRITERS)
        # Odoo's `write` and `write_row` make formulas of texts
        runs = re.compile(r"\.write_row\(|(sheet|page)\.write\(")
        for path in folder.rglob("*.py"):
            if path.name in WRITERS:
                self.assertFalse(runs.search(path.read_text()), path.name)

    def test_paths_in_an_archive(self):
        """An insurer's code is no way out of the folder where a ZIP is unpacked."""
        codes = ("../../etc/cron.d/x", "C:\\x", "/abs", "con", "x\u202efdp")
        requests = self.requests
        for code in codes:
            insurer = self.env["credit.insurance.insurer"].create(
                {"name": code, "code": code}
            )
            policy = self.make_policy(name=code, insurer_id=insurer.id)
            requests += self.ask(self.beta, 100.0, policy_id=policy.id)
        file = self.file_of(requests.action_send())
        names = zipfile.ZipFile(io.BytesIO(file.raw)).namelist()
        self.assertEqual(len(set(names)), len(codes))
        for name in names:
            with self.subTest(name):
                self.assertFalse(set(name) & set("/\\:\u202e"))
                self.assertFalse(name.startswith("."))
                self.assertTrue(name.endswith("-requests-2026-10-01.xlsx"))
