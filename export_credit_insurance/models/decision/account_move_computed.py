from odoo import api, models
from odoo.exceptions import ValidationError

# Odoo's screens show these read-only, but a script writes them all the same.
COMPUTED_OF_MOVES = {"amount_total", "amount_untaxed", "commercial_partner_id"}
COMPUTED_OF_ITEMS = {
    "amount_residual",
    "amount_residual_currency",
    "parent_state",
    "reconciled",
}
# What a posted invoice is, whom it bills and for which order, was said before.
FIXED_ONCE_POSTED = {"move_type"}
FIXED_ITEMS_ONCE_POSTED = {"partner_id", "sale_line_ids"}
# Odoo counts invoices of an app of former days as billed although they are cancelled.
LEGACY = "invoicing_legacy"


class AccountMove(models.Model):
    """What Odoo computes of invoices is not written: the exposure rests on it."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        return super().create([self._without_computed(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'account'
        fixed = set()
        if FIXED_ONCE_POSTED & vals.keys() and "posted" in self.mapped("state"):
            fixed = FIXED_ONCE_POSTED
        return super().write(self._without_computed(vals, fixed))

    def _without_computed(self, vals, fixed=frozenset()):
        """Leave out what only the server computes, where orders are checked.

        :param fixed: names of what does not change either
        """
        if self.env.su or not self.env["res.company"]._credit_check_modes():
            return vals
        left_out = COMPUTED_OF_MOVES | fixed
        if vals.get("payment_state") == LEGACY:
            left_out |= {"payment_state"}
        return {name: value for name, value in vals.items() if name not in left_out}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        return super().create([self._without_computed(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'account'
        vals = self._without_computed(vals)
        posted = self.browse()
        if FIXED_ITEMS_ONCE_POSTED & vals.keys():
            posted = self._credit_posted_sales()
        if not posted:
            return super().write(vals)
        others = self - posted
        if others:
            super(AccountMoveLine, others).write(vals)
        vals = posted._without_computed(vals, FIXED_ITEMS_ONCE_POSTED)
        return super(AccountMoveLine, posted).write(vals)

    def _credit_posted_sales(self):
        """Return the items of posted invoices and credit notes, where it matters."""
        if self.env.su or not self.env["res.company"]._credit_check_modes():
            return self.browse()
        return self.filtered(
            lambda line: line.parent_state == "posted"
            and line.move_id.is_sale_document(include_receipts=True)
        )

    def _without_computed(self, vals, fixed=frozenset()):
        """Leave out what only the server computes, as for the moves."""
        if self.env.su or not self.env["res.company"]._credit_check_modes():
            return vals
        left_out = COMPUTED_OF_ITEMS | fixed
        return {name: value for name, value in vals.items() if name not in left_out}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.constrains("debit_move_id", "credit_move_id")
    def _check_same_account(self):
        """Refuse to match a debt with what is on another account.

        Odoo matches within one account only; a script would have a debt look paid by
        any entry.
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        for partial in self:
            if partial.debit_move_id.account_id != partial.credit_move_id.account_id:
                raise ValidationError(
                    self.env._("Only items of the same account can be matched.")
                )
