from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    credit_original_due_date = fields.Date(
        string="Instalment's Original Due Date",
        copy=False,
        readonly=True,
        groups="export_credit_insurance.group_credit_user",
        help="Kept when the due date of a posted instalment is changed by hand.",
    )
    credit_not_exposure = fields.Boolean(
        string="Kept Out of the Exposure",
        copy=False,
        readonly=True,
        groups="export_credit_insurance.group_credit_user",
        help="Sold to a factor who bears the loss, or an entry of a claim that moves a "
        "debt within the books: neither exposure nor insured.",
    )

    # the account first: bank items name partners too, and stay open for ever
    _credit_open_item_idx = models.Index(
        "(account_id, partner_id) WHERE parent_state = 'posted' "
        "AND reconciled IS NOT TRUE AND amount_residual_currency <> 0"
    )

    def _original_due_date(self):
        """Return the day the instalment was due at first; the engine's SQL does so too.

        Where the whole invoice was postponed, its instalments were by as many days.
        """
        self.ensure_one()
        if self.credit_original_due_date:
            return self.credit_original_due_date
        move = self.move_id
        if not self.date_maturity or not move.insured_due_date:
            return self.date_maturity or move.date
        postponed = move.invoice_date_due - move.insured_due_date
        return self.date_maturity - max(postponed, timedelta())

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account': nobody keeps a debt out of the exposure by hand
        given = any("credit_not_exposure" in vals for vals in vals_list)
        if given or "default_credit_not_exposure" in self.env.context:
            self._check_mark_of_server()
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'account': the insurer's clock keeps the original due date
        if "credit_original_due_date" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The original due date stays as it was. Record what the insurer "
                    "agreed to as an extension instead."
                )
            )
        if "credit_not_exposure" in vals:
            self._check_mark_of_server()
        if vals.get("date_maturity"):
            for line in self.sudo():  # fact of the ledger, kept whoever edits
                if (
                    line.parent_state == "posted"
                    and line.account_type == "asset_receivable"
                    and line.date_maturity
                    and not line.credit_original_due_date
                ):
                    line.credit_original_due_date = line.date_maturity
        return super().write(vals)

    def _check_mark_of_server(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "What was sold to a factor is what its record says: record the "
                    "sale, or that the invoice was handed back."
                )
            )
