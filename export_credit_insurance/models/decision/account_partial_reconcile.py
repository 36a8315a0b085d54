from odoo import api, models


class AccountPartialReconcile(models.Model):
    """A debt that is paid no longer stops cover."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        partials = super().create(vals_list)
        if self.env["res.company"]._credit_check_modes():
            # sudo: whoever matches, buyers get their credit back
            debts = partials.sudo().debit_move_id.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            self.env["credit.insurance.hold"]._cover_may_be_back(debts.partner_id)
        return partials
