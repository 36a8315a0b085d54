from odoo import fields, models


class CreditFollowupPlan(models.Model):
    """Which buyers a plan is for."""

    _inherit = "credit.followup.plan"

    zone_ids = fields.Many2many(
        help="Buyers of these zones follow this plan, unless one is chosen on the "
        "buyer.",
    )
    band_ids = fields.Many2many(
        help="Buyers of these risk bands follow this plan, where no zone decides.",
    )
    insured = fields.Selection(
        help="Only insured buyers, only the others, or both.",
    )
    step_ids = fields.One2many(
        help="What happens how many days after the due date: mail, letter, call, "
        "formal notice, hand-over.",
    )
    receipt_subject = fields.Char(
        help="Of the mail that thanks for a payment.",
    )
    receipt_body = fields.Html(
        help="Sent when a payment of a reminded buyer has come in.",
    )
