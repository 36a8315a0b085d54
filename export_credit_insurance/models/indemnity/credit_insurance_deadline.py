from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..position.position_fields import READ_FIELDS

DEADLINE_KINDS = [
    ("stop", "Cover Stop"),
    ("notice", "Overdue Notice"),
    ("hand_over", "Hand-over to Collection"),
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
    "credit.insurance.overdue.notice": ("state",),
    "credit.insurance.overdue.notice.line": ("notice_id", "move_line_id"),
}
# Whether the insurer was told of an instalment of ``clock``.
NOTIFIED = SQL(
    """EXISTS (
        SELECT FROM credit_insurance_overdue_notice_line line
          JOIN credit_insurance_overdue_notice notice ON notice.id = line.notice_id
         WHERE line.move_line_id = clock.id
           AND notice.state IN ('sent', 'answered'))"""
)


class CreditInsuranceDeadline(models.Model):
    """What the insurer's clock says of each open insured instalment.

    One row per instalment, ``id`` is the journal item's: its deadlines and the next of
    them. A stop that has come is over; a notice or a hand-over stays until it is done,
    however late (DOMAIN 1.8, 1.9).
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
    collection_deadline = fields.Date(string="Hand Over By", readonly=True)
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
        return SQL(
            """
            SELECT clock.*, next.kind AS next_kind, next.day AS next_date,
                   %(urgency)s AS urgency
              FROM (%(clock)s) clock
              CROSS JOIN LATERAL (%(pending)s
                     ORDER BY day, kind = 'hand_over', kind = 'stop' LIMIT 1) next
            """,
            clock=query.clock(),
            pending=self._pending(query.day),
            urgency=self._urgency(SQL("next.day"), query.day),
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
                clock=query.clock(),
                pending=self._pending(query.day),
                urgency=self._urgency(SQL("pending.day"), query.day),
                last=query.day + timedelta(days=days),
            )
        )

    @api.model
    def _get_to_notify(self, company, partners):
        """Return these buyers' overdue instalments that no notice was sent of.

        :return: {(policy id, partner id): dicts of the instalment and its deadline}
        """
        query = self._query_of(company, partners)
        rows = self.env["credit.insurance.position"]._execute(
            SQL(
                """
                SELECT clock.id, clock.partner_id, clock.policy_id, clock.due_date,
                       clock.notification_deadline
                  FROM (%(clock)s) clock
                 WHERE clock.due_date < %(day)s AND NOT (%(notified)s)
                 ORDER BY clock.due_date, clock.id
                """,
                clock=query.clock(),
                day=query.day,
                notified=NOTIFIED,
            )
        )
        found = {}
        for row in rows:
            found.setdefault((row["policy_id"], row["partner_id"]), []).append(row)
        return found

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
    def _pending(self, day):
        """SQL of what an instalment of ``clock`` still asks for."""
        return SQL(
            """
            SELECT kind, day
              FROM (VALUES ('stop', clock.stop_date),
                           ('notice', clock.notification_deadline),
                           ('hand_over', clock.collection_deadline)
                   ) deadline(kind, day)
             WHERE NOT (%s)
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
            OR kind = 'hand_over' AND EXISTS (
                SELECT FROM credit_insurance_stop stop
                 WHERE stop.cause = 'handed_over' AND stop.move_line_id = clock.id)
            """,
            day=day,
            notified=NOTIFIED,
        )

    def _partners_of(self, ids):
        return self.env["credit.insurance.cover.line"]._partners_of(ids)

    def action_prepare_notices(self):
        """Draft the overdue notices of these buyers, and open them.

        :raise UserError: if nothing of theirs is overdue and not notified
        """
        notices = self.env["credit.insurance.overdue.notice"]
        for company, rows in self.grouped("company_id").items():
            keys = {(row.policy_id.id, row.partner_id.id) for row in rows}
            notices |= notices._prepare(keys, company)
        if not notices:
            raise UserError(
                self.env._(
                    "Nothing to notify: no invoice of these buyers is overdue that "
                    "the insurer was not told of."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_overdue_notice_action"
        )
        if len(notices) == 1:
            return {**action, "res_id": notices.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", notices.ids)], "context": {}}

    def action_record_extension(self):
        """Open a form to record what the insurer agreed to for this instalment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extension Agreed by the Insurer"),
            "res_model": "credit.insurance.extension",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_line_id": self.id},
        }
