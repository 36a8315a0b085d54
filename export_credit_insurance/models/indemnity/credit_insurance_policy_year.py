from odoo import api, fields, models


class CreditInsurancePolicyYear(models.Model):
    """What the claims of a policy year use of its counters (DOMAIN 1.11)."""

    _inherit = "credit.insurance.policy.year"

    claim_ids = fields.One2many("credit.insurance.claim", "policy_year_id")
    # stored: two claims filed at once write the same row, and the later one starts anew
    first_loss_claimed = fields.Monetary(
        string="First Loss Used by Claims",
        compute="_compute_claimed",
        store=True,
        help="What claims of this year have counted against the first loss.",
    )
    liability_claimed = fields.Monetary(
        string="Indemnities of Claims",
        compute="_compute_claimed",
        store=True,
        help="Paid, or expected as long as they are not.",
    )

    @api.depends("claim_ids.first_loss_counted", "claim_ids.liability_counted")
    def _compute_claimed(self):
        for year in self:
            claims = year.claim_ids
            year.first_loss_claimed = sum(claims.mapped("first_loss_counted"))
            year.liability_claimed = sum(claims.mapped("liability_counted"))

    @api.depends("first_loss_claimed", "liability_claimed")
    def _compute_counters(self):
        # EXTENDS 'export_credit_insurance'
        return super()._compute_counters()

    def _used(self):
        # EXTENDS 'export_credit_insurance'
        first_loss, liability = super()._used()
        return first_loss + self.first_loss_claimed, liability + self.liability_claimed
