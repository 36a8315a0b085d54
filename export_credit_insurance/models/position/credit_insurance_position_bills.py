from odoo import api, models
from odoo.tools import SQL

from .open_items import OPEN_ITEM


class CreditInsurancePosition(models.AbstractModel):
    """What is still to be paid of orders that were invoiced before they are shipped."""

    _inherit = "credit.insurance.position"

    @api.model
    def _get_open_bills(self, orders):
        """Return {order id: what is open of the invoices that bill it}.

        In the order's company's currency, tax included; an invoice that bills several
        orders counts in full for each. Orders of which nothing is open are left out.
        """
        self._flush_sources()
        query = SQL(
            """
            SELECT bill.order_id, sum(line.amount_residual)
              FROM (
                SELECT DISTINCT sol.order_id, billed.move_id
                  FROM sale_order_line sol
                  JOIN sale_order_line_invoice_rel link ON link.order_line_id = sol.id
                  JOIN account_move_line billed ON billed.id = link.invoice_line_id
                 WHERE sol.order_id = ANY(%s)
              ) bill
              JOIN account_move_line line ON line.move_id = bill.move_id
             WHERE %s
             GROUP BY bill.order_id
            HAVING sum(line.amount_residual) > 0
            """,
            orders.ids,
            OPEN_ITEM,
        )
        self.env.cr.execute(query)
        return {order_id: float(amount) for order_id, amount in self.env.cr.fetchall()}
