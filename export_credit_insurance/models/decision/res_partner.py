from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_kind(self):
        """Return the kind of debtor that counts (see ``credit_party_kind``)."""
        self.ensure_one()
        buyer = self.sudo().commercial_partner_id  # sudo: the check decides for all
        if buyer.credit_party_kind:
            return buyer.credit_party_kind
        return "company" if buyer.is_company else "private"
