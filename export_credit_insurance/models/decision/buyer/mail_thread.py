from odoo import api, models

CALLER = "credit_mail_caller"
# Commands on other records: what they make would be made as superuser, too.
LINKS = ("one2many", "many2many")
# How the names of our modules begin.
OURS = "export_credit_insurance"


class _Caller:
    """Says who handed a mail over; as no request can send it in its context."""

    __slots__ = ("uid",)

    def __init__(self, uid):
        self.uid = uid


class MailThread(models.AbstractModel):
    """Mails that people hand to the server, with a model and values of their own.

    ``message_process`` is there for scripts that fetch mails, but anybody may call it.
    Odoo makes the record as superuser: of credit data, or an order whose lines say that
    they are invoiced. Aliases, and servers that administrators have set up, say
    themselves what they make of a mail.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # EXTENDS 'mail'
        threads = self
        if model and not self.env.su and model in self.env:
            records = self.env[model]
            if hasattr(records, "_no_record_by_mail"):
                raise records._no_record_by_mail()
            if self.env["res.company"]._credit_check_modes():
                custom_values = self._credit_values_by_mail(records, custom_values)
                threads = self._credit_handed_over()
        return super(MailThread, threads).message_process(
            model, message, custom_values, save_original, strip_attachments, thread_id
        )

    @api.model
    def _credit_handed_over(self):
        """Return self without the caller's defaults, knowing who the caller is."""
        context = {
            name: value
            for name, value in self.env.context.items()
            if not name.startswith("default_")
        }
        env = self.env(context={**context, CALLER: _Caller(self.env.uid)})
        return self.with_env(env)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # EXTENDS 'mail': with the rights of who handed the mail over, if they may
        caller = self.env.context.get(CALLER)
        threads = self
        if isinstance(caller, _Caller):
            own = self.with_user(caller.uid)
            if own.has_access("create"):
                threads = own
        made = super(MailThread, threads).message_new(msg_dict, custom_values)
        return made.with_env(self.env)

    @api.model
    def _credit_values_by_mail(self, records, values):
        """Return what of these values a caller may give a record by a mail.

        No field of ours, none that the caller may not write or only the server
        computes, and no commands on other records. What is left out is no error: no
        mail is lost for it.

        :param records: an empty recordset of the model
        :param values: whatever was sent
        """
        if not isinstance(values, dict):
            return values
        kept = {
            name: value
            for name, value in values.items()
            if (field := records._fields.get(name))
            and field.type not in LINKS
            and not field._module.startswith(OURS)
            and records._has_field_access(field, "write")
        }
        if hasattr(records, "_without_computed"):
            kept = records._without_computed(kept)
        return kept
