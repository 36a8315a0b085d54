from typing import NamedTuple

from odoo import models

# Prices are rounded: so many roundings of the currency at most are no other price.
MOST_ROUNDINGS = 500
# Coins: cash is rounded by no more than these, which is one whole unit of most.
MOST_CASH_ROUNDINGS = 100
# Cents by which taxes are corrected by hand, so that they are what the buyer has.
MOST_TAX_ROUNDINGS = 10


class DueDate(NamedTuple):
    """The terms of an invoice as it was posted, in place of a payment term."""

    days: int

    def _credit_longest_days(self, day):
        return self.days

    def _credit_law_warning(self, company, buyer, day, document=None):
        return False  # the invoice itself warns of it


class AccountMove(models.Model):
    """Invoices that nobody has ordered so: posted all the same, but seen."""

    _inherit = "account.move"

    def _credit_unordered_amounts(self):
        """Return {invoice: what no order stands for}, of those where there is any.

        In the invoice's currency, tax included. Sales at the till tell of themselves,
        invoiced or not.
        """
        amounts = {}
        for invoice in self:
            if "pos_order_ids" in invoice._fields and invoice.pos_order_ids:
                continue
            amount = invoice._credit_unordered_amount()
            if invoice.currency_id.compare_amounts(amount, 0.0) > 0:
                amounts[invoice] = amount
        return amounts

    def _credit_unordered_amount(self):
        """Return what of this invoice no order stands for.

        What is billed at longer terms than its own order's is wholly so, and what comes
        on top of all lines: by a rounding of cash, by taxes entered by hand.
        """
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        ordered = lines.filtered(lambda line: line._is_ordered_by_its_debtor())
        amount = sum((lines - ordered).mapped("price_total"))
        on_top = self.amount_total - sum(lines.mapped("price_total"))
        rounded = max(
            _most_rounding(self.currency_id, len(lines)),
            self.currency_id.rounding * MOST_TAX_ROUNDINGS,
        )
        rounded += self._credit_coins()
        if self.currency_id.compare_amounts(on_top, rounded) > 0:
            amount += on_top
        for order in ordered.sale_line_ids.order_id:
            of_order = ordered.filtered(
                lambda line, order=order: line.sale_line_ids[:1].order_id == order
            )
            if self._is_due_later_than_ordered(order):
                amount += sum(of_order.mapped("price_total"))
                continue
            amount += max(
                sum(line._credit_unordered_amount() for line in of_order),
                self._credit_beyond_order(order, of_order),
            )
        return amount

    def _credit_beyond_till(self):
        """Return what the invoice of a till's sales bills beyond what was paid there.

        At once or on account. The till says what a sale comes to, and Odoo bills its
        prices; of a negative total that refunds nothing it bills as much that is owed.
        """
        if self.state != "posted":
            return 0.0
        paid = sum(self.pos_order_ids.payment_ids.mapped("amount"))
        beyond = self.amount_total_in_currency_signed - paid
        rounded = _most_rounding(self.currency_id, len(self.invoice_line_ids))
        rounded = max(rounded, self.currency_id.rounding * MOST_TAX_ROUNDINGS)
        return beyond if beyond > rounded + self._credit_coins() else 0.0

    def _credit_coins(self):
        """Return what this invoice's rounding to coins may add, where it is small."""
        return min(
            self.invoice_cash_rounding_id.rounding,
            self.currency_id.rounding * MOST_CASH_ROUNDINGS,
        )

    def _credit_bills_a_company(self):
        """Whether it bills what another party ordered or owes, who is no private one.

        As for orders that another pays for, the rules of companies speak then.
        """
        orders = self.invoice_line_ids.sale_line_ids.order_id
        others = orders._credit_payers() - self.commercial_partner_id
        return any(partner._credit_kind() != "private" for partner in others)

    def _credit_beyond_order(self, order, lines):
        """Return by how much these lines bill more than is left of their order.

        Of all that is billed of it, less what is credited: the deposits, too, and what
        a discount takes off that its invoice leaves out.
        """
        billed = {line: line._credit_billed() for line in order.order_line}
        beyond = sum(amount for _quantity, amount in billed.values())
        beyond -= order._credit_most_to_bill(billed)
        pieces = sum(order.order_line.mapped("product_uom_qty"))
        if beyond <= _most_rounding(order.currency_id, pieces):
            return 0.0
        beyond = order.currency_id._convert(
            beyond,
            self.currency_id,
            self.company_id,
            self.company_id._credit_today(),
        )
        return min(beyond, sum(lines.mapped("price_total")))

    def _credit_due(self):
        """Return the :class:`DueDate` of a posted invoice: its last instalment's.

        From today on where the invoice is dated ahead.
        """
        due = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).mapped("date_maturity")
        begin = self._credit_terms_begin()
        last = max(filter(None, due), default=self.invoice_date or begin)
        return DueDate((last - begin).days)

    def _is_paid_online(self):
        """Whether its payments are what it bills; Odoo books them once it is posted."""
        # sudo: payment transactions are read by accountants only
        paid = self.sudo().transaction_ids.filtered(
            lambda payment: payment.state == "done"
            and payment.operation != "validation"
            and payment.currency_id == self.currency_id
        )
        received = sum(paid.mapped("amount"))
        return self.currency_id.compare_amounts(received, self.amount_total) >= 0

    def _credit_terms_begin(self):
        """Return the day from which the terms count, never one to come.

        What a script posts by its state says none, or may say none.
        """
        today = self.company_id._credit_today()
        return min(self.invoice_date or today, today)

    def _is_due_later_than_ordered(self, order):
        """Whether other terms than its order's defer what is invoiced.

        The same terms give other days at another date; that was decided on. But not to
        date the invoice ahead, or its debt, whatever terms it names.
        """
        begin = self._credit_terms_begin()
        agreed = order.payment_term_id._credit_longest_days(begin)
        return self._credit_due().days > agreed


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_ordered_by_its_debtor(self):
        """Whether a confirmed order of the very buyer stands for this line."""
        self.ensure_one()
        move, order = self.move_id, self.sale_line_ids[:1].order_id
        return (
            order.state == "sale"
            and order.company_id == move.company_id
            and order._credit_debtor() == move.commercial_partner_id
            and not self._is_billed_ahead_of_plan()
        )

    def _is_billed_ahead_of_plan(self):
        """Whether it bills what is planned so late that it is no exposure yet.

        Others may have had the credit that it was confirmed with. A deposit is asked
        for in advance, and what was paid for needs no credit.
        """
        ordered = self.sale_line_ids[:1]
        return (
            not ordered.is_downpayment
            and ordered.qty_delivered < ordered.qty_invoiced
            and bool(ordered._credit_beyond_horizon())
            and not self.move_id._is_paid_online()
            and not ordered.order_id._credit_paid_orders()
        )

    def _credit_signed_total_in(self, currency):
        """Return what a line bills, less what it credits, at today's rate."""
        move = self.move_id
        return self.currency_id._convert(
            -self.price_total if move.move_type == "out_refund" else self.price_total,
            currency,
            move.company_id,
            move.company_id._credit_today(),
        )

    def _credit_unordered_amount(self):
        """Return what of a posted line its buyer has not ordered.

        What it bills at a higher price, and more pieces than are ordered or delivered.
        Deposits have neither: see :meth:`AccountMove._credit_beyond_order`.
        """
        self.ensure_one()
        move, ordered = self.move_id, self.sale_line_ids[:1]
        if ordered.is_downpayment:
            return 0.0
        worth = ordered.order_id.currency_id._convert(
            self._credit_worth_by_order(ordered),
            move.currency_id,
            move.company_id,
            move.company_id._credit_today(),
        )
        beyond = self.price_total - worth
        allowed = _most_rounding(move.currency_id, self.quantity)
        return beyond if beyond > allowed else 0.0

    def _credit_worth_by_order(self, ordered):
        """Return what the order lets this line bill, in the order's currency."""
        quantity = self.quantity
        if self.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(
                quantity, ordered.product_uom_id, round=False
            )
        agreed = max(ordered.product_uom_qty, ordered.qty_delivered)
        beyond = max(ordered.qty_invoiced - agreed, 0.0)
        worth = max(quantity - beyond, 0.0) * ordered._credit_terms().price
        if not ordered.product_uom_qty and self.price_subtotal:
            # of what was not ordered the line only says the price without tax
            worth *= self.price_total / self.price_subtotal
        return worth


def _most_rounding(currency, pieces):
    """Return what rounded prices of so many pieces may come to, and no more."""
    return currency.rounding * min(max(abs(pieces), 1), MOST_ROUNDINGS)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _credit_billed(self):
        """Return what posted invoices bill of a line, less what is credited.

        :return: (quantity in the line's unit, amount in its currency)
        """
        quantity = amount = 0.0
        for billed in self.invoice_lines:
            if billed.parent_state != "posted":
                continue
            amount += billed._credit_signed_total_in(self.currency_id)
            pieces = billed.quantity
            if billed.product_uom_id:
                pieces = billed.product_uom_id._compute_quantity(
                    pieces, self.product_uom_id, round=False
                )
            quantity += -pieces if billed.move_id.move_type == "out_refund" else pieces
        return quantity, amount
