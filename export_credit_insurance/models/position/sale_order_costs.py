from odoo import api, fields, models

from ..groups import CREDIT_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    credit_covers_costs = fields.Boolean(
        compute="_compute_credit_covers_costs",
        groups=CREDIT_GROUP,
        help="Whether a policy of the company covers the manufacturing risk.",
    )

    @api.depends("company_id")
    def _compute_credit_covers_costs(self):
        """Ask for costs only where an insurer bears them: from what is cached."""
        position = self.env["credit.insurance.position"]
        for company, orders in self.grouped("company_id").items():
            orders.credit_covers_costs = bool(company) and (
                position._facts(company.id, position._today(company)).has_manufacturing
            )
