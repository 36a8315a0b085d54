from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..groups import CONTROLLER_GROUP
from ..job import do_each
from ..reader_language import env_for

PROMISE_STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("cancelled", "Called Off"),
]
#: what no longer changes once a promise runs
GIVEN_FIELDS = {
    "move_line_ids",
    "payment_ids",
    "partner_id",
    "company_id",
    "currency_id",
}
#: what only the buttons write
SERVER_FIELDS = frozenset({"state", "open_amount", "started_by", "broken_on"})
ACTIVITY_BROKEN = "export_credit_insurance.mail_activity_type_promise_broken"
ACTIVITY_PROLONG = "export_credit_insurance.mail_activity_type_prolongation"


class CreditFollowupPromise(models.Model):
    """A promise to pay, or a plan of instalments: amounts with their days.

    While it runs its invoices are left alone. Receipts keep it by themselves; a day
    that passes without its money breaks it, and follow-up goes on at the next step.
    The insurer's clock never waits: the pause ends some days before an invoice stops
    the cover, and a promise that ends after the stop needs a controller, who asks the
    insurer to prolong (DESIGN 4, DOMAIN 1.8).
    """

    _name = "credit.followup.promise"
    _description = "Promise to Pay"
    _inherit = [
        "credit.insurance.server.fields.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _writes_to_buyer = True
    _server_fields = SERVER_FIELDS
    _order = "date_end desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "credit_followup_promise_item_rel",
        "promise_id",
        "line_id",
        string="Invoices",
        bypass_search_access=True,  # controllers judge without reading invoices
        domain="[('partner_id.commercial_partner_id', '=', partner_id),"
        " ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
        " ('account_type', '=', 'asset_receivable'), ('reconciled', '=', False),"
        " ('parent_state', '=', 'posted'), ('amount_residual_currency', '>', 0)]",
    )
    payment_ids = fields.One2many(
        "credit.followup.promise.payment",
        "promise_id",
        string="Promised Payments",
        copy=True,
    )
    amount = fields.Monetary(
        string="Promised", compute="_compute_amount", store=True, tracking=True
    )
    date_end = fields.Date(
        string="Last Day", compute="_compute_amount", store=True, tracking=True
    )
    open_amount = fields.Monetary(string="Open at the Start", readonly=True, copy=False)
    paid_amount = fields.Monetary(string="Paid Since", compute="_compute_paid_amount")
    state = fields.Selection(
        PROMISE_STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    cover_stop_date = fields.Date(
        string="Cover Stops On",
        compute="_compute_cover_stop_date",
        help="Shipments from this day on are not insured while the earliest of the "
        "invoices is unpaid. The pause ends before it in any case.",
    )
    is_beyond_stop = fields.Boolean(compute="_compute_cover_stop_date")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    started_by = fields.Many2one("res.users", readonly=True, copy=False)
    broken_on = fields.Date(readonly=True, copy=False)
    note = fields.Text()

    # === COMPUTE === #

    @api.depends("partner_id", "amount", "date_end", "currency_id")
    def _compute_display_name(self):
        for promise in self:
            if not promise.partner_id:
                promise.display_name = False
                continue
            promise.display_name = self.env._(
                "%(buyer)s: %(amount)s until %(day)s",
                buyer=promise.partner_id.display_name or "",
                amount=promise.currency_id.format(promise.amount)
                if promise.currency_id
                else "",
                day=format_date(self.env, promise.date_end) if promise.date_end else "",
            )

    @api.depends("payment_ids.amount", "payment_ids.date")
    def _compute_amount(self):
        for promise in self:
            promise.amount = sum(promise.payment_ids.mapped("amount"))
            days = [day for day in promise.payment_ids.mapped("date") if day]
            promise.date_end = max(days, default=False)

    @api.depends("open_amount", "move_line_ids.amount_residual_currency")
    def _compute_paid_amount(self):
        for promise in self:
            # sudo: what is left of the invoices, for credit users who read none
            lines = promise.sudo().move_line_ids
            left = sum(lines.mapped("amount_residual_currency"))
            promise.paid_amount = promise.open_amount - left

    @api.depends("move_line_ids", "date_end")
    def _compute_cover_stop_date(self):
        stops = self._cover_stops()
        for promise in self:
            stop = stops.get(promise)
            promise.cover_stop_date = stop
            promise.is_beyond_stop = bool(
                stop and promise.date_end and promise.date_end >= stop
            )

    def _cover_stops(self):
        """Return {promise: the day its earliest invoice stops cover}."""
        stops = {}
        for company, promises in self.grouped("company_id").items():
            buyers = promises.partner_id._origin
            if not company or not buyers:
                continue
            ends = promises._stops_by_line()
            for promise in promises:
                lines = promise.sudo().move_line_ids  # sudo: their ids alone
                days = [ends.get(line._origin.id) for line in lines]
                stops[promise] = min(filter(None, days), default=False)
        return stops

    def _stops_by_line(self):
        """Return {insured instalment's id: the day it stops cover}, of one company."""
        items = self.env["credit.followup.due"]._get_items(
            self.partner_id._origin, self.company_id
        )
        return {
            item.id: item.mep_end + timedelta(days=1)
            for found in items.values()
            for item in found
            if item.mep_end
        }

    # === CONSTRAINTS === #

    @api.constrains("move_line_ids", "partner_id", "company_id", "currency_id")
    def _check_move_lines(self):
        for promise in self.sudo():  # sudo: the check holds whoever records it
            for line in promise.move_line_ids:
                if (
                    line.partner_id.commercial_partner_id != promise.partner_id
                    or line.company_id != promise.company_id
                    or line.currency_id != promise.currency_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%(invoice)s is not an invoice of %(buyer)s in "
                            "%(currency)s.",
                            invoice=line.move_id.display_name,
                            buyer=promise.partner_id.display_name,
                            currency=promise.currency_id.name,
                        )
                    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail': follow-up is used from now on
        promises = super().create(vals_list)
        self.env["res.company"]._note_followup_use(promises.company_id)
        return promises

    def write(self, vals):
        # EXTENDS 'mail': a promise given stays as it was given
        if not self.env.su and GIVEN_FIELDS & vals.keys():
            if self.filtered(lambda promise: promise.state != "draft"):
                raise UserError(
                    self.env._(
                        "This promise has begun and stays as it was given: cancel it "
                        "and record another."
                    )
                )
        return super().write(vals)

    def _server_refusal(self):
        # EXTENDS 'credit.insurance.server.fields.mixin'
        return self.env._("A promise begins and ends by its buttons.")

    # === ACTIONS === #

    def action_start(self):
        """Let the promise run: its invoices are left alone from now on.

        :raise AccessError: where it ends after the cover stop, for anyone but a credit
            controller
        """
        self.check_access("write")
        for promise in self:
            promise._check_can_start()
        started = self.sudo()  # sudo: the state is the server's; checked above
        for promise in started:
            lines = promise.move_line_ids
            promise.write(
                {
                    "state": "running",
                    "started_by": self.env.uid,
                    "open_amount": sum(lines.mapped("amount_residual_currency")),
                }
            )
            if promise.is_beyond_stop:
                promise._ask_for_prolongation()
        started._withdraw_reminders()
        return True

    def _check_can_start(self):
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "%(promise)s is recorded already: record another one for what is "
                    "promised now.",
                    promise=self.display_name,
                )
            )
        # sudo: whether any
        if not self.payment_ids or not self.sudo().move_line_ids:
            raise UserError(
                self.env._("Say which invoices are promised, how much and until when.")
            )
        if self._running_elsewhere():
            raise UserError(
                self.env._("Another promise runs on one of these invoices already.")
            )
        if self.is_beyond_stop and not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._(
                    "The promise ends on %(end)s, cover stops on %(stop)s: a credit "
                    "controller decides, and asks the insurer to prolong.",
                    end=format_date(self.env, self.date_end),
                    stop=format_date(self.env, self.cover_stop_date),
                )
            )

    def _running_elsewhere(self):
        # sudo: of all who record promises
        return self.sudo().search_count(
            [
                ("state", "=", "running"),
                ("move_line_ids", "in", self.sudo().move_line_ids.ids),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )

    def action_cancel(self):
        self.check_access("write")
        # sudo: the state is the server's
        running = self.sudo().filtered(lambda p: p.state in ("draft", "running"))
        running.state = "cancelled"
        return True

    def _ask_for_prolongation(self):
        """Plan the request to the insurer: only its agreement moves the stop."""
        controller = self.company_id.credit_controller_id or self.started_by
        own = self.with_env(env_for(self, controller))
        own.activity_schedule(
            ACTIVITY_PROLONG,
            date_deadline=self.cover_stop_date,
            user_id=controller.id,
            note=own.env._(
                "The promise ends on %(end)s, after cover stops on %(stop)s: ask the "
                "insurer to prolong.",
                end=format_date(own.env, self.date_end),
                stop=format_date(own.env, self.cover_stop_date),
            ),
        )
        self.env["credit.insurance.extension"]._request(
            self._lines_beyond_stop(), self.date_end, note=self.display_name
        )

    def _lines_beyond_stop(self):
        """Return the promised instalments whose cover stop comes before the end."""
        # sudo: instalments of who reads no invoices
        lines = self.sudo().move_line_ids
        ends = self._stops_by_line()
        return lines.filtered(
            lambda line: ends.get(line.id) and ends[line.id] <= self.date_end
        )

    def _withdraw_reminders(self):
        """Take the promised invoices out of what waits to be sent."""
        pending = self.env["credit.followup.reminder.line"].search(
            [("move_line_id", "in", self.move_line_ids.ids), ("state", "=", "pending")]
        )
        pending._withdraw("promise")

    # === LIFE === #

    def _judge(self, day):
        """Keep or break running promises, by what was received until ``day``."""
        for promise in self.filtered(lambda p: p.state == "running"):
            currency = promise.currency_id
            paid = promise.paid_amount
            left = promise.open_amount - paid
            promised = sum(
                payment.amount for payment in promise.payment_ids if payment.date < day
            )
            if (
                currency.compare_amounts(paid, promise.amount) >= 0
                or currency.compare_amounts(left, 0.0) <= 0
            ):
                promise.state = "kept"
            elif currency.compare_amounts(paid, promised) < 0:
                promise._break(day)

    def _break(self, day):
        """Follow-up goes on; who owns the promise is told."""
        self.write({"state": "broken", "broken_on": day})
        owner = self.user_id or self.create_uid
        own = self.with_env(env_for(self, owner))
        own.activity_schedule(ACTIVITY_BROKEN, user_id=owner.id)

    @api.model
    def _cron_judge(self):
        """Break each night what was promised for the day before and did not come."""
        do_each(
            self.env,
            self.search([("state", "=", "running")], order="id"),
            lambda promise: promise._judge(promise.company_id._credit_today()),
        )

    @api.model
    def _open_new(self, buyer, lines):
        """Return the action that opens a new promise on these instalments.

        On the overdue ones, where any is; what is disputed is not promised.
        """
        today = self.env.company._credit_today()
        late = lines.filtered(lambda line: (line.date_maturity or line.date) < today)
        lines = late or lines
        currency = lines.currency_id[:1] or self.env.company.currency_id
        lines = lines.filtered(lambda line: line.currency_id == currency)
        amount = sum(lines.mapped("amount_residual_currency"))
        # sudo: what is disputed, for who reads no credit
        disputed = sum(lines.sudo().move_id.mapped("credit_dispute_amount"))
        amount = max(amount - disputed, 0.0)
        payment = {"date": today + timedelta(days=8), "amount": amount}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise to Pay"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_partner_id": buyer.id,
                "default_company_id": (lines.company_id[:1] or self.env.company).id,
                "default_currency_id": currency.id,
                "default_move_line_ids": [Command.set(lines.ids)],
                "default_payment_ids": [Command.create(payment)] if amount else [],
            },
        }
