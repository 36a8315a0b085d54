from odoo import fields, models


class CreditInsuranceDeclarationLine(models.Model):
    """What of a document is declared."""

    _inherit = "credit.insurance.declaration.line"

    base_amount = fields.Monetary(
        help="What of the document the premium is counted on.",
    )
    excluded_amount = fields.Monetary(
        help="What of the document the policy leaves out.",
    )
    exclusion_reason = fields.Selection(
        help="Why it is left out.",
    )
