from odoo import api, models


class CreditInsurancePolicy(models.Model):
    """A policy that insures a company insures its branches: one legal person."""

    _inherit = "credit.insurance.policy"

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._add_branches()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if "company_ids" in vals:
            self._add_branches()
        return result

    def _add_branches(self):
        """Insure the branches of the insured companies too, at all levels."""
        # sudo: whoever writes the policy need not work for every branch
        for policy in self.sudo():
            insured = policy.company_ids
            branches = insured.search([("id", "child_of", insured.ids)]) - insured
            if branches:
                policy.company_ids = insured | branches


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': a new branch is insured as its company is
        companies = super().create(vals_list)
        if parents := companies.parent_id:
            # sudo: whoever opens a branch need not see policies
            policies = self.env["credit.insurance.policy"].sudo()
            policies.search([("company_ids", "in", parents.ids)])._add_branches()
        return companies
