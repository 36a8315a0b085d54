from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contract.credit_insurance_policy_claim import RECOVERY_METHODS
from .claim_recovery import insurer_oldest_first, insurer_pro_rata

SERVER_FIELDS = {
    "state",
    "settled_amount",
    "net_amount",
    "insurer_amount",
    "own_amount",
    "is_before_loss",
    "receipt_id",
}
# What the insurer was told.
CONTENT = {
    "claim_id",
    "date",
    "gross_amount",
    "costs",
    "currency_id",
    "method",
}


class CreditInsuranceRecovery(models.Model):
    """Money that came in on a claim, shared with the insurer (DOMAIN 1.14).

    Before the loss it settles the oldest debt and lowers the loss; after it, what is
    left of it after the costs is shared as the policy says. All that the buyer paid
    settles debts, costs included. The insurer never gets more than its indemnity.
    Shares are in the policy's currency.
    """

    _name = "credit.insurance.recovery"
    _description = "Recovery on a Claim"
    _inherit = "credit.insurance.server.fields.mixin"
    _order = "date, id"
    _rec_name = "claim_id"
    _server_fields = SERVER_FIELDS

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="claim_id.partner_id", store=True, precompute=True
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    gross_amount = fields.Monetary(
        string="Received",
        required=True,
        help="What came in, before the costs of collection.",
    )
    costs = fields.Monetary(
        string="Costs of Collection", help="Lawyers, courts, agencies; taken off first."
    )
    method = fields.Selection(
        RECOVERY_METHODS,
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How the policy shares what comes in after the loss.",
    )
    is_before_loss = fields.Boolean(
        string="Before the Loss",
        compute="_compute_is_before_loss",
        store=True,
        help="Received before the loss date: it lowers the loss instead of being "
        "shared.",
    )
    receipt_id = fields.Many2one(
        "account.move.line",
        string="Receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The money in the books that this recovery was proposed for.",
    )
    claim_currency_id = fields.Many2one(
        related="claim_id.currency_id", string="Policy's Currency"
    )
    settled_amount = fields.Monetary(
        string="Settles",
        compute="_compute_amounts",
        store=True,
        currency_field="claim_currency_id",
        help="What it settles of the debt: all that came in, costs included, at the "
        "rate of that day.",
    )
    net_amount = fields.Monetary(
        string="Net",
        compute="_compute_amounts",
        store=True,
        currency_field="claim_currency_id",
        help="Less the costs, at the rate of the day it came in.",
    )
    insurer_amount = fields.Monetary(
        string="Insurer's Share",
        compute="_compute_shares",
        store=True,
        currency_field="claim_currency_id",
        help="What goes to the insurer, at its percentage of the loss.",
    )
    own_amount = fields.Monetary(
        string="Kept by Us",
        compute="_compute_shares",
        store=True,
        currency_field="claim_currency_id",
        help="What you keep, for the part of the loss that you bore.",
    )
    state = fields.Selection(
        [
            ("draft", "To Declare"),
            ("declared", "Declared"),
            ("paid_over", "Paid Over"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )

    _receipt_once = models.UniqueIndex(
        "(claim_id, receipt_id)",
        "This receipt is a recovery on the claim already.",
    )

    _amounts_in_order = models.Constraint(
        "CHECK(gross_amount > 0 AND costs >= 0 AND costs <= gross_amount)",
        "The amount received must be positive and not less than the costs.",
    )

    @api.depends("claim_id")
    def _compute_terms(self):
        """Propose the policy's currency and its way of sharing."""
        for recovery in self:
            policy = recovery.claim_id.policy_id
            recovery.currency_id = recovery.currency_id or policy.currency_id
            recovery.method = recovery.method or policy.recovery_method

    @api.depends("date", "claim_id.loss_date")
    def _compute_is_before_loss(self):
        """Until the loss date, that day included, as the books have what was owed on
        it; while it is open nothing is lost yet."""
        for recovery in self.filtered(lambda each: each.state == "draft"):
            loss_date = recovery.claim_id.loss_date
            recovery.is_before_loss = not loss_date or recovery.date <= loss_date

    @api.depends("gross_amount", "costs", "currency_id", "date", "claim_id")
    def _compute_amounts(self):
        """The buyer has paid all of it; what is shared is what the costs leave."""
        for recovery in self:
            gross, net = recovery.gross_amount, recovery.gross_amount - recovery.costs
            recovery.settled_amount = recovery._in_claim_currency(gross)
            recovery.net_amount = recovery._in_claim_currency(net)

    def _in_claim_currency(self, amount):
        claim = self.claim_id
        own = claim.currency_id
        if own and self.currency_id and self.currency_id != own:
            amount = self.currency_id._convert(amount, own, claim.company_id, self.date)
        return own.round(amount) if own else amount

    @api.depends(
        "net_amount",
        "method",
        "is_before_loss",
        "claim_id.state",
        "claim_id.covered_amount",
        "claim_id.expected_amount",
        "claim_id.admitted_amount",
        "claim_id.paid_amount",
        "claim_id.recovery_ids.net_amount",
        "claim_id.recovery_ids.settled_amount",
        "claim_id.recovery_ids.date",
        "claim_id.recovery_ids.is_before_loss",
        "claim_id.recovery_ids.method",
    )
    def _compute_shares(self):
        """Share what came in after the loss; what was declared stays as it was."""
        for claim, recoveries in self.grouped("claim_id").items():
            shares = claim._recovery_shares()
            for recovery in recoveries:
                if recovery.state != "draft":
                    continue
                insurer = shares.get(recovery._origin.id or recovery.id, 0.0)
                recovery.insurer_amount = insurer
                recovery.own_amount = claim._rounded(recovery.net_amount - insurer)

    # === ACTIONS === #

    def action_declare(self):
        """Record that the insurer was told of it."""
        self._advance("draft", "declared")
        return True

    def action_pay_over(self):
        """Record that the insurer's share was paid over."""
        self._advance("declared", "paid_over")
        return True

    def _advance(self, before, after):
        self.check_access("write")
        for recovery in self:
            if recovery.state != before:
                raise UserError(
                    self.env._(
                        "The recovery of %(amount)s is no longer, or not yet, at this "
                        "step: declare it first, then pay the insurer's share over.",
                        amount=recovery.currency_id.format(recovery.gross_amount),
                    )
                )
        self.flush_recordset()  # the shares of this moment stay
        self.sudo().state = after  # sudo: nobody else writes it

    # === CRUD === #

    def write(self, vals):
        """What was declared stays as it was declared."""
        self._check_server_fields(vals)
        self.check_access("write")
        if CONTENT & vals.keys():
            self._check_draft()
        self._write_years_first(self.claim_id)
        result = super().write(vals)
        self.sudo().claim_id._count()  # sudo: the counters, which nobody writes
        return result

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        claims = self.env["credit.insurance.claim"].browse(
            {vals["claim_id"] for vals in vals_list if vals.get("claim_id")}
        )
        self._write_years_first(claims)
        recoveries = super().create(vals_list)
        recoveries._check_filed()
        recoveries.sudo().claim_id._count()  # sudo: as above
        return recoveries

    def unlink(self):
        """A receipt that was proposed and is deleted is not proposed again."""
        self.check_access("unlink")
        claims = self.sudo().claim_id  # sudo: as above
        proposed = self.sudo().filtered("receipt_id").grouped("claim_id")
        receipts = {claim: own.receipt_id for claim, own in proposed.items()}
        self._write_years_first(claims)
        result = super().unlink()
        for claim, own in receipts.items():
            claim.set_aside_receipt_ids |= own
        claims._count()
        return result

    def _server_refusal(self):
        return self.env._("State and shares of a recovery are computed and recorded.")

    @api.model
    def _write_years_first(self, claims):
        """Write the years' rows before the claims', as declaring does: none waits for
        a row that the other one holds."""
        claims.sudo().policy_year_id._write_first()  # sudo: the contract's rows

    def _check_filed(self):
        """What comes in before the loss lowers what is owed, in the books."""
        if drafts := self.claim_id.filtered(lambda claim: claim.state == "draft"):
            raise UserError(
                self.env._(
                    "%(claim)s is not filed yet: book what came in as a payment of the "
                    "buyer. The claim lists what was owed on the day of the loss; once "
                    "it is filed, enter here what came in after that day.",
                    claim=drafts[0].display_name,
                )
            )

    def _check_draft(self):
        if self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._("A recovery stays as it was declared: record another one.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self):
        self._check_draft()


class CreditInsuranceClaim(models.Model):
    _inherit = "credit.insurance.claim"

    def _recovery_shares(self):
        """Return {recovery id: the insurer's share}, in the order they came in.

        Of a recovery before the loss the insurer gets nothing; after it no more than
        it pays. What was declared counts as it was declared.
        """
        self.ensure_one()
        debts = self.line_ids._as_debts()
        due = self._indemnity_due()
        settled, given, shares = 0.0, 0.0, {}
        early = self._settled_before_loss()
        for recovery in self.recovery_ids.sorted(
            lambda each: (each.date, each._origin.id or 0)
        ):
            gross, net, share = recovery.settled_amount, recovery.net_amount, 0.0
            if recovery.state != "draft":
                share = recovery.insurer_amount
            elif not recovery.is_before_loss:
                share = (
                    insurer_oldest_first(gross, settled, debts, net)
                    if recovery.method == "fifo"
                    else insurer_pro_rata(net, debts, early)
                )
                share = self._rounded(max(min(share, due - given), 0.0))
            settled += gross
            given += share
            shares[recovery._origin.id or recovery.id] = share
        return shares

    def _settled_before_loss(self):
        """Return what of the debt was settled before the loss."""
        before = self.recovery_ids.filtered("is_before_loss")
        return sum(before.mapped("settled_amount"))
