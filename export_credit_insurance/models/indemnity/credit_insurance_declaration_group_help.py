from odoo import fields, models


class CreditInsuranceDeclarationGroup(models.Model):
    """What the figures of a group of sales mean."""

    _inherit = "credit.insurance.declaration.group"

    base_amount = fields.Monetary(
        help="What the premium is counted on.",
    )
    excluded_amount = fields.Monetary(
        help="Sales that the policy leaves out.",
    )
    rate = fields.Float(
        help="Premium in per cent of the insurable sales.",
    )
    premium_amount = fields.Monetary(
        help="The insurable sales at this rate.",
    )
