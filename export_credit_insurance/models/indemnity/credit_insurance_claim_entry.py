from odoo import api, fields, models

CLAIM_EVENTS = [
    ("doubtful", "Doubtful Debt"),
    ("provision", "Allowance at Closing"),
    ("admitted", "Indemnity Admitted"),
    ("paid", "Indemnity Paid"),
    ("refused", "Refused after Admission"),
    ("recovery", "Insurer's Part of a Recovery"),
    ("write_off", "Written Off"),
]


class CreditInsuranceClaimEntry(models.Model):
    """Which journal entry was prepared for which event of a claim.

    Written by the server alone, one per event: the indexes are the last word on *never
    twice*. An entry that is deleted, cancelled or reversed may be prepared anew.
    """

    _name = "credit.insurance.claim.entry"
    _description = "Journal Entry of a Claim"
    _order = "date, id"
    _rec_name = "event"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True)
    event = fields.Selection(CLAIM_EVENTS, "Entry For", required=True)
    recovery_id = fields.Many2one(
        "credit.insurance.recovery", index="btree_not_null", ondelete="restrict"
    )
    date = fields.Date(required=True)
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [("draft", "To Review"), ("posted", "Posted"), ("cancel", "Called Off")],
        compute="_compute_move_facts",
    )
    amount = fields.Monetary(compute="_compute_move_facts")
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_cancelled = fields.Boolean(default=False)

    _once = models.UniqueIndex(
        "(claim_id, event) WHERE event NOT IN ('provision', 'recovery')"
        " AND is_cancelled IS NOT TRUE",
        "This event of the claim has its entry already.",
    )
    _once_per_closing = models.UniqueIndex(
        "(claim_id, date) WHERE event = 'provision' AND is_cancelled IS NOT TRUE",
        "The allowance of this claim was prepared for this closing already.",
    )
    _once_per_recovery = models.UniqueIndex(
        "(recovery_id) WHERE event = 'recovery' AND is_cancelled IS NOT TRUE",
        "The insurer's part of this recovery has its entry already.",
    )

    @api.depends("move_id.state", "move_id.line_ids.debit")
    def _compute_move_facts(self):
        # sudo: state and sum, for controllers who read no entries
        for entry in self.sudo():
            entry.state = entry.move_id.state
            entry.amount = sum(entry.move_id.line_ids.mapped("debit"))

    def action_open_move(self):
        """Open the journal entry, for whoever may read entries."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def _forget_cancelled(self):
        """Let events whose entry was cancelled have another; the row stays.

        One that the accountant has reversed is as good as cancelled.
        """
        own = self.claim_id.entry_ids.move_id
        cancelled = self.filtered(
            lambda entry: (
                entry.move_id.state == "cancel"
                or any(
                    move.state == "posted"
                    for move in entry.move_id.reversal_move_ids - own
                )
            )
        )
        cancelled.is_cancelled = True
        cancelled.flush_recordset(["is_cancelled"])  # before the next is inserted
        return self - cancelled
