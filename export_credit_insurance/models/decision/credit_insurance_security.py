from odoo import api, models


class CreditInsuranceSecurity(models.Model):
    """A security obtained lets orders go that wait for it."""

    _inherit = "credit.insurance.security"

    @api.model_create_multi
    def create(self, vals_list):
        securities = super().create(vals_list)
        self.env["credit.insurance.hold"]._cover_may_be_back(securities.partner_id)
        return securities

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result
