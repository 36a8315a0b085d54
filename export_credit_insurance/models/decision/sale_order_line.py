from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError

from .background_flow import background_flow

QUANTITY_FIELDS = {"product_uom_qty", "order_id"}
PRICE_FIELDS = {"price_unit", "discount", "tax_ids", "product_uom_id"}
# What a line has of its order, and which invoices bill it (set from their side). It is
# stored, so that anybody with write access could overwrite it; the gate rests on it.
LINKED_FIELDS = {"state", "company_id", "currency_id", "invoice_lines"}
# What says how deliveries are counted: goods that leave are no expense by a flag.
COUNTING_FIELDS = {"is_expense", "qty_delivered_method"}


class Terms(NamedTuple):
    """What a line is worth, before it is changed or after."""

    order: Any
    quantity: float
    unit: Any
    price: float
    basis: tuple  # what the price follows from


class SaleOrderLine(models.Model):
    """Lines that are delivered or invoiced do not give way to others unseen.

    Lowering such a line lowers the order's total but frees nothing: the goods are with
    the buyer. New lines of the same amount would enlarge the exposure at a constant
    total. So what is taken out of a settled line is noted on the order's clearance,
    and the gate takes it off the total that it allows. That only decides whether the
    order is checked; what it adds is for the engine to say.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        # EXTENDS 'sale'
        lines = self.browse()
        if (QUANTITY_FIELDS | PRICE_FIELDS) & vals.keys():
            lines = self._credit_settled_lines("qty_delivered" in vals)
        if not lines:
            return super().write(vals)
        clearances = self.env["credit.insurance.clearance"]
        amounts = clearances._get_amounts(lines.order_id)
        before = {
            line: line._credit_terms() for line in lines if line.order_id.id in amounts
        }
        result = super().write(vals)
        before = {line: was for line, was in before.items() if line._is_settled()}
        replaced = lines._credit_replaced(before)
        clearances._replace(
            {
                order.id: (amount, amounts[order.id])
                for order, amount in replaced.items()
            }
        )
        return result

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        if self._credit_counts_by_itself():
            # a default of the context or of the database is no way round
            vals_list = [{**vals, "is_expense": False} for vals in vals_list]
        return super().create(vals_list)

    def _without_computed(self, vals, fixed=frozenset()):
        # EXTENDS the ledger: where nothing is checked, Odoo runs as it always did
        if not self.env["res.company"]._credit_check_modes():
            return super()._without_computed(vals, fixed)
        fixed |= LINKED_FIELDS
        if self and self._credit_counts_by_itself():
            fixed |= COUNTING_FIELDS
            if "qty_delivered" in vals and self.filtered(
                lambda line: line.qty_delivered_method != "manual"
            ):
                fixed |= {"qty_delivered"}
        return super()._without_computed(vals, fixed)

    def _credit_counts_by_itself(self):
        """Whether an employee acts, who does not say how deliveries are counted.

        A vendor bill that is re-invoiced makes expenses.
        """
        return (
            not self.env.su
            and not background_flow(self.env)
            and bool(self.env["res.company"]._credit_check_modes())
        )

    def _refuse_goods_as_deposit(self):
        # EXTENDS the ledger: likewise
        checked_companies = self.env["res.company"]._credit_check_modes()
        return super()._refuse_goods_as_deposit() if checked_companies else None

    @api.constrains("extra_tax_data", "product_uom_qty", "price_unit", "discount")
    def _check_extra_tax_data(self):
        """Refuse totals given by hand that are less than quantity × price.

        Odoo keeps rounded amounts of deposits and discounts there. Whoever may write
        lines could make a large order look small with them, until it is invoiced.
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        for line in self:
            if not line.extra_tax_data or line.display_type:
                continue
            price = line.price_unit * (1 - line.discount / 100)
            value = line.currency_id.round(line.product_uom_qty * price)
            least = value - max(abs(value) * 0.01, line.currency_id.rounding)
            if max(line.price_subtotal, line.price_total) < least:
                raise ValidationError(
                    self.env._(
                        "The total of “%(line)s” is less than its quantity times its"
                        " price: enter the price that you agreed on.",
                        line=line.display_name,
                    )
                )

    def _credit_settled_lines(self, is_delivering=False):
        """Return the lines of checked orders that are delivered or invoiced in part.

        :param is_delivering: with those that the same change may deliver
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return self.browse()
        return self.filtered(
            lambda line: line.id  # not one of a form being edited
            and line.state == "sale"
            and line.company_id.id in checked_companies
            and not line.is_downpayment
            and (is_delivering or line._is_settled())
        )

    def _is_settled(self):
        """Whether the line is delivered or invoiced, be it in part."""
        return bool(self.qty_delivered or self.qty_invoiced)

    def _credit_terms(self):
        """Return the line's :class:`Terms`; its price as the engine has it."""
        price = self.price_unit * (1 - self.discount / 100)
        if self.product_uom_qty:
            price = self.price_total / self.product_uom_qty
        basis = (self.price_unit, self.discount, self.tax_ids, self.product_uom_id)
        return Terms(
            self.order_id, self.product_uom_qty, self.product_uom_id, price, basis
        )

    def _credit_delivered_more(self):
        """Return the value of what is delivered beyond what was ordered, with tax."""
        return sum(
            line._credit_excess_quantity() * line._credit_terms().price
            for line in self
            if line._is_delivered_more()
        )

    def _is_delivered_more(self):
        """Whether more is delivered than was ordered, and owed.

        Of a return at a negative price, which is owed too, everything is the other way
        round.
        """
        excess = self._credit_excess_quantity()
        return not self.is_downpayment and (excess < 0 or excess > 0)

    def _credit_excess_quantity(self):
        """Return what is delivered beyond what was ordered, signed like the order."""
        if self._is_owed_return():
            return min(self.qty_delivered - self.product_uom_qty, 0.0)
        return max(self.qty_delivered - max(self.product_uom_qty, 0.0), 0.0)

    def _is_owed_return(self):
        """Whether it is a return at a negative price, by a discount or by itself."""
        return self.product_uom_qty < 0 and self._credit_terms().price < 0

    def _credit_open_quantity(self, quantity):
        """Return what is not invoiced yet, if so much were ordered.

        (The larger of ordered and delivered) − invoiced, as the engine has it; signed
        like the quantity.
        """
        if quantity < 0:
            return min(min(quantity, self.qty_delivered) - self.qty_invoiced, 0.0)
        return max(max(quantity, self.qty_delivered) - self.qty_invoiced, 0.0)

    def _credit_replaced(self, before):
        """Return what a change took out of settled lines, {order: amount}.

        That is by how much the open amount grew more than the total did: the part of
        the total that is not open, before less after. Both by what is delivered and
        invoiced now, so that taking back a wrong delivery takes nothing out. A cent
        is left out, lest taxes rounded per order be taken for growth.

        :param before: {line: its :class:`Terms` before}
        """
        replaced = defaultdict(float)
        for line, was in before.items():
            now = line._credit_terms()
            open_quantity = line._credit_open_quantity(now.quantity)
            price = now.price
            if now.basis == was.basis and now.order == was.order:
                if open_quantity == now.quantity - line.qty_invoiced:
                    continue  # still at least what is delivered and invoiced
                price = was.price
            settled = (now.quantity - open_quantity) * price
            if now.order != was.order:
                settled = 0.0
            former, former_price = was.quantity, was.price
            if now.unit != was.unit and former:
                former = was.unit._compute_quantity(former, now.unit, round=False)
                former_price *= was.quantity / former
            amount = (former - line._credit_open_quantity(former)) * former_price
            amount -= settled
            currency = was.order.currency_id
            if currency.compare_amounts(amount, currency.rounding) > 0:
                replaced[was.order] += amount - currency.rounding
        return replaced
