from odoo import fields, models


class CreditInsurancePolicy(models.Model):
    """Up to what, and on what grounds, the insured sets limits itself (DOMAIN 1.6)."""

    _inherit = "credit.insurance.policy"

    dcl_amount = fields.Monetary(
        string="Discretionary Limit, at Most",
        default=10000.0,
        tracking=True,
        help="Up to which amount you may decide on a buyer yourself, without asking "
        "the insurer, if its past payments or a report justify it. See "
        "“Discretionary credit limit”.",
    )
    dcl_uplift_pct = fields.Float(
        string="Uplift on Past Experience (%)",
        default=25.0,
        help="Added to the highest month-end balance paid within terms.",
        tracking=True,
    )
    dcl_lookback_months = fields.Integer(
        string="Experience (months)",
        default=12,
        tracking=True,
        help="How far back payments may be looked at to justify a discretionary limit.",
    )
    dcl_min_purchases = fields.Integer(
        string="Purchases Paid on Time, at Least",
        default=2,
        tracking=True,
        help="How many invoices must have been paid on time for a discretionary limit.",
    )
    dcl_validity_months = fields.Integer(
        string="Justification Valid (months)",
        default=12,
        tracking=True,
        help="For how long a discretionary limit holds before it must be justified "
        "anew.",
    )
