import smtplib

from psycopg2.errors import SerializationFailure

from odoo import models, modules
from odoo.tools import SQL

from ..reader_language import env_for
from .credit_followup_dispatch import WATCHED_MODELS
from .followup_text import on_one_line, server_answer

REMINDER = "credit.followup.reminder"
DISPATCH = "credit.followup.dispatch"
UNKNOWN = "credit.followup.unknown.mail"
SMTP_OK = 250
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
#: {why Odoo says that a mail failed: what it is for a reminder}; else it was refused
FAILURES = {
    "mail_smtp": "connection",
    "mail_email_missing": "no_address",
    "mail_email_invalid": "no_address",
    "mail_from_missing": "sender",
    "mail_from_invalid": "sender",
}


class MailMail(models.Model):
    """Mails of follow-up leave at most once, whatever crashes.

    Odoo hands a mail to the mail server and commits afterwards that it did. Ours are
    locked, their hand-over is recorded in a transaction of its own, and only then
    Odoo sends. Killed before that record, the mail still waits and is sent by the next
    turn; killed after it, nobody knows whether the mail server took it: the reminder
    fails with the message's id, and a person who has looked sends it again, or not.
    """

    _inherit = "mail.mail"

    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Go on at once where more reminders wait than one call sends.

        Odoo's own job takes a thousand and leaves the rest to its next hour.
        """
        # EXTENDS 'mail'
        waiting = [("state", "=", "outgoing"), ("model", "=", REMINDER)]
        before = 0 if email_ids else self.search_count(waiting)
        res = super().process_email_queue(email_ids=email_ids, batch_size=batch_size)
        # where nothing went out (no mail server), asking again would not help
        if before and 0 < self.search_count(waiting) < before:
            self.env.ref(MAIL_CRON)._trigger()
        return res

    def _send(
        self, auto_commit=False, raise_exception=False, smtp_session=None, **options
    ):
        # EXTENDS 'mail'
        def send(mails):
            return super(MailMail, mails)._send(  # noqa: UP008
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                smtp_session=smtp_session,
                **options,
            )

        # sudo: rows that nobody but the server reads
        watched = self.env[DISPATCH].sudo()._of_mails(self)
        if not watched or self.env["ir.mail_server"]._disable_send():
            return send(self)
        others = self.filtered(lambda mail: mail.id not in watched)
        if others:
            send(others)
        if not auto_commit and not modules.module.current_test:
            # within somebody's transaction, which may be undone: the queue does it
            self.env.ref(MAIL_CRON).sudo()._trigger()  # sudo: crons are the system's
            return True
        for mail in self - others:
            mail._send_once(send, smtp_session)
            mail._tell_job()
        return True

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Keep names on one line: what follows a line break would be a head.

        Odoo takes a buyer's name as it is, and whoever edits a contact, on the portal
        too, could write heads and text of their own into our mails.
        """
        # EXTENDS 'mail'
        outgoing = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        if self.model not in WATCHED_MODELS:
            return outgoing
        for mail in outgoing:
            for name in ("email_to", "email_cc"):
                mail[name] = [on_one_line(address) for address in mail[name]]
        return outgoing

    def _send_once(self, send, smtp_session):
        """Send one of ours, unless another process does or did.

        A session that has ended meanwhile is noticed before anything has begun.

        :raise smtplib.SMTPServerDisconnected: as Odoo's own method does
        """
        self.ensure_one()
        if smtp_session and smtp_session.noop()[0] != SMTP_OK:
            raise smtplib.SMTPServerDisconnected("The session has ended")
        if not self._lock_outgoing():
            return
        # sudo: as above
        if not self.env[DISPATCH].sudo()._begin(self):
            self._note_unknown()
            self._commit()
            return
        try:
            send(self)
        except smtplib.SMTPServerDisconnected:
            self._note_unknown()
            self._commit()
            raise

    def _tell_job(self):
        """Say to Odoo's job that a mail of its queue is dealt with.

        Odoo means to, but asks for a model that does not exist (``ir_cron``): killed
        three times among thousands of mails, its queue counts as stuck and waits for
        the next hour.
        """
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress(1)

    def _lock_outgoing(self):
        """Lock the mail if it still waits; return whether it is ours to send."""
        self.flush_model(["state"])
        lock = SQL(
            "SELECT id FROM mail_mail WHERE id = %s AND state = 'outgoing'"
            " FOR NO KEY UPDATE SKIP LOCKED",
            self.id,
        )
        try:
            self.env.cr.execute(lock, log_exceptions=False)
        except SerializationFailure:
            # another process has just sent it: look with fresh eyes
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            self.env.cr.execute(lock)
        return bool(self.env.cr.rowcount)

    def _commit(self):
        """Keep what is known of a mail, as Odoo's queue does after each."""
        if not modules.module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _note_unknown(self):
        """Say that nobody knows whether this mail has left; a person decides."""
        # sudo: the queue's user writes what became of the mail
        reminder_id = self.env[DISPATCH].sudo()._of_mails(self).get(self.id)
        reminder = self.env[REMINDER].sudo().browse(reminder_id or ())
        reason = env_for(reminder, reminder.user_id)._(
            "The hand-over to the mail server was interrupted: whether this mail has "
            "left is not known. Look for message %(message)s in the mail server's "
            "log; then try again, or say that it has left.",
            message=self.message_id,
        )
        self.write(
            {"state": "exception", "failure_type": "unknown", "failure_reason": reason}
        )
        reminder._fail("unknown", reason)
        # sudo: as above; a list for who runs follow-up
        self.env[UNKNOWN].sudo()._note(self, reminder)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Write on reminders that they did not leave, and who stood in their way."""
        # EXTENDS 'mail'
        if failure_type:
            reminder_ids = [mail.res_id for mail in self if mail.model == REMINDER]
            # sudo: the queue's user writes what became of the mail
            reminders = self.env[REMINDER].sudo().browse(reminder_ids).exists()
            reason = (
                server_answer(failure_reason)
                if failure_reason
                else self[:1]._failure_text(failure_type, reminders.user_id)
            )
            reminders._fail(FAILURES.get(failure_type, "mail"), reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _failure_text(self, failure_type, user):
        """Return what went wrong in words: Odoo's, and the server's where it spoke.

        :param user: who reads it
        """
        env = env_for(self, user)
        kinds = dict(self._fields["failure_type"]._description_selection(env))
        said = kinds.get(failure_type, failure_type)
        answer = server_answer(self.failure_reason)
        return f"{said} ({answer})" if answer else said

    def mark_outgoing(self):
        """Whoever says so sends again, also what may have left."""
        # EXTENDS 'mail'
        # sudo: rows of the server; the right to write the mail is the access
        self.check_access("write")
        dispatch = self.env[DISPATCH].sudo()
        reminder_ids = [id_ for id_ in dispatch._of_mails(self).values() if id_]
        dispatch._allow_again(self)
        thanked = self.env[UNKNOWN].sudo()._send_again_of_mails(self)  # sudo: as above
        reminders = self.env[REMINDER].sudo().browse(reminder_ids)
        reminders.filtered(lambda reminder: reminder.state == "failed")._set_sent()
        # what a receipt said is written anew: its old mail is gone
        return super(MailMail, self - thanked).mark_outgoing()
