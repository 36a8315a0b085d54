import psycopg2

from odoo import api, models
from odoo.tools import SQL


class CreditFollowupReminder(models.Model):
    """Sent, yet still in Odoo's queue: recalled where all it asks for is paid.

    Only whole reminders are. One that is paid in part leaves as it was written: it was
    right on its day, and what is left of it is still owed.
    """

    _inherit = "credit.followup.reminder"

    @api.model
    def _recall_paid(self, move_lines):
        """Recall the reminders that ask for nothing any more.

        :param move_lines: instalments that were paid just now
        """
        lines = self.env["credit.followup.reminder.line"].search(
            [
                ("move_line_id", "in", move_lines.ids),
                ("state", "=", "taken"),
                ("reminder_id.state", "=", "sent"),
                ("reminder_id.mail_id.state", "=", "outgoing"),
            ]
        )
        paid = lines.reminder_id.filtered(lambda reminder: reminder._is_paid())
        paid._lock_not_begun()._recall("paid")

    def _is_paid(self):
        """Whether all that it lists is paid, and no letter was posted besides."""
        self.ensure_one()
        instalments = self._listed_lines().move_line_id
        return not self.dispatched_on and all(instalments.mapped("reconciled"))

    def _lock_not_begun(self):
        """Return those whose mail is ours now: the queue cannot begin to send it.

        The queue locks a mail before it records the beginning, in a transaction that
        this one may not see: both rows are locked, and what has changed is let go.
        """
        mail, dispatch = self.env["mail.mail"], self.env["credit.followup.dispatch"]
        mail.flush_model(["state"])
        dispatch.flush_model()
        lock = SQL(
            """
            SELECT mail.id
              FROM %s mail
              JOIN %s dispatch ON dispatch.mail_id = mail.id
             WHERE mail.id = ANY(%s)
               AND mail.state = 'outgoing'
               AND dispatch.begun_on IS NULL
             ORDER BY mail.id
               FOR UPDATE SKIP LOCKED
            """,
            SQL.identifier(mail._table),
            SQL.identifier(dispatch._table),
            self.mail_id.ids,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(lock, log_exceptions=False)
                ours = {mail_id for (mail_id,) in self.env.cr.fetchall()}
        except psycopg2.OperationalError:
            ours = set()  # one of them is leaving: matching its receipt goes on
        return self.filtered(lambda reminder: reminder.mail_id.id in ours)

    def _recall(self, reason):
        """Undo the sending of mails that have not left: their steps are not taken.

        What colleagues were asked to do stays planned.
        """
        if not self:
            return
        mails, letters = self.mail_id, self.letter_id
        messages = mails.mail_message_id
        dispatches = self.env["credit.followup.dispatch"]
        dispatches.search([("mail_id", "in", mails.ids)]).unlink()
        mails.unlink()
        (messages | self.mail_message_id).unlink()
        letters.unlink()
        taken = self.line_ids.filtered(lambda line: line.state == "taken")
        taken.write({"state": "dropped", "date": False, "is_skipped": True})
        self.sent_on = False
        self._skip(reason)
        self._reset_steps_reached(taken.move_id)

    def _reset_steps_reached(self, moves):
        """Say on paid invoices which step they had really reached."""
        groups = self.env["credit.followup.reminder.line"]._read_group(
            [("move_id", "in", moves.ids), ("state", "=", "taken")],
            ["move_id"],
            ["step_id:recordset"],
        )
        steps = {move.id: steps for move, steps in groups}
        none = self.env["credit.followup.step"]
        values = [
            (
                move.id,
                steps.get(move.id, none).sorted(lambda s: (s.sequence, s.id))[-1:].id
                or None,
                None,
            )
            for move in moves
        ]
        self.env["credit.followup.due"]._update_moves(values)
