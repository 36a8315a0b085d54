from odoo import models


class CreditInsuranceCountryEvent(models.Model):
    """An event that ends lets orders go that wait for it."""

    _inherit = "credit.insurance.country.event"

    def write(self, vals):
        result = super().write(vals)
        if self.env["res.company"]._credit_check_modes():
            holds = self.env["credit.insurance.hold"]
            # sudo: whoever records events, all holds may wait for the end of one
            waiting = holds.sudo().search(holds._closable_domain())
            holds._cover_may_be_back(waiting.partner_id)
        return result
