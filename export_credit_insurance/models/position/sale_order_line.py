from typing import Any, NamedTuple

from odoo import models


class Terms(NamedTuple):
    """What a line is worth, before it is changed or after."""

    order: Any
    quantity: float
    unit: Any
    price: float
    basis: tuple  # what the price follows from


class SaleOrderLine(models.Model):
    """What a line is worth, and what of it is open, as the engine has it."""

    _inherit = "sale.order.line"

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
        ordered = self.product_uom_qty
        delivered = self._credit_counted_delivery(ordered)
        if self._is_owed_return():
            return min(delivered - min(ordered, 0.0), 0.0)
        return max(delivered - max(ordered, 0.0), 0.0)

    def _is_owed_return(self):
        """Whether it is a return at a negative price, by a discount or by itself.

        Ordered as one, or delivered as one: that is owed, too.
        """
        is_return = self.product_uom_qty < 0 or self.qty_delivered < 0
        return is_return and self._credit_terms().price < 0

    def _is_turned(self, quantity):
        """Whether more was delivered the other way round than so much, and is owed."""
        delivered = self.qty_delivered
        is_opposite = delivered > 0 if quantity < 0 else delivered < 0
        return is_opposite and delivered * self._credit_terms().price > 0

    def _credit_delivered_quantity(self):
        """Return what is delivered, or has left where that is more."""
        left = self.sudo().credit_left_qty  # sudo: a customer's line, too
        return max(self.qty_delivered, left or self.qty_delivered)

    def _credit_open_quantity(self, quantity):
        """Return what is not invoiced yet, if so much were ordered.

        (The larger of ordered and delivered) − invoiced, as the engine has it; signed
        like the quantity, or like what was delivered where that is owed.
        """
        if self._is_turned(quantity):
            quantity = self.qty_delivered
        delivered = self._credit_counted_delivery(quantity)
        if quantity < 0:
            return min(min(quantity, delivered) - self.qty_invoiced, 0.0)
        return max(max(quantity, delivered) - self.qty_invoiced, 0.0)

    def _credit_counted_delivery(self, quantity):
        """Return what is delivered, of what takes something off no more than that.

        It is billed as it was ordered, whatever comes back, unless its product is
        billed as it is delivered.
        """
        price = self._credit_terms().price
        lowers = quantity * price < 0 if quantity else price < 0
        if not lowers or self.product_id.invoice_policy == "delivery":
            return self._credit_delivered_quantity()
        if quantity < 0:
            return max(self.qty_delivered, quantity)
        return min(self.qty_delivered, quantity)
