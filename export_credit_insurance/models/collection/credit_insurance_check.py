import dataclasses

from odoo import api, models


class CreditInsuranceCheck(models.AbstractModel):
    _inherit = "credit.insurance.check"

    @api.model
    def _rules(self, case):
        """Let overdue debts block where a step of follow-up holds new orders."""
        # EXTENDS 'decision'
        rules = super()._rules(case)
        if case.position.chased_amount > 0 and self._is_held_by_followup(case):
            held = dataclasses.replace(
                rules["overdue"], severity="block", min_amount=0.0
            )
            return {**rules, "overdue": held}
        return rules

    @api.model
    def _is_held_by_followup(self, case):
        company = case.order.company_id
        if company.id not in company._followup_companies():
            return False
        # sudo: the salesperson may not read reminders; the check decides for all
        return case.debtor.sudo().with_company(company).credit_followup_held
