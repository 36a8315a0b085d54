from odoo import fields, models


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    limit_monitoring_fee = fields.Monetary(
        string="Monitoring Fee per Month",
        help="What the insurer charges each month for watching one limit, used or not.",
    )

    _limit_monitoring_fee_not_negative = models.Constraint(
        "CHECK (limit_monitoring_fee >= 0)", "A fee cannot be negative."
    )
