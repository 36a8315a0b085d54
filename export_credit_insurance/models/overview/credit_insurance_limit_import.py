from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..contract.credit_insurance_limit import OPEN_STATES
from ..groups import CONTROLLER_GROUP
from .limit_words import BLOCKING, CHANGES, OUTCOMES

#: what only the server writes
SERVER_FIELDS = frozenset(
    {
        "state",
        "is_checking",
        "is_applying",
        "error_text",
        "line_total",
        "line_done",
        "ignored_columns",
        "is_mailed",
        "asked_by_id",
        "checked_on",
        "applied_on",
        "applied_by_id",
        "effect_day",
        "absent_count",
        "line_ids",
        "effect_ids",
        "progress_ids",
        "choices",
    }
)
#: what a checked file depends on
INPUT_FIELDS = {
    "file",
    "file_name",
    "file_date",
    "profile_id",
    "insurer_id",
    "policy_id",
    "company_id",
}
IMPORT_CRON = "export_credit_insurance.ir_cron_import_limits"


class CreditInsuranceLimitImport(models.Model):
    """A file of an insurer's decisions: checked, looked at, applied.

    It stays as the record of what was received and what became of each row. Nothing
    is written on limits before it is applied, and then all of it in one transaction.
    """

    _name = "credit.insurance.limit.import"
    _description = "Limit Import"
    _inherit = [
        "credit.insurance.server.fields.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _server_fields = SERVER_FIELDS
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one(
        "credit.insurance.limit.profile", "Format", required=True, ondelete="restrict"
    )
    is_unsourced = fields.Boolean(related="profile_id.is_unsourced")
    insurer_id = fields.Many2one(
        "credit.insurance.insurer",
        compute="_compute_insurer_id",
        store=True,
        readonly=False,
        help="Whose file it is; empty where its rows are of several insurers.",
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        help="Of the rows that name no policy.",
    )
    file = fields.Binary(required=True, attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    file_date = fields.Date(
        "Date of the File",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="The day on which the insurer made it. Decisions recorded since are kept.",
    )
    received_on = fields.Date(
        "File Received On",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    is_mailed = fields.Boolean("Came by Mail", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Verified"), ("applied", "Applied")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_checking = fields.Boolean(readonly=True, copy=False, index=True)
    is_applying = fields.Boolean(readonly=True, copy=False, index=True)
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)
    applied_on = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users", "Applied By", readonly=True, copy=False
    )
    error_text = fields.Text("What Is Wrong", readonly=True, copy=False)
    ignored_columns = fields.Char("Columns Not Read", readonly=True, copy=False)
    choices = fields.Text(
        readonly=True, copy=False, help="What was said of rows, for the next check."
    )
    line_ids = fields.One2many(
        "credit.insurance.limit.import.line", "import_id", "Rows", readonly=True
    )
    effect_ids = fields.One2many(
        "credit.insurance.limit.import.effect",
        "import_id",
        "Effect on Orders and Exposure",
        readonly=True,
    )
    line_total = fields.Integer("Rows in the File", readonly=True, copy=False)
    line_done = fields.Integer("Rows Read", readonly=True, copy=False)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    absent_count = fields.Integer(
        "Limits Not in the File",
        readonly=True,
        copy=False,
        help="They are reported, never cancelled.",
    )
    effect_day = fields.Date(
        readonly=True, copy=False, help="When all decisions have taken effect."
    )
    change_count = fields.Integer("Changes", compute="_compute_counts")
    blocking_count = fields.Integer("To Settle", compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    raised_count = fields.Integer("Raised", compute="_compute_counts")
    reduced_count = fields.Integer("Reduced", compute="_compute_counts")
    cancelled_count = fields.Integer("Cancelled", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    conditional_count = fields.Integer("On Conditions", compute="_compute_counts")
    changed_count = fields.Integer("Changed", compute="_compute_counts")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    older_count = fields.Integer("Older Than Recorded", compute="_compute_counts")
    undecided_count = fields.Integer("No Decision", compute="_compute_counts")
    set_aside_count = fields.Integer("Set Aside", compute="_compute_counts")
    unknown_count = fields.Integer("Unknown Buyers", compute="_compute_counts")
    error_count = fields.Integer("Errors", compute="_compute_counts")
    lost = fields.Monetary(
        "Becomes Uncovered",
        compute="_compute_effect",
        currency_field="company_currency_id",
    )
    gained = fields.Monetary(
        "Becomes Covered",
        compute="_compute_effect",
        currency_field="company_currency_id",
    )
    held_count = fields.Integer("Orders Held", compute="_compute_effect")
    held_amount = fields.Monetary(
        "Worth of Orders Held",
        compute="_compute_effect",
        currency_field="company_currency_id",
    )

    # === COMPUTE === #

    @api.depends("file_name", "file_date")
    def _compute_name(self):
        for run in self:
            run.name = run.file_name or str(run.file_date or "")

    @api.depends("profile_id")
    def _compute_insurer_id(self):
        for run in self:
            run.insurer_id = run.profile_id.insurer_id or run.insurer_id

    @api.depends("profile_id", "insurer_id")
    def _compute_policy_id(self):
        """Take the profile's policy, else the only one of the insurer."""
        for run in self:
            policy = run.profile_id.policy_id or run.policy_id
            if run.insurer_id and not policy:
                policies = run.insurer_id.policy_ids.filtered(
                    lambda policy, run=run: (
                        policy.state == "active"
                        and run.company_id in policy.company_ids
                    )
                )
                policy = policies if len(policies) == 1 else policy
            run.policy_id = policy

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        groups = self.env["credit.insurance.limit.import.line"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "outcome"], ["__count"]
        )
        found = {(run.id, outcome): count for run, outcome, count in groups}
        for run in self:
            for outcome, _label in OUTCOMES:
                run[f"{outcome}_count"] = found.get((run.id, outcome), 0)
            run.change_count = sum(found.get((run.id, name), 0) for name in CHANGES)
            run.blocking_count = sum(found.get((run.id, name), 0) for name in BLOCKING)

    @api.depends("effect_ids.lost", "effect_ids.order_ids")
    def _compute_effect(self):
        for run in self:
            lost = run.effect_ids.mapped("lost")
            run.lost = sum(amount for amount in lost if amount > 0)
            run.gained = -sum(amount for amount in lost if amount < 0)
            run.held_count = sum(run.effect_ids.mapped("order_count"))
            run.held_amount = sum(run.effect_ids.mapped("held_amount"))

    # === CRUD === #

    def write(self, vals):
        """What was checked is checked again when what it rests on changes."""
        self._check_server_fields(vals)
        if not self.env.su and INPUT_FIELDS & vals.keys():
            self._check_open()
            self._check_not_read()
            self.sudo()._forget_check()  # sudo: rows are the server's
        return super().write(vals)

    def _server_refusal(self):
        # EXTENDS 'credit.insurance.server.fields.mixin'
        return self.env._("A limit import is checked and applied by its buttons.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_open()
        self._check_not_read()

    def _check_open(self):
        for run in self:
            if run.state == "applied" or run.is_applying:
                raise UserError(
                    self.env._(
                        "%(file)s is applied: it stays as the record of what the"
                        " insurer sent.",
                        file=run.display_name,
                    )
                )

    def _check_not_read(self):
        """A job reads the file batch by batch: it must stay the same one."""
        if running := self.filtered("is_checking"):
            raise UserError(
                self.env._(
                    "%(file)s is being checked: wait until that is done, or upload "
                    "the other file as a new import.",
                    file=running[0].display_name,
                )
            )

    def _check_controller(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller records decisions on limits.")
            )

    # === ACTIONS === #

    def action_open_lines(self):
        """Open the rows; first those that change something or must be settled."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_limit_import_line_action"
        )
        wanted = self.env.context.get("outcomes")
        domain = [("import_id", "=", self.id)]
        if wanted:
            domain.append(("outcome", "in", wanted))
        return action | {"domain": domain, "context": {"default_import_id": self.id}}

    def action_open_blocking(self):
        """Open the rows that must be settled before the file is applied."""
        return self.with_context(outcomes=list(BLOCKING)).action_open_lines()

    def action_open_effect(self):
        """Open what the file does to buyers, as a list that sorts and exports."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_limit_import_effect_action"
        )
        return action | {"domain": [("import_id", "=", self.id)]}

    def action_open_absent(self):
        """Open the limits in force that the file does not name."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_limit_action"
        )
        limits = self.env["credit.insurance.limit"].search(self._absent_domain())
        return action | {"domain": [("id", "in", limits.ids)], "context": {}}

    def _absent_domain(self):
        """Limits of the file's policies whose buyers have no row in it."""
        lines = self.env["credit.insurance.limit.import.line"]
        policies = lines._read_group(
            [("import_id", "=", self.id), ("policy_id", "!=", False)], ["policy_id"]
        )
        policy_ids = [policy.id for (policy,) in policies] or self.policy_id.ids
        # sudo: the same rows, read as a subselect
        named = lines.sudo()._search(
            [("import_id", "=", self.id), ("partner_id", "!=", False)]
        )
        return (
            Domain("policy_id", "in", policy_ids)
            & Domain("state", "in", OPEN_STATES)
            & Domain("kind", "!=", "discretionary")
            & Domain("partner_id", "not in", named.subselect("partner_id"))
        )
