from odoo import api, fields, models
from odoo.exceptions import UserError

from ..groups import CREDIT_GROUP
from .untaxed_share import BILLS


class AccountMove(models.Model):
    """Whether an invoice is sold to a factor, and to whom."""

    _inherit = "account.move"

    credit_assignment_ids = fields.One2many(
        "credit.insurance.assignment", "move_id", copy=False, groups=CREDIT_GROUP
    )
    credit_assignment_id = fields.Many2one(
        "credit.insurance.assignment",
        string="Sold To",
        compute="_compute_credit_assignment_id",
        groups=CREDIT_GROUP,
        help="The factor that this invoice is sold to now.",
    )

    @api.depends("credit_assignment_ids.date_end")
    def _compute_credit_assignment_id(self):
        factors = self.env["credit.insurance.assignment"]._get_factors(self)
        for move in self:
            move.credit_assignment_id = factors.get(move._origin, False)

    def button_draft(self):
        # EXTENDS 'account': its instalments may be made anew, without the mark
        self.check_access("write")  # before anything is said of it
        # sudo: a fact of the ledger, whoever edits the invoice
        invoices = self.sudo().filtered(lambda move: move.move_type in BILLS)
        sold = invoices.line_ids.filtered("credit_not_exposure").move_id
        if sold:
            raise UserError(
                self.env._(
                    "%(invoice)s is sold to a factor without recourse and cannot go "
                    "back to draft. Record that it was handed back first.",
                    invoice=sold[0].name,
                )
            )
        return super().button_draft()

    def action_credit_record_sale(self):
        """Open the dialogue that records the sale of these invoices to a factor."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sold to a Factor"),
            "res_model": "credit.insurance.assignment.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_ids": self.ids},
        }
