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

    def action_review_observation(self):
        """Show what would be held, before the observation ends."""
        self.ensure_one()
        review = self.env["credit.insurance.observation.end"].create(
            {"policy_id": self.id}
        )
        review._review()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End the Observation of %s", self.display_name),
            "res_model": review._name,
            "res_id": review.id,
            "view_mode": "form",
            "target": "new",
        }
