from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

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
# Terms of its own that a limit may have; 0: as the policy says.
OWN_TERMS = ("insured_pct", "max_payment_days", "mep_days")
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
    _inherit = [
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
        "credit.insurance.buyer.mixin",
    ]
    _order = "date_from desc, id desc"
    _rec_names_search = ["partner_id"]

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_policy_id(),
        help="Under which contract the limit is asked for.",
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True)
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
        help="Named: decided by the insurer for this buyer. Express: its quick answer "
        "for small sums. Temporary: for a season. Top-up: a second insurer's "
        "part on top. Discretionary: your own decision within the policy's "
        "bounds.",
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
        help="Only approved, partly approved and met conditional limits cover "
        "shipments.",
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
    requested_amount = fields.Monetary(
        tracking=True,
        help="The largest debt that you expect at one time, tax as the policy counts "
        "it.",
    )
    amount = fields.Monetary(
        string="Granted Amount",
        copy=False,
        aggregator=None,
        tracking=True,
        help="The largest debt that the insurer covers on this buyer at one time.",
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
    decision_date = fields.Date(
        copy=False,
        tracking=True,
        help="The day on the insurer's letter.",
    )
    notified_on = fields.Date(
        copy=False, help="Day on which the insurer's decision was received."
    )
    date_from = fields.Date(
        string="In Force From",
        copy=False,
        index=True,
        tracking=True,
        help="Shipments from this day on are covered.",
    )
    date_to = fields.Date(
        string="In Force Until",
        copy=False,
        tracking=True,
        help="Last day on which shipments are covered; empty: until the insurer says "
        "otherwise.",
    )
    conditions = fields.Text(
        help="What the insurer asks for before the limit holds, e.g. a guarantee of "
        "the parent company.",
    )
    conditions_met = fields.Boolean(
        copy=False,
        tracking=True,
        help="Ticked with proof; before, a conditional limit covers nothing.",
    )
    conditions_met_on = fields.Date(copy=False)
    proof_ids = fields.Many2many(
        "ir.attachment",
        "credit_insurance_limit_proof_rel",
        "limit_id",
        "attachment_id",
        string="Evidence Files",
        copy=False,
        help="Proof that the conditions are met, or of what justifies the limit.",
    )
    cancelled_by = fields.Selection(
        [("insurer", "Insurer"), ("insured", "Insured")],
        copy=False,
        tracking=True,
        help="A cancellation by the insurer also ends your right to a discretionary "
        "limit.",
    )
    end_decision_date = fields.Date(
        string="Cancelled by Decision Of", readonly=True, copy=False
    )
    end_notified_on = fields.Date(
        string="Cancellation Notified On", readonly=True, copy=False
    )
    end_reason_code = fields.Selection(
        REASON_CODES, string="Reason of the Cancellation", readonly=True, copy=False
    )
    end_reason = fields.Text(
        string="Comment on the Cancellation", readonly=True, copy=False
    )
    insurer_buyer_ref = fields.Char(
        string="Insurer's Buyer Number",
        index="btree_not_null",
        tracking=True,
        help="Buyers that share one number under a policy share one limit.",
    )
    insurer_reference = fields.Char(
        string="Decision Reference",
        copy=False,
        help="Number of the insurer's decision.",
    )
    reason_code = fields.Selection(
        REASON_CODES,
        string="Reason",
        copy=False,
        help="Why, in the codes that insurers share.",
    )
    reason = fields.Text(string="Comment", copy=False)
    source = fields.Selection(
        [("manual", "Entered"), ("import", "Imported"), ("api", "Insurer's service")],
        required=True,
        default="manual",
        copy=False,
        help="How the decision came here.",
    )
    insured_pct = fields.Float(
        string="Insured Percentage", aggregator=None, help="0: as the policy says."
    )
    max_payment_days = fields.Integer(
        string="Maximum Payment Terms", aggregator=None, help="0: as the policy says."
    )
    mep_days = fields.Integer(
        string="Maximum Extension Period",
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
        string="Justified Amount",
        copy=False,
        aggregator=None,
        help="What past payments or the report justify, before the policy's ceiling.",
    )
    decided_by_id = fields.Many2one("res.users", string="Recorded By", copy=False)

    _one_pending = models.UniqueIndex(
        "(policy_id, partner_id, kind) WHERE state = 'requested'",
        "A request is already pending for this policy, buyer and kind of limit.",
    )
    _decided_on_a_day = models.Constraint(
        "CHECK (state IN ('draft', 'requested') OR decision_date IS NOT NULL)",
        "A limit that is decided needs the day of the decision.",
    )
    _granted_from_a_day = models.Constraint(
        "CHECK (state IN ('draft', 'requested', 'refused') OR date_from IS NOT NULL)",
        "A limit that is granted needs the day from which it is in force.",
    )

    # === COMPUTE METHODS ===

    @api.depends("policy_id")
    def _compute_currency_id(self):
        for limit in self:
            if not limit.currency_id:
                limit.currency_id = limit.policy_id.currency_id

    @api.depends("partner_id", "kind", "policy_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for limit in self:
            if not limit.partner_id:
                limit.display_name = self.env._("New")
                continue
            limit.display_name = (
                f"{limit.partner_id.name} - {kinds.get(limit.kind)} "
                f"({limit.policy_id.number})"
            )

    # === CONSTRAINTS ===

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Limits are granted to legal "
            "persons: choose %(company)s.",
            **names,
        )

    @api.constrains("partner_id", "policy_id")
    def _check_owner(self):
        """A limit is held by a buyer that an insured company sells to."""
        for limit in self:
            buyer = limit.partner_id.commercial_partner_id
            owner = buyer.company_id
            if owner and owner not in limit.policy_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(buyer)s belongs to %(company)s, which policy %(policy)s "
                        "does not insure. Add the company to the policy or choose "
                        "another policy.",
                        buyer=buyer.display_name,
                        company=owner.name,
                        policy=limit.policy_id.display_name,
                    )
                )

    @api.model
    def _default_policy_id(self):
        """Return the policy, where the company has one alone."""
        active = self.env["credit.insurance.policy"].search(
            [("state", "=", "active"), ("company_ids", "in", self.env.company.ids)],
            limit=2,
        )
        return active if len(active) == 1 else active.browse()

    @api.constrains("requested_amount", "amount", "state", "kind", "request_type")
    def _check_amounts(self):
        """What is asked for and what is granted is more than nothing."""
        for limit in self:
            if limit.request_type == "cancel":
                continue
            asks = limit.state in PENDING_STATES and limit.kind != "discretionary"
            wrong = False
            if limit.requested_amount < 0 or (asks and limit.requested_amount <= 0):
                wrong = "requested_amount"
            elif limit.amount < 0 or (
                limit.amount == 0 and limit.state in GRANTED_STATES
            ):
                wrong = "amount"
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(field)s of %(buyer)s cannot be %(amount)s. Enter an amount "
                        "above zero; a limit of zero is a refusal or a cancellation.",
                        field=self._fields[wrong]._description_string(self.env),
                        buyer=limit.partner_id.display_name,
                        amount=limit.currency_id.format(limit[wrong]),
                    )
                )

    @api.constrains("insured_pct", "max_payment_days", "mep_days")
    def _check_terms(self):
        for limit in self:
            if not 0 <= limit.insured_pct <= 100 or (
                min(limit.max_payment_days, limit.mep_days) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "The terms of the limit of %(buyer)s are wrong: percentages "
                        "go from 0 to 100 and delays are not negative.",
                        buyer=limit.partner_id.display_name,
                    )
                )

    @api.constrains("conditions", "conditions_met", "proof_ids", "state")
    def _check_conditions(self):
        for limit in self:
            if limit.state == "conditional" and not limit.conditions:
                raise ValidationError(
                    self.env._(
                        "Write down the conditions on which %(insurer)s grants the "
                        "limit of %(buyer)s.",
                        insurer=limit.insurer_id.name,
                        buyer=limit.partner_id.display_name,
                    )
                )
            if limit.conditions_met and not limit.proof_ids:
                raise ValidationError(
                    self.env._(
                        "Attach the proof that the conditions of the limit of "
                        "%(buyer)s are met: without it the limit is not in force.",
                        buyer=limit.partner_id.display_name,
                    )
                )

    def _check_dates(self):
        """Dates entered by people run forward; a temporary limit has an end.

        Not a constraint: a line that a decision ends before its first day keeps both
        dates, so that nothing is in force and nothing is forgotten.
        """
        for limit in self:
            if limit.date_from and limit.date_to and limit.date_to < limit.date_from:
                raise ValidationError(
                    self.env._(
                        "The limit of %(buyer)s ends on %(end)s, before it starts on "
                        "%(start)s. Correct its dates.",
                        buyer=limit.partner_id.display_name,
                        start=format_date(self.env, limit.date_from),
                        end=format_date(self.env, limit.date_to),
                    )
                )
            if limit.kind == "temporary" and not (
                limit.date_to or limit.state in ("draft", "refused")
            ):
                raise ValidationError(
                    self.env._(
                        "The temporary limit of %(buyer)s needs the day on which it "
                        "ends.",
                        buyer=limit.partner_id.display_name,
                    )
                )
