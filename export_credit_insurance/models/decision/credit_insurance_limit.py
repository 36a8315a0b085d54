from odoo import api, models


class CreditInsuranceLimit(models.Model):
    """What the insurer grants lets orders go that wait for it."""

    _inherit = "credit.insurance.limit"

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        self.env["credit.insurance.hold"]._cover_may_be_back(limits.partner_id)
        return limits

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def _store(self, vals):
        # decisions do not pass through write
        result = super()._store(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result
