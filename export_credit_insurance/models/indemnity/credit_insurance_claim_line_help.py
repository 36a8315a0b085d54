from odoo import fields, models


class CreditInsuranceClaimLine(models.Model):
    """What the figures of an invoice in a claim mean."""

    _inherit = "credit.insurance.claim.line"

    due_date = fields.Date(
        help="The original due date, whatever was agreed with the buyer later.",
    )
    shipment_date = fields.Date(
        help="The limit in force on this day covers the invoice.",
    )
    collection_deadline = fields.Date(
        help="Last day to hand the invoice over to the insurer.",
    )
    limit_amount = fields.Monetary(
        help="The limit in force when the goods were shipped.",
    )
    insured_pct = fields.Float(
        help="The share that the policy pays of this invoice.",
    )
    tax_amount = fields.Monetary(
        help="The value added tax that the policy does not insure.",
    )
    ineligible_reason = fields.Selection(
        help="Why nothing, or only a part, of it is insured.",
    )
    base_amount = fields.Monetary(
        help="What of it is within the limit.",
    )
    covered_amount = fields.Monetary(
        help="What is within the limit, times the insured percentage.",
    )
