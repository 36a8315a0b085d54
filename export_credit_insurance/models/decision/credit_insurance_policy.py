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
        # EXTENDS the contract: transitions do not pass through write
        result = super()._write_state(vals)
        if vals.get("state") == "active":
            # sudo: who activates a policy need not edit companies
            lapsed = self.company_ids.sudo().filtered("credit_lapsed_on")
            lapsed.credit_lapsed_on = False
        self.env["res.company"]._refresh_credit_checks()
        return result

    def _renew_or_close(self):
        # EXTENDS the contract: that time goes by is no decision to check nothing more
        self._note_lapses()
        return super()._renew_or_close()

    def _note_lapses(self):
        """Note for which companies these were the last policies, and none follows."""
        active = self.search([("state", "=", "active")])
        going_on = active.filtered(lambda policy: not policy._is_over()).company_ids
        over = (active & self).filtered(lambda policy: policy._is_over())
        for policy in over.filtered(lambda policy: not policy.observation):
            # sudo: a job, or whoever starts it, need not edit companies
            companies = (policy.company_ids - going_on).sudo()
            for company in companies:
                company.credit_lapsed_on = max(
                    filter(None, (company.credit_lapsed_on, policy.date_end))
                )

    def _last_insured_day(self):
        """Return the last day on which one of these insures, None for no end."""
        ends = [
            None if policy.renewal == "tacit" else policy.date_end for policy in self
        ]
        return max(ends) if all(ends) else None

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
