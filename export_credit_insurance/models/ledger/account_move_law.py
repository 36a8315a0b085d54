from odoo import api, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """The law that an invoice's orders name."""

    _inherit = "account.move"

    def _credit_chosen_law(self):
        """Return the law that the orders of this invoice name, if they name one."""
        self.ensure_one()
        laws = self._get_chosen_laws(self._origin.ids)
        return self.env["res.country"].browse(laws.get(self._origin.id))

    @api.model
    def _get_chosen_laws(self, move_ids):
        """Return {invoice id: country id} of the laws that orders name; one query.

        Nothing where the orders of an invoice name several: the buyer's law decides.
        """
        if not move_ids:
            return {}
        self.env["sale.order"].flush_model(["credit_governing_law_id"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        self.env["account.move.line"].flush_model(["move_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, min(ordered.credit_governing_law_id)
                  FROM sale_order ordered
                  JOIN sale_order_line order_line ON order_line.order_id = ordered.id
                  JOIN sale_order_line_invoice_rel link
                    ON link.order_line_id = order_line.id
                  JOIN account_move_line line ON line.id = link.invoice_line_id
                 WHERE ordered.credit_governing_law_id IS NOT NULL
                   AND line.move_id = ANY(%s)
                 GROUP BY line.move_id
                HAVING count(DISTINCT ordered.credit_governing_law_id) = 1
                """,
                list(move_ids),
            )
        )
        return dict(rows)
