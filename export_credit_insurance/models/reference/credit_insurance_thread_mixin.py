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

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # OVERRIDES 'mail'
        raise self._no_record_by_mail()

    @api.model
    def _no_record_by_mail(self):
        """Return the refusal of a record that somebody wants made of a mail."""
        return AccessError(self.env._("No mail makes such a record."))
