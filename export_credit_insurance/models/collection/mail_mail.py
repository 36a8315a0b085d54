from odoo import models

REMINDER = "credit.followup.reminder"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Write on reminders that the mail server refused them."""
        # EXTENDS 'mail'
        if failure_type:
            reminder_ids = [mail.res_id for mail in self if mail.model == REMINDER]
            # sudo: the queue's user writes what became of the mail
            reminders = self.env[REMINDER].sudo().browse(reminder_ids).exists()
            reminders._fail("mail", failure_reason or failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

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
