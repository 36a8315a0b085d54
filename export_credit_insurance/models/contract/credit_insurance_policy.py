from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..reference.number_text import number_text

PERCENTAGE_FIELDS = (
    "insured_pct_named",
    "insured_pct_unnamed",
    "stop_min_pct",
)
DAY_FIELDS = (
    "max_payment_days",
    "max_invoicing_days",
    "mep_days",
    "notification_days",
    "collection_days",
    "adverse_info_days",
    "insolvency_notification_days",
    "waiting_days",
    "notice_months",
    "dcl_lookback_months",
    "dcl_validity_months",
    "dcl_min_purchases",
)
AMOUNT_FIELDS = (
    "dcl_amount",
    "dcl_uplift_pct",
    "stop_min_amount",
    "residue_amount",
    "claim_threshold",
    "deductible",
    "aggregate_first_loss",
    "max_liability_multiple",
    "minimum_premium",
)


class CreditInsurancePolicy(models.Model):
    """A contract with an insurer: who and what is insured, on which terms.

    Every percentage, delay and amount of the contract is a field; the defaults are
    usual market terms, to be replaced by those of the schedule.
    """

    _name = "credit.insurance.policy"
    _description = "Credit Insurance Policy"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["name", "number"]

    name = fields.Char(required=True, tracking=True)
    number = fields.Char(
        string="Policy Number",
        required=True,
        tracking=True,
        help="As on the schedule and on every letter of the insurer.",
    )
    sequence = fields.Integer(
        default=10,
        help="Where several policies apply to a sale, the first one serves it.",
    )
    insurer_id = fields.Many2one(
        "credit.insurance.insurer",
        required=True,
        ondelete="restrict",
        tracking=True,
        help="Who bears the loss: a private insurer or a public agency.",
    )
    kind = fields.Selection(
        [
            ("global", "Whole turnover"),
            ("country", "Named countries"),
            ("buyer", "Named buyers"),
            ("single", "Single transaction"),
        ],
        required=True,
        default="global",
        tracking=True,
        help="Whole turnover: all buyers but those left out. Named countries or named "
        "buyers: only these. Single transaction: only the orders that the policy "
        "names.",
    )
    company_ids = fields.Many2many(
        "res.company",
        "credit_insurance_policy_company_rel",
        "policy_id",
        "company_id",
        string="Insured Companies",
        default=lambda self: self.env.company,
        help="A buyer's limit is shared by all insured companies. Branches are insured "
        "with their company.",
        tracking=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
        help="The currency of the amounts of this contract: limits, first loss, "
        "premium.",
    )
    date_start = fields.Date(
        string="Start Date",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        tracking=True,
    )
    date_end = fields.Date(
        string="End Date",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Last day of the current term. With tacit renewal the cover goes on "
        "until the policy is closed.",
    )
    renewal = fields.Selection(
        [("tacit", "Tacit renewal"), ("none", "Ends at its term")],
        required=True,
        default="tacit",
        tracking=True,
        help="Tacit renewal: goes on for another year unless notice is given in time. "
        "See “Duration” in the general terms.",
    )
    notice_months = fields.Integer(
        string="Notice (months)",
        default=3,
        help="Months before the end of the term by which notice must be given.",
        tracking=True,
    )
    notice_date = fields.Date(
        string="Give Notice By",
        compute="_compute_notice_date",
        store=True,
        help="Last day on which you may still end the policy at its term.",
    )
    year_ids = fields.One2many(
        "credit.insurance.policy.year",
        "policy_id",
        string="Policy Years",
        help="Premium rates, first loss and maximum liability are agreed for each "
        "policy year.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    observation = fields.Boolean(
        string="Observation Mode",
        copy=False,
        readonly=True,
        tracking=True,
        help="All is computed and listed, no order is held, until a manager ends "
        "the observation.",
    )

    # Cover
    insured_pct_named = fields.Float(
        string="Insured Percentage, Named Buyers",
        default=90.0,
        tracking=True,
        aggregator=None,
        help="Share of the loss that the insurer pays for buyers with a limit of "
        "their own, e.g. 90: of 10,000 lost, 9,000 are paid. See “Insured "
        "percentage” in the schedule.",
    )
    insured_pct_unnamed = fields.Float(
        string="Insured Percentage, Unnamed Buyers",
        default=70.0,
        tracking=True,
        aggregator=None,
        help="The same for buyers without a limit of their own, covered by a "
        "discretionary limit; often lower, e.g. 70.",
    )
    percentage_ids = fields.One2many(
        "credit.insurance.policy.percentage",
        "policy_id",
        string="Cover Percentages",
        copy=True,
        help="Only where a percentage differs by kind of limit, cause or country.",
    )
    country_term_ids = fields.One2many(
        "credit.insurance.policy.country.term",
        "policy_id",
        string="Country Terms",
        copy=True,
        help="The list of countries of the schedule: what is covered there, at which "
        "percentage and terms. Countries not listed follow the general terms.",
    )
    political_cover = fields.Boolean(
        string="Political Risk Covered",
        default=True,
        tracking=True,
        help="Losses by acts of a state (war, transfer block, embargo) are insured "
        "besides the buyer's default.",
    )
    manufacturing_cover = fields.Boolean(
        string="Manufacturing Risk Covered",
        help="Costs incurred before the shipment are insured, as entered on each order "
        "(Costs Incurred). Their percentage is a cover percentage of its own.",
        tracking=True,
    )
    limit_basis = fields.Selection(
        [
            ("gross", "Gross: of the debt"),
            ("net", "Net: of the indemnity"),
        ],
        required=True,
        default="gross",
        tracking=True,
        help="Gross: a limit is a debt, of which the insured percentage is paid. Net: "
        "a limit is the largest indemnity.",
    )
    cover_tax_basis = fields.Selection(
        [("ex_tax", "Excluding tax"), ("tax_included", "Including tax")],
        required=True,
        default="ex_tax",
        tracking=True,
        help="Whether limits and cover count amounts with or without value added tax. "
        "Most policies: without.",
    )
    excess_uses_limit = fields.Boolean(
        string="Uncovered Older Debt Uses the Limit",
        default=True,
        help="Prudent reading: what exceeded the limit when shipped still takes its "
        "place in the limit for later shipments.",
        tracking=True,
    )
    receipt_imputation = fields.Selection(
        [
            ("oldest_first", "To the oldest debt"),
            ("as_matched", "To the invoices they are matched with"),
        ],
        string="Allocation of Receipts",
        required=True,
        default="oldest_first",
        tracking=True,
        help="Which debt a payment settles in the insurer's eyes. See “Allocation of "
        "payments” in the general terms.",
    )
    rate_rule = fields.Selection(
        [("today", "Today's rate"), ("invoice_date", "Rate of the invoice date")],
        string="Exchange Rate",
        required=True,
        default="today",
        tracking=True,
        help="At which rate invoices in another currency count against the limits and "
        "in declarations. Today's rate: a declaration takes the rate of its period's "
        "last day, or the latest one while the period runs.",
    )
    exclude_public = fields.Boolean(
        string="Public Buyers Excluded",
        default=True,
        tracking=True,
        help="States, cities and public bodies are no insured buyers, as in most "
        "private policies.",
    )
    exclude_private = fields.Boolean(
        string="Private Persons Excluded",
        default=True,
        tracking=True,
        help="Sales to consumers are not insured.",
    )
    exclude_related = fields.Boolean(
        string="Associated Companies Excluded",
        default=True,
        tracking=True,
        help="Sales to companies of your own group are not insured.",
    )
    exclude_confirmed_lc = fields.Boolean(
        string="Confirmed Letters of Credit Excluded",
        default=True,
        tracking=True,
        help="A bank already stands for these sales, so they are neither insured nor "
        "declared.",
    )
    exclude_unconfirmed_lc = fields.Boolean(
        string="Unconfirmed Letters of Credit Excluded",
        tracking=True,
        help="Tick it if the policy leaves out letters of credit that no bank in your "
        "country has confirmed.",
    )
    order_ids = fields.Many2many(
        "sale.order",
        "credit_insurance_policy_order_rel",
        "policy_id",
        "order_id",
        string="Insured Orders",
        copy=False,
        help="A single-transaction policy serves these orders and no other.",
        tracking=True,
    )
    may_disclose_insurer = fields.Boolean(
        string="The Insurer May Be Named to Buyers",
        help="Policies usually forbid to reveal the cover: then texts of follow-up "
        "that name the insurer are refused.",
    )

    limit_ids = fields.One2many("credit.insurance.limit", "policy_id", string="Limits")
    limit_count = fields.Integer(compute="_compute_limit_count")

    _number_unique = models.UniqueIndex(
        "(insurer_id, number) WHERE state = 'active'",
        "Another active policy of this insurer has the same number.",
    )

    @api.depends("date_start")
    def _compute_date_end(self):
        """Propose a term of one year."""
        for policy in self:
            if policy.date_start and not policy.date_end:
                policy.date_end = policy.date_start + relativedelta(years=1, days=-1)

    @api.depends("date_end", "notice_months", "renewal")
    def _compute_notice_date(self):
        for policy in self:
            policy.notice_date = (
                policy.renewal == "tacit"
                and policy.date_end
                and policy.date_end - relativedelta(months=policy.notice_months)
            )

    @api.depends("name", "number")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = (
                policy.number
                if policy.name == policy.number
                else f"{policy.name} ({policy.number})"
            )

    @api.depends("limit_ids")
    def _compute_limit_count(self):
        counts = dict(
            self.env["credit.insurance.limit"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.limit_count = counts.get(policy, 0)

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for policy in self:
            if policy.date_end < policy.date_start:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s ends on %(end)s, before it starts on "
                        "%(start)s. Correct its dates.",
                        policy=policy.number,
                        start=format_date(self.env, policy.date_start),
                        end=format_date(self.env, policy.date_end),
                    )
                )

    @api.constrains("company_ids")
    def _check_companies(self):
        for policy in self:
            if not policy.company_ids:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s insures no company. Choose at least one.",
                        policy=policy.number,
                    )
                )

    @api.constrains(*PERCENTAGE_FIELDS, *DAY_FIELDS, *AMOUNT_FIELDS)
    def _check_figures(self):
        """Percentages lie between 0 and 100; delays and amounts are not negative."""
        for policy in self:
            for name in PERCENTAGE_FIELDS + DAY_FIELDS + AMOUNT_FIELDS:
                value = policy[name]
                if value < 0 or (name in PERCENTAGE_FIELDS and value > 100):
                    raise ValidationError(
                        self.env._(
                            'Policy %(policy)s: "%(field)s" cannot be %(value)s. '
                            "Percentages go from 0 to 100; delays and amounts are "
                            "not negative.",
                            policy=policy.number,
                            field=policy._fields[name]._description_string(self.env),
                            value=number_text(self.env, value),
                        )
                    )
