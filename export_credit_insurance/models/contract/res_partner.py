from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    insured_limit_line_ids = fields.One2many(
        "credit.insurance.limit",
        "partner_id",
        string="Limits",
        groups="export_credit_insurance.group_credit_user",
    )
