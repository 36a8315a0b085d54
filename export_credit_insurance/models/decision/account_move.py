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
            posted._credit_notice_undone(posted._credit_taken_back())
        return posted

    def write(self, vals):
        # EXTENDS 'account': what was confirmed on money that is gone is looked at
        if (
            vals.get("state") not in ("draft", "cancel")
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        undone = self.filtered(lambda move: move.state == "posted")
        buyers = undone._credit_given_back_by_company()
        undone._credit_unmatch()
        result = super().write(vals)
        self._credit_notice_undone(buyers)
        return result

    def _credit_unmatch(self):
        """Open the debts again that these entries have paid, which are posted no more.

        Odoo keeps the match of what is reset to draft, so that an invoice counts as
        paid by nothing for as long as nobody posts or cancels the draft.
        """
        # sudo: see _credit_given_back
        lines = self.sudo().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.balance < 0
        )
        lines.matched_debit_ids.unlink()

    def _credit_given_back_by_company(self):
        """Return {company: the buyers whose debt these entries lower}."""
        return {
            company: (
                moves._credit_given_back() | moves._credit_billed_for_little()
            ).commercial_partner_id
            for company, moves in self.grouped("company_id").items()
        }

    def _credit_taken_back(self):
        """Return {company: the buyers whose money these reversals take back}.

        A credit note reverses an invoice and lowers the debt itself: it is none, unless
        the invoice had billed an order for little. The order counts in full again.
        """
        # sudo: whoever keeps the books, the buyers' credit changes
        reversals = self.sudo().filtered("reversed_entry_id")
        return {
            company: moves.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
                and line.balance > 0
                and line.partner_id
                in line.move_id.reversed_entry_id._credit_given_back()
            ).partner_id.commercial_partner_id
            | moves.reversed_entry_id._credit_billed_for_little()
            for company, moves in reversals.grouped("company_id").items()
        }

    def _credit_billed_for_little(self):
        """Return the buyers of invoices that bill an order for less than it is worth.

        What is billed is no part of the order any more, so these lowered the debt.
        """
        # sudo: see _credit_given_back
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: line.move_id.move_type == "out_invoice"
            and line._credit_lacks_of_order() > 0
        )
        return lines.move_id.commercial_partner_id

    def _credit_notice_undone(self, buyers):
        """Have looked at what was confirmed on money that is gone.

        :param buyers: {company: partners}
        """
        for company, partners in buyers.items():
            self.env["credit.insurance.review"]._notice(
                "undone", partners=partners, companies=company
            )

    def _credit_given_back(self):
        """Return the partners whose debt these entries lower, as superuser."""
        # sudo: whoever keeps the books, the buyers' credit changes
        lines = self.sudo().line_ids
        return lines.filtered(
            lambda line: line.account_type == "asset_receivable" and line.balance < 0
        ).partner_id
