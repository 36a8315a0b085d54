from odoo import models

from .background_flow import in_background


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _sale_create_reinvoice_sale_line(self):
        # EXTENDS 'sale': a vendor bill is never refused for its customer's credit
        lines = self
        if self.env["res.company"]._credit_check_modes():
            lines = in_background(self, "reinvoiced")
        return super(AccountMoveLine, lines)._sale_create_reinvoice_sale_line()

    def _credit_lacks_of_order(self):
        """Return by how much a line bills less than its order, rounding aside."""
        self.ensure_one()
        ordered = self.sale_line_ids[:1]
        if not ordered or ordered.is_downpayment or not self.product_uom_id:
            return 0.0
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, ordered.product_uom_id, round=False
        )
        worth = quantity * ordered._credit_terms().price
        return max(worth * 0.99 - self.price_total, 0.0)
