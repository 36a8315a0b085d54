import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

RUN_STATES = [
    ("draft", "Draft"),
    ("prepared", "Prepared"),
    ("sending", "Sending"),
    ("done", "Done"),
    ("cancelled", "Called Off"),
]
#: reminders that nothing more happens to by itself
FINAL_STATES = ("sent", "failed", "skipped")
#: what only the server writes
SERVER_FIELDS = frozenset(
    {
        "state",
        "is_preparing",
        "prepared_buyer_id",
        "buyer_total",
        "buyer_done",
        "is_automatic",
        "reminder_ids",
    }
)
SEND_CRON = "export_credit_insurance.ir_cron_send_followup"
PREPARE_CRON = "export_credit_insurance.ir_cron_prepare_followup"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"


class CreditFollowupRun(models.Model):
    """One round of follow-up: prepare, review, send.

    Preparing and sending are done by jobs, batch by batch; the run says how far they
    are, can be stopped, and goes on where it was.
    """

    _name = "credit.followup.run"
    _description = "Follow-up Run"
    _inherit = "credit.insurance.server.fields.mixin"
    _server_fields = SERVER_FIELDS
    _order = "date desc, id desc"

    name = fields.Char(required=True, default=lambda self: self._default_name())
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="The day by which steps are due.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    plan_ids = fields.Many2many(
        "credit.followup.plan",
        "credit_followup_run_plan_rel",
        "run_id",
        "plan_id",
        string="Plans",
    )
    zone_ids = fields.Many2many(
        "credit.insurance.zone",
        "credit_followup_run_zone_rel",
        "run_id",
        "zone_id",
        string="Zones",
    )
    user_ids = fields.Many2many(
        "res.users",
        "credit_followup_run_user_rel",
        "run_id",
        "user_id",
        string="Responsible",
        domain=[("share", "=", False)],
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "credit_followup_run_partner_rel",
        "run_id",
        "partner_id",
        string="Buyers",
        help="Empty: all that owe anything.",
    )
    state = fields.Selection(
        RUN_STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    is_automatic = fields.Boolean(readonly=True, copy=False)
    reminder_ids = fields.One2many(
        "credit.followup.reminder", "run_id", string="Reminders"
    )
    mail_count = fields.Integer(
        "Mails Still to Leave",
        compute="_compute_mail_count",
        help="Sent reminders whose mail the mail server has not taken yet.",
    )
    # how far the preparation is
    is_preparing = fields.Boolean(readonly=True, copy=False, index=True)
    prepared_buyer_id = fields.Integer(readonly=True, copy=False)
    buyer_total = fields.Integer("Buyers to Look At", readonly=True, copy=False)
    buyer_done = fields.Integer("Buyers Looked At", readonly=True, copy=False)
    # what there is
    progress = fields.Float(compute="_compute_counts", help="0 to 100.")
    reminder_count = fields.Integer(compute="_compute_counts")
    draft_count = fields.Integer("To Review", compute="_compute_counts")
    approval_count = fields.Integer("To Approve", compute="_compute_counts")
    queued_count = fields.Integer("Queued", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    unallocated_count = fields.Integer(
        "With Money Not Allocated", compute="_compute_counts"
    )
    last_bank_date = fields.Date(
        "Bank Entered Until",
        compute="_compute_last_bank_date",
        help="The day of the last entry in a bank journal: enter and match receipts "
        "before you remind.",
    )

    _once_a_day = models.UniqueIndex(
        "(company_id, date) WHERE is_automatic",
        "The automatic run of this day is made already.",
    )

    @api.model
    def _default_name(self):
        today = self.env.company._credit_today()
        return self.env._("Follow-up of %(day)s", day=format_date(self.env, today))

    # === COMPUTE === #

    @api.depends("reminder_ids.state", "is_preparing", "buyer_done", "buyer_total")
    def _compute_counts(self):
        counts = {run.id: {} for run in self}
        approvals = {}
        Reminder = self.env["credit.followup.reminder"]
        groups = Reminder._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state", "needs_approval"],
            ["__count", "approved_on:count"],
        )
        for run, state, needs, count, approved in groups:
            of_run = counts[run.id]
            of_run[state] = of_run.get(state, 0) + count
            if state == "draft" and needs:
                approvals[run.id] = count - approved
        unallocated = {
            run.id: count
            for run, count in Reminder._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("unallocated_amount", ">", 0),
                    ("state", "!=", "skipped"),
                ],
                ["run_id"],
                ["__count"],
            )
        }
        for run in self:
            states = counts.get(run.id, {})
            total = sum(states.values())
            run.reminder_count = total
            for name in ("draft", "queued", "sent", "failed", "skipped"):
                run[f"{name}_count"] = states.get(name, 0)
            run.approval_count = approvals.get(run.id, 0)
            run.unallocated_count = unallocated.get(run.id, 0)
            run.progress = run._progress(states, total)

    def _progress(self, states, total):
        """Return how far the job at hand is: preparing, else sending."""
        if self.is_preparing:
            return 100.0 * self.buyer_done / self.buyer_total if self.buyer_total else 0
        if self.state == "done":
            return 100.0
        done = sum(states.get(name, 0) for name in FINAL_STATES)
        return 100.0 * done / total if total and self.state == "sending" else 0.0

    @api.depends("company_id")
    def _compute_last_bank_date(self):
        # sudo: one date, for those who run follow-up without reading bank entries
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "posted"),
                    ("journal_id.type", "=", "bank"),
                ],
                ["company_id"],
                ["date:max"],
            )
        )
        last = {company.id: day for company, day in groups}
        for run in self:
            run.last_bank_date = last.get(run.company_id.id)

    def _compute_mail_count(self):
        # sudo: a number, for those who run follow-up without reading mails
        groups = (
            self.env["credit.followup.reminder"]
            .sudo()
            ._read_group(
                [("run_id", "in", self.ids), ("mail_id.state", "=", "outgoing")],
                ["run_id"],
                ["__count"],
            )
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run.mail_count = counts.get(run.id, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'credit.insurance.server.fields.mixin'
        runs = super().create(vals_list)
        self.env["res.company"]._note_followup_use(runs.company_id)
        return runs

    def write(self, vals):
        # EXTENDS 'credit.insurance.server.fields.mixin': what was prepared stays
        self._check_server_fields(vals)
        begun = self.filtered(lambda run: run.state != "draft")
        if begun and vals.keys() - {"name"} and not self.env.su:
            raise UserError(
                self.env._(
                    "%(run)s is prepared: only its name may change. Prepare it again, "
                    "or make another run.",
                    run=begun[0].display_name,
                )
            )
        return super().write(vals)

    def _server_refusal(self):
        # EXTENDS 'credit.insurance.server.fields.mixin'
        return self.env._("A run is prepared and sent by its buttons.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered("sent_count"):
            raise UserError(
                self.env._("Reminders of this run were sent: it stays as their record.")
            )

    # === ACTIONS === #

    def action_open_reminders(self):
        """Open the reminders; first those that somebody must look at."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_followup_reminder_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {
            f"search_default_{name}": 1
            for name, count in (
                ("todo", self.draft_count),
                ("failed", self.failed_count),
            )
            if count
        }
        return action

    def action_send(self):
        """Queue what needs no approval or has it; the job sends."""
        for run in self:
            run._check_can_send()
            # sudo: reminders are written by the server; create access on runs, which
            # _check_can_send asks for, is what sending takes
            ready = run.sudo().reminder_ids.filtered_domain(run._ready_domain())
            ready._queue()
            if not ready:
                run.sudo()._set_sending()
                run.sudo()._refresh_state()
        return True

    def _ready_domain(self):
        approved = Domain("needs_approval", "=", False) | Domain(
            "approved_by", "!=", False
        )
        return Domain("state", "=", "draft") & approved

    def _check_can_send(self):
        self.check_access("write")
        if self.state not in ("prepared", "sending", "done") or self.is_preparing:
            raise UserError(
                self.env._("Prepare the run and look at it before you send.")
            )
        if self.date > self.company_id._credit_today():
            raise UserError(
                self.env._(
                    "This run is prepared for a day to come: send it on that day."
                )
            )

    def action_stop(self):
        """Stop: what is still queued, or not yet looked at, waits."""
        self.check_access("write")
        for run in self.sudo():  # sudo: reminders are written by the server
            queued = run.reminder_ids.filtered(lambda r: r.state == "queued")
            queued.try_lock_for_update().write({"state": "draft"})
            run.is_preparing = False
            if run.state == "sending":
                run.state = "prepared"
        return True

    def action_cancel(self):
        """Give the rest of the run up; what was sent stays sent."""
        self.check_access("write")
        for run in self.sudo():  # sudo: as above
            run.reminder_ids.filtered(
                lambda r: r.state in ("draft", "queued", "failed") and not r.sent_on
            )._skip("cancelled")
            run.write({"state": "cancelled", "is_preparing": False})
        return True

    # === LIFE === #

    def _set_sending(self):
        """Reminders are queued: wake the job."""
        if not self:
            return
        waiting = self.filtered(lambda run: run.state not in ("sending", "cancelled"))
        waiting.state = "sending"
        self._trigger_sending()

    @api.model
    def _trigger_sending(self):
        self.env.ref(SEND_CRON).sudo()._trigger()  # sudo: crons are the system's

    @api.model
    def _end_sending(self):
        """End the runs in which nothing waits any more, in a transaction of its own.

        Workers that send the last batches of a run at the same time do not see each
        other's: whoever commits last sees all of them.
        """
        commit = self.env["ir.cron"]._commit_progress
        commit()
        try:
            self.search([("state", "=", "sending")])._refresh_state()
            self.env.flush_all()
        except psycopg2.OperationalError:
            # another worker ends them
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
        commit()

    def _refresh_state(self):
        """A run that sends is done once nothing waits in it."""
        sending = self.filtered(lambda run: run.state == "sending")
        if not sending:
            return
        waiting = {
            run.id
            for (run,) in self.env["credit.followup.reminder"]._read_group(
                [("run_id", "in", sending.ids), ("state", "in", ("draft", "queued"))],
                ["run_id"],
            )
        }
        sending.filtered(lambda run: run.id not in waiting).state = "done"

    @api.model
    def _trigger_mails(self):
        """Let Odoo's queue send now instead of at its next hour."""
        cron = self.env.ref(MAIL_CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: crons are the system's
