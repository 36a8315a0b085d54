from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_use_first_pct = fields.Float(
        related="company_id.credit_use_first_pct", readonly=False
    )
    credit_use_second_pct = fields.Float(
        related="company_id.credit_use_second_pct", readonly=False
    )
    credit_use_third_pct = fields.Float(
        related="company_id.credit_use_third_pct", readonly=False
    )
