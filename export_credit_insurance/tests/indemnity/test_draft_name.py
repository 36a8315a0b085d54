from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestDraftName(ClaimCommon):
    """A draft has no number: each reader sees the word in their own language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["export_credit_insurance"], ["fr_FR"]
        )

    def make_notice(self, **context):
        return (
            self.env["credit.insurance.overdue.notice"]
            .with_context(**context)
            .create(
                {
                    "company_id": self.company.id,
                    "policy_id": self.policy.id,
                    "partner_id": self.beta.id,
                }
            )
        )

    def assertNamed(self, record, english, french):
        self.assertEqual(record.with_context(lang="en_US").display_name, english)
        self.assertEqual(record.with_context(lang="fr_FR").display_name, french)

    def test_claim(self):
        """Made by a French user, read by both; the number comes with the filing."""
        self.controller.lang = "fr_FR"
        claim = self.claims.with_context(lang="fr_FR")._prepare(self.beta, self.company)
        self.assertFalse(claim.name)
        self.assertNamed(claim, "Draft: BETA", "Brouillon\xa0: BETA")
        claim.action_file()
        self.assertTrue(claim.name)
        self.assertNamed(claim, f"{claim.name}: BETA", f"{claim.name}\xa0: BETA")

    def test_notice(self):
        notice = self.make_notice(lang="fr_FR")
        self.assertFalse(notice.name)
        self.assertNamed(notice, "Draft: BETA", "Brouillon\xa0: BETA")

    def test_files_are_named_after_what_they_hold(self):
        """Not *Draft.csv*: among downloads the buyer tells them apart."""
        notice = self.make_notice()
        self.assertEqual(
            self.file_name(notice), "Notice to the insurer BETA (draft).csv"
        )
        notice.partner_id.name = "BETA A/S"
        self.assertEqual(
            self.file_name(notice), "Notice to the insurer BETA A-S (draft).csv"
        )
        notice.sudo().name = "NOT/2026/0007"
        number = "NOT-2026-0007"
        self.assertEqual(self.file_name(notice), f"{number} BETA A-S.csv")

    def file_name(self, notice):
        url = notice.with_context(lang="en_US").action_download_csv()["url"]
        attachment = int(url.split("/")[3].partition("?")[0])
        return self.env["ir.attachment"].browse(attachment).name

    def test_the_report_has_the_same_name(self):
        notice = self.make_notice().with_context(lang="en_US")
        report = self.env.ref(
            "export_credit_insurance.credit_insurance_overdue_notice_report_action"
        )
        self.assertEqual(
            safe_eval(report.print_report_name, {"object": notice}),
            "Notice to the insurer BETA (draft)",
        )
        notice.sudo().name = "NOT/2026/0007"
        self.assertEqual(
            safe_eval(report.print_report_name, {"object": notice}),
            "NOT-2026-0007 BETA",
        )

    def test_screens(self):
        """Forms and lists show the word where the number will stand."""
        for model in ("claim", "overdue.notice", "declaration"):
            for kind in ("form", "list"):
                arch = (
                    self.env[f"credit.insurance.{model}"]
                    .with_context(lang="fr_FR")
                    .get_view(view_type=kind)["arch"]
                )
                field = etree.fromstring(arch).find(".//field[@name='name']")
                self.assertEqual(field.get("placeholder"), "Brouillon", (model, kind))
