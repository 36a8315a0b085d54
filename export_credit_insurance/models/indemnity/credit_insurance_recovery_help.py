from odoo import fields, models


class CreditInsuranceRecovery(models.Model):
    """How a recovery is shared."""

    _inherit = "credit.insurance.recovery"

    gross_amount = fields.Monetary(
        help="What came in, before the costs of collection.",
    )
    receipt_id = fields.Many2one(
        help="The money in the books that this recovery was proposed for.",
    )
    is_before_loss = fields.Boolean(
        help="Received before the loss date: it lowers the loss instead of being "
        "shared.",
    )
    method = fields.Selection(
        help="How the policy shares what comes in after the loss.",
    )
    insurer_amount = fields.Monetary(
        help="What goes to the insurer, at its percentage of the loss.",
    )
    own_amount = fields.Monetary(
        help="What you keep, for the part of the loss that you bore.",
    )
