from odoo import models

# Fields whose change changes which companies' orders are checked and how.
CHECK_FIELDS = {"state", "company_ids", "observation", "kind"}


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    def write(self, vals):
        result = super().write(vals)
        if CHECK_FIELDS & vals.keys():
            self.env["res.company"]._refresh_credit_checks()
        return result

    def _write_state(self, vals):
        # transitions do not pass through write
        result = super()._write_state(vals)
        self.env["res.company"]._refresh_credit_checks()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.company"]._refresh_credit_checks()
        return result
