from odoo import models

from .followup_text import used_placeholders

#: what stands between a place and a date
COMMAS = {"ar": "، ", "zh": "，", "ja": "，"}


class CreditFollowupReminder(models.Model):
    """A reminder on paper: whom it is addressed to, and its forms."""

    _inherit = "credit.followup.reminder"

    def _today(self):
        """Return the day that the letter bears."""
        return self.company_id._credit_today()

    def _letter_person(self):
        """Return the person written to, none where the letter goes to the company."""
        contact = self.contact_id
        return contact.browse() if contact == self.partner_id else contact

    def _letter_address(self):
        """Return the lines of the address, the buyer's where the contact has none.

        Without names: the letter has them already, each once.
        """
        contact = self.contact_id
        placed = contact if contact.street or contact.city else self.partner_id
        return self._address(placed) if placed else ""

    def _comma(self):
        return COMMAS.get((self.env.lang or "").split("_")[0], ", ")

    def _text_names_signer(self):
        """Whether the step's own words end with who signs."""
        step = self.text_step_id.with_context(lang=self.env.lang)
        return "signer" in used_placeholders(step.body)
