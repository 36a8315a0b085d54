from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..ledger.loss_cause import LOSS_CAUSES

CLAIM_STATES = [
    ("draft", "Draft"),
    ("filed", "Filed"),
    ("waiting", "Waiting Period"),
    ("admitted", "Admitted"),
    ("refused", "Declined"),
    ("paid", "Paid"),
    ("closed", "Closed"),
]
# Written by the buttons and the engine alone.
SERVER_FIELDS = {
    "name",
    "state",
    "filed_on",
    "filed_by",
    "closed_on",
    "is_settled",
    "loss_date",
    "policy_year_id",
    "unpaid_rows",
    "expected_amount",
    "first_loss_left",
    "liability_left",
    "is_liability_limited",
    "claim_threshold",
    "deductible",
    "deductible_before_pct",
    "first_loss_counted",
    "liability_counted",
    "set_aside_receipt_ids",
}
# What decides on which counters a claim uses, and how much of them.
COUNTED_BY = {
    "state",
    "is_settled",
    "insurer_loss_date",
    "insolvency_id",
    "received_on",
    "admitted_amount",
    "paid_amount",
}
# What the insurer was told.
CONTENT = {"company_id", "policy_id", "partner_id", "cause", "notice_id", "line_ids"}
# Such claims ask for nothing any more: their instalments may be claimed anew.
CLAIM_OVER = ("refused", "closed")
# What the insurer answered, and in which states it is entered.
ANSWERS = {
    "insurer_loss_date": ("filed", "waiting"),
    "admitted_amount": ("filed", "waiting"),
    "admitted_on": ("filed", "waiting"),
    "refused_on": ("filed", "waiting", "admitted"),
    "paid_amount": ("admitted",),
    "paid_on": ("admitted",),
}


