from odoo import fields, models


class CreditInsurancePolicyPercentage(models.Model):
    """What a percentage of cover stands for."""

    _inherit = "credit.insurance.policy.percentage"

    cover_kind = fields.Selection(
        help="For which kind of limit this percentage holds.",
    )
    cause = fields.Selection(
        help="Commercial: the buyer does not pay. Political: a state prevents it.",
    )
    country_id = fields.Many2one(
        help="Only there; empty: everywhere.",
    )
    zone_id = fields.Many2one(
        help="Only in this zone; empty: everywhere.",
    )
    percentage = fields.Float(
        help="Share of the loss that the insurer pays, e.g. 90.",
    )
