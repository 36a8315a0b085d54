from odoo import models
from odoo.exceptions import UserError

from ...ledger.money_journals import MONEY_JOURNALS
from ...ledger.untaxed_share import BILLS, INVOICE_TYPES

POSTING = "credit_posting"


class _Posting:
    """Says that Odoo posts entries; as no request can send it in its context."""

    __slots__ = ()


def is_posting(env):
    """Whether Odoo posts entries, by its own method."""
    return isinstance(env.context.get(POSTING), _Posting)


class AccountMove(models.Model):
    """Money and credit notes give credit back, and take it once they are undone."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        if not self.env["res.company"]._credit_check_modes():
            return super()._post(soft)
        again = self._credit_posted_before()
        moves = self.with_context(**{POSTING: _Posting()})
        posted = self.browse(super(AccountMove, moves)._post(soft).ids)
        posted._credit_posted()
        (posted & again)._credit_notice_owed_again()
        return posted

    def _credit_posted(self):
        """Look at what these entries, just posted, change of the buyers' credit."""
        self._credit_check_balance()
        self._credit_check_debtor()
        buyers = self._credit_given_back()
        self.env["credit.insurance.hold"]._cover_may_be_back(buyers)
        self._credit_notice_undone(self._credit_taken_back())
        self.env["credit.insurance.review"]._notice_invoices(self)

    def _credit_check_balance(self):
        """Refuse invoices whose debt is not what their lines come to.

        Odoo does, unless a context says that it shall not look.
        """
        # sudo: see _credit_given_back
        bills = self.sudo().filtered(lambda move: move.is_sale_document(True))
        unbalanced = bills.filtered(
            lambda move: not move.company_currency_id.is_zero(
                sum(move.line_ids.mapped("balance"))
            )
        )
        if unbalanced:
            raise UserError(
                self.env._(
                    "%(invoices)s: debit and credit differ, so nothing was posted. "
                    "Correct the journal items.",
                    invoices=", ".join(unbalanced.mapped("display_name")),
                )
            )
        checked_companies = self.env["res.company"]._credit_check_modes()
        unowed = bills.filtered(
            lambda move: move.company_id.id in checked_companies
            and not move._credit_is_owed()
        )
        if unowed:
            raise UserError(
                self.env._(
                    "%(invoices)s: on the accounts of receivables its customer owes"
                    " another amount than its total, so nothing was posted. Correct"
                    " the journal items.",
                    invoices=", ".join(unowed.mapped("display_name")),
                )
            )

    def _credit_is_owed(self):
        """Whether who it bills owes what it comes to, in its currency, and no other.

        Or more, which hides nothing.
        """
        debts = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        owed = sum(debts.mapped("amount_currency"))
        return (
            debts.currency_id <= self.currency_id
            and debts.partner_id.commercial_partner_id
            <= self.commercial_partner_id.commercial_partner_id
            and self.currency_id.compare_amounts(
                owed, -self.direction_sign * self.amount_total
            )
            >= 0
        )

    def _credit_check_debtor(self):
        """Refuse invoices that nobody owes, and credit notes that are debts.

        Odoo does as it posts, but not where a script writes the state.
        """
        # sudo: see _credit_given_back
        unfit = self.sudo().filtered(
            lambda move: move.is_sale_document(include_receipts=True)
            and (
                move.currency_id.compare_amounts(move.amount_total, 0.0) < 0
                or (move.is_sale_document() and not move.partner_id)
            )
        )
        if unfit:
            raise UserError(
                self.env._(
                    "%(invoices)s: an invoice or credit note names its customer, and "
                    "its total is not negative. Nothing was posted.",
                    invoices=", ".join(unfit.mapped("display_name")),
                )
            )

    def write(self, vals):
        # EXTENDS 'account': what was confirmed on money that is gone is looked at
        state = vals.get("state")
        if (
            state not in ("draft", "cancel", "posted")
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        if state == "posted":
            return self._credit_write_posted(vals)
        undone = self.filtered(lambda move: move.state == "posted")
        buyers = undone._credit_given_back_by_company()
        undone._credit_unmatch()
        result = super().write(vals)
        self._credit_notice_undone(buyers)
        return result

    def _credit_write_posted(self, vals):
        """Post entries by their state: a script does, past what Odoo does to post."""
        if is_posting(self.env):
            return super().write(vals)  # see _post
        drafts = self.filtered(lambda move: move.state != "posted")
        again = drafts._credit_posted_before()
        result = super().write(vals)
        drafts._credit_posted()
        again._credit_notice_owed_again()
        return result

    def _credit_posted_before(self):
        """Return the entries, no invoices, that were posted and are drafts by now."""
        return self.filtered(
            lambda move: move.posted_before and move.move_type == "entry"
        )

    def _credit_notice_owed_again(self):
        """Have looked at what was confirmed while debts of these entries were none.

        The till books its sales so. Invoices tell of themselves, by their orders or as
        what nobody has ordered.
        """
        # sudo: see _credit_given_back
        debts = self.sudo().line_ids._credit_debts()
        for company, lines in debts.grouped("company_id").items():
            self._credit_notice_undone(
                {company: lines.partner_id.commercial_partner_id}
            )

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
        """Return {company: the buyers whose money these entries take back}.

        Reversals, and what the bank pays out. A credit note reverses an invoice and
        lowers the debt itself: it is none, unless what it credits had billed an order
        for little. The order counts in full again.
        """
        # sudo: whoever keeps the books, the buyers' credit changes
        reversals = self.sudo().filtered("reversed_entry_id")
        paid_out = (self.sudo() - reversals).filtered(
            lambda move: (
                move.move_type == "entry" and move.journal_id.type in MONEY_JOURNALS
            )
        )
        notes = self.sudo().filtered(lambda move: move.move_type in INVOICE_TYPES)
        taking = reversals | paid_out | notes
        return {
            company: moves.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
                and line.balance > 0
                and (
                    line.move_id in paid_out
                    or line.partner_id
                    in line.move_id.reversed_entry_id._credit_given_back()
                )
            ).partner_id.commercial_partner_id
            | moves._credit_bills_undone()._credit_billed_for_little()
            for company, moves in taking.grouped("company_id").items()
        }

    def _credit_bills_undone(self):
        """Return the invoices that these entries take back, in whole or in part.

        Those they reverse, and those of the order lines that they credit: by a credit
        note of its own, or by less than nothing on an invoice.
        """
        crediting = self.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids
            and (line.quantity > 0) == (line.move_id.move_type == "out_refund")
        )
        billed = crediting.sale_line_ids.invoice_lines.move_id
        return self.reversed_entry_id | billed.filtered(
            lambda move: move.state == "posted" and move not in self
        )

    def _credit_billed_for_little(self):
        """Return the buyers of invoices that bill an order for less than it is worth.

        What is billed is no part of the order any more, so these lowered the debt: at a
        low price, by lines that no order has, in a weak currency. And the buyers of
        these orders, whom the invoices need not bill: then nothing is left of it.
        """
        buyers = self.env["res.partner"]
        # sudo: see _credit_given_back
        for invoice in self.sudo().filtered(lambda move: move.move_type in BILLS):
            linked = invoice.invoice_line_ids.filtered("sale_line_ids")
            debtors = linked.sale_line_ids.order_id._credit_debtor()
            buyers |= debtors - invoice.commercial_partner_id
            worth = sum(line._credit_worth_of_order() for line in linked)
            if linked and worth * 0.99 > invoice.amount_total:  # rounding aside
                buyers |= invoice.commercial_partner_id
                buyers |= debtors
        return buyers

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
