from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..reader_language import env_for

ACTIVITY_TASK = "export_credit_insurance.mail_activity_type_insolvency_task"
SERVER_FIELDS = {"state", "done_on", "done_by"}


class CreditInsuranceInsolvencyTask(models.Model):
    """What a creditor has to do in a buyer's insolvency, and by when.

    Opened from the rules of the buyer's country, or entered by hand. The day follows
    the publication of the judgment as long as the task is open (DESIGN 4).
    """

    _name = "credit.insurance.insolvency.task"
    _description = "Task in an Insolvency"
    _inherit = [
        "credit.insurance.server.fields.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _server_fields = SERVER_FIELDS
    _order = "state desc, deadline, id"

    insolvency_id = fields.Many2one(
        "credit.insurance.insolvency", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="insolvency_id.partner_id", string="Buyer", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    rule_id = fields.Many2one(
        "credit.insurance.insolvency.task.rule", readonly=True, ondelete="set null"
    )
    name = fields.Char(string="Task", required=True, translate=True)
    deadline = fields.Date(
        string="Do By",
        compute="_compute_deadline",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    days_left = fields.Integer(
        compute="_compute_days_left",
        help="Until the day by which it has to be done; below zero, it is past.",
    )
    is_provisional = fields.Boolean(
        string="Provisional Day",
        compute="_compute_is_provisional",
        help="The publication of the judgment is not entered: the day is counted from "
        "the judgment, prudently.",
    )
    source = fields.Char(help="The article of the law, the letter of the court.")
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("dropped", "Not Needed")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
    )
    done_on = fields.Date(readonly=True, copy=False)
    done_by = fields.Many2one("res.users", readonly=True, copy=False)
    reference = fields.Char(help="Proof: number of the registered letter, receipt.")
    note = fields.Text()

    _once = models.UniqueIndex(
        "(insolvency_id, company_id, rule_id) WHERE rule_id IS NOT NULL",
        "This task is open already.",
    )

    @api.depends(
        "rule_id", "insolvency_id.publication_date", "insolvency_id.judgment_date"
    )
    def _compute_deadline(self):
        for task in self:
            if task.rule_id and (task.state or "open") == "open":
                task.deadline = task.rule_id._deadline(task._start())
            else:
                task.deadline = task.deadline

    @api.depends("deadline", "company_id")
    def _compute_days_left(self):
        """Count calendar days: the law's days do not move for weekends."""
        for task in self:
            today = (task.company_id or self.env.company)._credit_today()
            task.days_left = (task.deadline - today).days if task.deadline else 0

    def _start(self):
        """Return the day the law's delay counts from; the judgment until better."""
        proceedings = self.insolvency_id
        if self.rule_id.base == "publication" and proceedings.publication_date:
            return proceedings.publication_date
        return proceedings.judgment_date

    @api.depends("rule_id.base", "insolvency_id.publication_date", "state")
    def _compute_is_provisional(self):
        for task in self:
            task.is_provisional = (
                task.state == "open"
                and task.rule_id.base == "publication"
                and not task.insolvency_id.publication_date
            )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for task in self:
            if not task.name:
                task.display_name = False
                continue
            task.display_name = self.env._(
                "%(task)s: %(buyer)s",
                task=task.name or "",
                buyer=task.partner_id.display_name or "",
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        tasks._plan_activities()
        return tasks

    def write(self, vals):
        result = super().write(vals)
        if "deadline" in vals:
            self._date_activities()
        return result

    def _server_refusal(self):
        return self.env._("When a task was done, and by whom, its buttons record.")

    @api.ondelete(at_uninstall=False)
    def _unlink_open_alone(self):
        if done := self.filtered(lambda task: task.state == "done"):
            raise UserError(
                self.env._("%s was done: it stays on record.", done[0].display_name)
            )

    def _name_in_every_language(self):
        """Call each task what its rule is called, for readers of all languages."""
        for lang, _name in self.env["res.lang"].get_installed():
            for task in self.with_context(lang=lang):
                task.name = task.rule_id.name

    # === ACTIONS === #

    def action_done(self):
        """Record that it was done today."""
        return self._close("done")

    def action_drop(self):
        """Record that there is nothing to do: no goods to reclaim, all paid, …"""
        return self._close("dropped")

    def action_reopen(self):
        """Open again what was closed by mistake."""
        self.check_access("write")
        closed = self.filtered(lambda task: task.state != "open")
        closed.sudo().write(  # sudo: the state is the server's
            {"state": "open", "done_on": False, "done_by": False}
        )
        closed._plan_activities()
        return True

    def _close(self, state):
        self.check_access("write")
        for task in self.filtered(lambda each: each.state == "open"):
            task.sudo().write(  # sudo: the state is the server's
                {
                    "state": state,
                    "done_on": task.company_id._credit_today(),
                    "done_by": self.env.uid,
                }
            )
        # sudo: whoever it was planned for
        self.sudo().activity_feedback([ACTIVITY_TASK])
        return True

    # === ACTIVITIES === #

    def _plan_activities(self):
        """Plan an activity on the last day for those who control the credit."""
        kind = self.env.ref(ACTIVITY_TASK)
        model_id = self.env["ir.model"]._get_id(self._name)
        values = []
        for company, tasks in self.grouped("company_id").items():
            users = company._credit_people()
            for task in tasks.filtered(lambda each: each.state == "open"):
                values += [
                    {
                        "activity_type_id": kind.id,
                        "res_model_id": model_id,
                        "res_id": task.id,
                        "user_id": user.id,
                        "date_deadline": task.deadline,
                        "summary": task.with_env(env_for(task, user))._summary(),
                        "note": task.source or False,
                        "automated": True,
                    }
                    for user in users
                ]
        # sudo: for whoever is in charge, whoever records the insolvency
        self.env["mail.activity"].sudo().create(values)

    def _summary(self):
        return self.env._(
            "%(task)s: %(buyer)s, by %(day)s",
            task=self.rule_id.name or self.name,
            buyer=self.partner_id.display_name,
            day=format_date(self.env, self.deadline),
        )

    def _date_activities(self):
        """Plan anew what has another day now."""
        kind = self.env.ref(ACTIVITY_TASK)
        # sudo: whoever it was planned for
        planned = self.sudo().activity_ids.filtered(
            lambda each: each.activity_type_id == kind
        )
        moved = self.filtered(
            lambda task: any(
                each.res_id == task.id and each.date_deadline != task.deadline
                for each in planned
            )
        )
        planned.filtered(lambda each: each.res_id in moved.ids).unlink()
        moved._plan_activities()
