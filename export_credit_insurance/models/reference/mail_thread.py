from odoo import models


class MailThread(models.AbstractModel):
    """What the team has still to do with a document is not its customer's to read.

    Whoever has the link of an order or an invoice may ask Odoo for its activities. Ours
    say that it waits for credit control, or until when the insurer has to hear of it.
    """

    _inherit = "mail.thread"

    def _thread_to_store(self, store, fields, *, request_list=None):
        # EXTENDS 'mail'
        if request_list and not self.env.user._is_internal():
            request_list = [name for name in request_list if name != "activities"]
        return super()._thread_to_store(store, fields, request_list=request_list)
