from odoo import api, models


class AccountPartialReconcile(models.Model):
    """A debt that is paid no longer stops cover; one that is open again uses credit."""

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

    def unlink(self):
        # EXTENDS 'account': money that is no entry any more has paid for nothing, and
        # that of somebody else pays for this buyer no more
        if not self.env["res.company"]._credit_check_modes():
            return super().unlink()
        # sudo: see create
        undone = self.sudo().filtered(
            lambda partial: partial.debit_move_id.account_type == "asset_receivable"
            and (
                partial.credit_move_id.parent_state != "posted"
                or partial.credit_move_id.partner_id.commercial_partner_id
                != partial.debit_move_id.partner_id.commercial_partner_id
            )
        )
        buyers = {
            company: partials.debit_move_id.partner_id.commercial_partner_id
            for company, partials in undone.grouped("company_id").items()
        }
        result = super().unlink()
        for company, partners in buyers.items():
            self.env["credit.insurance.review"]._notice(
                "undone", partners=partners, companies=company
            )
        return result
