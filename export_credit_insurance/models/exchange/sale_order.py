from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_ask_limit(self):
        """Draft a request of the limit that the order needs; open a pending one."""
        self.ensure_one()
        # sudo: the invoiced company, which the user may not read
        buyer = self.sudo().partner_invoice_id.commercial_partner_id.sudo(False)
        return self.env["credit.insurance.limit.request"]._ask(
            buyer, self.company_id, self
        )
