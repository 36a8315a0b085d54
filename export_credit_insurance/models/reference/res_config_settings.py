from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_weight_country = fields.Float(
        related="company_id.credit_weight_country", readonly=False
    )
    credit_weight_agency = fields.Float(
        related="company_id.credit_weight_agency", readonly=False
    )
    credit_weight_payment = fields.Float(
        related="company_id.credit_weight_payment", readonly=False
    )
    credit_weight_sector = fields.Float(
        related="company_id.credit_weight_sector", readonly=False
    )
    credit_person_score_months = fields.Integer(
        related="company_id.credit_person_score_months", readonly=False
    )
    credit_high_income_best = fields.Boolean(
        related="company_id.credit_high_income_best", readonly=False
    )
