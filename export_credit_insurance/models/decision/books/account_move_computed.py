from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .account_move import is_posting

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
FIXED_ITEMS_ONCE_POSTED = {
    "amount_currency",
    "balance",
    "credit",
    "currency_id",
    "debit",
    "discount",
    "move_id",
    "partner_id",
    "price_subtotal",
    "price_total",
    "price_unit",
    "product_uom_id",
    "quantity",
    "sale_line_ids",
}
# A debt stays on its account: elsewhere nobody would owe it.
FIXED_DEBTS_ONCE_POSTED = {"account_id", "display_type"}
# With these in their context Odoo lets its own statements of the bank change and delete
# what is posted. A request may say the same.
REWRITE = "skip_readonly_check"
DELETE = "force_delete"
# Odoo counts invoices of an app of former days as billed although they are cancelled.
LEGACY = "invoicing_legacy"


class AccountMove(models.Model):
    """What Odoo computes of invoices is not written: the exposure rests on it."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        moves = super().create([self._without_computed(vals) for vals in vals_list])
        if not self.env["res.company"]._credit_check_modes():
            return moves
        # a default of the context or of the database is no way round
        if self.default_get(["payment_state"]).get("payment_state") == LEGACY:
            forged = moves.filtered(lambda move: move.payment_state == LEGACY)
            forged.payment_state = "not_paid"
        return moves

    def write(self, vals):
        # EXTENDS 'account'
        fixed = set()
        if FIXED_ONCE_POSTED & vals.keys() and "posted" in self.mapped("state"):
            fixed = FIXED_ONCE_POSTED
        vals = self._without_computed(vals, fixed)
        moves = self
        if self._credit_is_forged(REWRITE) and (
            self._credit_posted_facts()
            or self.filtered(
                lambda move: move.state == "posted" and not move.statement_line_id
            )
        ):
            moves = self.with_context(**{REWRITE: False})
        return super(AccountMove, moves).write(vals)

    def unlink(self):
        # EXTENDS 'account'
        moves = self
        if self._credit_is_forged(DELETE) and self._credit_posted_facts():
            moves = self.with_context(**{DELETE: False})
        return super(AccountMove, moves).unlink()

    def _credit_is_forged(self, key):
        """Whether a request's context has a key that is Odoo's, and it matters."""
        return (
            self.env.context.get(key)
            and not self.env.su
            and self.env["res.company"]._credit_check_modes()
        )

    def _credit_posted_facts(self):
        """Return what is posted of invoices, credit notes and payments."""
        return self.filtered(
            lambda move: move.state == "posted"
            and (move.is_sale_document(include_receipts=True) or move.origin_payment_id)
        )

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
        items = super().create([self._without_computed(vals) for vals in vals_list])
        if posted := items._credit_posted_sales().move_id:
            raise UserError(
                self.env._(
                    "%(invoices)s: nothing is added to what is posted. Reset it to "
                    "draft first.",
                    invoices=", ".join(posted.mapped("display_name")),
                )
            )
        return items

    def unlink(self):
        # EXTENDS 'account'
        items = self
        moves = self.move_id
        if moves._credit_is_forged(DELETE) and moves._credit_posted_facts():
            items = self.with_context(**{DELETE: False})
        return super(AccountMoveLine, items).unlink()

    def write(self, vals):
        # EXTENDS 'account'
        vals = self._without_computed(vals)
        posted = self.browse()
        if (FIXED_ITEMS_ONCE_POSTED | FIXED_DEBTS_ONCE_POSTED) & vals.keys():
            posted = self._credit_posted_sales()
        if not posted:
            return super().write(vals)
        if changed := posted._credit_changed_by(vals).move_id:
            raise UserError(
                self.env._(
                    "%(invoices)s: buyer, order and amounts of what is posted are not "
                    "changed. Reset it to draft first.",
                    invoices=", ".join(changed.mapped("display_name")),
                )
            )
        others = self - posted
        if others:
            super(AccountMoveLine, others).write(vals)
        vals = posted._without_computed(vals, FIXED_ITEMS_ONCE_POSTED)
        return super(AccountMoveLine, posted).write(vals)

    def _credit_changed_by(self, vals):
        """Return those of these items that would say something else by these values."""

        def changes(line):
            names = FIXED_ITEMS_ONCE_POSTED
            if line.account_type == "asset_receivable":
                names = names | FIXED_DEBTS_ONCE_POSTED
            return any(
                self._fields[name].convert_to_cache(vals[name], line)
                != self._fields[name].convert_to_cache(line[name], line)
                for name in names & vals.keys()
            )

        return self.filtered(changes)

    @api.constrains("sale_line_ids", "move_id", "company_id")
    def _check_bills_own_company(self):
        """Refuse to bill orders of another company.

        They would look billed, and the debt would stand in books that no policy of
        theirs insures.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return
        for line in self:
            orders = line.sale_line_ids.order_id
            if (
                orders
                and orders.company_id.root_id != line.company_id.root_id
                and not checked_companies.keys().isdisjoint(orders.company_id.ids)
            ):
                raise ValidationError(
                    self.env._(
                        "%(invoices)s: an invoice bills orders of its own company.",
                        invoices=line.move_id.display_name,
                    )
                )

    def _credit_posted_sales(self):
        """Return the items of posted invoices and credit notes, where it matters."""
        if (
            self.env.su
            or is_posting(self.env)
            or not self.env["res.company"]._credit_check_modes()
        ):
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
