from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestConfidential(FollowupCommon):
    """Buyers do not read who insures them, unless the policy allows it (DESIGN 7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.insurer_id = cls.env["credit.insurance.insurer"].create(
            {"name": "Assur (Export)", "code": "assur_export"}
        )
        cls.step = cls.make_step(10)

    @contextmanager
    def refused(self, message):
        """What is tried is refused, and undone."""
        with self.assertRaisesRegex(ValidationError, message):
            with self.env.cr.savepoint():
                yield

    def test_text_that_names_the_insurer(self):
        """Whatever the case, and in a receipt's mail too."""
        words = "<p>We shall inform ASSUR (EXPORT), our insurer.</p>"
        wanted = (
            r"Step 10.* names Assur \(Export\) to buyers, and policy POL-26 keeps the"
            r" cover confidential"
        )
        with self.refused(wanted):
            self.step.body = words
        with self.refused("names Assur"):
            self.step.name = "Notice to Assur (Export)"
        with self.refused("names Assur"):
            self.plan.receipt_body = words
        self.step.body = "<p>Assur (Exports) is another firm.</p>"

    def test_work_of_colleagues(self):
        """No buyer reads the name of a step that only has somebody call."""
        call = self.make_step(20, send_mail=False, plan_call=True)
        call.name = "Ask Assur (Export)"
        with self.refused("names Assur"):
            call.send_mail = True

    def test_policy_that_allows_it(self):
        self.policy.may_disclose_insurer = True
        self.step.body = "<p>Assur (Export) insures this debt.</p>"
        with self.refused("Step 10.* names Assur"):
            self.policy.may_disclose_insurer = False
        self.assertTrue(self.policy.may_disclose_insurer)

    def test_other_languages(self):
        """A text is written for its readers: the French one is looked at, too."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.policy.may_disclose_insurer = True
        self.step.with_context(lang="fr_FR").subject = "Assur (Export) est informé"
        with self.refused("names Assur"):
            self.policy.may_disclose_insurer = False

    def test_translations(self):
        """As the globe of a field writes them, by somebody who reads English."""
        self.env["res.lang"]._activate_lang("fr_FR")
        with self.refused("names Assur"):
            self.step.update_field_translations(
                "subject", {"fr_FR": "Assur (Export) est informé"}
            )
        self.assertNotIn("Assur", self.step.with_context(lang="fr_FR").subject)

    def test_archive(self):
        """What is brought back later is looked at before."""
        self.policy.may_disclose_insurer = True
        self.step.body = "<p>Assur (Export)</p>"
        self.step.active = False
        with self.refused("Step 10.* names Assur"):
            self.policy.may_disclose_insurer = False

    def test_insurer_that_is_renamed(self):
        self.step.body = "<p>Assur Mundi</p>"
        with self.refused("names Assur Mundi"):
            self.policy.insurer_id.name = "Assur Mundi"

    def test_other_company(self):
        """Another company's plan says what it likes: POL-26 does not insure it."""
        other = self.env["res.company"].create({"name": "Other"})
        plan = self.plan.copy({"company_id": other.id, "is_default": False})
        plan.step_ids.body = "<p>Assur (Export)</p>"
        with self.refused("Step 10.* names Assur"):
            plan.company_id = self.company
        with self.refused("Step 10.* names Assur"):
            self.policy.company_ids += other
