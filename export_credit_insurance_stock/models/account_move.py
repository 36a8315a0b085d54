from odoo import models


class AccountMove(models.Model):
    """Invoices are dated by what they bill, when they are posted and cancelled."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        posted._date_credit_shipments()
        return posted

    def button_cancel(self):
        # EXTENDS 'account': what it billed is for the next invoice to bill
        result = super().button_cancel()
        self._date_credit_shipments()
        return result

    def _date_credit_shipments(self):
        """Date these invoices, and the others that bill the same order lines."""
        if not self.env["res.company"]._credit_check_modes():
            return
        moves = self.sudo()  # an accountant need not read orders
        moves = moves.filtered(lambda move: move.is_sale_document(True))
        moves.invoice_line_ids.sale_line_ids._date_credit_shipments()
