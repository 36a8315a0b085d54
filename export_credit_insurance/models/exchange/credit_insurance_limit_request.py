from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..contract.credit_insurance_limit import OPEN_STATES

REQUEST_TYPES = [
    ("new", "New Limit"),
    ("increase", "Increase"),
    ("reduce", "Reduction"),
    ("prolong", "Prolongation"),
    ("cancel", "Cancellation"),
]
#: what can be asked for; a discretionary limit is nobody's to ask
LIMIT_KINDS = [
    ("named", "Named"),
    ("express", "Express"),
    ("temporary", "Temporary"),
    ("topup", "Top-up"),
]
#: nothing else is asked for the same buyer meanwhile
PENDING = ("draft", "sent")
#: written by the buttons alone
SERVER_FIELDS = {"state", "sent_on", "answered_on", "limit_id", "channel"}
#: what the insurer was asked
CONTENT = {
    "company_id",
    "policy_id",
    "partner_id",
    "limit_kind",
    "request_type",
    "previous_id",
    "currency_id",
    "amount",
    "date_from",
    "date_to",
    "order_id",
    "forecast_turnover",
    "payment_days",
    "usual_delay",
    "exposure",
}


class CreditInsuranceLimitRequest(models.Model):
    """What is asked of the insurer for a buyer, and why (RECECO 4505, DOMAIN 6.1).

    It is the dossier of the question. The question itself, once sent, is a line of the
    limits in state *requested* (:attr:`limit_id`): what the insurer decides on it is
    recorded there, and closes the request. Amounts are in the currency of the limit.
    """

    _name = "credit.insurance.limit.request"
    _description = "Request to the Insurer"
    _inherit = [
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
        "credit.insurance.buyer.mixin",
    ]
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True)
    country_id = fields.Many2one(related="partner_id.country_id")
    limit_kind = fields.Selection(
        LIMIT_KINDS, string="Kind of Limit", required=True, default="named"
    )
    request_type = fields.Selection(
        REQUEST_TYPES,
        string="Request",
        required=True,
        compute="_compute_request_type",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    previous_id = fields.Many2one(
        "credit.insurance.limit",
        string="Limit to Change",
        compute="_compute_previous_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('policy_id', '=', policy_id), ('partner_id', '=', partner_id), "
        "('kind', '=', limit_kind), ('state', 'in', ('approved', 'partial', "
        "'conditional'))]",
        help="The limit in force that this request is about.",
    )
    current_amount = fields.Monetary(
        string="Amount in Force",
        related="previous_id.amount",
        currency_field="previous_currency_id",
    )
    previous_currency_id = fields.Many2one(
        related="previous_id.currency_id", string="Currency of the Limit So Far"
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        string="Amount Asked For",
        tracking=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="The limit that is needed in all, not what is added to the present one.",
    )
    date_from = fields.Date(string="Needed From")
    date_to = fields.Date(string="Needed Until")
    state = fields.Selection(
        [
            ("draft", "To Send"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    channel = fields.Selection(
        [("file", "File"), ("api", "Insurer's Service")], copy=False, readonly=True
    )
    sent_on = fields.Date(copy=False, readonly=True, tracking=True)
    answered_on = fields.Date(copy=False, readonly=True)
    insurer_ref = fields.Char(string="Insurer's Reference", copy=False)
    author_id = fields.Many2one(
        "res.users",
        string="Asked By",
        required=True,
        default=lambda self: self.env.user,
        copy=False,
        help="Is told when the insurer has answered.",
    )
    limit_id = fields.Many2one(
        "credit.insurance.limit",
        string="Decision",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line of the limits that is asked for, then what the insurer decided.",
    )
    limit_state = fields.Selection(related="limit_id.state", string="Answer")
    granted_amount = fields.Monetary(
        related="limit_id.amount",
        string="Granted",
        currency_field="granted_currency_id",
    )
    granted_currency_id = fields.Many2one(
        related="limit_id.currency_id", string="Currency Granted"
    )
    note = fields.Text(help="What the insurer should know: orders, security, accounts.")

    _one_pending = models.UniqueIndex(
        "(policy_id, partner_id, limit_kind) WHERE state IN ('draft', 'sent')",
        "A request for this policy, buyer and kind of limit is pending already: open "
        "it instead of asking twice.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_policy_id(self):
        """Propose the policy that would insure a shipment of today."""
        for company, requests in self.grouped("company_id").items():
            buyers = requests.partner_id.commercial_partner_id._origin
            if not company or not buyers:
                continue
            # sudo: which policy applies depends on no right of the user
            found = (
                self.env["credit.insurance.position"]
                .sudo()
                ._get_credit_position(buyers, company)
            )
            for request in requests:
                buyer = request.partner_id.commercial_partner_id._origin
                if not request.policy_id and buyer in found:
                    request.policy_id = found[buyer].policy.sudo(False)

    @api.depends("policy_id", "partner_id", "limit_kind")
    def _compute_previous_id(self):
        lines = self.env["credit.insurance.limit"].search(
            [
                ("policy_id", "in", self.policy_id.ids),
                ("partner_id", "in", self.partner_id._origin.ids),
                ("state", "in", OPEN_STATES),
            ],
            order="date_from, id",
        )
        latest = {
            (line.policy_id.id, line.partner_id.id, line.kind): line for line in lines
        }
        for request in self:
            key = (
                request.policy_id.id,
                request.partner_id._origin.id,
                request.limit_kind,
            )
            request.previous_id = latest.get(key, False)

    @api.depends("previous_id")
    def _compute_request_type(self):
        for request in self:
            if not request.previous_id:
                request.request_type = "new"
            elif request.request_type in (False, "new"):
                request.request_type = "increase"

    @api.depends("policy_id", "previous_id")
    def _compute_currency_id(self):
        for request in self:
            request.currency_id = (
                request.previous_id.currency_id
                or request.policy_id.currency_id
                or request.currency_id
            )

    @api.depends("request_type", "previous_id")
    def _compute_amount(self):
        """A prolongation asks for as much as there is, a cancellation for nothing."""
        for request in self:
            if request.request_type == "cancel":
                request.amount = 0.0
            elif request.request_type == "prolong":
                request.amount = request.previous_id.amount
            else:
                request.amount = request.amount

    @api.depends("partner_id", "request_type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        types = dict(self._fields["request_type"]._description_selection(self.env))
        for request in self:
            if not request.partner_id:
                request.display_name = False
                continue
            request.display_name = self.env._(
                "%(buyer)s: %(request)s",
                buyer=request.partner_id.name or "",
                request=types.get(request.request_type, ""),
            )

    # === CONSTRAINTS === #

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Limits are granted to legal "
            "persons: ask for %(company)s.",
            **names,
        )

    @api.constrains("company_id", "policy_id")
    def _check_policy_company(self):
        for request in self:
            if request.company_id not in request.policy_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s does not insure %(company)s: choose another "
                        "policy.",
                        policy=request.policy_id.display_name,
                        company=request.company_id.name,
                    )
                )

    @api.constrains("request_type", "previous_id", "policy_id", "partner_id")
    def _check_previous(self):
        """A new limit follows none; everything else changes one of this buyer."""
        for request in self:
            line = request.previous_id
            if request.request_type != "new" and not line:
                raise ValidationError(
                    self.env._(
                        "%(buyer)s has no such limit in force under policy %(policy)s: "
                        "ask for a new one.",
                        buyer=request.partner_id.display_name,
                        policy=request.policy_id.display_name,
                    )
                )
            if line and (
                (line.policy_id, line.partner_id, line.kind)
                != (request.policy_id, request.partner_id, request.limit_kind)
            ):
                raise ValidationError(
                    self.env._(
                        "The limit to change is not one of %(buyer)s of this policy "
                        "and kind: choose its own.",
                        buyer=request.partner_id.display_name,
                    )
                )

    @api.constrains("date_from", "date_to", "limit_kind", "request_type", "previous_id")
    def _check_dates(self):
        for request in self:
            start, end = request.date_from, request.date_to
            previous_end = request.previous_id.date_to
            if start and end and end < start:
                message = self.env._(
                    "The limit cannot be needed until %(end)s and only from %(start)s. "
                    "Correct the dates.",
                    end=format_date(self.env, end),
                    start=format_date(self.env, start),
                )
            elif request.request_type == "prolong" and not previous_end:
                message = self.env._(
                    "The limit of %(buyer)s has no end: there is nothing to prolong.",
                    buyer=request.partner_id.display_name,
                )
            elif request.request_type == "prolong" and (not end or end <= previous_end):
                message = self.env._(
                    "The limit of %(buyer)s is in force until %(end)s already: enter a "
                    "later day until which it is needed.",
                    buyer=request.partner_id.display_name,
                    end=format_date(self.env, previous_end),
                )
            else:
                continue
            raise ValidationError(message)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for given in vals_list:
            # defaults of the context or the database decide no more than values do
            vals = {**self.default_get(sorted(SERVER_FIELDS)), **given}
            if vals.get("state", "draft") == "draft":
                vals.pop("state", None)
            self._check_server_fields({name for name in vals if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        """What the insurer was asked stays as it was asked."""
        self._check_server_fields(set(vals))
        if CONTENT & vals.keys():
            for request in self.filtered(lambda each: each.state != "draft"):
                raise UserError(
                    self.env._(
                        "The request for %(buyer)s was sent on %(day)s: it stays as it "
                        "was. Withdraw it and ask anew.",
                        buyer=request.partner_id.display_name,
                        day=format_date(self.env, request.sent_on),
                    )
                )
        return super().write(vals)

    def _check_server_fields(self, names):
        if SERVER_FIELDS & names and not self.env.su:
            raise AccessError(
                self.env._(
                    "When a request was sent and what was answered is recorded by its "
                    "buttons alone."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self):
        for request in self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "The request for %(buyer)s was sent: withdraw it instead of "
                    "deleting it.",
                    buyer=request.partner_id.display_name,
                )
            )
