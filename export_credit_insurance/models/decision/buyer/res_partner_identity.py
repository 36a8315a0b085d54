from markupsafe import escape

from odoo import SUPERUSER_ID, models

from ...reader_language import env_for

# What tells one legal person from another.
IDENTITY_FIELDS = ("name", "company_name", "vat")
ACTIVITY_TODO = "mail.mail_activity_data_todo"


class ResPartner(models.Model):
    """Buyers who give themselves another name on the portal.

    Odoo lets a customer rename the company that they order for. It may be a correction,
    or another legal person, of whom nobody has decided anything: what is agreed on the
    former covers no sale to it. Nothing is refused, and credit control is told.
    """

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS 'base'
        if not set(IDENTITY_FIELDS) & vals.keys() or not self._is_changed_by_customer():
            return super().write(vals)
        buyers = self.sudo()  # sudo: whoever changes it, what is agreed counts
        buyers = buyers.filtered(
            lambda partner: partner == partner.commercial_partner_id
            and (partner.is_company or partner.company_name)
        )
        before = {buyer: buyer._credit_identity() for buyer in buyers}
        result = super().write(vals)
        for buyer, former in before.items():
            if buyer._credit_identity() != former and buyer._have_credit():
                buyer._tell_identity(former)
        return result

    def _is_changed_by_customer(self):
        """Whether somebody from outside acts, where anything is checked."""
        return not self.env.user._is_internal() and bool(
            self.env["res.company"]._credit_check_modes()
        )

    def _credit_identity(self):
        """Return what says which legal person this is, as text."""
        return ", ".join(self[name] for name in IDENTITY_FIELDS if self[name])

    def _tell_identity(self, former):
        """Leave an activity on the buyer for all whose task credit is.

        :param former: its identity before
        """
        # as the system: the team tells each other, customers read nothing of it
        buyer = self.with_user(SUPERUSER_ID)
        companies = buyer.env["res.company"].browse(
            sorted(buyer.env["res.company"]._credit_check_modes())
        )
        people = [company._credit_people() for company in companies]
        for user in buyer.env["res.users"].union(*people):
            env = env_for(buyer, user)
            buyer.activity_schedule(
                ACTIVITY_TODO,
                user_id=user.id,
                summary=env._("The customer changed its own name or VAT number"),
                # a note is HTML, and names are the customer's
                note=escape(
                    env._(
                        "Before: %(former)s. Now: %(current)s. If it is another legal "
                        "person, enter the former name again and make a buyer of its "
                        "own: what is agreed on one does not pass to the other.",
                        former=former,
                        current=self._credit_identity(),
                    )
                ),
            )
