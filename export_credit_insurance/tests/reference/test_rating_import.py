import base64
import io
from datetime import date, datetime

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user


class TestRatingImport(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rating = cls.env["credit.insurance.country.rating"]
        cls.Edition = cls.env["credit.insurance.rating.edition"]
        cls.coface = cls.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_coface_country"
        )

    def load(self, text, source=None, **values):
        wizard = self.env["credit.insurance.rating.import"].create(
            {
                "source_id": (source or self.coface).id,
                "file": base64.b64encode(text.encode()),
                **values,
            }
        )
        return wizard.action_import()

    def assertRefused(self, text, *messages):
        before = self.Rating.search_count([]), self.Edition.search_count([])
        with self.assertRaises(UserError) as refusal:
            self.load(text)
        for message in messages:
            self.assertIn(message, str(refusal.exception))
        after = self.Rating.search_count([]), self.Edition.search_count([])
        self.assertEqual(after, before)

    def test_an_edition_is_added(self):
        action = self.load(
            "iso2;code;date;outlook\n# comment\nBR;B;2026-03-31;negative\n"
            "fr;a2;2026-03-31;\n\n",
            name="Coface Q1",
            citation="Bulletin of April",
        )
        edition = self.Edition.browse(action["res_id"])
        self.assertEqual(edition.name, "Coface Q1")
        self.assertEqual(edition.date, date(2026, 3, 31))
        self.assertEqual(edition.citation, "Bulletin of April")
        self.assertRecordValues(
            edition.rating_ids.sorted(lambda rating: rating.country_id.code),
            [
                {
                    "country_id": self.env.ref("base.br").id,
                    "grade_id": self.coface.grade_ids[4].id,
                    "outlook": "negative",
                },
                {
                    "country_id": self.env.ref("base.fr").id,
                    "grade_id": self.coface.grade_ids[1].id,
                    "outlook": False,
                },
            ],
        )

    def test_a_following_edition_keeps_the_first(self):
        self.load("iso2,code,date\nBR,B,2026-03-31\n")
        self.load("iso2,code,date\nBR,C,2026-06-30\n")
        ratings = self.Rating.search([("source_id", "=", self.coface.id)])
        self.assertEqual(ratings.mapped("grade_id.code"), ["C", "B"])

    def test_importing_twice_changes_nothing(self):
        text = "iso2,code,date\nBR,B,2026-03-31\n"
        self.load(text)
        action = self.load(text)
        self.assertIn("Nothing new", action["params"]["message"])
        domain = [("source_id", "=", self.coface.id)]
        self.assertEqual(self.Rating.search_count(domain), 1)
        self.assertEqual(self.Edition.search_count(domain), 1)

    def test_the_shipped_table_is_not_loaded_again(self):
        self.assertFalse(
            self.Edition._load_shipped(
                "oecd",
                "export_credit_insurance/data/reference/"
                "country_ratings_oecd_2026-01-30.csv",
                "Again",
                "",
            )
        )

    def test_all_or_nothing_and_every_faulty_line_named(self):
        self.assertRefused(
            "iso2,code,date,outlook\n"
            "BR,B,2026-03-31,\n"
            "ZZ,B,2026-03-31,\n"
            "FR,A9,2026-03-31,\n"
            "DE,A1,31/03/2026,\n"
            "BR,C,2026-03-31,\n"
            "IT,,,rosy\n",
            "Errors in the file: 7.",
            "Line 3: ZZ is no country",
            "Line 4: A9 is no grade of Coface country assessment: A1, A2",
            "Line 5: 31/03/2026 is no date",
            "Line 6: Brazil was rated on this date in line 2 already",
            "Line 7: (empty) is no grade",
            "Line 7: (empty) is no date",
            "Line 7: rosy is no outlook",
        )

    def test_another_grade_for_a_recorded_date_is_refused(self):
        self.load("iso2,code,date\nBR,B,2026-03-31\n")
        self.assertRefused(
            "iso2,code,date\nFR,A2,2026-03-31\nBR,C,2026-03-31\n",
            "Line 3: Brazil is recorded with B from this date on",
        )

    def test_files_that_are_no_table(self):
        with self.assertRaisesRegex(UserError, "missing: iso2, code, date"):
            self.Edition._import_table(self.coface, b"")
        self.assertRefused("iso2,grade\nBR,B\n", "missing: code, date")
        self.assertRefused("iso2,code,date\n", "The file has no rating")
        with self.assertRaisesRegex(UserError, "not UTF-8"):
            self.Edition._import_table(self.coface, b"iso2,code,date\n\xff\xfe")

    def test_excel_dates(self):
        """Cells that are dates are read; a date's bare number is named as one."""
        book = Workbook()
        for row in (
            ("iso2", "code", "date"),
            ("BR", "B", date(2026, 3, 31)),
            ("FR", "A2", datetime(2026, 3, 31, 0, 0)),
        ):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        edition = self.Edition._import_table(self.coface, content.getvalue())
        self.assertEqual(set(edition.rating_ids.mapped("date")), {date(2026, 3, 31)})
        book.active.append(("DE", "A1", 46112))
        content = io.BytesIO()
        book.save(content)
        with self.assertRaises(UserError) as refusal:
            self.Edition._import_table(self.coface, content.getvalue())
        self.assertIn(
            "Line 4: 46112 is no date but the number of one in a sheet, 2026-03-31",
            str(refusal.exception),
        )

    def test_a_hundred_thousand_rows(self):
        """Every row but one is faulty: counted, thirty named, nothing half done."""
        rows = ["ZZ,B,2026-03-31"] * 99999
        self.assertRefused(
            "\n".join(["iso2,code,date", "BR,B,2026-03-31", *rows]),
            "Errors in the file: 99999.",
            "Line 3: ZZ is no country",
            "and 99969 more.",
        )

    def test_lines_that_repeat_a_country(self):
        """The same opinion twice on a day is a fault of the file, too."""
        self.assertRefused(
            "iso2;code;date\nBR;B;2026-03-31\nBR;B;2026-03-31\n",
            "Line 3: Brazil was rated on this date in line 2 already",
        )

    def test_users_cannot_import(self):
        user = new_test_user(
            self.env, "reader", groups="export_credit_insurance.group_credit_user"
        )
        with self.assertRaises(AccessError):
            self.env["credit.insurance.rating.import"].with_user(user).create({})
