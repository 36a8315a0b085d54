from odoo import fields, models
from odoo.exceptions import AccessError

from ..groups import CREDIT_GROUP
from .credit_insurance_claim import CLAIM_OVER


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_claim_id = fields.Many2one(
        "credit.insurance.claim",
        string="Insurance Claim",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=CREDIT_GROUP,
        help="The claim on the insurer that lists the invoice.",
    )

    def _set_credit_claim(self):
        """Name the claim that lists the invoices: alive, else paid, else the latest."""
        # sudo: claims are written by controllers, who write no invoices
        moves = self.sudo()
        lines = moves.env["credit.insurance.claim.line"].search(
            [("move_line_id.move_id", "in", moves.ids)]
        )
        latest = {}
        for line in lines.sorted(
            lambda line: (
                line.state not in CLAIM_OVER,
                line.claim_id.paid_amount > 0,
                line.id,
            )
        ):
            latest[line.move_id] = line.claim_id
        nothing = moves.env["credit.insurance.claim"]
        # as computed fields are: one UPDATE, without the checks of entries per invoice
        with self.env.protecting([self._fields["credit_claim_id"]], moves):
            for move in moves:
                move.credit_claim_id = latest.get(move, nothing)

    def write(self, vals):
        # EXTENDS 'account': which claim lists an invoice is read from the claim
        if "credit_claim_id" in vals and not self.env.su:
            raise AccessError(
                self.env._("The claim of an invoice is written by claims alone.")
            )
        return super().write(vals)
