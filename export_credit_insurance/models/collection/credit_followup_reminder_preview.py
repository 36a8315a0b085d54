from odoo import api, fields, models

from .reminder_text import ReminderText

#: states of reminders that have not left
WAITING = ("draft", "queued", "failed")


class CreditFollowupReminder(models.Model):
    """What the buyer reads: as it was sent, or as it would be sent today."""

    _inherit = "credit.followup.reminder"

    preview_subject = fields.Char("Subject", compute="_compute_preview")
    preview_body = fields.Html("Text", compute="_compute_preview", sanitize=False)

    @api.depends_context("lang", "uid")
    @api.depends("step_id", "contact_id", "user_id", "state", "line_ids.state")
    def _compute_preview(self):
        """Show the very words: those sent, or those that would be sent today.

        What was paid, promised or disputed since the run was prepared is looked at
        again, as in sending, but nothing of it is written.
        """
        sent = self.filtered("mail_message_id")
        for reminder in sent:
            # sudo: what was sent to the buyer, for who may read the reminder
            message = reminder.sudo().mail_message_id
            reminder.preview_subject = message.subject
            reminder.preview_body = message.body
        rest = self - sent
        # sudo: the words are the same, whether or not their reader may see invoices
        texts = rest._origin.sudo()._get_texts_today()
        for reminder in rest:
            text = texts.get(reminder._origin)
            reminder.preview_subject = text and text.subject
            reminder.preview_body = text and (text.error or text.body)

    def _get_texts_today(self):
        """Return {reminder: :class:`ReminderText`} as they would leave today.

        Those that wait are looked at again on records that are never stored; where
        nothing would be sent, the text says so.
        """
        waiting = self.filtered(
            lambda reminder: reminder.state in WAITING
            and "pending" in reminder.line_ids.mapped("state")
        )
        unwritten = self.browse().union(
            *(
                reminder.with_context(tracking_disable=True).new(origin=reminder)
                for reminder in waiting
            )
        )
        reasons = unwritten._look_again()
        left = unwritten.filtered(lambda reminder: not reasons[reminder])
        silent = self.filtered(lambda reminder: not reminder._listed_lines())
        texts = (self - waiting - silent)._get_texts()
        texts |= {r: ReminderText(error=r._why_silent()) for r in silent}
        texts.update((r._origin, text) for r, text in left._get_texts().items())
        for reminder in unwritten - left:
            error = self._nothing_left(reasons[reminder])
            texts[reminder._origin] = ReminderText(error=error)
        return texts

    def _why_silent(self):
        """Say why a reminder asks for nothing: without a sum there are no words."""
        self.ensure_one()
        if not self.skip_reason:
            return self.env._("Nothing is sent: no invoice is left to ask for.")
        return self.env._(
            "Nothing was sent: %(reason)s.", reason=self._skip_label(self.skip_reason)
        )

    @api.model
    def _skip_label(self, reason):
        labels = dict(self._fields["skip_reason"]._description_selection(self.env))
        return labels[reason]

    @api.model
    def _nothing_left(self, reason):
        return self.env._(
            "Nothing would be sent today: %(reason)s.", reason=self._skip_label(reason)
        )
