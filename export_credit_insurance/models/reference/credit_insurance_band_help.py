from odoo import fields, models


class CreditInsuranceBand(models.Model):
    """How bands are ordered."""

    _inherit = "credit.insurance.band"

    sequence = fields.Integer(
        help="From the best risk to the worst.",
    )
