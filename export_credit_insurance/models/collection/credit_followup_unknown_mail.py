from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ..reader_language import env_for

ACTIVITY_UNKNOWN = "export_credit_insurance.mail_activity_type_unknown_mail"

DECISIONS = [
    ("arrived", "It Arrived"),
    ("again", "Sent Again"),
    ("dropped", "Left Alone"),
]


class CreditFollowupUnknownMail(models.Model):
    """A mail that may have arrived or not, until a person has looked and decided.

    Its hand-over to the mail server was cut short (see ``credit.followup.dispatch``),
    so it is not sent again by itself. One row each time, kept with who decided what.
    """

    _name = "credit.followup.unknown.mail"
    _description = "Mail That May Have Arrived"
    _order = "noticed_on desc, id desc"
    _rec_name = "message_ref"

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, index=True, ondelete="cascade"
    )
    reminder_id = fields.Many2one(
        "credit.followup.reminder", index="btree_not_null", ondelete="cascade"
    )
    receipt_id = fields.Many2one(
        "credit.followup.receipt",
        "Payment Received",
        index="btree_not_null",
        ondelete="cascade",
    )
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    message_ref = fields.Char(
        "Message", required=True, help="Its number in the mail server's log."
    )
    address = fields.Char("Sent To")
    kind = fields.Selection(
        [("reminder", "Reminder"), ("receipt", "Payment Received")], required=True
    )
    noticed_on = fields.Datetime(required=True, default=fields.Datetime.now)
    decision = fields.Selection(DECISIONS)
    decided_by = fields.Many2one("res.users")
    decided_on = fields.Datetime()

    _once_open = models.UniqueIndex(
        "(mail_id) WHERE decision IS NULL", "This mail waits for a decision already."
    )

    # === ACTIONS === #

    def action_arrived(self):
        """Say that these mails have arrived, after a look at the mail server."""
        waiting = self._to_decide()
        waiting.reminder_id.with_env(self.env).action_confirm_sent()
        waiting._decide("arrived")
        return True

    def action_send_again(self):
        """Send these again, with the words and sums of the day; the old mail is gone.

        A reminder is looked at like any other: what was paid is not asked for.
        """
        waiting = self._to_decide()
        waiting.reminder_id.with_env(self.env).action_retry()
        waiting.receipt_id._thank_again()
        waiting._decide("again")
        return True

    def _to_decide(self):
        """Return those that wait; whoever runs follow-up decides."""
        self.check_access("read")
        if not self.env["credit.followup.run"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Only who runs follow-up decides on mails that may have left."
                )
            )
        # sudo: rows are written by the server; the check above is the access
        return self.sudo().filtered(lambda row: not row.decision)

    # === LIFE === #

    @api.model
    def _note(self, mail, reminder):
        """Note a mail whose fate is not known, once until somebody has decided.

        :param reminder: the reminder it carries; empty for a receipt
        """
        if self.search_count([("mail_id", "=", mail.id), ("decision", "=", False)]):
            return
        receipt = self.env["credit.followup.receipt"]
        if not reminder:
            receipt = receipt.search(
                [("mail_message_id", "=", mail.mail_message_id.id)], limit=1
            )
        owner = reminder or receipt
        if not owner:
            return
        row = self.create(
            {
                "company_id": owner.company_id.id,
                "partner_id": owner.partner_id.id,
                "reminder_id": reminder.id,
                "receipt_id": receipt.id,
                "kind": "reminder" if reminder else "receipt",
                "mail_id": mail.id,
                "message_ref": mail.message_id,
                "address": ", ".join(mail.recipient_ids.mapped("email_normalized")),
            }
        )
        if receipt:
            row._tell_of_receipt()

    def _tell_of_receipt(self):
        """Tell who thanks for payments: other than a reminder it is in no run."""
        user = self.receipt_id._who_thanks()
        own = self.with_env(env_for(self, user))
        self.partner_id.activity_schedule(
            ACTIVITY_UNKNOWN,
            date_deadline=self.company_id._credit_today(),
            user_id=user.id,
            summary=own.env._(
                "Has the thanks for the payment of %(day)s arrived?",
                day=format_date(own.env, self.receipt_id.date),
            ),
            note=own.env._(
                "Its hand-over to the mail server was interrupted. Look for message "
                "%(message)s in the mail server's log and decide under Follow-up, "
                "May Have Arrived.",
                message=self.message_ref,
            ),
        )

    @api.model
    def _decide_of_mails(self, mails, decision):
        """Record what somebody has decided on these mails, wherever they said so."""
        if mails:
            waiting = [("mail_id", "in", mails.ids), ("decision", "=", False)]
            self.search(waiting)._decide(decision)

    @api.model
    def _send_again_of_mails(self, mails):
        """Decide to send these again; return those of receipts, written anew."""
        waiting = [("mail_id", "in", mails.ids), ("decision", "=", False)]
        rows = self.search(waiting)
        thanked = rows.filtered("receipt_id").mail_id
        rows.receipt_id._thank_again()
        rows._decide("again")
        return thanked

    def _decide(self, decision):
        """Record the decision; tell of receipts at the buyer (a reminder tells itself).

        The mail of a receipt is no longer needed: nobody can send it besides.
        """
        open_rows = self.filtered(lambda row: not row.decision)
        open_rows.write(
            {
                "decision": decision,
                "decided_by": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        receipts = open_rows.filtered("receipt_id")
        texts = dict(self._fields["decision"]._description_selection(self.env))
        for row in receipts:
            row.partner_id._message_log(  # for colleagues alone
                body=Markup("<p>{}</p>").format(
                    self.env._(
                        "%(user)s decided on the mail for the payment of %(day)s, of "
                        "which nobody knew whether it had left: %(decision)s.",
                        user=self.env.user.name,
                        day=format_date(self.env, row.receipt_id.date),
                        decision=texts[decision],
                    )
                )
            )
        receipts.mail_id.unlink()
        receipts._close_activities()

    def _close_activities(self):
        """End the activities of buyers none of whose receipts waits any more."""
        still = [
            ("partner_id", "in", self.partner_id.ids),
            ("kind", "=", "receipt"),
            ("decision", "=", False),
        ]
        decided = self.partner_id - self.search(still).partner_id
        decided.activity_unlink([ACTIVITY_UNKNOWN])
