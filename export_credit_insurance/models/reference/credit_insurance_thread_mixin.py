from odoo import models


class CreditInsuranceThreadMixin(models.AbstractModel):
    """A discussion about a buyer that the buyer takes no part in.

    Odoo proposes the partner of a record as who is written to: whoever answered a
    colleague on a credit hold would send it to the customer.
    """

    _name = "credit.insurance.thread.mixin"
    _description = "Internal Discussion about a Buyer"
    _inherit = "mail.thread"

    def _mail_get_partner_fields(self, introspect_fields=False):
        # EXTENDS 'mail': the buyer is who is talked about, not whom one talks to
        return []
