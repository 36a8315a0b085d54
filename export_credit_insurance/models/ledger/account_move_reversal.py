from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Let an invoice that replaces another inherit its original due date.

        A credit note with a new invoice never moves the insurer's clock.
        """
        # EXTENDS 'account'
        replaced = self.move_ids if is_modify else self.move_ids.browse()
        action = super().reverse_moves(is_modify=is_modify)
        # created in one call, in the order of the invoices they replace
        for old, new in zip(replaced, self.new_move_ids.sorted("id"), strict=False):
            # sudo: a fact of the ledger, kept whoever corrects the invoice
            new.sudo().insured_due_date = old.sudo().insured_due_date
        return action
