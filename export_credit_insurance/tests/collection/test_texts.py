from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import FollowupCommon

ADDON = "export_credit_insurance"
PREVIEW_LETTER = f"{ADDON}.credit_followup_preview_letter"


@tagged("post_install", "-at_install")
class TestTexts(FollowupCommon):
    """Texts edited without code: previewed, downloaded blank, restored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("de_DE", "fr_FR"):
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"]._load_module_terms([ADDON], ["de_DE", "fr_FR"])
        cls.notice = cls.env.ref(f"{ADDON}.credit_followup_step_eu_eea_notice")
        cls.late = cls.make_invoice(cls.alfa, 1000.0, "2026-01-02", "2026-02-01")
        cls.beta = cls.make_buyer("Beta", country="de", lang="de_DE")

    def preview(self, user=None, **values):
        model = self.env["credit.followup.preview"].with_user(user or self.controller)
        return model.create(
            {"company_id": self.company.id, "step_id": self.notice.id, **values}
        )

    def letter(self, preview):
        report = self.env["ir.actions.report"]
        return report._render_qweb_html(PREVIEW_LETTER, preview.ids)[0].decode()

    # === PREVIEW === #

    def test_preview_on_a_buyer(self):
        """Before any run, on what is open; nothing is stored."""
        before = self.env["credit.followup.reminder"].search_count([])
        preview = self.preview(partner_id=self.alfa.id)
        self.assertIn("ALFA", preview.subject)
        self.assertIn(self.late.name, preview.body)
        self.assertIn("1,000.00", preview.body)
        self.assertIn(self.controller.name, preview.body)  # who would sign
        self.assertIn(self.late.name, self.letter(preview))
        after = self.env["credit.followup.reminder"].search_count([])
        self.assertEqual(before, after)

    def test_preview_proposes_who_is_late(self):
        """Not *Aaa*, the first by name of the same plan, who owes nothing yet."""
        early = self.make_buyer("Aaa", country=self.alfa.country_id.code.lower())
        self.make_invoice(early, 1000.0, "2026-01-02", "2099-02-01")
        model = self.env["credit.followup.preview"].with_user(self.controller)
        model = model.with_context(default_step_id=self.notice.id)
        proposed = model.default_get(["partner_id"])["partner_id"]
        self.assertEqual(proposed, self.alfa.id)
        self.late.button_draft()
        self.late.button_cancel()
        proposed = model.default_get(["partner_id"])["partner_id"]
        self.assertEqual(proposed, early.id)

    def test_preview_proposes_who_is_late_under_another_plan(self):
        """A formal notice to who owes nothing yet would demand nothing.

        *Aaa* is the plan's only buyer; its receipt of 500, matched with nothing, is
        no debt either.
        """
        chile = self.make_buyer("Aaa", country="cl")
        self.make_invoice(chile, 1000.0, "2026-01-02", "2099-02-01")
        self.make_receipt(chile, 500.0, "2026-01-03")
        step = self.env.ref(f"{ADDON}.credit_followup_step_latin_america_notice")
        model = self.env["credit.followup.preview"].with_user(self.controller)
        model = model.with_context(default_step_id=step.id)
        self.alfa.country_id = self.env.ref("base.fr")
        proposed = model.default_get(["partner_id"])["partner_id"]
        self.assertEqual(proposed, self.alfa.id)

    def test_preview_speaks_the_buyers_language(self):
        self.make_invoice(self.beta, 500.0, "2026-01-02", "2026-02-01")
        preview = self.preview(partner_id=self.beta.id)
        self.assertEqual(preview.lang, "de_DE")
        self.assertIn("Mahnung", preview.subject)
        preview.lang = "fr_FR"
        self.assertIn("Mise en demeure", preview.subject)

    def test_preview_says_what_is_wrong(self):
        """A text broken in the database shows its error and no traceback."""
        self.env.cr.execute(
            "UPDATE credit_followup_step SET subject = %s WHERE id = %s",
            ['{"en_US": "{{ nobody }}"}', self.notice.id],
        )
        self.env.invalidate_all()
        self.assertIn("nobody", self.preview(partner_id=self.alfa.id).body)

    def test_preview_on_whom_nobody_would_write_to(self):
        """Insolvent: the text, and that it would not leave. Owing nothing: no text."""
        self.assertFalse(self.preview(partner_id=self.alfa.id).notice)
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-30"}
        )
        preview = self.preview(partner_id=self.alfa.id)
        self.assertIn("1,000.00", preview.body)
        self.assertEqual(
            preview.notice, "Nothing would be sent today: Buyer insolvent."
        )
        preview = self.preview(partner_id=self.beta.id)
        self.assertFalse(preview.body)
        self.assertEqual(preview.notice, "Nothing is open with this buyer.")
        with self.assertRaises(UserError):
            preview.action_print()

    def test_preview_of_a_receipt(self):
        preview = self.preview(
            step_id=False, plan_id=self.notice.plan_id.id, partner_id=self.alfa.id
        )
        self.assertIn("Thank you", preview.subject)
        self.assertIn("[amount received", preview.body)
        with self.assertRaises(UserError):
            preview.action_print()

    def test_buttons(self):
        action = self.notice.with_user(self.controller).action_preview()
        model = self.env[action["res_model"]].with_user(self.controller)
        form = Form(model.with_context(**action["context"]))
        form.partner_id = self.alfa
        self.assertIn("ALFA", form.subject)
        self.assertTrue(form.has_letter)
        action = self.notice.plan_id.action_preview_receipt()
        form = Form(model.with_context(**action["context"]))
        self.assertFalse(form.has_letter)

    def test_who_sees_no_invoices_of_others(self):
        """Neither of another company's buyers nor of a company out of reach."""
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.preview(partner_id=self.alfa.id, company_id=other.id)
        with self.assertRaises(AccessError):
            foreign._reminder()
        self.assertFalse(foreign.notice)  # nor whether anything is open there
        employee = new_test_user(
            self.env,
            "employee",
            "base.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            self.preview(employee, partner_id=self.alfa.id)

    # === BLANK === #

    def test_blank_names_the_places(self):
        preview = self.preview(partner_id=False)
        for text in ("[name of the customer]", "[name of our company]"):
            self.assertIn(text, preview.subject + preview.body)
        html = self.letter(preview)
        self.assertNotIn("{{", html)
        self.assertIn("[who approved and signs a formal notice]", html)

    def test_blank_button(self):
        action = self.notice.with_user(self.controller).action_blank_letter()
        self.assertEqual(action["report_name"], PREVIEW_LETTER)

    def test_every_delivered_letter_can_be_blank(self):
        steps = self.env["credit.followup.step"].search(
            [("plan_id.active", "in", (True, False)), ("subject", "!=", False)]
        )
        self.assertGreater(len(steps), 50)
        for step in steps:
            preview = self.preview(step_id=step.id, partner_id=False)
            self.assertNotIn("{{", preview.body, step.display_name)
            self.assertFalse(preview._get_text().error, step.display_name)

    # === RESTORE === #

    def in_language(self, record, code, field):
        return record.with_context(lang=code)[field]

    def test_restore_brings_every_language_back(self):
        delivered = {
            code: (
                self.in_language(self.notice, code, "subject"),
                self.in_language(self.notice, code, "body"),
                self.in_language(self.notice, code, "name"),
            )
            for code in ("en_US", "de_DE", "fr_FR")
        }
        self.assertEqual(len(set(delivered.values())), 3)
        for code in ("fr_FR", "en_US", "de_DE"):
            self.notice.with_context(lang=code).write(
                {"subject": f"S {code}", "body": f"<p>B {code}</p>", "name": "N"}
            )
        self.notice.action_restore_texts()
        for code, texts in delivered.items():
            with self.subTest(language=code):
                for field, text in zip(("subject", "body", "name"), texts, strict=True):
                    self.assertEqual(self.in_language(self.notice, code, field), text)

    def test_restore_leaves_the_rest(self):
        """Days, channels and what the company has set stay as they are."""
        self.notice.write(
            {"days": 99, "send_mail": False, "deadline_days": 21, "subject": "S"}
        )
        self.notice.action_restore_texts()
        self.assertEqual((self.notice.days, self.notice.deadline_days), (99, 21))
        self.assertFalse(self.notice.send_mail)
        self.assertIn("Formal notice", self.notice.subject)

    def test_restore_one_leaves_others(self):
        other = self.env.ref(f"{ADDON}.credit_followup_step_domestic_notice")
        other.subject = "Ours"
        self.notice.action_restore_texts()
        self.assertEqual(other.subject, "Ours")

    def test_restore_the_receipt(self):
        plan = self.notice.plan_id
        plan.write({"receipt_subject": "S", "name": "Ours"})
        plan.action_restore_texts()
        self.assertEqual(plan.receipt_subject, "Thank you for your payment")
        self.assertEqual(plan.name, "Ours")

    def test_own_texts_have_nothing_to_restore(self):
        own = self.make_step(5)
        self.assertFalse(own.has_delivered_text)
        self.assertTrue(self.notice.has_delivered_text)
        with self.assertRaises(UserError):
            own.action_restore_texts()

    def test_who_may_not_write_may_not_restore(self):
        reader = new_test_user(
            self.env,
            "reader",
            f"{ADDON}.group_credit_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            self.notice.with_user(reader).action_restore_texts()
