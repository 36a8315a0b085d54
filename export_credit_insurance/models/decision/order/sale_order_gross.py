from typing import NamedTuple

from odoo import models


class Measures(NamedTuple):
    """What an order comes to, in its own currency, as a clearance keeps it.

    :param total: tax included
    :param gross: likewise, before what is billed once it is delivered takes it off
    :param untaxed: that without tax
    """

    total: float
    gross: float
    untaxed: float


class SaleOrder(models.Model):
    """What an order may come to at the same total.

    Returns and discounts that are billed once they are delivered take nothing off until
    then, and limits that cover no tax carry what is owed without it: goods of 500 000
    and a discount of as much, or a price that takes the place of its tax, leave a total
    as it was and enlarge what is owed.
    """

    _inherit = "sale.order"

    def _credit_measures(self):
        """Return the :class:`Measures` of one order."""
        self.ensure_one()
        lowering = self.order_line.filtered(
            lambda line: line.price_total < 0
            and line.product_id.invoice_policy == "delivery"
        )
        money = self.currency_id.round
        if not lowering:
            total = money(self.amount_total)
            return Measures(total, total, money(self.amount_untaxed))
        return Measures(
            money(self.amount_total),
            money(self.amount_total - sum(lowering.mapped("price_total"))),
            money(self.amount_untaxed - sum(lowering.mapped("price_subtotal"))),
        )

    def _credit_growth(self, row):
        """Return by how much the order outgrew its clearance, negative if it shrank."""
        now = self._credit_measures()
        growth = max(now.total - row.allowance, now.gross - row.gross_amount)
        if growth <= 0 < now.untaxed - row.untaxed_amount:
            # asked only now: most orders that grow, grow in total
            engine = self.env["credit.insurance.position"]
            day = engine._today(self.company_id)
            if engine._facts(self.company_id.id, day).needs_untaxed:
                growth = now.untaxed - row.untaxed_amount
        return self.currency_id.round(growth)

    def _credit_outgrows_total(self, row):
        """Whether it outgrew its clearance by more than its total says."""
        if not row.debtor_id:
            return False
        by_total = self.amount_total - (row.allowance + row.replaced_amount)
        return self.currency_id.compare_amounts(self._credit_growth(row), by_total) > 0

    def _credit_to_release(self):
        """Return what a release has to reach: all that invoices may come to by now.

        The total, with what is delivered beyond it, and what returns and discounts
        take off only once they are delivered.
        """
        return self._credit_total() + self._credit_not_taken_off()
