from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..groups import CREDIT_GROUP
from .credit_followup_plan_choice import CHOICE_REASONS


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_followup_plan_id = fields.Many2one(
        "credit.followup.plan",
        string="Plan Chosen by Hand",
        company_dependent=True,
        copy=False,  # who copies a partner need not be allowed to write it
        domain="[('company_id', 'in', (current_company_id, False)),"
        " ('event_kind', '=', False)]",
        groups=CREDIT_GROUP,
        help="Instead of the plan of the buyer's zone, risk band or tags.",
    )
    credit_followup_applied_plan_id = fields.Many2one(
        "credit.followup.plan",
        string="Follow-up Plan",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )
    credit_followup_plan_reason = fields.Selection(
        CHOICE_REASONS,
        string="Plan Chosen By",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )
    credit_followup_plan_explained = fields.Char(
        string="Why This Plan",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )

    credit_sole_trader = fields.Boolean(
        string="Sole Trader",
        copy=False,  # as above
        groups=CREDIT_GROUP,
        help="A person who trades in their own name: the law gives them longer to "
        "answer a letter before claim in some countries.",
    )
    credit_followup_held = fields.Boolean(
        string="New Orders Held",
        compute="_compute_credit_followup_held",
        groups=CREDIT_GROUP,
        help="An unpaid invoice has reached a step that holds new orders. A residue "
        "that the policy ignores holds none.",
    )
    credit_followup_next_date = fields.Date(
        string="Next Follow-up",
        compute="_compute_credit_followup_state",
        groups=CREDIT_GROUP,
    )
    credit_followup_step_id = fields.Many2one(
        "credit.followup.step",
        string="Follow-up Step",
        compute="_compute_credit_followup_state",
        groups=CREDIT_GROUP,
        help="The highest that an open invoice has reached.",
    )
    credit_followup_due_count = fields.Integer(
        string="Invoices Due a Step",
        compute="_compute_credit_followup_state",
        groups=CREDIT_GROUP,
    )
    credit_reminder_ids = fields.One2many(
        "credit.followup.reminder",
        "partner_id",
        string="Reminders",
        groups=CREDIT_GROUP,
    )
    credit_promise_ids = fields.One2many(
        "credit.followup.promise",
        "partner_id",
        string="Promises",
        groups=CREDIT_GROUP,
    )
    credit_dispute_ids = fields.One2many(
        "credit.followup.dispute",
        "partner_id",
        string="Disputes",
        groups=CREDIT_GROUP,
    )

    @api.depends(
        "commercial_partner_id.credit_followup_plan_id",
        "commercial_partner_id.category_id",
        "commercial_partner_id.country_id",
        "commercial_partner_id.credit_zone_override_id",
    )
    @api.depends_context("company", "uid", "lang")
    def _compute_credit_followup_applied_plan_id(self):
        Plan = self.env["credit.followup.plan"]
        buyers = self.commercial_partner_id._origin
        choices = Plan._get_plans(buyers, self.env.company)
        for partner in self:
            buyer = partner.commercial_partner_id._origin
            choice = choices.get(buyer)
            partner.credit_followup_applied_plan_id = choice and choice.plan
            partner.credit_followup_plan_reason = choice and choice.reason
            partner.credit_followup_plan_explained = choice and Plan._explain_choice(
                choice, buyer
            )

    @api.depends_context("company")
    @api.depends("commercial_partner_id.credit_reminder_ids.line_ids.state")
    def _compute_credit_followup_held(self):
        held = self._credit_held_ids(self.env.company)
        for partner in self:
            partner.credit_followup_held = partner.commercial_partner_id.id in held

    def _credit_held_ids(self, company):
        """Return the ids of those of these buyers whose new orders a step holds.

        What is left of the invoice is more than a residue: by the amount that the
        company's policy ignores and by its share of the invoice, as in follow-up.
        """
        facts = self.env["credit.insurance.position"]._facts(
            company.id, company._credit_today()
        )
        # sudo: whether orders are held does not depend on who asks
        line = self.env["credit.followup.reminder.line"].sudo()
        query = line._search(
            [
                ("reminder_id.partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", company.id),
                ("state", "=", "taken"),
                ("step_id.hold_orders", "=", True),
                ("move_line_id.parent_state", "=", "posted"),
                ("move_line_id.amount_residual_currency", ">", 0),
                ("move_line_id.amount_residual", ">=", facts.smallest_residue),
            ]
        )
        item = query.join(
            line._table, "move_line_id", "account_move_line", "id", "item"
        )
        move = query.join(item, "move_id", "account_move", "id", "move")
        query.add_where(
            SQL(
                "%s >= 0.01 * %s",
                SQL.identifier(item, "amount_residual_currency"),
                SQL.identifier(
                    move,
                    "amount_total",
                    to_flush=self.env["account.move"]._fields["amount_total"],
                ),
            )
        )
        reminder = query.join(
            line._table, "reminder_id", "credit_followup_reminder", "id", "reminder"
        )
        rows = self.env.execute_query(
            query.select(SQL("DISTINCT %s", SQL.identifier(reminder, "partner_id")))
        )
        return {partner_id for (partner_id,) in rows}

    @api.depends_context("company")
    @api.depends("commercial_partner_id.credit_followup_applied_plan_id")
    def _compute_credit_followup_state(self):
        buyers = self.commercial_partner_id._origin
        found = self.env["credit.followup.due"]._get_items(buyers, self.env.company)
        steps = self.env["credit.followup.step"].sudo()  # sudo: names of all plans
        for partner in self:
            items = found.get(partner.commercial_partner_id._origin, [])
            days = [item.next_day for item in items if item.next_day]
            taken = steps.browse(i.last_step_id for i in items if i.last_step_id)
            highest = taken.sorted(lambda step: (step.sequence, step.id))[-1:]
            partner.credit_followup_next_date = min(days, default=False)
            partner.credit_followup_step_id = highest
            partner.credit_followup_due_count = sum(bool(i.step_id) for i in items)

    def action_credit_remind(self):
        """Prepare a run for these buyers alone and open it."""
        run = self.env["credit.followup.run"].create(
            {"partner_ids": [Command.set(self.commercial_partner_id.ids)]}
        )
        run.action_prepare()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def _is_natural_person(self):
        # EXTENDS 'decision': who trades in their own name is one
        return super()._is_natural_person() or self.credit_sole_trader

    def action_credit_promise(self):
        """Open a new promise on all that is open."""
        self.ensure_one()
        # sudo: their ids alone, as what the promise is about; shown by its own rights
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("partner_id.commercial_partner_id", "=", self.id),
                    ("company_id", "=", self.env.company.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("amount_residual_currency", ">", 0),
                ]
            )
        )
        return self.env["credit.followup.promise"]._open_new(self, lines)
