from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_cover_warning_days = fields.Integer(
        related="company_id.credit_cover_warning_days", readonly=False
    )
