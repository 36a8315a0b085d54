from lxml import etree, html
from markupsafe import Markup, escape

from odoo import fields, models

from .followup_text import used_placeholders

#: what stands between a place and a date
COMMAS = {"ar": "، ", "zh": "，", "ja": "，"}
#: proof that a letter was posted and has arrived, recorded after it has left
PROOF_FIELDS = {"dispatched_on", "dispatch_reference", "delivered_on"}
#: paragraphs at a letter's end that its signature follows on the same page
LAST_PARAGRAPHS = 2


def _as_written(parts):
    """Return elements of a rendered text as the HTML that they were, safe as it was."""
    written = "".join(etree.tounicode(part, method="html") for part in parts)
    # parsed from what was rendered with care
    return Markup(written)  # nosec B704


class CreditFollowupReminder(models.Model):
    """A reminder on paper: whom it is addressed to, its forms, and the proof of it."""

    _inherit = "credit.followup.reminder"

    dispatched_on = fields.Date(string="Posted On", copy=False, tracking=True)
    dispatch_reference = fields.Char(
        string="Tracking Number",
        copy=False,
        tracking=True,
        help="Of the registered letter or courier; attach the slip below.",
    )
    delivered_on = fields.Date(copy=False, tracking=True)

    def _check_written(self, vals):
        """The proof of dispatch comes after the letter, so it may be written then."""
        # EXTENDS: what was sent is not written again
        rest = {name: vals[name] for name in vals.keys() - PROOF_FIELDS}
        return super()._check_written(rest)

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

    def _letter_parts(self, words):
        """Return a letter's words, and its last paragraphs, apart.

        These stay with the signature: a blank one alone on the last page does not say
        what is signed. A letter of less than that is not divided.
        """
        letter = html.fragment_fromstring(str(words), create_parent="div")
        end = letter[-LAST_PARAGRAPHS:]
        if len(letter) <= len(end) or any(part.tag != "p" for part in end):
            return words, Markup()
        for part in end:
            letter.remove(part)
        return escape(letter.text or "") + _as_written(letter), _as_written(end)

    def _text_names_signer(self):
        """Whether the step's own words end with who signs."""
        step = self.text_step_id.with_context(lang=self.env.lang)
        return "signer" in used_placeholders(step.body)
