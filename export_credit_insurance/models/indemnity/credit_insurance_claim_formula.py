from odoo import api, fields, models

from .claim_indemnity import Indemnity
from .claim_recovery import loss_after

#: states in which a claim uses the counters of its policy year
COUNTING_STATES = ("filed", "waiting", "admitted", "paid")


class CreditInsuranceClaim(models.Model):
    """The formula on a claim: its terms, its sums, what the year's counters leave."""

    _inherit = "credit.insurance.claim"

    # the formula's terms and counters: live in a draft, as filed afterwards
    claim_threshold = fields.Monetary(
        compute="_compute_terms",
        store=True,
        help="Losses below it are not paid.",
    )
    deductible = fields.Monetary(
        compute="_compute_terms",
        store=True,
        help="What you bear of each claim.",
    )
    deductible_before_pct = fields.Boolean(
        string="Deductible Before the Percentage",
        compute="_compute_terms",
        store=True,
        help="The deductible is taken off the loss, before the insured percentage is "
        "applied.",
    )
    first_loss_left = fields.Monetary(
        compute="_compute_terms",
        store=True,
        help="What you still bear of this policy year's losses before the insurer "
        "pays.",
    )
    liability_left = fields.Monetary(
        compute="_compute_terms",
        store=True,
        help="What the insurer will still pay for losses of this policy year.",
    )
    is_liability_limited = fields.Boolean(compute="_compute_terms", store=True)

    # the formula's amounts
    gross_amount = fields.Monetary(
        string="Owed", compute="_compute_sums", store=True, help="Tax included."
    )
    tax_amount = fields.Monetary(
        string="Tax Not Insured",
        compute="_compute_sums",
        store=True,
        help="The value added tax that the policy leaves out; it may be reclaimed "
        "from the state.",
    )
    net_amount = fields.Monetary(
        string="Claimed",
        compute="_compute_sums",
        store=True,
        help="What is owed, without the tax that the policy does not insure.",
    )
    eligible_amount = fields.Monetary(
        string="Insured Loss",
        compute="_compute_sums",
        store=True,
        help="What is claimed, less invoices or parts that the policy excludes.",
    )
    base_amount = fields.Monetary(
        string="Within the Limits",
        compute="_compute_sums",
        store=True,
        help="The insured loss as far as the limits in force at shipment reach.",
    )
    covered_amount = fields.Monetary(
        string="At the Insured Percentage",
        compute="_compute_sums",
        store=True,
        help="What is within the limits, times the insured percentage.",
    )
    expected_amount = fields.Monetary(
        string="Indemnity Expected",
        compute="_compute_expected_amount",
        store=True,
        help="What the insurer should pay by the policy: see why each euro is not "
        "paid.",
    )

    @api.depends(
        "policy_id.claim_threshold",
        "policy_id.deductible",
        "policy_id.deductible_before_pct",
        "policy_id.aggregate_first_loss",
        "policy_id.max_liability_multiple",
        "policy_year_id.first_loss_left",
        "policy_year_id.liability_left",
        "policy_year_id.max_liability_multiple",
    )
    def _compute_terms(self):
        """Follow the policy and its year; what was filed stays as it was filed."""
        for claim in self.filtered(lambda each: each.state == "draft"):
            claim._take_terms()

    def _take_terms(self):
        policy = self.policy_id
        self.claim_threshold = policy.claim_threshold
        self.deductible = policy.deductible
        self.deductible_before_pct = policy.deductible_before_pct
        self._take_counters()

    def _take_counters(self):
        """Set what the other claims leave of the year."""
        policy, year = self.policy_id, self.policy_year_id
        first_loss, liability = 0.0, None
        if policy:
            first_loss, liability = policy._claim_counters(year.date_from)
        self.is_liability_limited = liability is not None
        self.first_loss_left = first_loss
        self.liability_left = liability or 0.0

    def _is_counting(self):
        """Whether the claim uses the counters of its policy year."""
        return self.state in COUNTING_STATES or (
            self.state == "closed" and not self.is_settled
        )

    @api.depends(
        "line_ids.gross_amount",
        "line_ids.tax_amount",
        "line_ids.net_amount",
        "line_ids.eligible_amount",
        "line_ids.base_amount",
        "line_ids.covered_amount",
    )
    def _compute_sums(self):
        names = ("gross", "tax", "net", "eligible", "base", "covered")
        for claim in self:
            for name in names:
                total = sum(claim.line_ids.mapped(f"{name}_amount"))
                claim[f"{name}_amount"] = claim._rounded(total)

    def _rounded(self, amount):
        return self.currency_id.round(amount) if self.currency_id else amount

    def _indemnity(self, with_receipts=True):
        """Return the formula on this claim (DOMAIN 1.13).

        :param with_receipts: whether what came in before the loss lowers it
        """
        self.ensure_one()
        base, covered = self.base_amount, self.covered_amount
        early = self._settled_before_loss() if with_receipts else 0.0
        if early:
            base, covered = loss_after(early, self.line_ids._as_debts())
        return Indemnity(
            base=self._rounded(base),
            covered=self._rounded(covered),
            deductible=self.deductible,
            deductible_first=self.deductible_before_pct,
            threshold=self.claim_threshold,
            first_loss_left=self.first_loss_left,
            liability_left=self.liability_left if self.is_liability_limited else None,
            rounded=self._rounded,
        )

    @api.depends(
        "base_amount",
        "covered_amount",
        "claim_threshold",
        "deductible",
        "deductible_before_pct",
        "first_loss_left",
        "liability_left",
        "is_liability_limited",
        "recovery_ids.is_before_loss",
        "recovery_ids.settled_amount",
    )
    def _compute_expected_amount(self):
        for claim in self:
            claim.expected_amount = claim._indemnity().amount

    def _count(self):
        """Record what the claims use of their year's counters (DOMAIN 1.11).

        What is expected until the insurer says what it admits, then what it pays.
        """
        for claim in self:
            first_loss = liability = 0.0
            if claim._is_counting():
                first_loss = claim._indemnity().first_loss
                liability = claim._indemnity_due()
            if (claim.first_loss_counted, claim.liability_counted) != (
                first_loss,
                liability,
            ):
                claim.first_loss_counted = first_loss
                claim.liability_counted = liability

    def _indemnity_due(self):
        """Return what the insurer pays, as far as it is known."""
        if self.state in ("paid", "closed"):
            return self.paid_amount
        if self.state == "admitted":
            return self.admitted_amount
        return 0.0 if self.state == "refused" else self.expected_amount
