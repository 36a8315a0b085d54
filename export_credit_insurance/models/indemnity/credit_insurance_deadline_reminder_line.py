from odoo import fields, models

from .credit_insurance_deadline import URGENCIES


class CreditInsuranceDeadlineReminderLine(models.Model):
    """One deadline of one instalment that came near, or was missed."""

    _name = "credit.insurance.deadline.reminder.line"
    _description = "Deadline Reminded Of"
    _order = "deadline desc, id desc"

    reminder_id = fields.Many2one(
        "credit.insurance.deadline.reminder",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="reminder_id.company_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        index=True,
        readonly=True,
        ondelete="cascade",
        help="Empty: it concerns the buyer, of whom nothing is open.",
    )
    deadline = fields.Date(required=True, readonly=True)
    urgency = fields.Selection(URGENCIES, required=True, readonly=True)

    _once = models.UniqueIndex(
        "(reminder_id, COALESCE(move_line_id, 0), deadline, urgency)",
        "This deadline was reminded of already.",
    )
