from odoo import fields, models

from ..groups import CREDIT_GROUP, SETTINGS


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_order_horizon_days = fields.Integer(
        string="Order Horizon (days)",
        default=180,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Order lines planned later than this many days from today are shown "
        "but not counted in the exposure. 0 counts all of them.",
    )
    credit_count_draft_invoices = fields.Boolean(
        string="Draft Invoices Count",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Count draft customer invoices as exposure. Otherwise what they bill "
        "stays counted through its order.",
    )

    _credit_order_horizon_days_positive = models.Constraint(
        "CHECK (credit_order_horizon_days >= 0)",
        "The order horizon cannot be negative: use 0 to count every order line.",
    )
