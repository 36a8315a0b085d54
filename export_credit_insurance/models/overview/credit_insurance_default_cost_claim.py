from odoo import api, fields, models

from ..ledger.untaxed_share import untaxed_share


class CreditInsuranceDefaultCost(models.Model):
    """The cost of a default whose claim is made: the claim's own debts and terms.

    The same calculation with the figures that the claim was filed with: what is owed
    in it, what of that is covered, what the policy year's other claims leave. The
    indemnity to expect is the claim's (DOMAIN 1.13).
    """

    _inherit = "credit.insurance.default.cost"

    claim_id = fields.Many2one(
        "credit.insurance.claim",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        help="The debts of this claim, and what the insurer pays of them.",
    )

    _order_or_claim = models.Constraint(
        "CHECK(order_id IS NULL OR claim_id IS NULL)",
        "Calculate the cost of an order or of a claim: choose one of them.",
    )

    @api.depends("claim_id")
    def _compute_stake(self):
        # EXTENDS: a claim brings its own figures
        return super()._compute_stake()

    def _stake_key(self):
        # EXTENDS: as before where there is no claim, so that nothing is read again
        key = super()._stake_key()
        return f"{key}/{self.claim_id._origin.id}" if self.claim_id else key

    def _set_stake(self, row, open_tax):
        # EXTENDS: what is owed in the claim, and the invoices' own tax in it
        claim = self.claim_id
        if not claim:
            return super()._set_stake(row, open_tax)
        # sudo: controllers who read no invoice see the tax in what is owed
        tax = sum(
            line.gross_amount * (1 - untaxed_share(line.sudo().move_id))
            for line in claim.line_ids
        )
        self.at_risk = self._own_currency(claim.gross_amount, claim.currency_id)
        tax = self.currency_id.round(self._own_currency(tax, claim.currency_id))
        self.tax = min(max(tax, 0.0), self.at_risk)
        share = claim.covered_amount / claim.gross_amount if claim.gross_amount else 0.0
        self.covered_share = min(max(share, 0.0), 1.0)
        return None

    def _set_terms(self, policy):
        # EXTENDS: the terms and counters that the claim was filed with
        result = super()._set_terms(policy)
        if claim := self.claim_id:
            for name in (
                "deductible",
                "claim_threshold",
                "first_loss_left",
                "liability_left",
            ):
                self[name] = self._own_currency(claim[name], claim.currency_id)
            self.is_liability_limited = claim.is_liability_limited
            self.waiting_days = (
                claim.policy_id.insolvency_waiting_days
                if claim.insolvency_id
                else claim.policy_id._waiting_days(claim.cause)
            )
        return result

    @api.depends("claim_id")
    def _compute_percentage(self):
        # EXTENDS: the mean percentage of the claim's debts
        result = super()._compute_percentage()
        for cost in self:
            if claim := cost.claim_id:
                base = claim.base_amount
                share = claim.covered_amount / base if base else 0.0
                cost.insured_share = min(share, 1.0) if share > 0 else 1.0
                cost.deductible_before_pct = claim.deductible_before_pct
        return result


class CreditInsuranceClaim(models.Model):
    _inherit = "credit.insurance.claim"

    def action_credit_default_cost(self):
        """Open a new calculation of what the default behind the claim costs."""
        self.ensure_one()
        action = self.partner_id.action_credit_default_cost()
        defaults = {
            "default_claim_id": self.id,
            "default_company_id": self.company_id.id,
        }
        return action | {"context": action["context"] | defaults}
