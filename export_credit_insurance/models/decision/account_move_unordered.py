from typing import NamedTuple

from odoo import models

INVOICES = ("out_invoice", "out_receipt")


class DueDate(NamedTuple):
    """The terms of an invoice as it was posted, in place of a payment term."""

    days: int

    def _credit_longest_days(self, day):
        return self.days

    def _credit_law_warning(self, company, buyer, day):
        return False  # the invoice itself warns of it


class AccountMove(models.Model):
    """Invoices that nobody has ordered so: posted all the same, but seen."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        if self.env["res.company"]._credit_check_modes():
            self.env["credit.insurance.review"]._notice_invoices(posted)
        return posted

    def _credit_unordered_amounts(self):
        """Return {invoice: what no order stands for}, of those where there is any.

        In the invoice's currency, tax included. Sales at the till tell of themselves,
        invoiced or not.
        """
        amounts = {}
        for invoice in self:
            if "pos_order_ids" in invoice._fields and invoice.pos_order_ids:
                continue
            lines = invoice.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            if invoice._is_due_later_than_ordered(lines.sale_line_ids.order_id):
                amount = sum(lines.mapped("price_total"))
            else:
                amount = max(
                    sum(line._credit_unordered_amount() for line in lines),
                    invoice._credit_beyond_orders(lines),
                )
            if invoice.currency_id.compare_amounts(amount, 0.0) > 0:
                amounts[invoice] = amount
        return amounts

    def _credit_beyond_orders(self, lines):
        """Return by how much these lines bill more than orders with discounts.

        A discount of the order that its invoice leaves out is no line of it.
        """
        beyond = 0.0
        orders = lines.sale_line_ids.order_id
        for order in orders.filtered(
            lambda order: min(order.order_line.mapped("price_total")) < 0
        ):
            billed = sum(
                lines.filtered(
                    lambda line, order=order: line.sale_line_ids[:1].order_id == order
                ).mapped("price_total")
            )
            total = order.currency_id._convert(
                order._credit_total(),
                self.currency_id,
                self.company_id,
                self.company_id._credit_today(),
            )
            if billed > total * 1.01:
                beyond += billed - total
        return beyond

    def _credit_due(self):
        """Return the :class:`DueDate` of a posted invoice: its last instalment's."""
        due = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).mapped("date_maturity")
        last = max(filter(None, due), default=self.invoice_date)
        return DueDate((last - self.invoice_date).days)

    def _is_due_later_than_ordered(self, orders):
        """Whether other terms than the orders' defer what is invoiced.

        The same terms give other days at another date; that was decided on.
        """
        if not orders or self.invoice_payment_term_id in orders.payment_term_id:
            return False
        agreed = max(
            order.payment_term_id._credit_longest_days(self.invoice_date)
            for order in orders
        )
        return self._credit_due().days > agreed


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _credit_unordered_amount(self):
        """Return what of a posted line its buyer has not ordered.

        All of it without a confirmed order of this very buyer; else what it bills at a
        higher price, and more pieces than are ordered or delivered.
        """
        self.ensure_one()
        move, ordered = self.move_id, self.sale_line_ids[:1]
        order = ordered.order_id
        if (
            order.state != "sale"
            or order.company_id != move.company_id
            or order._credit_debtor() != move.commercial_partner_id
        ):
            return self.price_total
        worth = order.amount_total
        if not ordered.is_downpayment:
            worth = self._credit_worth_by_order(ordered)
        worth = order.currency_id._convert(
            worth, move.currency_id, move.company_id, move.company_id._credit_today()
        )
        # prices are rounded: a hundredth is no other price
        return self.price_total - worth if self.price_total > worth * 1.01 else 0.0

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
