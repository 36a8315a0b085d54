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
