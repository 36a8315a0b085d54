from odoo import models


class AccountMove(models.Model):
    """Money and credit notes give credit back."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        if self.env["res.company"]._credit_check_modes():
            # sudo: whoever posts, buyers get their credit back
            credits = posted.sudo().line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
                and line.balance < 0
            )
            holds = self.env["credit.insurance.hold"]
            holds._cover_may_be_back(credits.partner_id)
        return posted
