from collections import defaultdict

from odoo import api, fields, models

from ..ledger.untaxed_share import INVOICE_TYPES, untaxed_share
from ..reference.number_text import number_text
from .credit_insurance_default_assumption import ASSUMED
from .default_cost import DefaultCost

INPUTS = (
    "at_risk",
    "tax",
    "covered_share",
    "insured_share",
    "deductible",
    "first_loss_left",
    "claim_threshold",
    "waiting_days",
    "reputation",
    *ASSUMED,
)
STAKE = (
    "at_risk",
    "tax",
    "covered_share",
    "deductible",
    "first_loss_left",
    "is_liability_limited",
    "liability_left",
    "claim_threshold",
    "waiting_days",
)
RESULTS = (
    "covered",
    "indemnity",
    "own_share",
    "legal",
    "goods",
    "tax_back",
    "financing",
    "loss",
    "sales_needed",
)


class CreditInsuranceDefaultCost(models.Model):
    """What it would cost if a buyer did not pay: the hidden costs made visible.

    Debts and cover come from the position, VAT from the open invoices, or both amounts
    from one order; the rest comes from the policy and from the assumptions of the
    buyer's zone. All of it can be changed (DOMAIN 1.2, the
    founding text's seventh feature).
    """

    _name = "credit.insurance.default.cost"
    _description = "Cost of a Default"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('partner_invoice_id.commercial_partner_id', '=', partner_id),"
        " ('company_id', '=', company_id)]",
        help="Empty: all that the buyer owes.",
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
    # whom and what the amounts and the assumptions were read for: read once, they are
    # the user's, and a new field in an update reads none of them again
    stake_of = fields.Char(copy=False)
    assumed_of = fields.Char(copy=False)
    # what is at stake
    at_risk = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="What is shipped and not paid, or the order's total, taxes included.",
    )
    tax = fields.Monetary(
        string="VAT in It",
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Of the open invoices or of the order; 0 on exempt exports.",
    )
    covered_share = fields.Float(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Share of the amount at risk that the insurer would pay, before the"
        " deductible: as of what the buyer owes. Enter it where nothing is owed yet.",
    )
    insured_share = fields.Float(
        string="Insured Percentage",
        compute="_compute_percentage",
        store=True,
        readonly=False,
        help="Of what is within the limit: the covered share is what it leaves.",
    )
    deductible = fields.Monetary(compute="_compute_stake", store=True, readonly=False)
    deductible_before_pct = fields.Boolean(
        string="Deductible Before the Percentage",
        compute="_compute_percentage",
        store=True,
        readonly=False,
    )
    first_loss_left = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Of the policy year's aggregate first loss: losses that you still bear"
        " before the insurer pays.",
    )
    is_liability_limited = fields.Boolean(
        string="Maximum Liability Agreed",
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="The insurer pays no more than its maximum liability of the policy year.",
    )
    liability_left = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Of the policy year's maximum liability: the insurer pays no more.",
    )
    claim_threshold = fields.Monetary(
        compute="_compute_stake",
        store=True,
        readonly=False,
        help="Up to this amount within the limit the insurer pays nothing.",
    )
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
    covered = fields.Monetary(
        compute="_compute_results",
        help="What the insurer would pay, before the deductible.",
    )
    indemnity = fields.Monetary(compute="_compute_results")
    own_share = fields.Monetary("Own Share and Own Risk", compute="_compute_results")
    legal = fields.Monetary("Legal Costs Abroad", compute="_compute_results")
    goods = fields.Monetary(
        "Goods Recovered, Own Part",
        compute="_compute_results",
        help="An insurer that has paid takes its share of what is recovered.",
    )
    tax_back = fields.Monetary("VAT Got Back", compute="_compute_results")
    financing = fields.Monetary(
        "Financing Until the Indemnity", compute="_compute_results"
    )
    loss = fields.Monetary(compute="_compute_results")
    sales_needed = fields.Monetary(
        "Further Sales Needed",
        compute="_compute_results",
        help="Sales whose margin makes up for the loss.",
    )

    _amounts_positive = models.Constraint(
        """CHECK(at_risk >= 0 AND tax >= 0 AND tax <= at_risk
            AND deductible >= 0 AND claim_threshold >= 0
            AND first_loss_left >= 0 AND liability_left >= 0
            AND waiting_days >= 0 AND reputation >= 0)""",
        "Amounts and days are not negative, and the VAT is part of the amount at risk.",
    )
    _shares = models.Constraint(
        """CHECK(covered_share BETWEEN 0 AND 1
            AND insured_share > 0 AND insured_share <= 1
            AND recovered_tax BETWEEN 0 AND 1 AND recovered_goods BETWEEN 0 AND 1
            AND legal_share BETWEEN 0 AND 1 AND legal_fixed >= 0
            AND financing_rate BETWEEN 0 AND 1 AND margin BETWEEN 0 AND 1)""",
        "Shares go from 0 to 100 %, and costs are not negative.",
    )

    @api.depends("partner_id", "company_id", "order_id")
    def _compute_stake(self):
        fresh = self.filtered(lambda cost: cost.stake_of != cost._stake_key())
        (self - fresh)._keep(STAKE)
        for company, costs in fresh.grouped("company_id").items():
            buyers = costs.partner_id.with_company(company)
            rows = (
                self.env["credit.insurance.exposure"]
                .with_company(company)
                .search([("partner_id", "in", buyers.ids)])
            )
            row_by_buyer = {row.partner_id.id: row for row in rows}
            taxes = self._open_taxes(company, costs.partner_id)
            for cost in costs:
                row = row_by_buyer.get(cost.partner_id.id, rows.browse())
                cost._set_stake(row, taxes.get(cost.partner_id.id, 0.0))
                cost._set_terms(row.policy_id)
                cost.stake_of = cost._stake_key()

    def _keep(self, names):
        """Leave what was read once, and changed by hand since, as it is stored."""
        for cost in self:
            for name in names:
                cost[name] = cost._origin[name]

    def _stake_key(self):
        records = (self.partner_id, self.company_id, self.order_id)
        return "/".join(str(record._origin.id or 0) for record in records)

    def _assumed_key(self):
        records = (self.partner_id, self.company_id)
        return "/".join(str(record._origin.id or 0) for record in records)

    def _set_stake(self, row, open_tax):
        """Set what is at risk and how much of it the buyer's policy covers.

        :param row: the buyer's exposure in the company, empty without a position
        :param open_tax: VAT of the buyer's open invoices, in the company's currency
        """
        owed = max(row.receivable + row.unallocated + row.delivered, 0.0)
        if self.order_id:
            # sudo: controllers see an order's total as they see the exposure
            order = self.order_id.sudo()
            self.at_risk = self._own_currency(order.amount_total, order.currency_id)
            tax = self._own_currency(order.amount_tax, order.currency_id)
        else:
            self.at_risk = owed
            tax = open_tax
        self.tax = min(tax, self.at_risk)
        share = row.covered / owed if owed else 0.0
        self.covered_share = min(max(share, 0.0), 1.0)

    def _set_terms(self, policy):
        """Set what the policy and its year of the calculation's date keep back."""
        first_loss, liability = 0.0, None
        if policy:
            first_loss, liability = policy._claim_counters(self.date)
        currency = policy.currency_id
        self.first_loss_left = self._own_currency(first_loss, currency)
        self.is_liability_limited = liability is not None
        self.liability_left = self._own_currency(liability, currency)
        self.deductible = self._own_currency(policy.deductible, currency)
        self.claim_threshold = self._own_currency(policy.claim_threshold, currency)
        self.waiting_days = policy.waiting_days

    @api.depends("partner_id", "company_id")
    def _compute_percentage(self):
        """The percentage behind the covered share, and what comes off before it."""
        for cost in self:
            buyer = cost.partner_id.with_company(cost.company_id)
            policy = buyer.credit_insurance_policy_id
            is_unnamed = buyer.insured_limit_state == "discretionary"
            percentage = policy and policy._insured_percentage(
                "discretionary" if is_unnamed else "named",
                buyer.country_id,
                buyer.credit_zone_id,
                day=cost.date,
            )
            cost.insured_share = percentage / 100 if percentage else 1.0
            cost.deductible_before_pct = policy.deductible_before_pct

    def _own_currency(self, amount, currency):
        """Convert to the company's currency on the calculation's date."""
        if not amount or not currency:
            return 0.0
        return currency._convert(amount, self.currency_id, self.company_id, self.date)

    @api.depends("partner_id", "company_id")
    def _compute_assumptions(self):
        Assumption = self.env["credit.insurance.default.assumption"]
        fresh = self.filtered(lambda cost: cost.assumed_of != cost._assumed_key())
        (self - fresh)._keep(ASSUMED)
        for company, costs in fresh.grouped("company_id").items():
            buyers = costs.partner_id.with_company(company)
            zones = {buyer.id: buyer.credit_zone_id for buyer in buyers}
            rows = Assumption._by_zone(buyers.credit_zone_id, company)
            for cost in costs:
                row = rows[zones.get(cost.partner_id.id, buyers.credit_zone_id[:0])]
                for name in ASSUMED:
                    cost[name] = row[name]
                fixed = cost._own_currency(row.legal_fixed, row.currency_id)
                cost.legal_fixed = fixed
                cost.assumed_of = cost._assumed_key()

    @api.depends(
        *INPUTS, "deductible_before_pct", "is_liability_limited", "liability_left"
    )
    def _compute_results(self):
        for cost in self:
            currency = cost.currency_id or self.env.company.currency_id
            found = DefaultCost(
                **{name: cost[name] for name in INPUTS},
                deductible_first=cost.deductible_before_pct,
                liability_left=(
                    cost.liability_left if cost.is_liability_limited else None
                ),
                rounded=currency.round,
            )
            for name in RESULTS:
                cost[name] = getattr(found, name)

    def _percent_text(self, name):
        """Return a share as the reader writes a percentage, for the print."""
        self.ensure_one()
        return number_text(self.env, self[name] * 100)

    @api.model
    def _open_taxes(self, company, buyers):
        """Return ``{buyer id: VAT of its open invoices}``, in the company's currency.

        Of an invoice paid in part the same part of its VAT is open.
        """
        # sudo: controllers who read no invoice see their sum, as they see the exposure
        moves = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "in", buyers.ids),
                    ("company_id", "=", company.id),
                    ("move_type", "in", INVOICE_TYPES),
                    ("state", "=", "posted"),
                    ("amount_residual", "!=", 0),
                ]
            )
        )
        taxes = defaultdict(float)
        for move in moves:
            tax_share = 1 - untaxed_share(move)
            taxes[move.commercial_partner_id.id] += (
                move.amount_residual_signed * tax_share
            )
        currency = company.currency_id
        return {buyer: max(currency.round(tax), 0.0) for buyer, tax in taxes.items()}
