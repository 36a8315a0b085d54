import re

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext


class CreditFollowupTextMixin(models.AbstractModel):
    """Buyers do not read who insures them, unless the policy allows it.

    That there is cover at all is confidential to the insured in most policies
    (DESIGN 7). What is asked is the policy's own *The Insurer May Be Named to Buyers*.
    """

    _inherit = "credit.followup.text.mixin"

    @api.constrains(lambda self: self._what_buyers_read())
    def _check_insurer_not_named(self):
        # sudo: whoever writes texts, the policies of all companies decide
        policies = self.env["credit.insurance.policy"].sudo()
        self._refuse_named_insurers(policies._confidential([]))

    @api.model
    def _what_buyers_read(self):
        """Return the names of the fields that decide what buyers read of a text."""
        return self._text_fields

    def _refuse_named_insurers(self, policies):
        """Refuse words for buyers that name the insurer of one of these policies.

        In whatever language: each is written for its readers.

        :param policies: active ones whose insurer is not to be named
        :raise ValidationError: naming the text, the insurer and the policy
        """
        languages = self.env["res.lang"].get_installed() if policies else ()
        for record in self if policies else ():
            words = " ".join(
                record.with_context(lang=code)._words_to_buyer()
                for code, _name in languages
            )
            for policy in policies:
                if record.company_id and record.company_id not in policy.company_ids:
                    continue
                if _names(policy.insurer_id.name, words):
                    raise ValidationError(
                        policies.env._(
                            "%(record)s names %(insurer)s to buyers, and policy"
                            " %(policy)s keeps the cover confidential. Take the name"
                            " out of the text, or say on the policy that the insurer"
                            " may be named.",
                            record=record.display_name,
                            insurer=policy.insurer_id.name,
                            policy=policy.number,
                        )
                    )

    def _words_to_buyer(self):
        """Return what buyers read of a record, in the language of the environment."""
        self.ensure_one()
        return " ".join(html2plaintext(self[name] or "") for name in self._text_fields)


class CreditFollowupPlan(models.Model):
    _inherit = "credit.followup.plan"

    @api.constrains("company_id")
    def _check_insurer_not_named_here(self):
        """Look at all its texts: other policies insure another company."""
        self._check_insurer_not_named()
        self.step_ids._check_insurer_not_named()


class CreditFollowupStep(models.Model):
    _inherit = "credit.followup.step"

    @api.model
    def _what_buyers_read(self):
        # EXTENDS the mixin: and whether they do
        writing = ("send_mail", "send_letter", "is_formal_notice")
        return (*super()._what_buyers_read(), *writing)

    def _words_to_buyer(self):
        # EXTENDS the mixin: what is work for colleagues alone no buyer reads
        return super()._words_to_buyer() if self._writes_to_buyer() else ""


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    @api.model
    def _confidential(self, domain):
        """Return the active policies whose insurer is not to be named to buyers."""
        silent = Domain("may_disclose_insurer", "=", False)
        return self.search(Domain("state", "=", "active") & silent & Domain(domain))

    @api.constrains("state", "may_disclose_insurer", "insurer_id", "company_ids")
    def _check_insurer_not_named(self):
        """Refuse to keep confidential what the texts of follow-up say already.

        Those in the archive, too, which may be brought back.
        """
        policies = self._confidential([("id", "in", self.ids)])
        if not policies:
            return
        # sudo: who activates a policy need not read the texts of all its companies
        plans = self.env["credit.followup.plan"].sudo().with_context(active_test=False)
        plans = plans.search([("company_id", "in", [False, *policies.company_ids.ids])])
        for texts in (plans, plans.step_ids):
            texts._refuse_named_insurers(policies)


class CreditInsuranceInsurer(models.Model):
    _inherit = "credit.insurance.insurer"

    @api.constrains("name")
    def _check_not_named(self):
        # sudo: whoever renames an insurer, the policies of all companies decide
        policies = self.env["credit.insurance.policy"].sudo()
        policies._confidential(
            [("insurer_id", "in", self.ids)]
        )._check_insurer_not_named()


def _names(insurer, words):
    """Whether words name an insurer, in whatever case: ``Coface``, not ``cofaced``."""
    return bool(re.search(rf"(?<!\w){re.escape(insurer)}(?!\w)", words, re.IGNORECASE))
