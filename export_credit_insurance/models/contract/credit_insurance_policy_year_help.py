from odoo import fields, models


class CreditInsurancePolicyYear(models.Model):
    """What the terms of one policy year mean."""

    _inherit = "credit.insurance.policy.year"

    rate_domestic = fields.Float(
        help="Premium in per cent of the insured turnover within the country.",
    )
    rate_eu = fields.Float(
        help="Premium in per cent of the insured turnover within the European Union.",
    )
    rate_other = fields.Float(
        help="Premium in per cent of the insured turnover in the rest of the world.",
    )
    minimum_premium = fields.Monetary(
        help="What this year costs at least.",
    )
    aggregate_first_loss = fields.Monetary(
        help="What you bear of this year's losses before the insurer pays.",
    )
    max_liability_multiple = fields.Float(
        help="The most that the insurer pays for this year's losses, as a multiple of "
        "the year's premium.",
    )
    first_loss_left = fields.Monetary(
        help="What you will still bear yourself of further losses of this year.",
    )
    max_liability = fields.Monetary(
        help="The larger of the premium and its minimum, times the multiple.",
    )
    liability_left = fields.Monetary(
        help="What the insurer will still pay for losses of this year.",
    )
