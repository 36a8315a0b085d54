from odoo import models


class CreditInsuranceStop(models.Model):
    """A stop that ends, or that the insurer lifts, lets orders go."""

    _inherit = "credit.insurance.stop"

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result
