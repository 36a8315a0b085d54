from odoo import models


class CreditInsuranceInsolvency(models.Model):
    """Proceedings that end no longer stand in the way of orders."""

    _inherit = "credit.insurance.insolvency"

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def unlink(self):
        buyers = self.partner_id
        result = super().unlink()
        self.env["credit.insurance.hold"]._cover_may_be_back(buyers)
        return result
