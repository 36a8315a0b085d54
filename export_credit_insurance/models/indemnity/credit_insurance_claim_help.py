from odoo import fields, models


class CreditInsuranceClaim(models.Model):
    """What the figures of a claim mean, from what is owed to what is paid."""

    _inherit = "credit.insurance.claim"

    cause = fields.Selection(
        help="Default: the buyer does not pay. Insolvency: it cannot any more. "
        "Political: a state prevents it.",
    )
    notice_id = fields.Many2one(
        help="By which the insurer was told that these invoices are unpaid.",
    )
    payment_expected_on = fields.Date(
        help="The loss date and the insurer's time to pay.",
    )
    admitted_amount = fields.Monetary(
        help="What the insurer accepts to pay, as its letter says.",
    )
    claim_threshold = fields.Monetary(
        help="Losses below it are not paid.",
    )
    deductible = fields.Monetary(
        help="What you bear of each claim.",
    )
    deductible_before_pct = fields.Boolean(
        help="The deductible is taken off the loss, before the insured percentage is "
        "applied.",
    )
    first_loss_left = fields.Monetary(
        help="What you still bear of this policy year's losses before the insurer "
        "pays.",
    )
    liability_left = fields.Monetary(
        help="What the insurer will still pay for losses of this policy year.",
    )
    tax_amount = fields.Monetary(
        help="The value added tax that the policy leaves out; it may be reclaimed "
        "from the state.",
    )
    eligible_amount = fields.Monetary(
        help="What is claimed, less invoices or parts that the policy excludes.",
    )
    base_amount = fields.Monetary(
        help="The insured loss as far as the limits in force at shipment reach.",
    )
    covered_amount = fields.Monetary(
        help="What is within the limits, times the insured percentage.",
    )
    expected_amount = fields.Monetary(
        help="What the insurer should pay by the policy: see why each euro is not "
        "paid.",
    )
    first_loss_counted = fields.Monetary(
        help="What of this claim used up the first loss.",
    )
    liability_counted = fields.Monetary(
        help="What of this claim used up the maximum liability.",
    )
