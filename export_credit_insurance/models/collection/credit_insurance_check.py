import dataclasses

from odoo import api, models


class CreditInsuranceCheck(models.AbstractModel):
    _inherit = "credit.insurance.check"

    @api.model
    def _rule(self, case, code):
        """Let overdue debts block where a step of follow-up holds new orders."""
        # EXTENDS 'decision'
        rule = super()._rule(case, code)
        if (
            code == "overdue"
            and case.position.chased_amount > 0
            and self._is_held_by_followup(case)
        ):
            return dataclasses.replace(rule, severity="block", min_amount=0.0)
        return rule

    @api.model
    def _is_held_by_followup(self, case):
        company = case.order.company_id
        if company.id not in company._followup_companies():
            return False
        # sudo: the salesperson may not read reminders; the check decides for all
        return case.debtor.sudo().with_company(company).credit_followup_held
