from odoo import api, fields, models
from odoo.tools import SQL

#: what mails of reminders and of receipts are about
WATCHED_MODELS = {"credit.followup.reminder", "res.partner"}


class CreditFollowupDispatch(models.Model):
    """That the hand-over of a mail to the mail server has begun.

    A mail server that has accepted a mail cannot be asked to forget it, and Odoo
    records that it did only afterwards: a process killed in between leaves a mail that
    left and yet waits in the queue, where the next turn would send it again. So the
    beginning is recorded, and committed, before the first word to the mail server. A
    mail whose hand-over has begun and that still waits is of unknown fate: it is
    never sent again by itself, see :meth:`~.mail_mail.MailMail._send`.

    Mails of reminders and of receipts have such a row from their first moment; mails
    of others have none and are Odoo's business.
    """

    _name = "credit.followup.dispatch"
    _description = "Dispatch of a Follow-up Mail"
    _log_access = False

    # no foreign key: the row changes in a transaction of its own, while the mail's is
    # locked and about to be deleted by another one
    mail_id = fields.Integer("Mail", required=True)
    reminder_id = fields.Many2one(
        "credit.followup.reminder", index="btree_not_null", ondelete="cascade"
    )
    begun_on = fields.Datetime(help="Empty: still in the queue.")

    _mail_once = models.UniqueIndex("(mail_id)", "A mail is handed over once.")

    @api.model
    def _watch(self, mails, reminders=None):
        """Note new mails, in the transaction that makes them.

        :param reminders: theirs, in the same order; none for receipts
        """
        owners = reminders or [self.env["credit.followup.reminder"]] * len(mails)
        self.create(
            [
                {"mail_id": mail.id, "reminder_id": owner.id}
                for mail, owner in zip(mails, owners, strict=True)
            ]
        )

    @api.model
    def _of_mails(self, mails):
        """Return {mail id: reminder id or None} of those of these mails we watch.

        Mails about other things than ours cost no query.
        """
        mails = mails.filtered(lambda mail: mail.model in WATCHED_MODELS)
        if not mails:
            return {}
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT mail_id, reminder_id FROM %s WHERE mail_id = ANY(%s)",
                    SQL.identifier(self._table),
                    mails.ids,
                )
            )
        )

    @api.model
    def _begin(self, mail):
        """Record, for good, that this mail is about to leave; once only.

        :return: whether it may; False where its hand-over has begun before
        """
        self.flush_model()
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    UPDATE %s SET begun_on = now() AT TIME ZONE 'UTC'
                     WHERE mail_id = %s AND begun_on IS NULL
                    """,
                    SQL.identifier(self._table),
                    mail.id,
                )
            )
            return bool(cr.rowcount)

    @api.model
    def _allow_again(self, mails):
        """Let somebody send again what failed, or whose fate is unknown."""
        self.search([("mail_id", "in", mails.ids)]).begun_on = False

    @api.autovacuum
    def _gc_dispatches(self):
        """Forget mails that Odoo has forgotten: what left is recorded elsewhere."""
        self.env.execute_query(
            SQL(
                """
                DELETE FROM %(table)s dispatch
                 WHERE NOT EXISTS (
                       SELECT 1 FROM mail_mail mail WHERE mail.id = dispatch.mail_id)
             RETURNING id
                """,
                table=SQL.identifier(self._table),
            )
        )
        self.invalidate_model()
