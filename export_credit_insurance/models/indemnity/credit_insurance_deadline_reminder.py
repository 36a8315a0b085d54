from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..job import do_each
from ..reader_language import env_for
from .credit_insurance_deadline import DEADLINE_KINDS, SOON_DAYS, URGENT_DAYS

ACTIVITY_DEADLINE = "export_credit_insurance.mail_activity_type_insurer_deadline"
NOTE_LINES = 30


class CreditInsuranceDeadlineReminder(models.Model):
    """Who is reminded of the insurer's deadlines with one buyer: never twice.

    Activities come ten and three days before a deadline and once it is missed (DOMAIN
    1.9), one per buyer, policy and kind, whatever the number of invoices. They are not
    on the buyer, whom everybody in the firm can open: insurers are confidential.
    """

    _name = "credit.insurance.deadline.reminder"
    _description = "Reminder of an Insurer's Deadline"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(DEADLINE_KINDS, required=True, readonly=True)
    line_ids = fields.One2many(
        "credit.insurance.deadline.reminder.line", "reminder_id", readonly=True
    )

    _one_per_buyer = models.UniqueIndex(
        "(company_id, policy_id, partner_id, kind)",
        "This buyer's deadlines have a reminder already.",
    )

    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for reminder in self:
            reminder.display_name = self.env._(
                "%(deadline)s: %(buyer)s",
                deadline=kinds.get(reminder.kind, ""),
                buyer=reminder.partner_id.display_name,
            )

    def action_open_deadlines(self):
        """Open what this buyer's invoices still ask for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_deadline_action"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("policy_id", "=", self.policy_id.id),
            ],
            "context": {},
        }

    @api.model
    def _cron_remind(self):
        """Each day, company by company: plan what comes near, close what is settled."""
        policies = self.env["credit.insurance.policy"].search(
            [("state", "in", ("active", "closed"))]
        )
        do_each(self.env, policies.company_ids, self._look_at)

    @api.model
    def _look_at(self, company):
        """Do one company's part of the job."""
        self._remind(company)
        notices = self.env["credit.insurance.overdue.notice"]
        notices.with_company(company)._propose_resolved(company)

    @api.model
    def _remind(self, company):
        """Bring one company's activities in line with the insurer's clock."""
        deadline = self.env["credit.insurance.deadline"]
        pending = {}
        for row in deadline._get_pending(company, SOON_DAYS):
            key = (row["policy_id"], row["partner_id"], row["kind"])
            pending.setdefault(key, []).append(row)
        for row in self._get_untold(company):
            key = (row["policy_id"], row["partner_id"], row["kind"])
            pending.setdefault(key, [row])
        known = {
            (each.policy_id.id, each.partner_id.id, each.kind): each
            for each in self.search([("company_id", "=", company.id)])
        }
        missing = [key for key in pending if key not in known]
        made = self.create(
            [
                {
                    "company_id": company.id,
                    "policy_id": policy_id,
                    "partner_id": partner_id,
                    "kind": kind,
                }
                for policy_id, partner_id, kind in missing
            ]
        )
        known.update(zip(missing, made, strict=True))
        fresh = {known[key]: rows for key, rows in pending.items()}
        self.union(*fresh)._plan(company, fresh)
        settled = [each for key, each in known.items() if key not in pending]
        self.union(*settled)._close()

    @api.model
    def _get_untold(self, company):
        """Return the information to be told of buyers of whom nothing is open.

        Their limit is still used (DOMAIN 1.9). Rows like those of
        :meth:`~.CreditInsuranceDeadline._get_pending`, without an instalment.
        """
        today = company._credit_today()
        infos = self.env["credit.insurance.adverse.info"].search(
            [("date_end", "=", False), ("learned_on", "<=", today)],
            order="learned_on desc, id",
        )
        if not infos:
            return []
        notices = self.env["credit.insurance.overdue.notice"]
        told = notices._told_information(infos)
        concerned = notices._concerned(infos.partner_id, company)
        policies = self.env["credit.insurance.policy"].browse(
            {policy_id for policy_id, _buyer_id in concerned}
        )
        rows = {}
        for info in infos:
            for policy in policies:
                key = (policy.id, info.partner_id.id)
                if key in concerned and (policy, company, info) not in told:
                    rows[key] = self._untold_row(policy, info, today)
        return [row for row in rows.values() if row["urgency"] != "later"]

    @api.model
    def _untold_row(self, policy, info, today):
        day = info.learned_on + timedelta(days=policy.adverse_info_days)
        left = (day - today).days
        return {
            "id": False,
            "move_id": False,
            "policy_id": policy.id,
            "partner_id": info.partner_id.id,
            "open_amount": 0.0,
            "kind": "adverse",
            "day": day,
            "urgency": "missed"
            if left < 0
            else "urgent"
            if left <= URGENT_DAYS
            else "soon"
            if left <= SOON_DAYS
            else "later",
        }

    def _plan(self, company, pending):
        """Replace the activities of those for whom something new comes near.

        :param pending: {reminder: rows of its pending deadlines}
        """
        seen = {
            (line.reminder_id.id, line.move_line_id.id, line.deadline, line.urgency)
            for line in self.line_ids
        }
        new = {
            reminder: [
                row
                for row in rows
                if (reminder.id, row["id"], row["day"], row["urgency"]) not in seen
            ]
            for reminder, rows in pending.items()
        }
        self.env["credit.insurance.deadline.reminder.line"].create(
            [
                {
                    "reminder_id": reminder.id,
                    "move_line_id": row["id"],
                    "deadline": row["day"],
                    "urgency": row["urgency"],
                }
                for reminder, rows in new.items()
                for row in rows
            ]
        )
        told = self.filtered(lambda reminder: new[reminder])
        told._own_activities().unlink()
        told._schedule(company, pending)

    def _own_activities(self):
        kind = self.env.ref(ACTIVITY_DEADLINE)
        return self.activity_ids.filtered(lambda each: each.activity_type_id == kind)

    def _schedule(self, company, pending):
        usual = company._credit_people()
        all_of_them = company._credit_people(with_managers=True)
        kind = self.env.ref(ACTIVITY_DEADLINE)
        model_id = self.env["ir.model"]._get_id(self._name)
        values = []
        for reminder in self:
            rows = sorted(pending[reminder], key=lambda row: (row["day"], row["id"]))
            is_missed = rows[0]["urgency"] == "missed"
            for user in all_of_them if is_missed else usual:
                own = reminder.with_env(env_for(reminder, user))
                values.append(
                    {
                        "activity_type_id": kind.id,
                        "res_model_id": model_id,
                        "res_id": reminder.id,
                        "user_id": user.id,
                        "date_deadline": rows[0]["day"],
                        "summary": own._summary(rows[0]["day"], is_missed),
                        "note": own._note(rows),
                    }
                )
        self.env["mail.activity"].create(values)

    def _summary(self, day, is_missed):
        """Say what to do until when, or what was not done."""
        facts = {
            "buyer": self.partner_id.display_name,
            "insurer": self.policy_id.insurer_id.name,
            "day": format_date(self.env, day),
        }
        if self.kind == "stop":
            return self.env._(
                "Cover of %(buyer)s stops on %(day)s: collect, or agree with "
                "%(insurer)s",
                **facts,
            )
        if self.kind in ("insolvency", "adverse"):
            return self._summary_of_buyer(facts, is_missed)
        is_notice = self.kind == "notice"
        if is_missed and is_notice:
            return self.env._(
                "Missed on %(day)s: overdue notice about %(buyer)s to %(insurer)s",
                **facts,
            )
        if is_missed:
            return self.env._(
                "Missed on %(day)s: hand-over of %(buyer)s to %(insurer)s", **facts
            )
        if is_notice:
            return self.env._(
                "Notify %(insurer)s of overdue invoices of %(buyer)s by %(day)s",
                **facts,
            )
        return self.env._(
            "Hand overdue invoices of %(buyer)s over to %(insurer)s by %(day)s",
            **facts,
        )

    def _summary_of_buyer(self, facts, is_missed):
        if self.kind == "insolvency":
            if is_missed:
                return self.env._(
                    "Missed on %(day)s: insolvency of %(buyer)s to %(insurer)s", **facts
                )
            return self.env._(
                "Notify %(insurer)s of the insolvency of %(buyer)s by %(day)s", **facts
            )
        if is_missed:
            return self.env._(
                "Missed on %(day)s: adverse information on %(buyer)s to %(insurer)s",
                **facts,
            )
        return self.env._(
            "Tell %(insurer)s the adverse information on %(buyer)s by %(day)s", **facts
        )

    def _note(self, rows):
        """List the invoices, each with its amount and day, the earliest first."""
        rows = [row for row in rows if row["move_id"]]
        # sudo: the invoices' names alone, for credit users who read no invoices
        moves = self.env["account.move"].sudo().browse(row["move_id"] for row in rows)
        currency = self.company_id.currency_id
        lines = [
            self.env._(
                "%(invoice)s, %(amount)s, %(day)s",
                invoice=move.name,
                amount=formatLang(self.env, row["open_amount"], currency_obj=currency),
                day=format_date(self.env, row["day"]),
            )
            for move, row in zip(moves[:NOTE_LINES], rows, strict=False)
        ]
        if len(rows) > NOTE_LINES:
            lines.append(self.env._("and %s more", len(rows) - NOTE_LINES))
        return Markup("<br/>").join(lines)

    def _close(self):
        """Mark as done what is planned: nothing is left of it, or the day has come."""
        for activity in self._own_activities():
            env = env_for(self, activity.user_id)
            reminder = self.browse(activity.res_id)
            activity.action_feedback(
                feedback=env._(
                    "The day has passed: what was neither paid nor extended has "
                    "stopped the cover."
                )
                if reminder.kind == "stop"
                else env._("Settled: paid, notified, handed over or extended.")
            )
