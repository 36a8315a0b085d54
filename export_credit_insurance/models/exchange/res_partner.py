from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_ask_limit(self):
        """Draft requests of limits for these buyers; open those that wait already."""
        return self.env["credit.insurance.limit.request"]._ask(
            self.commercial_partner_id, self.env.company
        )
