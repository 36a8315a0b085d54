import dataclasses

from odoo import api, models

from .address_country import countries_of

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

    def _credit_debtor(self):
        """Return the buyers whose credit the orders use: the invoiced entities."""
        # sudo: the salesperson may not read every partner that is invoiced
        return self.sudo().partner_invoice_id.commercial_partner_id

    def _credit_total(self):
        """Return the total, with what is delivered beyond it, in its own currency."""
        return self.amount_total + self.order_line._credit_delivered_more()

    def _credit_most_to_bill(self):
        """Return what all invoices of the order may come to, in its own currency."""
        total = self._credit_total()
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

        :param wanted: {order: :class:`Wanted`}, for those that shall be changed
        """
        totals = {
            order: max(order.amount_total + asked.growth, asked.total or 0.0)
            for order, asked in (wanted or {}).items()
        }
        # {order: what was received beyond what it comes to}
        surplus = {
            order: order._credit_received() - totals.get(order, order.amount_total)
            for order in self
            if order.amount_total > 0
        }
        paid = self.filtered(
            lambda order: order in surplus
            and order.currency_id.compare_amounts(surplus[order], 0.0) >= 0
            # nobody paid for what is delivered beyond the order
            and not order.order_line._credit_delivered_more()
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

    def _credit_received(self):
        """Return the money received for the order, in its own currency.

        What is authorised only is no money yet, what was given back none any more. A
        payment for several orders is shared out by their totals, with what is delivered
        beyond them. In the books money is the payer's, who may use it for other orders:
        what somebody else pays lowers no debt of this buyer.
        """
        self.ensure_one()
        debtor = self._credit_debtor()
        received = sum(
            transaction._credit_money() * self._credit_share_of(transaction)
            # sudo: payment transactions are read by accountants only
            for transaction in self.sudo().transaction_ids
            if transaction.currency_id == self.currency_id
            and transaction.partner_id.commercial_partner_id == debtor
        )
        return received - self._credit_refunded() if received else received

    def _credit_share_of(self, transaction):
        """Return which part of a payment is for this order, 0 to 1."""
        orders = transaction.sale_order_ids
        if len(orders) == 1:
            return 1.0
        whole = sum(max(order._credit_total(), 0.0) for order in orders)
        return max(self._credit_total(), 0.0) / (whole or 1.0)

    def _credit_order_amount(self, position, wanted):
        """Return what this order adds, as the engine or the open form says.

        :param wanted: :class:`Wanted`, what it shall become
        """
        self.ensure_one()
        amount = position.order_amount(self._origin)
        if isinstance(self.id, int):
            total = self.amount_total if wanted.total is None else wanted.total
            extra = max(total - self.amount_total, wanted.growth, 0.0)
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
