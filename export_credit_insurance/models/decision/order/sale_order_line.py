from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError

from ..background_flow import background_flow

QUANTITY_FIELDS = frozenset({"product_uom_qty", "order_id"})
PRICE_FIELDS = frozenset({"price_unit", "discount", "tax_ids", "product_uom_id"})
# What a line has of its order, and which invoices bill it (set from their side). It is
# stored, so that anybody with write access could overwrite it; the gate rests on it.
LINKED_FIELDS = frozenset({"state", "company_id", "currency_id", "invoice_lines"})
# What says how deliveries are counted: goods that leave are no expense by a flag.
COUNTING_FIELDS = frozenset({"is_expense", "qty_delivered_method"})


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
        if replaced:
            self.order_id.browse().union(*replaced)._check_credit_replaced()
        return result

    @api.model
    def default_get(self, fields):
        # EXTENDS 'sale': what is not written is no default of a context either
        defaults = super().default_get(fields)
        if not LINKED_FIELDS & defaults.keys():
            return defaults
        return self._without_computed(defaults)

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
        fixed = fixed | LINKED_FIELDS
        if self and self._credit_counts_by_itself():
            fixed = fixed | COUNTING_FIELDS
            if self._credit_counted_lines(vals):
                fixed = fixed | {"qty_delivered"}
        return super()._without_computed(vals, fixed)

    def _credit_counted_lines(self, vals):
        """Return the lines that say themselves what has left of them.

        :param vals: what is written; without a delivered quantity there are none
        """
        if "qty_delivered" not in vals or not self._credit_counts_by_itself():
            return self.browse()
        return self.filtered(lambda line: line.qty_delivered_method != "manual")

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
        return bool(self._credit_delivered_quantity() or self.qty_invoiced)

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
