from odoo import api, fields, models
from odoo.exceptions import UserError

from ..groups import CREDIT_GROUP
from ..ledger.untaxed_share import BILLS


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_is_postponed = fields.Boolean(
        string="Postponed",
        compute="_compute_credit_is_postponed",
        groups=CREDIT_GROUP,
        help="It is due later than at first; the insurer's clock does not know of it.",
    )

    @api.depends("state", "invoice_date_due", "insured_due_date", "amount_residual")
    def _compute_credit_is_postponed(self):
        """Tell whether an open insured invoice is due later than its clock says.

        Postponed, or drawn up anew: a credit note with a new invoice inherits the
        original due date (DOMAIN 1.8).
        """
        for move in self:
            lines = move._credit_postponed_lines() if move.amount_residual else None
            move.credit_is_postponed = bool(lines and move.insurance_policy_id)

    def _credit_postponed_lines(self):
        """Return the open instalments that are due later than the insurer counts."""
        return self.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type in BILLS
                and line.account_type == "asset_receivable"
                and not line.reconciled
                and line.date_maturity
                and line.date_maturity > line._original_due_date()
            )
        )

    def action_request_extension(self):
        """Ask the insurer to prolong what was postponed, until its new due date.

        :raise UserError: if there is nothing to ask for
        """
        self.ensure_one()
        requests = self.env["credit.insurance.extension"]
        for until, lines in (
            self._credit_postponed_lines().grouped("date_maturity").items()
        ):
            requests |= requests._request(lines, until)
        if not requests:
            raise UserError(
                self.env._(
                    "Nothing to ask for: %s is not postponed, or the insurer was asked "
                    "already.",
                    self.name,
                )
            )
        return requests.action_prepare_notices()
