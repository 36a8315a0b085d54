import io
import random
import zipfile

from openpyxl import Workbook

from odoo.tests import freeze_time, tagged

from ..table_fuzz import damaged
from .limit_import_common import HEADER, LimitImportCommon

SEED = 20261001


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportBad(LimitImportCommon):
    """Whatever a file holds: a report, never a traceback, and nothing written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alfa.ref = "A"

    def assertReported(self, run):
        """The file is said to be wrong, or a row of it, and no limit exists."""
        self.assertTrue(run.error_text or run.blocking_count, run.line_ids.read())
        self.assertFalse(self.Limit.search([]))

    def test_bad_values(self):
        """Each of them is one row with an error that tells its text or column."""
        for column, text in {
            "granted_amount": (
                *("-5", "1e400", "NaN", "=1+1", "1,000,000", "٣", "9" * 40),
                *("5 000", "0", "", "0x10", "Infinity", "1.2.3"),
            ),
            "currency": ("XXX", "€", "EURO", "'); DROP TABLE res_partner --"),
            "decision": ("", "perhaps", "=A1", "99"),
            "product": ("bond",),
            "decision_date": (
                *("2026-13-01", "31/12/2026", "0001-01-01", "tomorrow"),
                *("2026-10-02", "9999-12-31", "46000"),
            ),
            "expiry_date": ("2026-01-01", "never"),
            "effective_date": ("2026-02-30",),
            "policy_no": ("POL-99",),
        }.items():
            for value in text:
                with self.subTest(column=column, value=value):
                    run = self.check(self.row(our_ref="A", **{column: value}))
                    self.assertEqual(self.outcomes(run), ["error"])
                    self.assertTrue(run.line_ids.message)
                    self.assertReported(run)

    def test_missing_conditions_and_ends(self):
        run = self.check(
            self.row(our_ref="A", decision="conditional"),
            self.row(our_ref="A", product="temporary"),
            self.row(our_ref="A", decision="not_approved"),
        )
        self.assertEqual(self.outcomes(run), ["error"] * 3)

    def test_currency_that_cannot_be_added(self):
        """A top-up in another currency than the limit: the rule of limits says it."""
        self.make_limit(self.alfa, 1000.0)
        run = self.check(
            self.row(our_ref="A", product="topup", currency="USD"),
            self.row(our_ref="?", name="Other"),
        )
        self.assertEqual(self.outcomes(run), ["error", "unknown"])
        self.assertIn("USD", run.line_ids[0].message)
        self.assertEqual(len(self.Limit.search([])), 1)

    def test_good_rows_beside_a_bad_one(self):
        """All or nothing: the bad row is named by its line, the good one waits."""
        run = self.check(
            self.row(our_ref="A"), self.row(our_ref="A", granted_amount="-1")
        )
        self.assertEqual(
            [(line.row_number, line.outcome) for line in run.line_ids],
            [(2, "new"), (3, "error")],
        )
        self.assertReported(run)

    def test_no_table(self):
        good = "\n".join([HEADER, self.row(our_ref="A")])
        for name, content in {
            "empty": b"",
            "blank": b"\n\n  \n",
            "no rows": HEADER.encode(),
            "no columns": b"a;b;c\n1;2;3",
            "column twice": f"decision;{good}".encode(),
            "utf-16": good.encode("utf-16"),
            "latin-1": good.replace("ALFA", "Société").encode("latin-1"),
            "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            "no workbook": self.zipped({"readme.txt": b"hello"}),
            "open quote": f'{HEADER}\n"{"x" * 200000}'.encode(),
            "many columns": (";".join(["decision"] * 1) + ";x" * 300 + "\n").encode(),
        }.items():
            with self.subTest(name):
                self.assertReported(self.check(content=content))

    def test_null_characters(self):
        """What a database cannot store is read as a space."""
        run = self.check(self.row(our_ref="A", reason_text="a\x00b", name="\x00\x07"))
        self.assertEqual(run.line_ids.reason, "a b")

    def test_bomb(self):
        """1 MB that unpacks to 600 MB is refused by what it says of itself."""
        run = self.check(content=self.zipped({"xl/bomb.xml": bytes(600 << 20)}))
        self.assertReported(run)
        self.assertIn("too large", run.error_text)

    def test_too_large(self):
        run = self.check(content=b"x" * (33 << 20))
        self.assertReported(run)
        self.assertIn("too large", run.error_text)

    def test_wide_and_deep_sheet(self):
        book = Workbook()
        book.active.cell(1, 16384, "x")
        self.assertReported(self.check(content=self.saved(book)))

    def test_formulas_and_cells(self):
        """Of a formula that was never worked out nothing is known; real dates and
        numbers are read whatever the profile says of texts."""
        self.profile.write({"decimal_mark": "comma", "thousands_mark": "point"})
        book = Workbook()
        book.active.append(HEADER.split(";"))
        row = self.row(our_ref="A").split(";")
        amount = HEADER.split(";").index("granted_amount")
        row[amount] = "=40000+10000"
        book.active.append(row)
        row[amount] = 1234.5
        book.active.append(row)
        run = self.check(content=self.saved(book), file_name="limits.xlsx")
        self.assertEqual(self.outcomes(run), ["error", "new"])
        self.assertEqual(run.line_ids[1].amount, 1234.5)

    def test_damaged_files(self):
        """400 files, each damaged in another way, from one seed."""
        book = Workbook()
        book.active.append(HEADER.split(";"))
        book.active.append(self.row(our_ref="A").split(";"))
        originals = [
            self.saved(book),
            "\n".join([HEADER, self.row(our_ref="A")] * 2).encode(),
        ]
        chance = random.Random(SEED)
        for number in range(400):
            content = damaged(originals[number % 2], chance)
            with self.subTest(number=number, seed=SEED):
                run = self.check(content=content)
                self.assertIn(run.state, ("draft", "checked"))
                self.assertTrue(run.error_text or run.line_ids)
                self.assertFalse(self.Limit.search([]))

    @staticmethod
    def zipped(files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return stream.getvalue()

    @staticmethod
    def saved(book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
