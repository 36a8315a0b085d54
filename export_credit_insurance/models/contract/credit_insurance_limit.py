from odoo import fields, models

GRANTED_STATES = (
    "approved",
    "partial",
    "conditional",
    "reduced",
    "cancelled",
    "expired",
    "closed",
)
# Granted and not ended by anybody yet.
OPEN_STATES = ("approved", "partial", "conditional")
PENDING_STATES = ("draft", "requested")
# Reasons of UN/EDIFACT RECECO, data element 4509.
REASON_CODES = [
    ("1", "Information not provided"),
    ("2", "No information available"),
    ("3", "Out of business"),
    ("4", "New company"),
    ("5", "Not registered"),
    ("6", "Not trading"),
    ("7", "No comment"),
    ("8", "Only insolvency covered"),
    ("9", "Subject to bill acceptance"),
    ("10", "Documents against acceptance"),
    ("11", "Documents against payment"),
    ("12", "Adverse public information"),
    ("13", "Limit full"),
    ("14", "Lack of turnover"),
    ("15", "Other"),
]


class CreditInsuranceLimit(models.Model):
    """A decision on a buyer's limit: asked for, answered, and never overwritten.

    A line is in force on the days from ``date_from`` to ``date_to`` once it is
    granted, whatever ended it since (a shipment keeps the limit of its day). A new
    decision makes a new line and closes the previous one on the day before.
    """

    _name = "credit.insurance.limit"
    _description = "Credit Limit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="restrict"
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    country_id = fields.Many2one(related="partner_id.country_id")
    kind = fields.Selection(
        [
            ("named", "Named"),
            ("express", "Express"),
            ("temporary", "Temporary"),
            ("topup", "Top-up"),
            ("discretionary", "Discretionary"),
        ],
        required=True,
        default="named",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("partial", "Partly approved"),
            ("conditional", "Conditional"),
            ("refused", "Refused"),
            ("reduced", "Reduced"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
            ("closed", "Replaced"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    request_type = fields.Selection(
        [
            ("new", "New limit"),
            ("increase", "Increase"),
            ("prolong", "Prolongation"),
            ("reduce", "Reduction"),
            ("cancel", "Cancellation"),
        ],
        string="Request",
        default="new",
        help="Empty on discretionary limits: nothing is asked of the insurer.",
    )
    previous_id = fields.Many2one(
        "credit.insurance.limit",
        string="Follows",
        copy=False,
        index="btree_not_null",
        help="The line this decision changes.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    requested_amount = fields.Monetary(tracking=True)
    amount = fields.Monetary(
        string="Granted amount", copy=False, aggregator=None, tracking=True
    )
    amount_mode = fields.Selection(
        [
            ("additional", "On top of the named limit"),
            ("total", "Replaces the named limit until its end"),
        ],
        default="additional",
        required=True,
        help="Meaning of the amount of a temporary limit.",
    )
    request_date = fields.Date(copy=False)
    decision_date = fields.Date(copy=False, tracking=True)
    notified_on = fields.Date(
        copy=False, help="Day on which the insurer's decision was received."
    )
    date_from = fields.Date(
        string="In force from", copy=False, index=True, tracking=True
    )
    date_to = fields.Date(string="In force until", copy=False, tracking=True)
    conditions = fields.Text()
    conditions_met = fields.Boolean(copy=False, tracking=True)
    conditions_met_on = fields.Date(copy=False)
    conditions_proof_ids = fields.Many2many(
        "ir.attachment",
        "credit_insurance_limit_proof_rel",
        "limit_id",
        "attachment_id",
        string="Proof",
        copy=False,
    )
    cancelled_by = fields.Selection(
        [("insurer", "Insurer"), ("insured", "Insured")], copy=False, tracking=True
    )
    insurer_buyer_ref = fields.Char(
        string="Insurer's buyer number",
        index="btree_not_null",
        tracking=True,
        help="Buyers that share one number under a policy share one limit.",
    )
    insurer_reference = fields.Char(string="Decision reference", copy=False)
    reason_code = fields.Selection(REASON_CODES, string="Reason", copy=False)
    reason = fields.Text(string="Comment", copy=False)
    source = fields.Selection(
        [("manual", "Entered"), ("import", "Imported"), ("api", "Insurer's service")],
        required=True,
        default="manual",
        copy=False,
    )
    insured_pct = fields.Float(
        string="Insured percentage", aggregator=None, help="0: as the policy says."
    )
    max_payment_days = fields.Integer(
        string="Maximum payment terms", aggregator=None, help="0: as the policy says."
    )
    mep_days = fields.Integer(
        string="Maximum extension period",
        aggregator=None,
        help="0: as the policy says.",
    )
    justification_method = fields.Selection(
        [("history", "Payment experience"), ("report", "Credit report")],
        copy=False,
        help="What justifies a discretionary limit.",
    )
    evidence = fields.Text(copy=False, help="What the justification rests on.")
    computed_amount = fields.Monetary(
        string="Justified amount", copy=False, aggregator=None
    )
    decided_by_id = fields.Many2one("res.users", string="Recorded by", copy=False)

    def _compute_currency_id(self):
        for limit in self:
            if not limit.currency_id:
                limit.currency_id = limit.policy_id.currency_id
