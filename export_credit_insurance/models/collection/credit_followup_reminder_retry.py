from odoo import models


class CreditFollowupReminder(models.Model):
    """What failed on its way: tried again, or found to have left after all."""

    _inherit = "credit.followup.reminder"

    # === ACTIONS === #

    def action_retry(self):
        """Try failed reminders again, with the words and sums of that day.

        One whose mail came back, was refused or may have left gets a new mail: it is
        looked at again like any other, since much may have been paid meanwhile.
        """
        self._check_may_run()
        # sudo: as above
        failed = self.sudo().filtered(lambda r: r.state == "failed")
        failed._take_back()
        failed._queue()
        return True

    def action_confirm_sent(self):
        """Say that a mail of unknown fate has left, after a look at the mail server."""
        self._check_may_run()
        # sudo: as above
        unknown = self.sudo().filtered(lambda r: r.failure_type == "unknown")
        unknown = unknown.filtered(lambda r: r.state == "failed")
        unknown._decide_on_mail("arrived")
        unknown.mail_id.unlink()
        unknown._set_sent()
        for reminder in unknown:
            reminder.message_post(
                body=self.env._(
                    "%(user)s confirmed that the mail has left.",
                    user=self.env.user.name,
                )
            )
        return True

    # === LIFE === #

    def _decide_on_mail(self, decision):
        """Record what a person decides on mails whose fate is not known."""
        unknown = self.env["credit.followup.unknown.mail"]
        unknown._decide_of_mails(self.mail_id, decision)

    def _set_sent(self):
        """What failed is on its way again, or has left after all."""
        self.write({"state": "sent", "failure_type": False, "failure_reason": False})

    def _take_back(self):
        """Undo a sending that reached nobody: its mail is gone, its steps are open.

        What colleagues were asked to do stays planned.
        """
        sent = self.filtered("sent_on")
        sent._decide_on_mail("again")
        sent.mail_id.unlink()
        taken = sent.line_ids.filtered(lambda line: line.state == "taken")
        newer = taken.search(
            [("move_line_id", "in", taken.move_line_id.ids), ("state", "=", "pending")]
        )
        # an instalment that waits in a newer reminder is asked for there
        again = taken.filtered(lambda line: line.move_line_id not in newer.move_line_id)
        again.write({"state": "pending", "date": False})
