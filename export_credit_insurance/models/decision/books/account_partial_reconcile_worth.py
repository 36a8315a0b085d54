from odoo import api, models
from odoo.exceptions import UserError, ValidationError

MATCHING = "credit_matching"
# What a match says of its items and of what it takes off them.
WORTH = {
    "amount",
    "company_id",
    "credit_amount_currency",
    "credit_currency_id",
    "credit_move_id",
    "debit_amount_currency",
    "debit_currency_id",
    "debit_move_id",
}


class _Matching:
    """Says that Odoo matches items; as no request can send it in its context."""

    __slots__ = ()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reconcile_plan_with_sync(self, plan_list, all_amls):
        # EXTENDS 'account'
        if not self.env["res.company"]._credit_check_modes():
            return super()._reconcile_plan_with_sync(plan_list, all_amls)
        # Odoo matches differences of exchange within, before it posts them
        is_whole = not isinstance(self.env.context.get(MATCHING), _Matching)
        lines = self.with_context(**{MATCHING: _Matching()})
        result = super(AccountMoveLine, lines)._reconcile_plan_with_sync(
            plan_list, all_amls
        )
        if is_whole:
            # sudo: whoever matches need not read all companies
            matches = all_amls.sudo().matched_credit_ids
            (matches | all_amls.sudo().matched_debit_ids)._check_paid_by_posted()
        return result


class AccountPartialReconcile(models.Model):
    """A match pays a debt by what the other item is worth, once that is posted.

    Odoo finds the amounts as it matches items, and asks nobody else's word for them;
    but whoever may match may also write matches of their own.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        if not self._credit_is_matching(self._credit_debts_of(vals_list)):
            raise UserError(
                self.env._(
                    "What a match pays is what its journal items are worth: reconcile"
                    " the items themselves."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'account'
        if not self._credit_is_matching(self.debit_move_id):
            vals = {name: value for name, value in vals.items() if name not in WORTH}
        return super().write(vals)

    @api.model
    def _credit_debts_of(self, vals_list):
        ids = {vals.get("debit_move_id") for vals in vals_list}
        return self.env["account.move.line"].browse(filter(None, ids))

    def _credit_is_matching(self, debts):
        """Whether Odoo itself matches these debts, or nothing is checked of them."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        return (
            self.env.su
            or not checked_companies
            or isinstance(self.env.context.get(MATCHING), _Matching)
            # sudo: which company, whoever may read its books
            or checked_companies.keys().isdisjoint(debts.sudo().company_id.ids)
        )

    def _check_paid_by_posted(self):
        """Refuse to pay a posted debt with a draft, which nobody owes or has paid.

        :raise ValidationError: naming both
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        for partial in self:
            debt = partial.debit_move_id
            if (
                debt.company_id.id in checked_companies
                and debt.account_type == "asset_receivable"
                and debt.parent_state == "posted"
                and partial.credit_move_id.parent_state != "posted"
            ):
                raise ValidationError(
                    self.env._(
                        "%(draft)s is not posted, so it pays nothing of %(debt)s. Post"
                        " it first.",
                        draft=partial.credit_move_id.move_id.display_name,
                        debt=debt.move_id.display_name,
                    )
                )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _credit_posted(self):
        # EXTENDS: what is posted in general; drafts that were matched stay drafts
        # sudo: whoever keeps the books, drafts pay nothing
        checked_companies = self.env["res.company"]._credit_check_modes()
        debts = self.sudo().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
            and line.company_id.id in checked_companies
        )
        debts.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.parent_state != "posted"
        ).unlink()
        return super()._credit_posted()
