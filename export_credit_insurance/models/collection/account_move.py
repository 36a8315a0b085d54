from odoo import fields, models
from odoo.exceptions import AccessError

from ..groups import CREDIT_GROUP

SERVER_FIELDS = {"credit_followup_step_id", "credit_followup_next_date"}


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_followup_step_id = fields.Many2one(
        "credit.followup.step",
        string="Follow-up Step",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups=CREDIT_GROUP,
        help="The last step that was taken.",
    )
    credit_followup_next_date = fields.Date(
        string="Next Follow-up",
        copy=False,
        readonly=True,
        groups=CREDIT_GROUP,
        help="The day of the next step; brought up to date each night.",
    )
    credit_dispute_ids = fields.One2many(
        "credit.followup.dispute",
        "move_id",
        string="Disputes",
        groups=CREDIT_GROUP,
    )

    def action_record_dispute(self):
        """Open a new dispute about this invoice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispute"),
            "res_model": "credit.followup.dispute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def action_record_promise(self):
        """Open a new promise about what is open on these invoices."""
        self.check_access("read")
        lines = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return self.env["credit.followup.promise"]._open_new(
            self.commercial_partner_id[:1], lines
        )

    def write(self, vals):
        # EXTENDS 'account': the step reached is what was sent, nobody's to write
        if SERVER_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("The step of an invoice is written by follow-up alone.")
            )
        return super().write(vals)
