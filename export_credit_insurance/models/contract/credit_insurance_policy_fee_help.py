from odoo import fields, models


class CreditInsurancePolicyFee(models.Model):
    """What a fee stands for."""

    _inherit = "credit.insurance.policy.fee"

    kind = fields.Selection(
        help="What the insurer bills it for.",
    )
    rate = fields.Float(
        help="In per cent of the premium, for taxes.",
    )
