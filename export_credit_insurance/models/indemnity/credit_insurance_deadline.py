from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..ledger.facts_sql import is_handed_over_on, is_insolvent_on
from ..position.position_fields import READ_FIELDS
from .notice_kinds import TELLING_KINDS, family_of

DEADLINE_KINDS = [
    ("stop", "Cover Stop"),
    ("notice", "Overdue Notice"),
    ("hand_over", "Hand-over to Collection"),
    ("insolvency", "Insolvency Notice"),
    ("adverse", "Adverse Information"),
]
URGENCIES = [
    ("missed", "Missed"),
    ("urgent", "Within 3 Days"),
    ("soon", "Within 10 Days"),
    ("later", "Later"),
]
SOON_DAYS = 10
URGENT_DAYS = 3
NOTICE_FIELDS = {
    "credit.insurance.overdue.notice": ("state", "kind", "policy_id", "company_id"),
    "credit.insurance.overdue.notice.line": ("notice_id", "move_line_id"),
    "credit.insurance.insolvency": ("learned_on",),
    "credit.insurance.adverse.info": ("partner_id", "learned_on", "date_end"),
}


def _told(kinds):
    """SQL: whether the insurer was told of an instalment of ``clock`` so."""
    return SQL(
        """EXISTS (
        SELECT FROM credit_insurance_overdue_notice_line line
          JOIN credit_insurance_overdue_notice notice ON notice.id = line.notice_id
         WHERE line.move_line_id = clock.id AND notice.kind IN %s
           AND notice.state IN ('sent', 'answered'))""",
        kinds,
    )


# Whether the insurer knows that the instalment is unpaid, or that its buyer is broke.
NOTIFIED = _told(TELLING_KINDS)
INSOLVENCY_TOLD = _told(("insolvency",))


