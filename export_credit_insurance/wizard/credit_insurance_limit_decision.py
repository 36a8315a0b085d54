from odoo import api, fields, models

from ..models.contract.credit_insurance_limit import (
    OPEN_STATES,
    OWN_TERMS,
    PENDING_STATES,
    REASON_CODES,
)

ANSWERS = [
    ("approved", "Approved"),
    ("partial", "Partly approved"),
    ("conditional", "Approved on conditions"),
    ("refused", "Refused"),
]
CHANGES = [
    ("reduced", "Reduced"),
    ("raised", "Raised"),
    ("prolonged", "Prolonged"),
    ("cancelled", "Cancelled"),
]


class CreditInsuranceLimitDecision(models.TransientModel):
    """Form in which a controller records what the insurer decided."""

    _name = "credit.insurance.limit.decision"
    _description = "Record a Decision on a Limit"

    limit_id = fields.Many2one(
        "credit.insurance.limit", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="limit_id.partner_id")
    policy_id = fields.Many2one(related="limit_id.policy_id")
    kind = fields.Selection(related="limit_id.kind")
    limit_state = fields.Selection(related="limit_id.state")
    requested_amount = fields.Monetary(related="limit_id.requested_amount")
    current_amount = fields.Monetary(
        string="Amount in Force", related="limit_id.amount"
    )
    is_request = fields.Boolean(compute="_compute_is_request")
    answer = fields.Selection(ANSWERS, default="approved")
    change = fields.Selection(CHANGES, default="reduced")
    decision = fields.Char(compute="_compute_decision")
    currency_id = fields.Many2one(related="limit_id.currency_id")
    amount = fields.Monetary(
        string="Granted Amount",
        compute="_compute_amount",
        store=True,
        readonly=False,
    )
    decision_date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    notified_on = fields.Date(
        string="Received On", default=lambda self: self.env.company._credit_today()
    )
    date_from = fields.Date(
        string="Effect",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="First day on which the decision applies to shipments.",
    )
    date_to = fields.Date(
        string="In Force Until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        help="Last day on which shipments are covered; empty: until the insurer says "
        "otherwise.",
    )
    conditions = fields.Text()
    cancelled_by = fields.Selection(
        [("insurer", "Insurer"), ("insured", "Insured")], default="insurer"
    )
    reason_code = fields.Selection(REASON_CODES, string="Reason")
    reason = fields.Text(string="Comment")
    insurer_reference = fields.Char(string="Decision Reference")
    insurer_buyer_ref = fields.Char(
        string="Insurer's Buyer Number",
        compute="_compute_insurer_buyer_ref",
        store=True,
        readonly=False,
    )
    insured_pct = fields.Float(
        string="Insured Percentage",
        compute="_compute_own_terms",
        store=True,
        readonly=False,
        help="0: as the policy says.",
    )
    max_payment_days = fields.Integer(
        string="Maximum Payment Terms",
        compute="_compute_own_terms",
        store=True,
        readonly=False,
        help="0: as the policy says.",
    )
    mep_days = fields.Integer(
        string="Maximum Extension Period",
        compute="_compute_own_terms",
        store=True,
        readonly=False,
        help="0: as the policy says.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Insurer's Document")

    @api.constrains("limit_id")
    def _check_limit_access(self):
        """A dialogue shows no limit that its user may not read."""
        self.sudo(False).limit_id.check_access("read")  # constraints run as superuser

    @api.depends("limit_id")
    def _compute_is_request(self):
        for wizard in self:
            wizard.is_request = wizard.limit_id.state in PENDING_STATES

    @api.depends("is_request", "answer", "change")
    def _compute_decision(self):
        for wizard in self:
            wizard.decision = wizard.answer if wizard.is_request else wizard.change

    @api.depends("limit_id")
    def _compute_amount(self):
        for wizard in self:
            limit = wizard.limit_id
            wizard.amount = (
                limit.amount if limit.state in OPEN_STATES else limit.requested_amount
            )

    @api.depends("limit_id")
    def _compute_date_to(self):
        for wizard in self:
            wizard.date_to = wizard.limit_id.date_to

    @api.depends("limit_id")
    def _compute_own_terms(self):
        """Propose what holds if the insurer says nothing of it."""
        for wizard in self:
            limit = wizard.limit_id
            changed = limit.previous_id
            if limit.state == "draft":
                asks = limit._prepare_request_type()
                changed = changed.browse(asks.get("previous_id", changed.id))
            elif limit.state in OPEN_STATES:
                changed = changed.browse()
            wizard.update(limit._terms_that_go_on(changed.id))

    @api.depends("limit_id")
    def _compute_insurer_buyer_ref(self):
        for wizard in self:
            wizard.insurer_buyer_ref = wizard.limit_id.insurer_buyer_ref

    def action_record(self):
        """Record the decision and show the line that says what is in force."""
        self.ensure_one()
        names = (
            "decision_date",
            "notified_on",
            "date_from",
            "reason_code",
            "reason",
            "insurer_reference",
            "insurer_buyer_ref",
        )
        if self.decision == "cancelled":
            names = (*names, "cancelled_by")
        elif self.decision != "refused":
            names += ("amount", "date_to", *OWN_TERMS)
        if self.decision == "conditional":
            names = (*names, "conditions")
        limit = self.limit_id._record_decision(
            self.decision, **{name: self[name] for name in names}
        )
        if self.attachment_ids:
            limit.message_post(
                body=self.env._("The insurer's document."),
                attachment_ids=self.attachment_ids.ids,
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.limit",
            "res_id": limit.id,
            "view_mode": "form",
        }
