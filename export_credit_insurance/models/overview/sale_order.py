from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_credit_default_cost(self):
        """Open a new calculation of what it would cost if the order were not paid."""
        self.ensure_one()
        action = self.partner_invoice_id.action_credit_default_cost()
        defaults = {
            "default_order_id": self.id,
            "default_company_id": self.company_id.id,
        }
        return action | {"context": action["context"] | defaults}