class CreditInsuranceDeadline(models.Model):
    """What the insurer's clock says of each open insured instalment.

    One row per instalment, ``id`` is the journal item's: its deadlines and the next of
    them. A stop that has come is over; a notice or a hand-over stays until it is done,
    however late (DOMAIN 1.8, 1.9). Insolvency and adverse information have clocks of
    their own, from the day they were learned.
    """

    _name = "credit.insurance.deadline"
    _description = "Insurer's Deadline"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _depends = {**READ_FIELDS, **NOTICE_FIELDS}
    _order = "next_date, id"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    invoice_date = fields.Date(readonly=True)
    due_date = fields.Date(string="Original Due Date", readonly=True)
    mep_end = fields.Date(string="Extension Period Ends", readonly=True)
    stop_date = fields.Date(string="Cover Stops On", readonly=True)
    notification_deadline = fields.Date(string="Notify By", readonly=True)
    collection_deadline = fields.Date(readonly=True)
    insolvency_deadline = fields.Date(string="Insolvency Notice Due", readonly=True)
    adverse_deadline = fields.Date(
        string="Adverse Information Notice Due", readonly=True
    )
    open_amount = fields.Monetary(string="Owed", readonly=True)
    next_kind = fields.Selection(DEADLINE_KINDS, string="Next", readonly=True)
    next_date = fields.Date(string="Next Deadline", readonly=True)
    urgency = fields.Selection(URGENCIES, readonly=True)

    @api.depends("move_id", "next_kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["next_kind"]._description_selection(self.env))
        for row in self:
            row.display_name = self.env._(
                "%(deadline)s: %(buyer)s, %(invoice)s",
                deadline=kinds.get(row.next_kind, ""),
                buyer=row.partner_id.display_name,
                # sudo: the invoice's name alone, for credit users who read no invoices
                invoice=row.move_id.sudo().name,
            )

    def _position_query(self, query):
        return self._next(query, query.clock())

    @api.model
    def _next(self, query, rows, until=None):
        """SQL of each instalment's deadlines and the next of them.

        :param rows: SQL of the clock's rows
        :param until: leave out instalments of which nothing is asked until that day
        """
        return SQL(
            """
            SELECT clock.*, next.kind AS next_kind, next.day AS next_date,
                   %(urgency)s AS urgency
              FROM (%(clock)s) clock
              CROSS JOIN LATERAL (%(pending)s
                     ORDER BY day, kind = 'hand_over', kind = 'stop' LIMIT 1) next
             WHERE %(soon)s
            """,
            clock=self._clock(query, rows),
            pending=self._pending(query.day),
            urgency=self._urgency(SQL("next.day"), query.day),
            soon=SQL("TRUE") if until is None else self._soon(query.day, until),
        )

    @api.model
    def _soon(self, day, until):
        """SQL that tells whether any deadline of ``clock`` can be due until a day."""
        return SQL(
            """(clock.stop_date BETWEEN %(day)s AND %(until)s
                OR LEAST(clock.notification_deadline, clock.collection_deadline,
                         clock.insolvency_deadline, clock.adverse_deadline)
                   <= %(until)s)""",
            day=day,
            until=until,
        )

    @api.model
    def _query_of(self, company, partners=None):
        """Return the position query of buyers, None for all; notices written before."""
        for model, names in NOTICE_FIELDS.items():
            self.env[model].flush_model(names)
        return self.env["credit.insurance.position"]._query(company, partners=partners)

    @api.model
    def _get_pending(self, company, days):
        """Return what is to be done within so many days, or was missed.

        :return: dicts of the instalment, its ``kind`` of deadline, ``day``, ``urgency``
        """
        query = self._query_of(company)
        return self.env["credit.insurance.position"]._execute(
            SQL(
                """
                SELECT clock.id, clock.partner_id, clock.policy_id, clock.move_id,
                       clock.open_amount, pending.kind, pending.day,
                       %(urgency)s AS urgency
                  FROM (%(clock)s) clock
                  CROSS JOIN LATERAL (%(pending)s) pending
                 WHERE pending.day <= %(last)s
                 ORDER BY pending.day, clock.id
                """,
                clock=self._clock(query),
                pending=self._pending(query.day),
                urgency=self._urgency(SQL("pending.day"), query.day),
                last=query.day + timedelta(days=days),
            )
        )

    @api.model
    def _get_untold(self, company, partners):
        """Return what insurers are still to be told of these buyers.

        :return: {(policy id, partner id): dicts of ``id`` (the instalment), ``kind``
            of deadline and ``day``}, the first day first
        """
        query = self._query_of(company, partners)
        rows = self.env["credit.insurance.position"]._execute(
            SQL(
                """
                SELECT clock.id, clock.partner_id, clock.policy_id,
                       pending.kind, pending.day
                  FROM (%(clock)s) clock
                  CROSS JOIN LATERAL (%(pending)s) pending
                 WHERE pending.kind IN ('notice', 'insolvency', 'adverse')
                 ORDER BY pending.day, clock.id
                """,
                clock=self._clock(query),
                pending=self._pending(query.day),
            )
        )
        found = {}
        for row in rows:
            found.setdefault((row["policy_id"], row["partner_id"]), []).append(row)
        return found

    @api.model
    def _get_to_notify(self, company, partners, kind="monitor"):
        """Return these buyers' instalments that a notice of a kind is to list.

        :param kind: of :data:`~.notice_kinds.NOTICE_KINDS`, but *resolved*
        :return: {(policy id, partner id): dicts of the instalment and its deadline}
        """
        query = self._query_of(company, partners)
        family = family_of(kind)
        rows = self.env["credit.insurance.position"]._execute(
            SQL(
                """
                SELECT clock.id, clock.partner_id, clock.policy_id, clock.due_date,
                       clock.%(deadline)s AS deadline
                  FROM (%(clock)s) clock
                 WHERE %(wanted)s
                 ORDER BY clock.due_date, clock.id
                """,
                clock=self._clock(query),
                deadline=SQL.identifier(
                    f"{family}_deadline"
                    if family in ("insolvency", "adverse")
                    else "notification_deadline"
                ),
                wanted=self._wanted(family, query.day),
            )
        )
        found = {}
        for row in rows:
            found.setdefault((row["policy_id"], row["partner_id"]), []).append(row)
        return found

    @api.model
    def _wanted(self, family, day):
        """SQL that tells which instalments of ``clock`` such a notice lists."""
        return {
            "overdue": SQL("clock.due_date < %s AND NOT (%s)", day, NOTIFIED),
            "insolvency": SQL(
                "clock.insolvency_deadline IS NOT NULL AND NOT (%s)", INSOLVENCY_TOLD
            ),
            "extension": SQL(
                "EXISTS (SELECT FROM credit_insurance_extension request"
                " WHERE request.move_line_id = clock.id"
                " AND request.state = 'requested')"
            ),
            "adverse": SQL("TRUE"),
        }[family]

    @api.model
    def _urgency(self, deadline, day):
        return SQL(
            """CASE WHEN %(deadline)s < %(day)s THEN 'missed'
                    WHEN %(deadline)s <= %(day)s + %(urgent)s THEN 'urgent'
                    WHEN %(deadline)s <= %(day)s + %(soon)s THEN 'soon'
                    ELSE 'later' END""",
            deadline=deadline,
            day=day,
            urgent=URGENT_DAYS,
            soon=SOON_DAYS,
        )

    @api.model
    def _clock(self, query, rows=None):
        """SQL of the instalments' clock, with the days to tell of their buyers.

        An insolvency concerns what was invoiced before the judgment.

        :param rows: SQL of the clock's rows, if they are at hand
        """
        return SQL(
            """
            SELECT clock.*,
                   insolvent.learned_on + terms.insolvency_notification_days
                       AS insolvency_deadline,
                   adverse.learned_on + terms.adverse_info_days AS adverse_deadline
              FROM (%(clock)s) clock
              JOIN credit_insurance_policy terms ON terms.id = clock.policy_id
              LEFT JOIN (
                SELECT DISTINCT ON (partner_id) partner_id, judgment_date,
                       COALESCE(learned_on, judgment_date) AS learned_on
                  FROM credit_insurance_insolvency insolvency
                 WHERE %(is_insolvent)s
                 ORDER BY partner_id, judgment_date DESC, id DESC
              ) insolvent ON insolvent.partner_id = clock.partner_id
                         AND clock.invoice_date <= insolvent.judgment_date
              LEFT JOIN LATERAL (
                SELECT min(info.learned_on) AS learned_on
                  FROM credit_insurance_adverse_info info
                 WHERE info.partner_id = clock.partner_id
                   AND info.learned_on <= %(day)s
                   AND (info.date_end IS NULL OR info.date_end >= %(day)s)
                   AND NOT EXISTS (
                       SELECT FROM credit_insurance_notice_adverse_info_rel told
                         JOIN credit_insurance_overdue_notice notice
                           ON notice.id = told.notice_id
                        WHERE told.info_id = info.id
                          AND notice.policy_id = clock.policy_id
                          AND notice.company_id = clock.company_id
                          AND notice.state IN ('sent', 'answered'))
              ) adverse ON TRUE
            """,
            clock=query.clock() if rows is None else rows,
            is_insolvent=is_insolvent_on("insolvency", query.day),
            day=query.day,
        )

    @api.model
    def _pending(self, day):
        """SQL of what an instalment of ``clock`` still asks for."""
        return SQL(
            """
            SELECT kind, day
              FROM (VALUES ('stop', clock.stop_date),
                           ('notice', clock.notification_deadline),
                           ('hand_over', clock.collection_deadline),
                           ('insolvency', clock.insolvency_deadline),
                           ('adverse', clock.adverse_deadline)
                   ) deadline(kind, day)
             WHERE day IS NOT NULL AND NOT (%s)
            """,
            self._is_done(day),
        )

    @api.model
    def _is_done(self, day):
        """SQL that tells whether a deadline asks for nothing any more."""
        return SQL(
            """
            kind = 'stop' AND day < %(day)s
            OR kind = 'notice' AND %(notified)s
            OR kind = 'insolvency' AND %(insolvency_told)s
            OR kind = 'hand_over' AND %(handed_over)s
            """,
            day=day,
            handed_over=is_handed_over_on(
                SQL("clock.partner_id"), SQL("clock.id"), day
            ),
            notified=NOTIFIED,
            insolvency_told=INSOLVENCY_TOLD,
        )

    def _partners_of(self, ids):
        return self.env["credit.insurance.cover.line"]._partners_of(ids)

    def action_prepare_notices(self):
        """Draft what is to be told of these buyers, and open it.

        Of an insolvent buyer all that is open, of others what is overdue; and what was
        learned of them.

        :raise UserError: if the insurer was told everything
        """
        notices = self.env["credit.insurance.overdue.notice"]
        for company, rows in self.grouped("company_id").items():
            for kind, wanted in (
                ("insolvency", rows.filtered("insolvency_deadline")),
                ("adverse", rows.filtered("adverse_deadline")),
                ("monitor", rows),
            ):
                keys = {(row.policy_id.id, row.partner_id.id) for row in wanted}
                if kind == "monitor":
                    keys -= {
                        (notice.policy_id.id, notice.partner_id.id)
                        for notice in notices
                        if notice.kind == "insolvency"
                    }
                if keys:
                    notices |= notices._prepare(keys, company, kind)
        if not notices:
            raise UserError(
                self.env._(
                    "Nothing to notify: no invoice of these buyers is overdue that "
                    "the insurer was not told of."
                )
            )
        return notices._action_open()

    def action_record_extension(self):
        """Open a form to record what the insurer agreed to for this instalment.

        Where it was asked, its answer to the request.
        """
        self.ensure_one()
        request = self.env["credit.insurance.extension"].search(
            [("move_line_id", "=", self.id), ("state", "=", "requested")], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extension Agreed by the Insurer"),
            "res_model": "credit.insurance.extension",
            "res_id": request.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_line_id": self.id},
        }
