from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

LINE_STATES = [
    ("pending", "Prepared"),
    ("taken", "Taken"),
    ("dropped", "Left Out"),
]


class CreditFollowupReminderLine(models.Model):
    """One instalment in one reminder, and the step it takes with it.

    The unique indexes are the last word on *never twice*: whatever crashes or runs at
    the same time, an instalment takes a step once, and is in one reminder at a time.
    """

    _name = "credit.followup.reminder.line"
    _description = "Instalment of a Reminder"
    # not by reminder first: that would join all reminders whenever lines are read
    _order = "due_date, id"

    reminder_id = fields.Many2one(
        "credit.followup.reminder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Instalment", index=True, ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "credit.followup.step", required=True, index=True, ondelete="restrict"
    )
    # no index: nearly all are taken; what waits has the partial one below
    state = fields.Selection(LINE_STATES, required=True, default="pending")
    is_skipped = fields.Boolean(
        string="Left Out With Its Reminder",
        help="It was listed when the whole reminder was skipped, and is listed again "
        "when that is taken back.",
    )
    date = fields.Date(string="Taken On")
    due_date = fields.Date()
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(
        string="Asked For", help="Open at that time, less what was disputed."
    )
    disputed_amount = fields.Monetary(string="Disputed")
    interest_amount = fields.Monetary(string="Interest")
    fee_amount = fields.Monetary(string="Fixed Fee")
    is_overdue = fields.Boolean(string="Overdue")
    is_accelerated = fields.Boolean(
        string="Early",
        help="Taken before its day: cover is about to stop, or the limit was cut.",
    )

    _step_once = models.UniqueIndex(
        "(move_line_id, step_id) WHERE state <> 'dropped'",
        "This instalment has had this step of follow-up already.",
    )
    _one_pending = models.UniqueIndex(
        "(move_line_id) WHERE state = 'pending'",
        "This instalment is in another reminder that waits to be sent.",
    )

    def action_exclude(self):
        """Take the instalments out of their reminders, before these are sent."""
        self._check_open()
        # sudo: lines have no write access; the check above is the access
        lines = self.sudo().filtered(lambda line: line.state == "pending")
        lines.state = "dropped"
        # another instalment of the invoice may carry its fixed fee now
        lines.reminder_id._refresh_claims()
        lines.reminder_id._skip_empty("excluded")
        return True

    def action_include(self):
        """Take excluded instalments back in."""
        self._check_open()
        # sudo: as above
        lines = self.sudo().filtered(lambda line: line.state == "dropped")
        lines._check_due()
        lines.state = "pending"
        lines.reminder_id._refresh_claims()
        return True

    def _check_due(self):
        """Keep what is not overdue out of formal notices (DOMAIN 3.4)."""
        for line in self:
            if line.reminder_id.text_step_id.is_formal_notice and not line.is_overdue:
                raise UserError(
                    self.env._(
                        "A formal notice speaks of overdue invoices alone: "
                        "%(invoice)s is due on %(day)s and waits for another reminder.",
                        invoice=line.display_name,
                        day=format_date(self.env, line.due_date),
                    )
                )

    def _withdraw(self, reason):
        """Take instalments out of what waits to be sent, since they are settled."""
        if not self:
            return
        self.reminder_id._lock_in_order()
        self.state = "dropped"
        waiting = self.reminder_id.filtered(
            lambda r: r.state in ("draft", "queued", "failed")
        )
        waiting._refresh_amounts()
        waiting._skip_empty(reason)

    def _check_open(self):
        if not self.env["credit.followup.run"].has_access("create"):
            raise AccessError(
                self.env._("Only who runs follow-up changes what a reminder lists.")
            )
        self.check_access("read")
        if self.reminder_id.filtered(lambda r: r.state not in ("draft", "failed")):
            raise UserError(
                self.env._("These reminders have left already: nothing can be changed.")
            )

    @api.depends("move_id", "step_id")
    def _compute_display_name(self):
        for line in self:
            # sudo: the invoice's name alone, for credit users who read no invoices
            line.display_name = line.move_id.sudo().display_name
