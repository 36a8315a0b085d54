from odoo import api, fields, models
from odoo.tools import format_date

from ...groups import MANAGER_GROUP
from ...job import do_each
from ...reader_language import env_for
from .hold_kinds import ACTIVITY_DECIDE


class CreditInsuranceHold(models.Model):
    """What happens when nobody does anything: reminders, and releases that expire.

    Every step is taken once; the day of it is kept.
    """

    _inherit = "credit.insurance.hold"

    reminded_on = fields.Date(string="Deciders Reminded On", readonly=True)
    escalated_on = fields.Date(string="Managers Told On", readonly=True)
    expiry_announced_on = fields.Date(readonly=True)
    expiry_told_on = fields.Date(readonly=True)
    waiting_days = fields.Integer(
        string="Days",
        compute="_compute_waiting_days",
        help="How long it has waited since it was asked for.",
    )
    is_expired = fields.Boolean(
        string="Expired Unused",
        compute="_compute_is_expired",
        search="_search_is_expired",
        help="The last day of the release has passed before the order was confirmed.",
    )

    # === COMPUTE === #

    @api.depends("requested_on", "state")
    def _compute_waiting_days(self):
        for hold in self:
            hold.waiting_days = hold._days_since(hold.requested_on)

    def _days_since(self, moment):
        """Return the days from a moment to today, both in the company's time zone."""
        self.ensure_one()
        if not moment:
            return 0
        day = self.company_id._credit_day_of(moment)
        today = self.env["credit.insurance.position"]._today(self.company_id)
        return (today - day).days

    @api.depends("state", "release_until", "order_id.state")
    def _compute_is_expired(self):
        positions = self.env["credit.insurance.position"]
        for hold in self:
            hold.is_expired = bool(
                hold.state == "released"
                and hold.release_until
                and hold.release_until < positions._today(hold.company_id)
                # sudo: a controller need not read orders
                and hold.sudo().order_id.state in ("draft", "sent")
            )

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        holds = self.search(self._unused_domain()).filtered("is_expired")
        return [("id", "in" if True in value else "not in", holds.ids)]

    @api.model
    def _unused_domain(self):
        """Find the releases that no order was confirmed by, which wait to be used."""
        # sudo: a controller need not read orders
        orders = self.env["sale.order"].sudo()
        return [
            ("state", "=", "released"),
            ("order_id", "in", orders._search([("state", "in", ("draft", "sent"))])),
        ]

    # === STEPS === #

    @api.model
    def _cron_remind(self):
        """Remind of requests and expiring releases, committing each one.

        One that fails is told in the log and tried again the next day; it stands in
        nobody's way.
        """
        holds = self.search(
            ["|", ("state", "=", "open"), "&", *self._unused_domain()], order="id"
        )
        holds = holds._in_use().filtered(lambda hold: hold._next_step())
        do_each(self.env, holds, lambda hold: hold._take_step())

    def _take_step(self):
        """Take the step that is due, unless somebody has acted meanwhile."""
        hold = self.exists()._in_use()
        step = hold and hold._next_step()
        if not step:
            return
        today = self.env["credit.insurance.position"]._today(hold.company_id)
        hold.write({name: today for name in step[1]})
        step[0]()

    def _in_use(self):
        """Return the holds without the releases that a later one has replaced."""
        released = self.filtered(lambda hold: hold.state == "released")
        orders = released.sudo().order_id  # sudo: a controller need not read orders
        latest = self.browse().union(*self._get_releases(orders).values())
        return self - (released - latest)

    def _next_step(self):
        """Return (what is due, the days to keep), or None."""
        self.ensure_one()
        if self.state == "open":
            return self._next_reminder()
        if self.state == "released":
            return self._next_expiry_notice()
        return None

    def _next_reminder(self):
        company = self.company_id.sudo()  # sudo: settings of a company in view
        waiting = self._days_since(self.first_signed_on or self.requested_on)

        def due(days, told_on):
            return days and waiting >= days and not told_on

        if due(company.credit_escalation_days, self.escalated_on):
            return self._tell_managers, ("reminded_on", "escalated_on")
        if due(company.credit_reminder_days, self.reminded_on):
            return self._remind_deciders, ("reminded_on",)
        return None

    def _next_expiry_notice(self):
        if self.is_expired:
            if not self.expiry_told_on:
                return self._tell_expired, ("expiry_told_on", "expiry_announced_on")
            return None
        # sudo: settings of a company in view
        notice = self.company_id.sudo().credit_expiry_notice_days
        today = self.env["credit.insurance.position"]._today(self.company_id)
        is_near = (self.release_until - today).days <= notice
        # not the day it is given: the release itself has just said until when
        was_given = self._days_since(self.decided_on) > 0
        if notice and is_near and was_given and not self.expiry_announced_on:
            return self._announce_expiry, ("expiry_announced_on",)
        return None

    # === MESSAGES === #

    def _remind_deciders(self):
        """Renew the activities of those who did not act, with how long it has been."""
        first, further, _able = self._deciders()[self]
        self._remind(first | further)

    def _tell_managers(self):
        """Tell the managers of what others have not decided on, and remind those."""
        first, further, _able = self._deciders()[self]
        managers = self.company_id._credit_members(MANAGER_GROUP)
        managers -= self._signed_out()
        self._remind(first | further | managers)

    def _remind(self, users):
        days = self._days_since(self.requested_on)
        self.activity_unlink([ACTIVITY_DECIDE])
        for user in users:
            env = env_for(self, user)
            self.activity_schedule(
                ACTIVITY_DECIDE,
                user_id=user.id,
                summary=env._(
                    "Not decided for %(days)s days. %(task)s",
                    days=days,
                    task=self._decision_summary(env),
                ),
            )

    def _announce_expiry(self):
        self._tell_salesperson(
            lambda env: env._(
                "The release of this order ends on %(day)s: confirm it by then, or ask "
                "for another release.",
                day=format_date(env, self.release_until),
            )
        )

    def _tell_expired(self):
        self._tell_salesperson(
            lambda env: env._(
                "The release of this order ended on %(day)s unused: ask for another "
                "release if it shall still go.",
                day=format_date(env, self.release_until),
            )
        )
