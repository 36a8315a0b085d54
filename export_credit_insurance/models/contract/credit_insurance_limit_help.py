from odoo import fields, models


class CreditInsuranceLimit(models.Model):
    """What the words of an insurer's decision mean."""

    _inherit = "credit.insurance.limit"

    policy_id = fields.Many2one(
        help="Under which contract the limit is asked for.",
    )
    kind = fields.Selection(
        help="Named: decided by the insurer for this buyer. Express: its quick answer "
        "for small sums. Temporary: for a season. Top-up: a second insurer's "
        "part on top. Discretionary: your own decision within the policy's "
        "bounds.",
    )
    state = fields.Selection(
        help="Only approved, partly approved and met conditional limits cover "
        "shipments.",
    )
    requested_amount = fields.Monetary(
        help="The largest debt that you expect at one time, tax as the policy counts "
        "it.",
    )
    amount = fields.Monetary(
        help="The largest debt that the insurer covers on this buyer at one time.",
    )
    date_from = fields.Date(
        help="Shipments from this day on are covered.",
    )
    date_to = fields.Date(
        help="Last day on which shipments are covered; empty: until the insurer says "
        "otherwise.",
    )
    decision_date = fields.Date(
        help="The day on the insurer's letter.",
    )
    conditions = fields.Text(
        help="What the insurer asks for before the limit holds, e.g. a guarantee of "
        "the parent company.",
    )
    conditions_met = fields.Boolean(
        help="Ticked with proof; before, a conditional limit covers nothing.",
    )
    cancelled_by = fields.Selection(
        help="A cancellation by the insurer also ends your right to a discretionary "
        "limit.",
    )
    insurer_reference = fields.Char(
        help="Number of the insurer's decision.",
    )
    reason_code = fields.Selection(
        help="Why, in the codes that insurers share.",
    )
    computed_amount = fields.Monetary(
        help="What past payments or the report justify, before the policy's ceiling.",
    )
    source = fields.Selection(
        help="How the decision came here.",
    )
