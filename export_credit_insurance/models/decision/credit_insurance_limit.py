from odoo import api, models

# A line in one of these states leaves the buyer with less than before.
LOST_STATES = ("refused", "reduced", "cancelled", "expired")


class CreditInsuranceLimit(models.Model):
    """A limit that is cut, withdrawn or ends has the buyer's orders looked through."""

    _name = "credit.insurance.limit"
    _inherit = ["credit.insurance.limit", "credit.insurance.review.source.mixin"]
    _review_field = "limit_ids"

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits._have_orders_reviewed()
        return limits

    def _store(self, vals):
        # EXTENDS: every decision is stored by this method
        result = super()._store(vals)
        if vals.get("state") in LOST_STATES:
            self._have_orders_reviewed()
        return result

    def _have_orders_reviewed(self):
        """Have those reviewed whose limit is gone by today, per policy in one go.

        What ends later is looked at when it has ended.
        """
        today = self.env.company._credit_today()
        lost = self.filtered(
            lambda limit: limit.state == "refused"
            or (limit.state in LOST_STATES and limit.date_to and limit.date_to < today)
        )
        for policy, limits in lost.grouped("policy_id").items():
            self.env["credit.insurance.review"]._notice(
                "limit",
                partners=limits.partner_id,
                companies=policy.company_ids,
                limit_ids=limits,
            )
