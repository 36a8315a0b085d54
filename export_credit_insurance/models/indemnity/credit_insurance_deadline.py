from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

DEADLINE_KINDS = [
    ("stop", "Cover Stops"),
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
    def _get_pending(self, company, days):
        """Return what is to be done within so many days, or was missed.

        :return: dicts of the instalment, its ``kind`` of deadline, ``day``, ``urgency``
        """
        position = self.env["credit.insurance.position"]
        query = position._query(company)
        return position._execute(
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
            OR kind = 'hand_over' AND EXISTS (
                SELECT FROM credit_insurance_stop stop
                 WHERE stop.cause = 'handed_over' AND stop.move_line_id = clock.id)
            """,
            day=day,
        )

    def _partners_of(self, ids):
        return SQL(
            "ARRAY(SELECT partner.commercial_partner_id FROM account_move_line line"
            " JOIN res_partner partner ON partner.id = line.partner_id"
            " WHERE line.id = ANY(%s))",
            ids,
        )

    def action_open_invoice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

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
