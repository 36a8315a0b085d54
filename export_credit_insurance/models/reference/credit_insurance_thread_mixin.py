from odoo import api, models
from odoo.exceptions import AccessError


class CreditInsuranceThreadMixin(models.AbstractModel):
    """A discussion about a buyer that the buyer takes no part in.

    Odoo proposes the partner of a record as who is written to: whoever answered a
    colleague on a credit hold would send it to the customer. And whoever may call the
    server can hand it a mail, of which it makes a record of any model with a
    discussion, as superuser and with the values of the caller.
    """

    _name = "credit.insurance.thread.mixin"
    _description = "Internal Discussion about a Buyer"
    _inherit = "mail.thread"

    # whether people write to the buyer from here, as in follow-up
    _writes_to_buyer = False

    def _mail_get_partner_fields(self, introspect_fields=False):
        # EXTENDS 'mail': the buyer is who is talked about, not whom one talks to
        if not self._writes_to_buyer:
            return []
        return super()._mail_get_partner_fields(introspect_fields)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out who follows the discussion and may not read what it is about.

        Odoo has whoever makes a record follow it: a salesperson the request for a
        release, or what is listed of a sale of theirs. Who is named in a message is
        written to, whatever they may read.
        """
        # EXTENDS 'mail'
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if self._writes_to_buyer or not self:
            return recipients
        named = (msg_vals or {}).get("partner_ids")
        if named is None:
            named = message.sudo().partner_ids.ids  # sudo: as Odoo reads it
        return [
            found
            for found in recipients
            if not found["is_follower"]
            or found["id"] in named
            or self._is_read_by(found["uid"])
        ]

    def _is_read_by(self, user_id):
        """Whether a follower may read this record; who is no user may not.

        In the follower's own companies, as Odoo writes to them: those of who writes may
        be others.
        """
        reader = self.with_user(user_id).with_context(allowed_company_ids=[])
        return bool(user_id) and reader.has_access("read")

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # OVERRIDES 'mail'
        raise self._no_record_by_mail()

    @api.model
    def _no_record_by_mail(self):
        """Return the refusal of a record that somebody wants made of a mail."""
        return AccessError(self.env._("No mail makes such a record."))
