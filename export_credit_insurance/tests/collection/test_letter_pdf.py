from io import BytesIO

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common import FollowupCommon

LETTER = "export_credit_insurance.credit_followup_reminder_action_letter"
STATEMENT = "export_credit_insurance.credit_statement_action"
DETAILS = ("Verdier Export", "18 rue des Forges", "69007 Lyon", "France", "FR99 SIREN")


@tagged("post_install", "-at_install")
class TestLetterPdf(FollowupCommon, HttpCase):
    """Real PDF files, printed as they are posted: where on the page things stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice = cls.make_step(
            30,
            is_formal_notice=True,
            subject="Notice",
            body="<p>Pay by {{ deadline }}.</p><div>{{ items }}</div>",
        )
        cls.company.company_details = "<br/>".join(DETAILS)
        for number in range(60):
            cls.make_invoice(cls.alfa, 100.0 + number, "2026-06-01", "2026-07-01")

    def pages(self, report, record):
        """The pages of a PDF, each a list of (height above the foot, text)."""
        printer = self.env["ir.actions.report"].with_company(self.company)
        printer = printer.with_context(force_report_rendering=True)
        content, kind = printer._render_qweb_pdf(report, record.ids)
        self.assertEqual(kind, "pdf")
        found = []
        for page in PdfFileReader(BytesIO(content)).pages:
            texts = []

            def note(text, matrix, place, _font, _size, texts=texts):
                if text.strip():
                    height = matrix[5] + place[5] * matrix[3]
                    texts.append((height, text.strip()))

            page.extract_text(visitor_text=note)
            found.append(texts)
        return found

    def assertClear(self, pages):
        """On every page, all that is written stands below the letterhead."""
        for number, texts in enumerate(pages, 1):
            head = [height for height, text in texts if text in DETAILS]
            rest = [height for height, text in texts if text not in DETAILS]
            with self.subTest(page=number):
                self.assertEqual(len(head), len(DETAILS))
                self.assertLess(max(rest), min(head))

    def test_letter_of_sixty_invoices(self):
        reminder = self.prepare().reminder_ids
        pages = self.pages(LETTER, reminder)
        self.assertGreater(len(pages), 2)
        self.assertClear(pages)
        words = [text for texts in pages for _height, text in texts]
        self.assertEqual(words.count("Total"), 1)
        self.assertEqual(words.count("ALFA"), 1)
        names = set(reminder.line_ids.move_id.mapped("name"))
        self.assertEqual(len(names & set(words)), 60)

    def test_statement_of_sixty_invoices(self):
        pages = self.pages(STATEMENT, self.alfa)
        self.assertGreater(len(pages), 2)
        self.assertClear(pages)
        words = [text for texts in pages for _height, text in texts]
        self.assertEqual(words.count("Balance to pay"), 1)

    def test_committee_sheet_is_one_page(self):
        self.make_alfa_limits()
        sheet = "export_credit_insurance.credit_sheet_action"
        self.assertEqual(len(self.pages(sheet, self.alfa)), 1)
