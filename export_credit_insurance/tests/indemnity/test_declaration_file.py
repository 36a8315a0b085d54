import csv
import io

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationFile(DeclarationCommon):
    """The files of a declaration, and the documents behind its figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls.make_controller()

    def file(self, declaration, kind):
        own = declaration.with_user(self.controller)
        action = getattr(own, f"action_download_{kind}")()
        attachment_id = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(attachment_id).raw

    def test_csv_has_the_insurers_columns(self):
        sister = self.make_buyer("SISTER", credit_party_kind="related")
        self.make_invoice(self.alfa, 1000.0)
        self.make_invoice(sister, 250.0)
        text = self.file(self.make_declaration(), "csv").decode("utf-8-sig")
        self.assertEqual(
            list(csv.reader(io.StringIO(text), delimiter=";")),
            [
                [
                    "period", "country_group", "kind", "amount_ex_vat",
                    "excluded_amount", "exclusion_reason",
                ],
                ["2026-07-01/2026-09-30", "other", "turnover", "1000.00", "0.00", ""],
                [
                    "2026-07-01/2026-09-30", "other", "turnover", "0.00", "250.00",
                    "related",
                ],
            ],
        )  # fmt: skip

    def test_xlsx_lists_the_documents(self):
        self.alfa.name = '=HYPERLINK("x")'
        invoice = self.make_invoice(self.alfa, 1000.0)
        book = openpyxl.load_workbook(
            io.BytesIO(self.file(self.make_declaration(), "xlsx"))
        )
        totals, documents = (
            list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets
        )
        self.assertEqual(totals[1][3], 1000.0)
        found = dict(zip(documents[0], documents[1], strict=True))
        self.assertEqual(found["Document"], invoice.name)
        self.assertEqual(found["Buyer"], '=HYPERLINK("x")')  # a text, no formula
        self.assertEqual(found["Exchange Rate"], "1")
        cell = book.worksheets[1].cell(2, documents[0].index("Buyer") + 1)
        self.assertEqual(cell.data_type, "s")

    def test_xlsx_says_at_which_rate(self):
        """1 000 $ at 1.25 dollars per euro: × 0.8 = 800 € declared."""
        self.set_rates(d2026_07_01=1.25)
        self.make_invoice(self.alfa, 1000.0, currency_id=self.dollar.id)
        book = openpyxl.load_workbook(
            io.BytesIO(self.file(self.make_declaration(), "xlsx"))
        )
        heads, row = book.worksheets[1].iter_rows(values_only=True)
        found = dict(zip(heads, row, strict=True))
        self.assertEqual(
            (found["Currency"], found["Before Tax"], found["Exchange Rate"]),
            ("USD", 1000.0, "0.8"),
        )
        self.assertEqual(found["Declared Amount"], 800.0)

    def test_figures_open_their_documents(self):
        self.make_invoice(self.alfa, 1000.0)
        draft = self.make_declaration()
        lines = draft.line_ids
        for action in (draft.action_open_lines(), draft.group_ids.action_open_lines()):
            self.assertEqual(lines.search(action["domain"]), lines)
        self.assertEqual(lines.action_open_document()["res_id"], lines.move_id.id)
