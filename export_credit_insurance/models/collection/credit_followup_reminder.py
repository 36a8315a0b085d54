from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..groups import CONTROLLER_GROUP

REMINDER_STATES = [
    ("draft", "To Review"),
    ("queued", "Queued"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("skipped", "Skipped"),
]
CHANNELS = [
    ("mail", "E-mail"),
    ("letter", "Letter"),
    ("mail_letter", "E-mail and Letter"),
    ("internal", "Colleagues Only"),
]
SKIP_REASONS = [
    ("user", "By Hand"),
    ("excluded", "Every Invoice Excluded"),
    ("paid", "Paid Meanwhile"),
    ("no_followup", "Excluded From Follow-up Meanwhile"),
    ("insolvent", "Insolvent Meanwhile"),
    ("handed_over", "Handed Over Meanwhile"),
    ("in_payment", "Payment on Its Way"),
    ("promise", "Promised Meanwhile"),
    ("disputed", "Disputed Meanwhile"),
    ("residue", "Only a Residue Left"),
    ("no_plan", "No Plan Any More"),
    ("other_plan", "Another Plan Since"),
    ("cancelled", "Run Cancelled"),
]
FAILURE_TYPES = [
    ("no_address", "No E-mail Address"),
    ("blacklisted", "Address Blacklisted"),
    ("rendering", "Text or Document in Error"),
    ("connection", "Mail Server Not Reached or Log-in Refused"),
    ("sender", "Sender's Address Missing or Wrong"),
    ("mail", "Refused by the Mail Server"),
    ("bounced", "Bounced"),
    ("unknown", "Not Known Whether It Left"),
]
#: what who runs follow-up may change by hand, before a reminder leaves
EDITABLE_FIELDS = {"step_id", "contact_id", "user_id"}


class CreditFollowupReminder(models.Model):
    """What goes to one buyer, in one currency and language, in one run.

    Written by the server: prepared by the run, changed by the actions below, sent by
    the job. By hand only step, contact and responsible change, before it leaves.
    """

    _name = "credit.followup.reminder"
    _description = "Reminder"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _writes_to_buyer = True
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(string="Number", compute="_compute_name")
    run_id = fields.Many2one(
        "credit.followup.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Date(required=True)
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, index=True, ondelete="restrict"
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Written To",
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    currency_id = fields.Many2one("res.currency", required=True)
    lang = fields.Char("Language Code", required=True)
    lang_name = fields.Char("Language", compute="_compute_lang_name")
    plan_id = fields.Many2one("credit.followup.plan", index=True, ondelete="restrict")
    step_id = fields.Many2one(
        "credit.followup.step",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('plan_id', '=', plan_id)]",
        help="The highest of its instalments.",
    )
    text_step_id = fields.Many2one(
        "credit.followup.step",
        ondelete="restrict",
        help="The highest step that writes to the buyer: its words are used.",
    )
    channel = fields.Selection(CHANNELS, required=True, default="mail")
    line_ids = fields.One2many(
        "credit.followup.reminder.line", "reminder_id", string="Instalments"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        compute="_compute_move_line_ids",
        search="_search_move_line_ids",
        compute_sudo=True,  # their ids alone, for credit users who read no invoices
        bypass_search_access=True,
        string="Journal Items",
    )
    amount_due = fields.Monetary(string="Asked For")
    amount_overdue = fields.Monetary(string="Overdue")
    interest_amount = fields.Monetary(string="Interest")
    fee_amount = fields.Monetary(string="Fixed Fees")
    unallocated_amount = fields.Monetary(
        string="Not Allocated",
        help="Receipts and credit notes that are matched with no invoice: look at "
        "them before you ask for money.",
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", domain=[("share", "=", False)], index=True
    )
    state = fields.Selection(
        REMINDER_STATES, required=True, default="draft", index=True, tracking=True
    )
    skip_reason = fields.Selection(SKIP_REASONS)
    failure_type = fields.Selection(FAILURE_TYPES)
    failure_reason = fields.Text()
    needs_approval = fields.Boolean(
        help="Waits for a named person: formal notices, hand-overs, steps to approve."
    )
    approved_by = fields.Many2one("res.users", tracking=True)
    approved_on = fields.Datetime()
    sent_on = fields.Datetime(index=True)
    # indexed: Odoo deletes each mail that has left, one by one
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    mail_message_id = fields.Many2one(
        "mail.message", ondelete="set null", index="btree_not_null"
    )
    letter_id = fields.Many2one(
        "ir.attachment", "Letter", ondelete="set null", index="btree_not_null"
    )
    _queued_idx = models.Index("(id) WHERE state = 'queued'")

    # === COMPUTE === #

    @api.depends("create_date")
    def _compute_name(self):
        for reminder in self:
            number = reminder._origin.id
            reminder.name = f"R{number:06d}" if number else ""

    @api.depends("lang")
    def _compute_lang_name(self):
        languages = self.env["res.lang"]
        for reminder in self:
            code = reminder.lang
            reminder.lang_name = languages._get_data(code=code).name or code

    @api.depends("partner_id", "step_id")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = self.env._(
                "%(buyer)s: %(step)s",
                buyer=reminder.partner_id.display_name or "",
                step=reminder.step_id.name or "",
            )

    @api.depends("line_ids.move_line_id", "line_ids.state")
    def _compute_move_line_ids(self):
        for reminder in self:
            lines = reminder.line_ids.filtered(lambda line: line.state != "dropped")
            reminder.move_line_ids = lines.move_line_id

    def _search_move_line_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = Domain("state", "!=", "dropped") & Domain("move_line_id", "in", value)
        return Domain("line_ids", "any", lines)

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'mail': what was prepared or sent is no one's to rewrite
        if not self.env.su:
            self._check_written(vals)
        res = super().write(vals)
        if "step_id" in vals and not self.env.su:
            self.sudo()._move_lines_to_step()  # sudo: lines follow their reminder
        return res

    def _check_written(self, vals):
        fixed = set(vals) - EDITABLE_FIELDS
        if {name for name in fixed if not name.startswith(("activity_", "message_"))}:
            raise AccessError(
                self.env._("A reminder is written by its run: use the buttons.")
            )
        gone = self.filtered(lambda r: r.state not in ("draft", "failed"))
        if EDITABLE_FIELDS & vals.keys() and gone:
            raise UserError(
                self.env._(
                    "%(reminder)s has left already: nothing can be changed.",
                    reminder=gone[0].display_name,
                )
            )

    # === ACTIONS === #

    def action_skip(self):
        """Leave these reminders out: their steps stay to be taken another time."""
        self._check_may_run()
        waiting = self.filtered(lambda r: r.state in ("draft", "queued", "failed"))
        waiting.sudo()._decide_on_mail(
            "dropped"
        )  # sudo: who runs it may, see the check
        waiting.sudo()._skip("user")  # sudo: as above
        return True

    def action_unskip(self):
        """Take skipped reminders back for review, as they were when skipped.

        What was left out before stays so; of a reminder of which everything was left
        out one by one, all comes back, to be chosen anew.
        """
        self._check_may_run()
        # sudo: as above
        skipped = self.sudo().filtered(lambda r: r.state == "skipped" and not r.sent_on)
        back = self.env["credit.followup.reminder.line"].sudo()
        for reminder in skipped:
            lines = reminder.line_ids
            if reminder.text_step_id.is_formal_notice:
                lines = lines.filtered("is_overdue")
            back |= lines.filtered("is_skipped") or lines
        back.write({"state": "pending", "is_skipped": False})
        skipped.write({"state": "draft", "skip_reason": False})
        skipped._refresh_claims()
        return True

    def action_approve(self):
        """Approve as a named person, who signs; queue what its run has sent already.

        :raise AccessError: for anyone but a credit controller
        """
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller approves and signs reminders.")
            )
        self.check_access("read")
        # sudo: reminders are written by the server; the check above is the access
        waiting = self.sudo().filtered(lambda r: r.state == "draft")
        waiting.write(
            {"approved_by": self.env.uid, "approved_on": fields.Datetime.now()}
        )
        waiting.filtered(lambda r: r.run_id.state in ("sending", "done"))._queue()
        return True

    def action_print(self):
        """Print the letters: those sent as they were, the others as they would be."""
        self.check_access("read")
        return self.env.ref(
            "export_credit_insurance.credit_followup_reminder_action_letter"
        ).report_action(self)

    def action_open_sheet(self):
        """Open the buyer on one page."""
        return self.partner_id.action_credit_sheet()

    def _check_may_run(self):
        """Whoever may create runs works on their reminders."""
        self.env["credit.followup.run"].check_access("create")
        self.check_access("read")

    # === LIFE === #

    def _queue(self):
        # tracking costs two queries each, and that it waits is no news
        self.with_context(tracking_disable=True).write(
            {
                "state": "queued",
                "failure_type": False,
                "failure_reason": False,
                "skip_reason": False,
            }
        )
        self.run_id._set_sending()

    def _lock_in_order(self):
        """Wait for whoever works on these reminders: first they, then their lines.

        The job that sends does the same, so that neither waits for the other for ever.
        """
        self.env.cr.execute(
            SQL(
                "SELECT FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.ids,
            ),
            log_exceptions=False,  # losing the race is no error: it is replayed
        )

    def _skip(self, reason):
        """Skip; steps that were not taken stay to be taken."""
        self.write({"state": "skipped", "skip_reason": reason})
        pending = self.line_ids.filtered(lambda line: line.state == "pending")
        pending.write({"state": "dropped", "is_skipped": True})
        self.run_id._refresh_state()

    def _skip_empty(self, reason):
        """Skip those that list nothing any more."""
        empty = self.filtered(
            lambda r: not r.line_ids.filtered(lambda line: line.state == "pending")
        )
        if empty:
            empty._skip(reason)

    def _fail(self, failure_type, reason):
        self.write(
            {
                "state": "failed",
                "failure_type": failure_type,
                "failure_reason": reason,
            }
        )

    @api.model
    def _channel_of(self, steps):
        by_mail = any(steps.mapped("send_mail"))
        by_letter = any(step._sends_letter() for step in steps)
        if by_mail and by_letter:
            return "mail_letter"
        return "mail" if by_mail else "letter" if by_letter else "internal"

    def _message_receive_bounce(self, email, partner):
        # EXTENDS 'mail': a bounced reminder has not reached anybody
        res = super()._message_receive_bounce(email, partner)
        # sudo: the mail gateway's user writes what happened
        self.sudo()._fail("bounced", email)
        self.message_post(
            body=Markup("<p>{}</p>").format(
                self.env._("The mail to %(address)s came back.", address=email)
            )
        )
        return res
