from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_followup_daily = fields.Boolean(
        related="company_id.credit_followup_daily", readonly=False
    )
    credit_governing_law_id = fields.Many2one(
        related="company_id.credit_governing_law_id", readonly=False
    )
