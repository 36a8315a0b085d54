from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_lapsed_on = fields.Date(
        related="company_id.credit_lapsed_on", readonly=False
    )
    credit_check_enabled = fields.Boolean(
        related="company_id.credit_check_enabled", readonly=False
    )
    credit_controller_id = fields.Many2one(
        related="company_id.credit_controller_id", readonly=False
    )
    credit_controller_ceiling = fields.Monetary(
        related="company_id.credit_controller_ceiling",
        currency_field="currency_id",
        readonly=False,
    )
    credit_release_days = fields.Integer(
        related="company_id.credit_release_days", readonly=False
    )
    credit_release_max_days = fields.Integer(
        related="company_id.credit_release_max_days", readonly=False
    )
    credit_limit_expiring_days = fields.Integer(
        related="company_id.credit_limit_expiring_days", readonly=False
    )
    credit_release_deviation_pct = fields.Float(
        related="company_id.credit_release_deviation_pct", readonly=False
    )
    credit_reminder_days = fields.Integer(
        related="company_id.credit_reminder_days", readonly=False
    )
    credit_escalation_days = fields.Integer(
        related="company_id.credit_escalation_days", readonly=False
    )
    credit_expiry_notice_days = fields.Integer(
        related="company_id.credit_expiry_notice_days", readonly=False
    )
