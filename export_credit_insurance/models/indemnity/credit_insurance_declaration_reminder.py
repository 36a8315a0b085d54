from odoo import api, models
from odoo.tools import format_date

from ..job import do_each
from ..reader_language import env_for
from .credit_insurance_deadline import SOON_DAYS, URGENT_DAYS

ACTIVITY_DECLARATION = "export_credit_insurance.mail_activity_type_declaration"


class CreditInsuranceDeclaration(models.Model):
    """Drafts that make themselves, and who is reminded of handing them in."""

    _inherit = "credit.insurance.declaration"

    @api.model
    def _cron_prepare(self):
        """Each day: draft the period that ended per policy and company, then remind."""
        policies = self.env["credit.insurance.policy"].search(
            [("state", "in", ("active", "closed")), ("declaration_period", "!=", False)]
        )
        insured = [
            (policy, company) for policy in policies for company in policy.company_ids
        ]
        if not do_each(self.env, insured, lambda pair: self._prepare_ended(*pair)):
            return  # the job is called again for the rest
        drafts = self.search(
            [("policy_id", "in", policies.ids), ("state", "=", "draft")]
        )
        do_each(self.env, drafts, lambda draft: draft._remind())

    @api.model
    def _prepare_ended(self, policy, company):
        """Draft the last period that ended, unless its days are in a declaration.

        :return: the new draft, or none
        """
        today = company._credit_today()
        period = policy._last_period_ended(today)
        if policy.kind == "single" or not period:
            return self.browse()
        first, last = period
        found = self.search_count(
            [
                ("policy_id", "=", policy.id),
                ("company_id", "=", company.id),
                ("basis", "=", policy.declaration_basis),
                ("corrects_id", "=", False),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ],
            limit=1,
        )
        if found:
            return self.browse()
        draft = self.create(
            {
                "policy_id": policy.id,
                "company_id": company.id,
                "date_from": first,
                "date_to": last,
            }
        )
        draft._bring_up_to_date()
        return draft

    def _remind(self):
        """Plan activities ten and three days before the deadline, and once missed."""
        for declaration in self.filtered("deadline"):
            today = declaration.company_id._credit_today()
            left = (declaration.deadline - today).days
            urgency = "missed" if left < 0 else "urgent" if left <= URGENT_DAYS else ""
            urgency = urgency or ("soon" if left <= SOON_DAYS else "")
            key = f"{urgency} {declaration.deadline}" if urgency else False
            if key == declaration.reminded:
                continue
            declaration._reminders().unlink()
            # sudo: written by this job alone
            declaration.sudo().reminded = key
            if urgency:
                declaration._schedule_reminder(urgency == "missed")

    def _reminders(self):
        kind = self.env.ref(ACTIVITY_DECLARATION)
        return self.activity_ids.filtered(lambda each: each.activity_type_id == kind)

    def _schedule_reminder(self, is_missed):
        """Give it to whose task credit is; once it is missed, to the managers, too."""
        for user in self.company_id._credit_people(with_managers=is_missed):
            own = self.with_env(env_for(self, user))
            own.activity_schedule(
                ACTIVITY_DECLARATION,
                date_deadline=self.deadline,
                summary=own._reminder_summary(is_missed),
                user_id=user.id,
            )

    def _reminder_summary(self, is_missed):
        facts = {
            "declaration": self.display_name,
            "insurer": self.insurer_id.name,
            "day": format_date(self.env, self.deadline),
        }
        if is_missed:
            return self.env._(
                "Missed on %(day)s: declaration %(declaration)s to %(insurer)s", **facts
            )
        return self.env._("Declare %(declaration)s to %(insurer)s by %(day)s", **facts)

    def _close_reminders(self):
        """Mark as done what is planned: it was handed in."""
        for activity in self._reminders():
            env = env_for(self, activity.user_id)
            activity.action_feedback(feedback=env._("Declared."))
