from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_checked_band(self):
        """Return the band that checks of orders look at.

        None for natural persons: their score is personal data, and decides on nothing
        (DESIGN 7).
        """
        self.ensure_one()
        # sudo: the check decides for all, whatever they may see of the buyer
        buyer = self.sudo().commercial_partner_id
        return buyer.credit_band_id if buyer.is_company else None

    def _credit_kind(self):
        """Return the kind of debtor that counts (see ``credit_party_kind``)."""
        self.ensure_one()
        buyer = self.sudo().commercial_partner_id  # sudo: the check decides for all
        if buyer.credit_party_kind:
            return buyer.credit_party_kind
        return "company" if buyer.is_company else "private"
