from odoo import api, fields, models
from odoo.exceptions import UserError

CATEGORIES = [
    ("price", "Price or Discount"),
    ("quantity", "Quantity"),
    ("quality", "Quality"),
    ("damage", "Damaged in Transit"),
    ("late", "Delivered Late"),
    ("not_ordered", "Not Ordered or Not Received"),
    ("invoice", "Error on the Invoice"),
    ("paid", "Said to Be Paid"),
    ("other", "Other"),
]
OUTCOMES = [
    ("credited", "Credit Note"),
    ("partly", "Partly Credited"),
    ("upheld", "Due as Invoiced"),
    ("withdrawn", "Withdrawn by the Buyer"),
    ("judged", "Judged"),
]
#: what no longer changes once a dispute is settled
GIVEN_FIELDS = {"move_id", "amount", "category", "date", "outcome"}


class CreditFollowupDispute(models.Model):
    """An amount of an invoice that the buyer contests, and what came of it.

    The open disputes of an invoice make its disputed amount, a fact of the ledger:
    that amount leaves follow-up, stays in the exposure, is not insured until it is
    settled; the rest is reminded (DESIGN 4).
    """

    _name = "credit.followup.dispute"
    _description = "Dispute"
    _inherit = [
        "credit.insurance.server.fields.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _writes_to_buyer = True
    _server_fields = frozenset({"state", "settled_on", "settled_by"})
    _order = "date desc, id desc"

    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
        ],
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Buyer", store=True, index=True
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="move_id.currency_id", store=True)
    amount = fields.Monetary(
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Tax included, in the invoice's currency.",
    )
    category = fields.Selection(CATEGORIES, required=True, default="other")
    description = fields.Text(help="What the buyer says.")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Who sees that it is settled.",
    )
    state = fields.Selection(
        [("open", "Open"), ("settled", "Settled")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    outcome = fields.Selection(OUTCOMES, copy=False, tracking=True)
    settled_on = fields.Date(readonly=True, copy=False)
    settled_by = fields.Many2one("res.users", readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A disputed amount must be positive."
    )

    @api.depends("move_id")
    def _compute_amount(self):
        """Propose what is still open of the invoice."""
        for dispute in self:
            if not dispute.amount:
                # sudo: what is open, for credit users who read no invoices
                dispute.amount = dispute.move_id.sudo().amount_residual

    @api.depends("move_id", "amount", "currency_id")
    def _compute_display_name(self):
        for dispute in self:
            if not dispute.move_id:
                dispute.display_name = False
                continue
            # sudo: the invoice's name alone, as above
            dispute.display_name = self.env._(
                "%(invoice)s: %(amount)s disputed",
                invoice=dispute.move_id.sudo().display_name or "",
                amount=dispute.currency_id.format(dispute.amount)
                if dispute.currency_id
                else "",
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        disputes = super().create(vals_list)
        disputes._write_disputed()
        return disputes

    def write(self, vals):
        # EXTENDS 'mail': a settled dispute is history
        if not self.env.su and GIVEN_FIELDS & vals.keys():
            if self.filtered(lambda dispute: dispute.state == "settled"):
                raise UserError(self.env._("This dispute is settled: record another."))
        moves = self.move_id
        res = super().write(vals)
        if {"amount", "move_id", "state"} & vals.keys():
            (self | moves.credit_dispute_ids)._write_disputed(moves)
        return res

    def _server_refusal(self):
        # EXTENDS 'credit.insurance.server.fields.mixin'
        return self.env._("A dispute is settled and opened again by its buttons.")

    def unlink(self):
        # EXTENDS 'mail'
        moves = self.move_id
        res = super().unlink()
        self._write_disputed(moves)
        return res

    def _write_disputed(self, moves=None):
        """Write the sum of open disputes on their invoices, a fact of the ledger."""
        # sudo: whoever settles disputes need not write invoices
        moves = (moves or self.env["account.move"]) | self.exists().move_id
        groups = self.sudo()._read_group(
            [("move_id", "in", moves.ids), ("state", "=", "open")],
            ["move_id"],
            ["amount:sum"],
        )
        amounts = {move.id: amount for move, amount in groups}
        for move in moves.sudo():
            move.credit_dispute_amount = amounts.get(move.id, 0.0)

    # === ACTIONS === #

    def action_settle(self):
        """Settle with the outcome entered: what is left is followed up again."""
        self.check_access("write")
        for dispute in self:
            if not dispute.outcome:
                raise UserError(
                    self.env._(
                        "%(dispute)s: choose the outcome first.",
                        dispute=dispute.display_name,
                    )
                )
            dispute.sudo().write(  # sudo: the state is the server's, see above
                {
                    "state": "settled",
                    "settled_on": dispute.company_id._credit_today(),
                    "settled_by": self.env.uid,
                }
            )
        return True

    def action_reopen(self):
        self.check_access("write")
        self.sudo().write(  # sudo: as above
            {
                "state": "open",
                "outcome": False,
                "settled_on": False,
                "settled_by": False,
            }
        )
        return True
