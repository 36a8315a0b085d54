from odoo import models
from odoo.exceptions import UserError


class CreditInsuranceExtension(models.Model):
    """A request for an extension is told to the insurer by a notice."""

    _inherit = "credit.insurance.extension"

    def action_prepare_notices(self):
        """Draft the requests to the insurers, and open them.

        :raise UserError: if nothing of it is insured and still open
        """
        notices = self.env["credit.insurance.overdue.notice"]
        requests = self.filtered(lambda each: each.state == "requested")
        for company, own in requests.grouped("company_id").items():
            found = notices._instalments_of("extension", company, own.partner_id)
            wanted = set(own.move_line_id.ids)
            keys = {
                key
                for key, rows in found.items()
                if wanted & {row["id"] for row in rows}
            }
            if keys:
                notices |= notices._prepare(keys, company, "extension")
        if not notices:
            raise UserError(
                self.env._(
                    "Nothing to ask for: these instalments are paid, not insured, or "
                    "the insurer has answered."
                )
            )
        return notices._action_open()
