from odoo import models

from .message_body import kept


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _keep_bodies(self, bodies):
        """Write what the chatter keeps of mails, new messages without a body yet.

        As Odoo sanitizes it, but each form of mail once: see ``message_body.py``.

        :param bodies: the mails' HTML, in the order of the messages
        """
        field = self._fields["body"]
        self._write_multi([{"body": kept(field, html)} for html in bodies])
        self.invalidate_recordset(["body"], flush=False)
