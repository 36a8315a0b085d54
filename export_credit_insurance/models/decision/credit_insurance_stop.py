from odoo import api, models


class CreditInsuranceStop(models.Model):
    """A cover stop has the buyer's open orders looked through."""

    _name = "credit.insurance.stop"
    _inherit = ["credit.insurance.stop", "credit.insurance.review.source.mixin"]
    _review_field = "stop_ids"

    @api.model_create_multi
    def create(self, vals_list):
        stops = super().create(vals_list)
        stops._have_orders_reviewed()
        return stops

    def _have_orders_reviewed(self):
        """Have those reviewed whose cover is stopped today, per policy in one go."""
        today = self.env.company._credit_today()
        current = self.filtered(
            lambda stop: stop.date_from <= today
            and (not stop.date_to or stop.date_to >= today)
        )
        for policy, stops in current.grouped("policy_id").items():
            self.env["credit.insurance.review"]._notice(
                "stop",
                partners=stops.partner_id,
                companies=policy.company_ids if policy else None,
                stop_ids=stops,
            )
