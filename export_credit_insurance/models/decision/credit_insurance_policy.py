from odoo import api, models

# Fields whose change changes which companies' orders are checked and how.
CHECK_FIELDS = {"state", "company_ids", "observation", "kind"}


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        if any(policy.state == "active" for policy in policies):
            self.env["res.company"]._refresh_credit_checks()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if CHECK_FIELDS & vals.keys():
            self.env["res.company"]._refresh_credit_checks()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.company"]._refresh_credit_checks()
        return result