class CreditInsuranceClaim(models.Model):
    """What is asked of the insurer for a buyer who does not pay.

    A draft is live: it follows the invoices, the limits and the policy year. Once
    filed it stays as it was filed; the loss date may still move, and what comes in
    before it lowers the loss (DOMAIN 1.10, 1.13, 1.14). Amounts are in the policy's
    currency.
    """

    _name = "credit.insurance.claim"
    _description = "Claim on the Insurer"
    _inherit = [
        "credit.insurance.told.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _server_fields = SERVER_FIELDS
    _content = CONTENT

    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    currency_id = fields.Many2one(
        related="policy_id.currency_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    cause = fields.Selection(
        LOSS_CAUSES,
        required=True,
        default="commercial",
        tracking=True,
        help="Commercial: the buyer does not pay. Political: a state prevents it.",
    )
    state = fields.Selection(
        CLAIM_STATES,
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    notice_id = fields.Many2one(
        "credit.insurance.overdue.notice",
        string="Overdue Notice",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('policy_id', '=', policy_id)]",
        help="By which the insurer was told that these invoices are unpaid.",
    )
    insolvency_id = fields.Many2one(
        "credit.insurance.insolvency",
        copy=False,
        ondelete="restrict",
        tracking=True,
        domain="[('partner_id', '=', partner_id)]",
        help="The loss is certain from the judgment on: there is no waiting period.",
    )
    line_ids = fields.One2many("credit.insurance.claim.line", "claim_id")
    recovery_ids = fields.One2many("credit.insurance.recovery", "claim_id")
    filing_deadline = fields.Date(
        string="File By",
        compute="_compute_filing_deadline",
        store=True,
        help="Last day to hand over the earliest of these invoices.",
    )
    filed_on = fields.Date(copy=False, readonly=True, tracking=True)
    filed_by = fields.Many2one("res.users", copy=False, readonly=True)
    received_on = fields.Date(
        string="Received by the Insurer",
        copy=False,
        tracking=True,
        help="The waiting period is counted from it where the policy counts from the "
        "receipt of the file; without it, from the day of filing.",
    )
    insurer_ref = fields.Char(
        string="Insurer's Reference", copy=False, help="Number of the case."
    )
    loss_date = fields.Date(
        compute="_compute_loss_date",
        store=True,
        copy=False,
        tracking=True,
        help="The day that the insurer says, else that of the judgment, else the end "
        "of the waiting period.",
    )
    insurer_loss_date = fields.Date(
        string="Loss Date by the Insurer",
        copy=False,
        tracking=True,
        help="If the insurer counts from another day than the judgment or the end of "
        "the waiting period. It holds whatever else is recorded.",
    )
    payment_expected_on = fields.Date(
        compute="_compute_payment_expected_on",
        store=True,
        help="The loss date and the insurer's time to pay.",
    )
    policy_year_id = fields.Many2one(
        "credit.insurance.policy.year",
        compute="_compute_policy_year_id",
        store=True,
        index=True,
        help="Whose first loss and maximum liability the claim uses.",
    )
    admitted_amount = fields.Monetary(
        string="Indemnity Admitted",
        copy=False,
        tracking=True,
        help="What the insurer accepts to pay, as its letter says.",
    )
    admitted_on = fields.Date(
        copy=False, tracking=True, help="Day of the insurer's answer."
    )
    paid_amount = fields.Monetary(string="Indemnity Paid", copy=False, tracking=True)
    paid_on = fields.Date(copy=False, tracking=True)
    refused_on = fields.Date(
        copy=False, tracking=True, help="Day of the insurer's answer."
    )
    refusal_reason = fields.Text(copy=False, help="What the insurer wrote.")
    closed_on = fields.Date(readonly=True, copy=False)
    note = fields.Text(help="Why the buyer does not pay, what was tried.")
    is_settled = fields.Boolean(
        readonly=True, copy=False, help="Closed without an indemnity."
    )

    # no computed fields: the counters of the year, which drafts follow, rest on them
    first_loss_counted = fields.Monetary(
        string="Counted Against the First Loss",
        readonly=True,
        copy=False,
        help="What of this claim used up the first loss.",
    )
    liability_counted = fields.Monetary(
        string="Counted Against the Liability",
        readonly=True,
        copy=False,
        help="What of this claim used up the maximum liability.",
    )

    _amounts_positive = models.Constraint(
        "CHECK(admitted_amount >= 0 AND paid_amount >= 0)",
        "What the insurer admits or pays is not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for claim in self:
            if not claim.partner_id:
                claim.display_name = False
                continue
            claim.display_name = self.env._(
                "%(number)s: %(buyer)s",
                number=claim._number_or_draft(),
                buyer=claim.partner_id.display_name,
            )

    @api.depends("line_ids.collection_deadline")
    def _compute_filing_deadline(self):
        for claim in self:
            days = claim.line_ids.mapped("collection_deadline")
            claim.filing_deadline = min(filter(None, days), default=False)

    @api.depends(
        "policy_id",
        "cause",
        "insolvency_id",
        "filed_on",
        "received_on",
        "insurer_loss_date",
        "line_ids.due_date",
        "line_ids.mep_end",
    )
    def _compute_loss_date(self):
        """The day from which the loss is certain, in calendar days (DOMAIN 1.10).

        Where the waiting period counts from due dates, from the oldest instalment's.
        """
        for claim in self:
            if claim.insurer_loss_date:
                claim.loss_date = claim.insurer_loss_date
                continue
            policy = claim.policy_id
            if claim.insolvency_id:
                start = claim.insolvency_id.judgment_date
                days = policy.insolvency_waiting_days
            else:
                start = claim._waiting_start(claim.received_on or claim.filed_on)
                days = policy._waiting_days(claim.cause) if policy else 0
            claim.loss_date = fields.Date.add(start, days=days) if start else False

    def _waiting_start(self, received):
        """Return the day from which the waiting period counts, False if unknown."""
        base = self.policy_id.waiting_base
        if base in ("due_date", "mep_end"):
            return min(filter(None, self.line_ids.mapped(base)), default=False)
        return received

    @api.depends("loss_date", "policy_id")
    def _compute_payment_expected_on(self):
        for claim in self:
            claim.payment_expected_on = claim.loss_date and fields.Date.add(
                claim.loss_date, days=claim.policy_id.claim_payment_days
            )

    @api.depends("policy_id", "loss_date", "line_ids.shipment_date")
    def _compute_policy_year_id(self):
        """The year of the shipments or of the loss, as the policy says (1.11).

        A draft whose loss date is open counts as if it were received today.
        """
        for claim in self:
            policy = claim.policy_id
            if policy.claim_year_base == "shipment":
                days = claim.line_ids.mapped("shipment_date")
                day = min(filter(None, days), default=False)
            else:
                today = claim.company_id._credit_today()
                waiting = policy._waiting_days(claim.cause) if policy else 0
                day = claim.loss_date or fields.Date.add(today, days=waiting)
            claim.policy_year_id = policy._year_of(day) if policy else False

    # === CRUD === #

    def write(self, vals):
        """Entries follow the answers, and the year's counters what decides on them."""
        self._check_answers(vals)
        if not COUNTED_BY & vals.keys():
            return super().write(vals)
        years = {claim: claim.policy_year_id for claim in self}
        counting = self.filtered(lambda claim: claim.state != "draft")
        # sudo: the years' rows, before the claims', as declaring does
        counting.sudo().policy_year_id._write_first()
        filed = counting.filtered("filed_on") if "filed_on" not in vals else self[:0]
        days = {claim: claim._listed_day() for claim in filed}
        result = super().write(vals)
        filed._check_listed_day(days)
        # sudo: nobody writes the counters; they are of the year that the loss is of now
        for claim in self.sudo():
            if claim._is_counting() and years[claim] != claim.policy_year_id:
                claim.first_loss_counted = claim.liability_counted = 0.0
                claim._take_counters()
        self.sudo()._count()  # sudo: as above
        return result

    def _listed_day(self):
        """Return the day as of which a filed claim lists what is owed."""
        return min(self.loss_date or self.filed_on, self.filed_on)

    def _check_listed_day(self, days):
        """Check that losses have not moved before what their claims list.

        :param days: {claim: the day as of which it lists what is owed}
        """
        for claim, day in days.items():
            if claim._listed_day() != day:
                raise UserError(
                    self.env._(
                        "%(claim)s lists what was owed on %(day)s: of a loss on "
                        "%(loss)s another sum is claimed. Close it, then prepare and "
                        "file a new one.",
                        claim=claim.display_name,
                        day=format_date(self.env, day),
                        loss=format_date(self.env, claim.loss_date or claim.filed_on),
                    )
                )

    def _check_answers(self, vals):
        """Entries follow what the insurer answered: it stays as it was recorded."""
        for name in ANSWERS.keys() & vals.keys():
            late = self.filtered(
                lambda claim, name=name: claim.state not in ANSWERS[name]
            )
            if late and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(claim)s: what was admitted is entered while the insurer "
                        "decides, what was paid once it has admitted the claim, a "
                        "refusal before it has paid.",
                        claim=late[0].display_name,
                    )
                )

    def _server_refusal(self):
        return self.env._(
            "State, number and figures of a claim are recorded by its buttons alone."
        )

    def _check_draft(self):
        if self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "A claim stays as it was filed. Record what the insurer answers "
                    "with its buttons."
                )
            )

    def unlink(self):
        """Take the lines off their invoices, too."""
        self._unlink_drafts_alone()
        self.line_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self):
        if filed := self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "%s was filed: close it instead of deleting it.",
                    filed[0].display_name,
                )
            )
