from odoo import fields, models


class CreditInsuranceHoldFinding(models.Model):
    """How grave a finding is."""

    _inherit = "credit.insurance.hold.finding"

    severity = fields.Selection(
        help="Blocks the order, or only warns; the check rules say which.",
    )
