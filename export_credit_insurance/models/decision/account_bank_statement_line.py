from odoo import models


class AccountBankStatementLine(models.Model):
    """Money whose reconciliation is undone is the buyer's no more."""

    _inherit = "account.bank.statement.line"

    def action_undo_reconciliation(self):
        # EXTENDS 'account': the entry stays posted, its lines are replaced
        if not self.env["res.company"]._credit_check_modes():
            return super().action_undo_reconciliation()
        posted = self.move_id.filtered(lambda move: move.state == "posted")
        buyers = posted._credit_given_back_by_company()
        result = super().action_undo_reconciliation()
        posted._credit_notice_undone(buyers)
        return result
