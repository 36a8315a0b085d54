from odoo import models


class AccountMove(models.Model):
    """Money and credit notes give credit back, and take it once they are undone."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        if self.env["res.company"]._credit_check_modes():
            buyers = posted._credit_given_back()
            self.env["credit.insurance.hold"]._cover_may_be_back(buyers)
        return posted

    def write(self, vals):
        # EXTENDS 'account': what was confirmed on money that is gone is looked at
        if (
            vals.get("state") not in ("draft", "cancel")
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        undone = self.filtered(lambda move: move.state == "posted")
        buyers = {
            company: moves._credit_given_back().commercial_partner_id
            for company, moves in undone.grouped("company_id").items()
        }
        result = super().write(vals)
        for company, partners in buyers.items():
            self.env["credit.insurance.review"]._notice(
                "undone", partners=partners, companies=company
            )
        return result

    def _credit_given_back(self):
        """Return the partners whose debt these entries lower, as superuser."""
        # sudo: whoever keeps the books, the buyers' credit changes
        lines = self.sudo().line_ids
        return lines.filtered(
            lambda line: line.account_type == "asset_receivable" and line.balance < 0
        ).partner_id
