from odoo.tests import tagged

from .common import FollowupCommon

CODES = ("en_US", "fr_FR", "ar_001")
NEW = {
    "en_US": "<p>Good day,</p><p>Kindly settle these at once:</p>{{ items }}",
    "fr_FR": "<p>Bonjour,</p><p>Merci de régler sans délai :</p><p>{{ items }}</p>",
    "ar_001": "<p>تحية طيبة،</p><div>{{ items }}</div>",
}


@tagged("post_install", "-at_install")
class TestTextLanguages(FollowupCommon):
    """A text edited in one language changes no other, by form or by dialogue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in CODES:
            cls.env["res.lang"]._activate_lang(code)
        addon = cls.env.ref("base.module_export_credit_insurance")
        addon._update_translations(list(CODES), overwrite=True)
        delivered = cls.env["ir.model.data"].search(
            [
                ("module", "=", "export_credit_insurance"),
                ("model", "=", "credit.followup.step"),
            ]
        )
        steps = cls.env["credit.followup.step"].browse(delivered.mapped("res_id"))
        cls.text = steps.filtered(
            lambda step: step.body and len(cls.said(step)) == len(CODES)
        )[0]
        cls.manager = cls.env.ref("base.user_admin")
        cls.manager.group_ids += cls.env.ref(
            "export_credit_insurance.group_credit_manager"
        )

    @classmethod
    def said(cls, step):
        """What is said in each language, as their readers see it."""
        step.invalidate_recordset()
        return {code: str(step.with_context(lang=code).body) for code in CODES}

    def save(self, code, body):
        """Save the form as the web client does, by a user who works in a language."""
        own = self.text.with_user(self.manager).with_context(lang=code)
        own.web_save({"body": body}, {"body": {}})

    def test_delivered_words_differ(self):
        self.assertEqual(len(set(self.said(self.text).values())), 3)

    def test_one_language_at_a_time(self):
        """Other paragraphs, more of them, fewer: the two others stay to the letter."""
        for code, body in NEW.items():
            with self.subTest(code):
                before = self.said(self.text)
                self.save(code, body)
                self.assertEqual(self.said(self.text), {**before, code: body})

    def test_subject(self):
        before = {c: self.text.with_context(lang=c).subject for c in CODES}
        own = self.text.with_user(self.manager).with_context(lang="fr_FR")
        own.web_save({"subject": "Rappel"}, {"subject": {}})
        after = {c: self.text.with_context(lang=c).subject for c in CODES}
        self.assertEqual(after, {**before, "fr_FR": "Rappel"})

    def change_a_term(self, code):
        """Change the first term of a language in the dialogue of translations."""
        own = self.text.with_user(self.manager)
        rows, context = own.get_field_translations("body")
        self.assertTrue(context["translation_show_source"])
        row = next(row for row in rows if row["lang"] == code)
        own.update_field_translations("body", {code: {row["source"]: "CHANGED"}})
        return row["value"] or row["source"]

    def test_dialogue(self):
        for code in CODES:
            with self.subTest(code):
                before = self.said(self.text)
                term = self.change_a_term(code)
                after = {**before, code: before[code].replace(term, "CHANGED", 1)}
                self.assertEqual(self.said(self.text), after)

    def test_dialogue_of_a_text_built_otherwise(self):
        """The French text has fewer paragraphs now: its own terms are shown."""
        self.save("fr_FR", NEW["fr_FR"])
        before = self.said(self.text)
        self.assertEqual(self.change_a_term("fr_FR"), "Bonjour,")
        self.assertEqual(
            self.said(self.text),
            {**before, "fr_FR": NEW["fr_FR"].replace("Bonjour,", "CHANGED")},
        )

    def test_first_words(self):
        """What has no words yet takes those of the language it is written in."""
        step = self.make_step(5, body=False)
        step.with_context(lang="fr_FR").body = "<p>Bonjour</p>"
        self.assertEqual(set(self.said(step).values()), {"<p>Bonjour</p>"})
        step.body = "<p>Good day</p>"
        self.assertEqual(
            self.said(step),
            {
                "en_US": "<p>Good day</p>",
                "fr_FR": "<p>Bonjour</p>",
                "ar_001": "<p>Good day</p>",
            },
        )

    def test_restored_in_every_language(self):
        before = self.said(self.text)
        for code, body in NEW.items():
            self.save(code, body)
        self.text.with_user(self.manager).action_restore_texts()
        self.assertEqual(self.said(self.text), before)
