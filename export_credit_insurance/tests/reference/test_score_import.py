import base64
import io
import zipfile
from datetime import date, datetime

from freezegun import freeze_time
from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestScoreImport(TransactionCase):
    """Agencies' scores of buyers come as files: a preview, then all or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rating = cls.env["credit.insurance.buyer.rating"]
        cls.Edition = cls.env["credit.insurance.rating.edition"]
        cls.creditsafe = cls.env.ref(SOURCE % "creditsafe")
        cls.alfa, cls.beta, cls.gamma = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "ref": ref,
                    "company_registry": registry,
                }
                for name, ref, registry in (
                    ("ALFA", "C-1", "552 100 554"),
                    ("BETA", "C-2", "303 265 045"),
                    ("GAMMA", "C-3", False),
                )
            ]
        )
        cls.controller = new_test_user(
            cls.env,
            "import_controller",
            groups="export_credit_insurance.group_credit_controller",
        )

    def wizard(self, content, source=None, **values):
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["credit.insurance.rating.import"]
            .with_user(self.controller)
            .create(
                {
                    "source_id": (source or self.creditsafe).id,
                    "file": base64.b64encode(content),
                    **values,
                }
            )
        )

    def preview(self, content, **values):
        wizard = self.wizard(content, **values)
        wizard.action_preview()
        return wizard

    def scores(self):
        found = self.Rating.search([("source_id", "=", self.creditsafe.id)])
        return {(r.partner_id.name, r.date.isoformat()): r.value for r in found}

    def assertRefused(self, content, *messages, **values):
        """The preview names what is wrong and the import changes nothing."""
        before = self.scores(), self.Edition.search_count([])
        with self.assertRaises(UserError) as refusal:
            self.wizard(content, **values).action_import()
        for message in messages:
            self.assertIn(message, str(refusal.exception))
        self.assertEqual((self.scores(), self.Edition.search_count([])), before)

    def sheet(self, *rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def test_preview_then_import(self):
        """ALFA falls from 62 to 40, BETA rises from 30 to 55, GAMMA is new."""
        self.wizard(
            "ref;score;date\nC-1;62;2026-01-31\nC-2;30;2026-01-31\n"
        ).action_import()
        text = "ref;score;date\nC-3;80;2026-04-30\nC-2;55;2026-04-30\nC-1;40;2026-04-30"
        wizard = self.preview(text)
        self.assertEqual(
            (wizard.down_count, wizard.up_count, wizard.new_count, wizard.same_count),
            (1, 1, 1, 0),
        )
        self.assertEqual(
            [
                (line.name, line.kind, line.before, line.after)
                for line in wizard.line_ids
            ],
            [
                ("ALFA", "down", 62.0, 40.0),
                ("BETA", "up", 30.0, 55.0),
                ("GAMMA", "new", 0.0, 80.0),
            ],
        )
        self.assertEqual(len(self.scores()), 2)  # nothing changed yet
        action = wizard.action_import()
        edition = self.Edition.browse(action["res_id"])
        self.assertEqual((edition.rating_count, edition.date), (3, date(2026, 4, 30)))
        self.assertEqual(self.scores()["ALFA", "2026-04-30"], 40.0)
        self.assertEqual(self.scores()["ALFA", "2026-01-31"], 62.0)
        self.assertEqual(self.alfa.buyer_credit_score, 40.0)
        # again: nothing
        again = self.preview(text)
        self.assertEqual((again.recorded_count, again.new_count), (3, 0))
        self.assertIn("Nothing new", again.action_import()["params"]["message"])
        self.assertEqual(len(self.scores()), 5)

    def test_numbers_are_found_however_they_are_written(self):
        self.wizard(
            "company_registry,score,date\n552100554,62,2026-01-31\n"
            "303.265.045,41,2026-01-31"
        ).action_import()
        self.assertEqual(
            self.scores(), {("ALFA", "2026-01-31"): 62.0, ("BETA", "2026-01-31"): 41.0}
        )

    def test_sheet_with_typed_cells(self):
        self.wizard(
            self.sheet(
                ("Ref", "Score", "Date"),
                ("C-1", 62, date(2026, 1, 31)),
                ("C-2", 41.5, datetime(2026, 1, 31, 0, 0)),
                ("C-3", "70", "2026-01-31"),
            )
        ).action_import()
        self.assertEqual(
            self.scores(),
            {
                ("ALFA", "2026-01-31"): 62.0,
                ("BETA", "2026-01-31"): 41.5,
                ("GAMMA", "2026-01-31"): 70.0,
            },
        )

    def test_unknown_companies_are_left_out_when_one_says_so(self):
        text = "ref,score,date\nC-1,62,2026-01-31\nX-9,10,2026-01-31"
        wizard = self.preview(text)
        self.assertEqual((wizard.unknown_count, wizard.new_count), (1, 1))
        self.assertIn("Line 3: X-9", wizard.unknown_text)
        self.assertRefused(text, "Line 3: X-9 is no buyer of ours.")
        self.wizard(text, skip_unknown=True).action_import()
        self.assertEqual(self.scores(), {("ALFA", "2026-01-31"): 62.0})

    def test_every_fault_is_named(self):
        self.beta.copy({"ref": "C-2", "name": "BETA 2"})
        text = (
            "ref,score,date\n"
            "C-1,62,31/01/2026\n"
            "C-1,high,2026-01-31\n"
            "C-1,101,2026-01-31\n"
            "C-3,62,46053\n"
            "C-3,62,2026-01-31\n"
            "C-3,63,2026-01-31\n"
            "C-2,50,2026-01-31\n"
            "/,50,2026-01-31\n"
            "C-1,nan,2026-02-28\n"
        )
        messages = (
            "Line 2: 31/01/2026 is no date: write it as YYYY-MM-DD",
            "Line 3: high is no number",
            "Line 4: 101 is no value of Creditsafe",
            "Line 5: 46053 is no date but the number of one in a sheet, 2026-01-31",
            "Line 7: GAMMA was rated on this date in line 6 already",
            "Line 8: C-2 belongs to several buyers: BETA, BETA 2.\n",
            "Line 9: No buyer is named.",
            "Line 10: nan is no number",
        )
        self.assertRefused(text, "Errors in the file: 8.", *messages)
        wizard = self.preview(text)
        for message in messages:
            self.assertIn(message, wizard.error_text)
        self.assertEqual(wizard.unknown_count, 0)

    def test_other_score_for_a_recorded_day(self):
        self.wizard("ref,score,date\nC-1,62,2026-01-31").action_import()
        self.assertRefused(
            "ref,score,date\nC-3,50,2026-01-31\nC-1,40,2026-01-31",
            "Line 3: ALFA is recorded with 62 from this date on",
        )

    def test_grades(self):
        source = self.env["credit.insurance.rating.source"].create(
            {
                "name": "Agency",
                "code": "agency_x",
                "criterion": "agency",
                "scale": "grade",
                "grade_ids": [
                    (0, 0, {"code": code, "rank": rank, "score": score})
                    for rank, (code, score) in enumerate((("A", 90), ("D", 10)))
                ],
            }
        )
        text = "ref,code,date\nC-1,d,2026-01-31"
        self.wizard(text, source=source).action_import()
        self.assertEqual(self.alfa.buyer_credit_score, 10.0)
        self.assertRefused(
            "ref,code,date\nC-1,Z,2026-02-28",
            "Line 2: Z is no grade of Agency: A, D",
            source=source,
        )

    def test_files_that_are_no_table(self):
        self.assertRefused("\n", "missing: one of vat, company_registry, ref")
        self.assertRefused("ref,date\nC-1,2026-01-31", "missing: score")
        self.assertRefused("ref,score,date\n", "The file has no rating")
        self.assertRefused(
            "ref,score,date\nC-1,62,2026-01-31 é".encode("latin-1"), "not UTF-8"
        )
        self.assertRefused(b"PK\x03\x04 no book at all", "cannot be read as XLSX")
        whole = self.sheet(("ref", "score", "date"), ("C-1", 62, date(2026, 1, 31)))
        self.assertRefused(whole[: len(whole) // 2], "cannot be read as XLSX")
        foreign = io.BytesIO()
        with zipfile.ZipFile(foreign, "w") as archive:
            archive.writestr("word/document.xml", "<text/>")
        self.assertRefused(foreign.getvalue(), "cannot be read as XLSX")

    def test_quoted_cells_may_hold_line_breaks(self):
        self.wizard(
            'ref,note,score,date\nC-1,"two\nlines",62,2026-01-31\n'
            "C-2,,41,2026-01-31\r\n"
        ).action_import()
        self.assertEqual(len(self.scores()), 2)

    def test_grade_without_score_is_no_fall(self):
        source = self.env["credit.insurance.rating.source"].create(
            {
                "name": "Agency",
                "code": "agency_y",
                "criterion": "agency",
                "grade_ids": [
                    (0, 0, {"code": "A", "rank": 1, "score": 90}),
                    (0, 0, {"code": "E", "rank": 2, "scoring": "none"}),
                ],
            }
        )
        self.wizard("ref,code,date\nC-1,A,2026-01-31", source=source).action_import()
        wizard = self.preview("ref,code,date\nC-1,E,2026-02-28", source=source)
        self.assertEqual((wizard.down_count, wizard.same_count), (0, 1))
        self.assertFalse(wizard.line_ids.has_score)

    def test_a_hundred_thousand_rows(self):
        """All unknown but one: counted, the first ones named, nothing imported."""
        rows = [f"X-{number},50,2026-01-31" for number in range(99999)]
        text = "\n".join(["ref,score,date", "C-1,62,2026-01-31", *rows])
        wizard = self.preview(text)
        self.assertEqual((wizard.unknown_count, wizard.new_count), (99999, 1))
        self.assertIn("and 99969 more.", wizard.unknown_text)
        self.assertRefused(text, "Errors in the file: 99999.", "and 99969 more.")

    def test_cells_beyond_the_last_column(self):
        """A decimal comma between commas moves the rest: said, not swallowed."""
        self.assertRefused(
            "ref,date,score\nC-1,2026-01-31,62\nC-2,2026-01-31,41,5\n",
            "Errors in the file: 1.",
            "Line 3: 5 stands beyond the last column",
        )
        self.wizard(
            'ref,date,score,\nC-1,2026-01-31,62,,\nC-2,2026-01-31,"41,5",\n'
        ).action_import()
        self.assertEqual(
            self.scores(), {("ALFA", "2026-01-31"): 62.0, ("BETA", "2026-01-31"): 41.5}
        )

    def test_semicolons_and_decimal_commas(self):
        self.wizard("ref;score;date\nC-2;41,5;2026-01-31\n").action_import()
        self.assertEqual(self.scores(), {("BETA", "2026-01-31"): 41.5})

    def test_columns_named_twice(self):
        self.assertRefused(
            "ref,score,date,Score\nC-1,62,2026-01-31,50\n", "twice: score"
        )

    def test_no_header(self):
        self.assertRefused(
            "C-1,62,2026-01-31\nC-2,41,2026-01-31\n",
            "The first line must name the columns",
        )

    def test_faults_of_a_sheet_are_no_comments(self):
        """A formula that went wrong in the first cell loses no row unseen."""
        self.assertRefused(
            self.sheet(
                ("ref", "score", "date"),
                ("#N/A", 62, date(2026, 1, 31)),
                ("C-2", "#REF!", date(2026, 1, 31)),
            ),
            "Line 2: #N/A is no buyer of ours",
            "Line 3: #REF! is no number",
        )

    def test_other_encodings(self):
        text = "ref,score,date\nC-1,62,2026-01-31\nÉTÉ,1,2026-01-31\n"
        for encoding in ("latin-1", "cp1252", "utf-16", "utf-16-le"):
            with self.subTest(encoding=encoding):
                self.assertRefused(text.encode(encoding), "")
        self.wizard(text.encode("utf-8-sig"), skip_unknown=True).action_import()
        self.assertEqual(self.scores(), {("ALFA", "2026-01-31"): 62.0})

    def test_what_is_measured_comes_from_no_file(self):
        with self.assertRaises(AccessError):
            self.wizard(
                "ref,score,date\nC-1,62,2026-01-31",
                source=self.env.ref(SOURCE % "measured_payments"),
            ).action_import()
