import dataclasses

from odoo import api, models

from ..check.address_country import countries_of

LINKED = {"transaction_ids"}


class SaleOrder(models.Model):
    """Who owes an order, and how much of their credit it uses."""

    _inherit = "sale.order"

    @api.model
    def default_get(self, fields):
        # EXTENDS 'sale': see _without_computed
        defaults = super().default_get(fields)
        return (
            self._without_computed(defaults) if LINKED & defaults.keys() else defaults
        )

    def _without_computed(self, vals):
        # EXTENDS the ledger: payments name their orders, nobody else links them
        vals = super()._without_computed(vals)
        if (
            not LINKED & vals.keys()
            or self.env.su
            or not self.env["res.company"]._credit_check_modes()
        ):
            return vals
        return {name: value for name, value in vals.items() if name not in LINKED}

    def _credit_country_ids(self):
        """Return the countries that the order is delivered to and invoiced in."""
        order = self.sudo()  # sudo: addresses a salesperson may not read
        return (
            countries_of(order.partner_shipping_id).id or None,
            countries_of(order.partner_invoice_id).id or None,
        )

    def _credit_parties(self):
        """Return who owes whom in which currency, as a clearance says it."""
        return self._credit_debtor().id, self.company_id.id, self.currency_id.id

    def _credit_most_to_bill(self, billed):
        """Return what all invoices of the order may come to, in its own currency.

        What was billed is worth no more than it was billed for, at whatever price its
        line stands by now: nothing of it is left to bill.

        :param billed: {line: (quantity, amount) of its posted invoices}
        """
        total = self._credit_total() - sum(
            max(quantity * line._credit_terms().price - amount, 0.0)
            for line, (quantity, amount) in billed.items()
            if quantity > 0 and not line.is_downpayment
        )
        for line in self.order_line:
            if line.product_uom_qty or line.is_downpayment or line.qty_delivered <= 0:
                continue
            # of what was not ordered the line only says the price without tax
            taxed = line.tax_ids.compute_all(
                line._credit_terms().price,
                currency=self.currency_id,
                quantity=line.qty_delivered,
                product=line.product_id,
                partner=self.partner_id,
            )
            total += taxed["total_included"]
            total -= line.qty_delivered * line._credit_terms().price
        return total

    def _credit_prepaid_orders(self, wanted=None):
        """Return the orders whose whole total was paid for: they add nothing.

        But for what is delivered beyond it, which nobody paid for (see the check).

        :param wanted: {order: :class:`Wanted`}, for those that shall be changed
        """
        totals = {
            order: max(order.amount_total + asked.growth, asked.total or 0.0)
            for order, asked in (wanted or {}).items()
        }
        # {order: what was received beyond what it comes to}
        with_total = self.filtered(lambda order: order.amount_total > 0)
        received = with_total._credit_receipts()
        surplus = {
            order: received[order]
            - totals.get(order, order.amount_total)
            - order._credit_not_taken_off()
            for order in with_total
        }
        paid = self.filtered(
            lambda order: order in surplus
            and order.currency_id.compare_amounts(surplus[order], 0.0) >= 0
        )
        paid_back = paid._credit_paid_back()
        if not paid_back:
            return paid
        too_much = paid.filtered(lambda order: order in paid_back)
        too_much = too_much._credit_paid_too_much(surplus)
        return paid.filtered(
            lambda order: order not in paid_back
            or order.company_id.currency_id.compare_amounts(
                paid_back[order], too_much[order]
            )
            <= 0
        )

    def _credit_not_taken_off(self):
        """Return what discounts and returns take off that are billed on delivery.

        Until they are delivered invoices of the order do not have them (see the
        engine): who paid the total has not paid for its goods.
        """
        return sum(
            max(-line.price_total, 0.0)
            * max(1.0 - line.qty_delivered / line.product_uom_qty, 0.0)
            for line in self.order_line
            if line.price_total < 0
            and line.product_uom_qty
            and line.product_id.invoice_policy == "delivery"
        )

    def _credit_paid_orders(self, wanted=None):
        """Return the orders that were paid for and add nothing, as the check has it.

        But for those that were credited since.

        :param wanted: likewise
        """
        paid = self._credit_prepaid_orders(wanted)
        return paid - paid._credit_noted()

    def _credit_noted(self):
        """Return the orders that were credited, as long as the credit note is open.

        It is the buyer's credit, which may have made room for others: whoever sells
        these goods once more needs the room like anybody else.
        """
        return self.filtered(
            # sudo: invoices are read by accountants only
            lambda order: order.sudo().order_line.invoice_lines.move_id.filtered(
                lambda move: move.move_type == "out_refund"
                and move.state == "posted"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        )

    def _credit_order_amount(self, position, wanted):
        """Return what this order adds, as the engine or the open form says.

        :param wanted: :class:`Wanted`, what it shall become
        """
        self.ensure_one()
        amount = position.order_amount(self._origin)
        if isinstance(self.id, int):
            extra = max(wanted.growth, 0.0)
            if wanted.total is not None:
                extra = max(extra, wanted.total - self._credit_to_release())
            if not extra:
                return amount
            more = self._credit_convert_amount(position, extra)
            return dataclasses.replace(
                amount,
                company_currency=amount.company_currency + more[0],
                limit_currency=amount.limit_currency + more[1],
            )
        # a form being edited: its lines are not in the database yet
        in_company, in_limit = self._credit_convert_amount(position, self.amount_total)
        return dataclasses.replace(
            amount, company_currency=in_company, limit_currency=in_limit
        )

    def _credit_convert_amount(self, position, total):
        """Return a part of the order's total in company and in limit currency."""
        base = total
        if position.policy.cover_tax_basis == "ex_tax" and self.amount_total:
            base = total * self.amount_untaxed / self.amount_total
        company, day = self.company_id, position.day
        convert = self.currency_id._convert
        return (
            convert(total, company.currency_id, company, day),
            convert(base, position.limit_currency, company, day),
        )
