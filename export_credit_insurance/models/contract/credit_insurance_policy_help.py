from odoo import fields, models


class CreditInsurancePolicy(models.Model):
    """What each term of the contract means, for who copies it from the schedule."""

    _inherit = "credit.insurance.policy"

    insurer_id = fields.Many2one(
        help="Who bears the loss: a private insurer or a public agency.",
    )
    kind = fields.Selection(
        help="Whole turnover: all buyers but those left out. Named countries or named "
        "buyers: only these. Single transaction: only the orders that the policy "
        "names.",
    )
    number = fields.Char(
        help="As on the schedule and on every letter of the insurer.",
    )
    renewal = fields.Selection(
        help="Tacit renewal: goes on for another year unless notice is given in time. "
        "See “Duration” in the general terms.",
    )
    notice_date = fields.Date(
        help="Last day on which you may still end the policy at its term.",
    )
    year_ids = fields.One2many(
        help="Premium rates, first loss and maximum liability are agreed for each "
        "policy year.",
    )
    insured_pct_named = fields.Float(
        help="Share of the loss that the insurer pays for buyers with a limit of "
        "their own, e.g. 90: of 10,000 lost, 9,000 are paid. See “Insured "
        "percentage” in the schedule.",
    )
    insured_pct_unnamed = fields.Float(
        help="The same for buyers without a limit of their own, covered by a "
        "discretionary limit; often lower, e.g. 70.",
    )
    percentage_ids = fields.One2many(
        help="Only where a percentage differs by kind of limit, cause or country.",
    )
    country_term_ids = fields.One2many(
        help="The list of countries of the schedule: what is covered there, at which "
        "percentage and terms. Countries not listed follow the general terms.",
    )
    political_cover = fields.Boolean(
        help="Losses by acts of a state (war, transfer block, embargo) are insured "
        "besides the buyer's default.",
    )
    cover_tax_basis = fields.Selection(
        help="Whether limits and cover count amounts with or without value added tax. "
        "Most policies: without.",
    )
    receipt_imputation = fields.Selection(
        help="Which debt a payment settles in the insurer's eyes. See “Allocation of "
        "payments” in the general terms.",
    )
    rate_rule = fields.Selection(
        help="At which rate invoices in another currency count against the limits and "
        "in declarations. Today's rate: a declaration takes the rate of its period's "
        "last day, or the latest one while the period runs.",
    )
    exclude_public = fields.Boolean(
        help="States, cities and public bodies are no insured buyers, as in most "
        "private policies.",
    )
    exclude_private = fields.Boolean(
        help="Sales to consumers are not insured.",
    )
    exclude_related = fields.Boolean(
        help="Sales to companies of your own group are not insured.",
    )
    exclude_confirmed_lc = fields.Boolean(
        help="A bank already stands for these sales, so they are neither insured nor "
        "declared.",
    )
    exclude_unconfirmed_lc = fields.Boolean(
        help="Tick it if the policy leaves out letters of credit that no bank in your "
        "country has confirmed.",
    )
    dcl_amount = fields.Monetary(
        help="Up to which amount you may decide on a buyer yourself, without asking "
        "the insurer, if its past payments or a report justify it. See "
        "“Discretionary credit limit”.",
    )
    dcl_lookback_months = fields.Integer(
        help="How far back payments may be looked at to justify a discretionary limit.",
    )
    dcl_min_purchases = fields.Integer(
        help="How many invoices must have been paid on time for a discretionary limit.",
    )
    dcl_validity_months = fields.Integer(
        help="For how long a discretionary limit holds before it must be justified "
        "anew.",
    )
    max_payment_days = fields.Integer(
        help="Longest terms that you may grant, in days from the invoice. A sale on "
        "longer terms is not insured.",
    )
    max_invoicing_days = fields.Integer(
        help="Days after the shipment within which you must invoice.",
    )
    mep_days = fields.Integer(
        help="Days after the due date in which you may still wait, or grant time, "
        "without asking the insurer. Then cover of new shipments stops. E.g. 60.",
    )
    mep_base = fields.Selection(
        help="The day from which the extension period is counted.",
    )
    notification_days = fields.Integer(
        help="Days to tell the insurer that an invoice is unpaid. Told later, the "
        "loss may not be paid. See “Notification of overdues”.",
    )
    notification_base = fields.Selection(
        help="The day from which the delay of the overdue notice is counted.",
    )
    collection_days = fields.Integer(
        help="Days to hand the debt over to the insurer's collection with the file of "
        "the claim.",
    )
    collection_base = fields.Selection(
        help="The day from which the delay of the hand-over is counted.",
    )
    adverse_info_days = fields.Integer(
        help="Days to pass on bad news of a buyer, e.g. a bounced draft, from the day "
        "you learn of it.",
    )
    insolvency_notification_days = fields.Integer(
        help="Days to tell the insurer of a buyer's insolvency, from the day you "
        "learn of it.",
    )
    waiting_days = fields.Integer(
        help="Days after which the insurer pays a loss by default. In an insolvency "
        "it does not wait. See “Waiting period”, e.g. 150.",
    )
    waiting_base = fields.Selection(
        help="The day from which the waiting period is counted.",
    )
    claim_threshold = fields.Monetary(
        help="Losses below this amount are not paid at all.",
    )
    deductible = fields.Monetary(
        help="What you bear yourself of each loss, e.g. 1,000.",
    )
    aggregate_first_loss = fields.Monetary(
        help="What you bear yourself of all losses of a policy year together, before "
        "the insurer pays anything.",
    )
    max_liability_multiple = fields.Float(
        help="The most that the insurer pays in a policy year, as a multiple of its "
        "premium: 30 times 15,000 are 450,000.",
    )
    minimum_premium = fields.Monetary(
        help="What the year costs at least, however little you sell.",
    )
    fee_ids = fields.One2many(
        help="What the insurer bills besides the premium: monitoring of limits, case "
        "fees, insurance tax.",
    )
    currency_id = fields.Many2one(
        help="The currency of the amounts of this contract: limits, first loss, "
        "premium.",
    )
