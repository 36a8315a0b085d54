from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_credit_default_cost(self):
        """Open a new calculation of what the buyer's default would cost."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_default_cost_action"
        )
        buyer = self.commercial_partner_id
        return action | {
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_partner_id": buyer.id},
        }
