import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..reader_language import env_for
from .followup_text import on_one_line

_logger = logging.getLogger(__name__)

#: reminders that are sent, and committed, together
BATCH = 200
#: letters among them: printing one takes as long as a hundred mails
LETTERS = 10
#: times that a batch is tried again when its rows change under it
ATTEMPTS = 3
#: no answers from machines (RFC 3834), people's answers come to who is responsible
MAIL_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF",
}
LETTER_REPORT = "export_credit_insurance.credit_followup_reminder_action_letter"
ACTIVITIES = {
    "plan_call": "export_credit_insurance.mail_activity_type_followup_call",
    "notify_insurer": "export_credit_insurance.mail_activity_type_insurer_notice",
    "hand_over": "export_credit_insurance.mail_activity_type_hand_over",
}


class CreditFollowupReminder(models.Model):
    """Sending: exactly once, whatever crashes.

    A batch is one transaction: its reminders are locked and looked at again, their
    mails put into Odoo's queue, their instalments moved to the step. Killed before the
    commit, nothing of it has happened; after it, no reminder is queued any more. Where
    one of a batch fails it is undone and its reminders are sent one by one, so that
    the error lands on the one it belongs to.

    Workers share a run: each locks what it takes, and passes over what another has.
    Where a receipt, a stop or a skip changes rows under a batch, the batch is undone
    and looked at again. The way from Odoo's queue to the mail server is guarded by
    ``mail_mail.py``.
    """

    _inherit = "credit.followup.reminder"

    # === JOB === #

    @api.model
    def _cron_send(self):
        """Send what is queued, batch by batch, as long as the time allows."""
        queued = [("state", "=", "queued")]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=self.search_count(queued))
        last_id = 0
        while batch := self._next_batch([*queued, ("id", ">", last_id)]):
            last_id = batch[-1].id
            batch._send_safely()
            self.env["credit.followup.run"]._trigger_mails()
            if not commit(len(batch)):
                self.env["credit.followup.run"]._end_sending()
                return
            self.env.invalidate_all()
        self.env["credit.followup.run"]._end_sending()
        self.env["credit.followup.receipt"]._send_queued()

    @api.model
    def _next_batch(self, domain):
        """Return the reminders to send together: many mails, or a few letters.

        A batch is over long before a server would call its job stuck.
        """
        batch = self.search(domain, limit=BATCH, order="id")
        letters = [reminder for reminder in batch if reminder._goes_by_letter()]
        if len(letters) <= LETTERS:
            return batch
        return batch.filtered(lambda reminder: reminder.id < letters[LETTERS].id)

    def _send_safely(self, attempts=ATTEMPTS):
        """Send together; if that fails, one by one, with the error on its reminder."""
        try:
            self._send()
            self.env.flush_all()
            return
        except psycopg2.OperationalError:
            # a row changed meanwhile: look again, with fresh eyes
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            if attempts > 1:
                self._send_safely(attempts - 1)
            else:
                self.env["credit.followup.run"]._trigger_sending()
            return
        except Exception as error:
            self.env.cr.rollback()
            if len(self) == 1:
                _logger.info("Reminder %s could not be sent", self.id, exc_info=True)
                self._fail("rendering", self._why(error))
                return
        for reminder in self:
            reminder._send_safely()
            self.env["ir.cron"]._commit_progress()

    def _why(self, error):
        """Say what to do about what went wrong: details are for the log."""
        if isinstance(error, UserError):
            return str(error)  # written for people
        return env_for(self, self.user_id)._(
            "Its text or a document could not be made. Look at the step's text and at "
            "the attached invoices, then try again; your administrator finds the "
            "details in the log."
        )

    # === ONE TRANSACTION === #

    def _send(self):
        """Send what is still queued and still due; the caller commits."""
        mine = self.try_lock_for_update(allow_referencing=True)
        mine = mine.filtered(lambda r: r.state == "queued")
        questions = {}
        ready = mine._skip_what_is_settled(questions)._fail_unreachable()
        texts = ready._get_texts()
        for reminder in ready:
            if texts[reminder].error:
                reminder._fail("rendering", texts[reminder].error)
        ready = ready.filtered(lambda r: r.state == "queued")
        ready._write_letters()
        mailed = ready._write_mails(texts)
        ready.filtered(lambda r: not r.sent_on)._plan_work()
        ready._take_steps(questions, mailed)

    def _skip_what_is_settled(self, questions):
        """Skip those of which nothing is left; return the others, as of today."""
        left = self.browse()
        for reminder, reason in self._look_again(questions).items():
            if reason:
                reminder._skip(reason)
            else:
                left |= reminder
        return left

    def _fail_unreachable(self):
        """Fail those whose only way is a mail that has nowhere to go."""
        reachable = self.browse()
        for reminder in self:
            contact = reminder._addressee()
            if reminder.channel != "mail":
                reachable |= reminder
            elif not contact.email_normalized:
                reminder._fail(
                    "no_address",
                    self.env._(
                        "%(contact)s has no e-mail address.",
                        contact=reminder.contact_id.display_name,
                    ),
                )
            elif contact.is_blacklisted:
                reminder._fail("blacklisted", contact.email_normalized)
            else:
                reachable |= reminder
        return reachable

    def _addressee(self):
        """Return the contact, or the buyer where only that one has an address."""
        self.ensure_one()
        contact = self.contact_id or self.partner_id
        return contact if contact.email_normalized else self.partner_id

    def _goes_by_mail(self):
        """Whether a mail goes out; a letter alone does where there is no address."""
        self.ensure_one()
        contact = self._addressee()
        return (
            self.channel in ("mail", "mail_letter")
            and bool(contact.email_normalized)
            and not contact.is_blacklisted
        )

    def _goes_by_letter(self):
        self.ensure_one()
        return self.channel in ("letter", "mail_letter")

    # === MAILS AND LETTERS === #

    def _write_letters(self):
        """Keep the letter as it leaves: the proof of what was sent."""
        report = self.env["ir.actions.report"]
        for reminder in self.filtered(lambda r: r._goes_by_letter()):
            content, kind = report._render_qweb_pdf(LETTER_REPORT, reminder.ids)
            reminder.letter_id = self.env["ir.attachment"].create(
                {
                    "name": f"{reminder.name}.{kind}",
                    "raw": content,
                    "res_model": reminder._name,
                    "res_id": reminder.id,
                }
            )

    def _write_mails(self, texts):
        """Put the mails into Odoo's queue, all in one insertion; return whose."""
        mailed = self.filtered(lambda r: r._goes_by_mail())
        model = self.env["mail.mail"]
        mails = model.create([r._prepare_mail(texts[r]) for r in mailed])
        mails.mail_message_id._keep_bodies([texts[r].body for r in mailed])
        # that the mail is there tells nobody more than the state does
        mailed._write_multi(
            [
                {"mail_id": mail.id, "mail_message_id": mail.mail_message_id.id}
                for mail in mails
            ]
        )
        mailed.invalidate_recordset(["mail_id", "mail_message_id"], flush=False)
        self.env["credit.followup.dispatch"]._watch(mails, mailed)
        return mailed

    def _prepare_mail(self, text):
        """Return the values of the mail; replies come to who is responsible."""
        user = self.user_id
        sender = on_one_line(user.email_formatted or self.company_id.email_formatted)
        files = self._invoice_files() | self.letter_id
        return {
            "subject": text.subject,
            "body_html": text.body,
            "model": self._name,
            "res_id": self.id,
            "author_id": user.partner_id.id,
            "email_from": sender,
            "reply_to": sender,
            "recipient_ids": [Command.link(self._addressee().id)],
            "attachment_ids": [Command.link(file.id) for file in files],
            "is_internal": True,
            "headers": repr(MAIL_HEADERS),
            # the message stays on the reminder when the queue forgets the mail
            "is_notification": True,
            "auto_delete": True,
        }

    def _invoice_files(self):
        """Return the PDF files that went out with the invoices, none is made anew."""
        if not self.text_step_id.attach_invoices:
            return self.env["ir.attachment"]
        moves = self._listed_lines().move_id
        return moves.invoice_pdf_report_id

    # === LEVEL AND WORK === #

    def _plan_work(self):
        """Plan what colleagues do: call, tell the insurer, hand over.

        Calls come by hundreds with a run and stand in each one's list of the day; of
        what concerns the insurer Odoo sends a note, as of any activity.
        """
        model_id = self.env["ir.model"]._get_id(self._name)
        types = {
            channel: self.env.ref(xmlid).id for channel, xmlid in ACTIVITIES.items()
        }
        planned = [
            {**activity, "res_model_id": model_id, "res_id": reminder.id}
            for reminder in self
            for activity in reminder._prepare_activities(types)
        ]
        call = types["plan_call"]
        activities = self.env["mail.activity"]
        activities.with_context(mail_activity_quick_update=True).create(
            [vals for vals in planned if vals["activity_type_id"] == call]
        )
        activities.create(
            [vals for vals in planned if vals["activity_type_id"] != call]
        )

    def _prepare_activities(self, types):
        """Return the values of the activities that the steps ask for.

        :param types: {channel: id of the type of its activities}
        """
        lines = self.line_ids.filtered(lambda line: line.state != "dropped")
        steps = lines.step_id
        channels = [channel for channel in types if any(steps.mapped(channel))]
        if not channels:
            return []
        today = self.company_id._credit_today()
        name = self.display_name
        return [
            {
                "activity_type_id": types[channel],
                "summary": name,
                "res_name": name,
                "date_deadline": today,
                "automated": True,
                "user_id": self._who_does(channel).id,
            }
            for channel in channels
        ]

    def _who_does(self, channel):
        """Who is in charge calls; the insurer is the credit controllers' business."""
        controller = self.company_id.credit_controller_id
        if channel != "plan_call" and controller:
            return controller
        return self.user_id or self.env.user

    def _take_steps(self, questions, mailed):
        """Move the instalments to their steps, in the transaction of their mails.

        :param questions: {company: what was asked of their buyers}
        :param mailed: those of these reminders whose mail is in their chatter
        """
        for company, reminders in self.grouped("company_id").items():
            lines = reminders.line_ids.filtered(lambda line: line.state == "pending")
            lines.write({"state": "taken", "date": company._credit_today()})
            self.env["credit.followup.due"]._refresh_moves_of(questions[company])
        sent = {"state": "sent", "sent_on": fields.Datetime.now()}
        # the mail says it; tracking costs two queries each
        mailed.with_context(tracking_disable=True).write(sent)
        mailed._track_discard()
        (self - mailed).write(sent)
