from odoo import fields, models
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

    _credit_open_item_idx = models.Index(
        "(partner_id, account_id) WHERE parent_state = 'posted' "
        "AND reconciled IS NOT TRUE AND amount_residual_currency <> 0"
    )

    def write(self, vals):
        # EXTENDS 'account': the insurer's clock keeps the original due date
        if "credit_original_due_date" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The original due date stays as it was. Record the insurer's "
                    "agreement on the cover stop instead."
                )
            )
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
