from odoo import api, fields, models

from ..groups import CREDIT_GROUP
from .loss_cause import LOSS_CAUSES
from .untaxed_share import BILLS


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_loss_cause = fields.Selection(
        LOSS_CAUSES,
        string="Cause Proposed",
        compute="_compute_credit_loss_cause",
        groups=CREDIT_GROUP,
        help="Why the invoice is overdue, as the events of the buyer's country and its "
        "insolvency speak for it: policies insure the two causes differently.",
    )
    credit_loss_cause_explained = fields.Char(
        string="Why This Cause",
        compute="_compute_credit_loss_cause",
        groups=CREDIT_GROUP,
    )

    @api.depends("insured_due_date", "amount_residual", "state", "move_type")
    @api.depends_context("lang")
    def _compute_credit_loss_cause(self):
        Partner = self.env["res.partner"]
        open_invoices = self.filtered(
            lambda move: move.state == "posted"
            and move.move_type in BILLS
            and move.amount_residual
        )
        causes = {}
        for company, moves in open_invoices.grouped("company_id").items():
            causes |= Partner._credit_loss_causes(
                {
                    move: (move.commercial_partner_id, move.insured_due_date)
                    for move in moves
                },
                company._credit_today(),
            )
        for move in self:
            found = causes.get(move)
            move.credit_loss_cause = found and found.cause
            move.credit_loss_cause_explained = found and Partner._explain_loss_cause(
                found
            )
