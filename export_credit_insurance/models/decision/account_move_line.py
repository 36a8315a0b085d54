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

    def _credit_worth_of_order(self):
        """Return what a line takes off its order, in the invoice's currency."""
        self.ensure_one()
        ordered = self.sale_line_ids[:1]
        if ordered.is_downpayment:
            return self.price_total
        quantity = self.quantity
        if self.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(
                quantity, ordered.product_uom_id, round=False
            )
        company = self.move_id.company_id
        return ordered.currency_id._convert(
            quantity * ordered._credit_terms().price,
            self.move_id.currency_id,
            company,
            company._credit_today(),
        )
