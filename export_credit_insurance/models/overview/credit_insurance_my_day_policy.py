from datetime import timedelta

from odoo import fields, models

from .day_section import SOON, Section, button, row, urgency_of

#: a policy's renewal is thought about so many days before
RENEWAL_DAYS = 60


class CreditInsuranceMyDay(models.AbstractModel):
    """What managers decide about the policies."""

    _inherit = "credit.insurance.my.day"

    def _section_observed(self):
        return Section(
            key="observed",
            title=self.env._("Observation to End"),
            empty=self.env._("No policy is only observed."),
            model="credit.insurance.policy",
            domain=[("state", "=", "active"), ("observation", "=", True)],
            order="date_start, id",
            action="export_credit_insurance.credit_insurance_policy_action",
            row=lambda policy: row(
                label=policy.display_name,
                detail=self.env._("Orders are checked, none is held yet."),
                day=policy.date_start,
                urgency=SOON,
                buttons=[
                    button(
                        self.env._("What Would Be Held"), "action_review_observation"
                    )
                ],
            ),
        )

    def _section_renewals(self):
        today = self._today()
        first = fields.Date.to_string(today)
        last = fields.Date.to_string(today + timedelta(days=RENEWAL_DAYS))
        return Section(
            key="renewals",
            title=self.env._("Policies to Renew or to Give Notice Of"),
            empty=self.env._("No policy ends or is to be given notice of soon."),
            model="credit.insurance.policy",
            domain=[
                ("state", "=", "active"),
                "|",
                "&",
                ("notice_date", ">=", first),
                ("notice_date", "<=", last),
                "&",
                "&",
                ("renewal", "=", "none"),
                ("date_end", ">=", first),
                ("date_end", "<=", last),
            ],
            order="date_end, id",
            action="export_credit_insurance.credit_insurance_policy_action",
            row=self._row_renewal,
        )

    def _row_renewal(self, policy):
        is_tacit = policy.renewal == "tacit"
        day = policy.notice_date if is_tacit else policy.date_end
        return row(
            label=policy.display_name,
            detail=self.env._("Last day to give notice")
            if is_tacit
            else self.env._("Ends, and does not renew by itself"),
            day=day,
            urgency=urgency_of(day, self._today()),
        )
