from odoo import api, fields, models

from .credit_insurance_default_assumption import ASSUMED
from .default_cost import DefaultCost

INPUTS = (
    "at_risk",
    "tax",
    "covered",
    "deductible",
    "waiting_days",
    "reputation",
    *ASSUMED,
)
RESULTS = (
    "indemnity",
    "own_share",
    "legal",
    "tax_lost",
    "goods",
    "financing",
    "loss",
    "sales_needed",
)


class CreditInsuranceDefaultCost(models.Model):
    """What it would cost if a buyer did not pay: the hidden costs made visible.

    Exposure and cover come from the position, VAT from the open invoices, the rest
    from the assumptions of the buyer's zone; all of it can be changed (DOMAIN 1.2, the
    founding text's seventh feature).
    """

    _name = "credit.insurance.default.cost"
    _description = "Cost of a Default"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    # what is at stake
    at_risk = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="What the buyer owes and what is ordered, taxes included.",
    )
    tax = fields.Monetary(
        string="VAT in It",
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Of the open invoices; 0 on exempt exports.",
    )
    covered = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="What the insurer would pay, before the deductible.",
    )
    deductible = fields.Monetary(compute="_compute_stake", store=True, readonly=False)
    waiting_days = fields.Integer(
        string="Waiting Period (Days)",
        compute="_compute_stake",
        store=True,
        readonly=False,
    )
    # assumptions
    recovered_tax = fields.Float(
        "VAT Recovered", compute="_compute_assumptions", store=True, readonly=False
    )
    recovered_goods = fields.Float(
        compute="_compute_assumptions", store=True, readonly=False
    )
    legal_share = fields.Float(
        "Legal Costs, Share", compute="_compute_assumptions", store=True, readonly=False
    )
    legal_fixed = fields.Monetary(
        "Legal Costs, at Least",
        compute="_compute_assumptions",
        store=True,
        readonly=False,
    )
    financing_rate = fields.Float(
        compute="_compute_assumptions", store=True, readonly=False
    )
    margin = fields.Float(compute="_compute_assumptions", store=True, readonly=False)
    reputation = fields.Monetary(
        help="Your own estimate: customers lost, references, time of the team."
    )
    note = fields.Text(help="What the estimate rests on.")
    # results
    indemnity = fields.Monetary(compute="_compute_results")
    own_share = fields.Monetary("Own Share and Own Risk", compute="_compute_results")
    legal = fields.Monetary("Legal Costs Abroad", compute="_compute_results")
    tax_lost = fields.Monetary("VAT Not Recovered", compute="_compute_results")
    goods = fields.Monetary("Goods Recovered", compute="_compute_results")
    financing = fields.Monetary(
        "Financing until the Indemnity", compute="_compute_results"
    )
    loss = fields.Monetary("Loss", compute="_compute_results")
    sales_needed = fields.Monetary(
        "Further Sales Needed",
        compute="_compute_results",
        help="Sales whose margin makes up for the loss.",
    )

    _amounts_positive = models.Constraint(
        """CHECK(at_risk >= 0 AND tax >= 0 AND tax <= at_risk AND covered >= 0
            AND deductible >= 0 AND waiting_days >= 0 AND reputation >= 0)""",
        "Amounts and days are not negative, and the VAT is part of the amount at risk.",
    )
    _shares = models.Constraint(
        """CHECK(recovered_tax BETWEEN 0 AND 1 AND recovered_goods BETWEEN 0 AND 1
            AND legal_share BETWEEN 0 AND 1 AND legal_fixed >= 0
            AND financing_rate BETWEEN 0 AND 1 AND margin BETWEEN 0 AND 1)""",
        "Shares go from 0 to 100 %, and costs are not negative.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_stake(self):
        for cost in self:
            buyer = cost.partner_id.with_company(cost.company_id)
            policy = buyer.credit_policy_id
            cost.at_risk = max(buyer.credit_exposure, 0.0)
            cost.tax = min(cost._open_tax(), cost.at_risk)
            cost.covered = buyer.credit_covered
            cost.deductible = (
                policy.currency_id._convert(
                    policy.deductible, cost.currency_id, cost.company_id, cost.date
                )
                if policy
                else 0.0
            )
            cost.waiting_days = policy.waiting_days

    @api.depends("partner_id", "company_id")
    def _compute_assumptions(self):
        Assumption = self.env["credit.insurance.default.assumption"]
        for cost in self:
            buyer = cost.partner_id.with_company(cost.company_id)
            assumed = Assumption._for_zone(buyer.credit_zone_id)
            for name, value in assumed.items():
                cost[name] = value

    @api.depends(*INPUTS)
    def _compute_results(self):
        for cost in self:
            found = DefaultCost(**{name: cost[name] for name in INPUTS})
            for name in RESULTS:
                cost[name] = getattr(found, name)

    def _open_tax(self):
        """Return the VAT of the buyer's open invoices, in the company's currency."""
        self.ensure_one()
        # sudo: controllers who read no invoice see their sum, as they see the exposure
        moves = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                ]
            )
        )
        tax = sum(
            move.amount_tax_signed
            * abs(move.amount_residual_signed / move.amount_total_signed)
            for move in moves
            if move.amount_total_signed
        )
        return max(self.currency_id.round(tax), 0.0) if self.currency_id else 0.0
