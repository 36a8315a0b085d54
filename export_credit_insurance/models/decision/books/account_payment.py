from odoo import models
from odoo.exceptions import RedirectWarning, UserError


class AccountPayment(models.Model):
    """A payment that the bank rejects has paid for nothing."""

    _inherit = "account.payment"

    def write(self, vals):
        # EXTENDS 'account'
        result = super().write(vals)
        if (
            vals.get("state") == "rejected"
            and self.env["res.company"]._credit_check_modes()
        ):
            self._credit_undo_rejected()
        return result

    def _credit_undo_rejected(self):
        """Take the entries of rejected payments of customers out of the books.

        Odoo leaves them posted, and the customer's debt looks paid. They are cancelled
        or, where nothing is reset any more (secured entries, closed periods), reversed.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        for payment in self:
            move = payment.move_id
            if (
                payment.partner_type != "customer"
                or payment.payment_type != "inbound"
                or payment.company_id.id not in checked_companies
                or move.state != "posted"
            ):
                continue
            try:
                with self.env.cr.savepoint():
                    move.button_draft()
                    # not its button: that would say "cancelled" of the payment, too
                    move.line_ids.remove_move_reconcile()
                    move.state = "cancel"
            except (RedirectWarning, UserError):
                today = payment.company_id._credit_today()
                move._reverse_moves([{"date": today}], cancel=True)
