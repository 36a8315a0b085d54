from odoo import fields, models


class CreditInsuranceHold(models.Model):
    """What the figures of a hold mean."""

    _inherit = "credit.insurance.hold"

    amount = fields.Monetary(
        help="The order's total that is asked to go, tax included.",
    )
    finding_ids = fields.One2many(
        help="Why the check refuses the order, with the cure of each.",
    )
    limit_amount = fields.Monetary(
        help="The insured limit in force when the release was asked for.",
    )
    exposure = fields.Monetary(
        help="What the buyer owed and had on order, without this order.",
    )
    headroom_before = fields.Monetary(
        help="What was left of limit, securities and own risk before this order.",
    )
    order_amount = fields.Monetary(
        help="What this order adds to the exposure.",
    )
    missing_amount = fields.Monetary(
        help="By how much the order exceeds what is left.",
    )
    insured_amount = fields.Monetary(
        help="The part of the order that the limit covers once shipped.",
    )
    own_risk_amount = fields.Monetary(
        help="The part that no insurer pays if the buyer does not.",
    )
    release_kind = fields.Selection(
        help="On what the release rests. A release never creates cover.",
    )
    release_until = fields.Date(
        help="After this day the order is checked again.",
    )
    agreement_ref = fields.Char(
        help="Number of the insurer's written agreement.",
    )
    legal_basis = fields.Char(
        help="Only with sanctions: the exemption or licence that allows the delivery.",
    )
    first_signed_by = fields.Many2one(
        help="Large releases are signed by two people.",
    )
