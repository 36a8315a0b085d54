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
        return None if buyer._is_natural_person() else buyer.credit_band_id

    def _is_natural_person(self):
        """Whether the buyer is a person, also one that is entered as a company."""
        self.ensure_one()
        return not self.is_company or self._credit_kind() == "private"

    def _credit_kind(self):
        """Return the kind of debtor that counts (see ``credit_party_kind``)."""
        self.ensure_one()
        buyer = self.sudo().commercial_partner_id  # sudo: the check decides for all
        if buyer.credit_party_kind:
            return buyer.credit_party_kind
        return "company" if buyer.is_company else "private"
