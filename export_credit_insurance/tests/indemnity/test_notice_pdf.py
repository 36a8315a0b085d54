from io import BytesIO

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .test_notice_kinds import NoticeCommon

REPORT = "export_credit_insurance.credit_insurance_overdue_notice_report_action"


@tagged("post_install", "-at_install")
class TestNoticePdf(NoticeCommon, HttpCase):
    """Real PDF files of each kind of notice, as they go to the insurer."""

    def text(self, notice, lang="en_US"):
        printer = self.env["ir.actions.report"].with_company(self.company)
        printer = printer.with_context(force_report_rendering=True, lang=lang)
        content, kind = printer._render_qweb_pdf(REPORT, notice.ids)
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages)

    def assertPrinted(self, text, *words):
        for word in words:
            self.assertIn(word, text)

    def test_overdue(self):
        notice = self.notify()
        self.assertPrinted(
            self.text(notice),
            "Overdue Notice",
            notice.name,
            "POL-26",
            "ALFA",
            self.late.name,
            "20,000.00",
        )

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"]
        module._load_module_terms(["export_credit_insurance"], ["fr_FR"])
        notice = self.notify()
        text = self.text(notice, "fr_FR")
        self.assertPrinted(text, "Déclaration d'impayé", "échéance d'origine")
        self.assertNotIn("Owed", text)

    def test_insolvency(self):
        insolvency = self.env["credit.insurance.insolvency"].create(
            {
                "partner_id": self.alfa.id,
                "judgment_date": "2026-05-28",
                "court": "Foro Central Cível",
            }
        )
        action = insolvency.with_company(self.company).action_prepare_notices()
        notice = self.notices.browse(action["res_id"])
        self.assertPrinted(
            self.text(notice), "Notice of Insolvency", "Foro Central", self.late.name
        )

    def test_adverse_information_without_invoices(self):
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0)
        info = self.env["credit.insurance.adverse.info"].create(
            {"partner_id": beta.id, "kind": "bounced_cheque", "source": "Our bank"}
        )
        action = info.with_company(self.company).action_prepare_notices()
        notice = self.notices.browse(action["res_id"])
        text = self.text(notice)
        self.assertPrinted(text, "Adverse Information", "Bounced Cheque", "Our bank")
        self.assertNotIn("Owed", text)

    def test_request_for_extension(self):
        action = self.request().action_prepare_notices()
        notice = self.notices.browse(action["res_id"])
        self.assertPrinted(self.text(notice), "Request for an Extension", "06/30/2026")
