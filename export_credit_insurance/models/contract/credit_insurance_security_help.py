from odoo import fields, models


class CreditInsuranceSecurity(models.Model):
    """What a security stands for."""

    _inherit = "credit.insurance.security"

    kind = fields.Selection(
        help="Letter of credit: a bank pays against documents. Guarantee: it pays if "
        "the buyer does not; on first demand, without asking why.",
    )
    amount = fields.Monetary(
        help="Up to which amount it stands for the buyer's debt.",
    )
    date_to = fields.Date(
        help="Last day on which it can be called upon.",
    )
    order_ids = fields.Many2many(
        help="It serves these orders alone; empty: any debt of the buyer.",
    )
