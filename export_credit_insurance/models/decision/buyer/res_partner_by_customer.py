from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """What customers say of themselves that decides on who is asked for their credit.

    Odoo hands the address of a contact up to its company, so that whoever works there
    may take it to another country on the portal; and takes a name of a company off
    again, so that who ordered for it is a private person.
    """

    _inherit = "res.partner"

    def _can_edit_country(self):
        # EXTENDS 'portal': said on the form, and refused there
        return super()._can_edit_country() and not self._is_where_a_buyer_is()

    def _is_where_a_buyer_is(self):
        """Whether this is the address of a buyer whose credit somebody decided on.

        Odoo hands it up from contact to company, and to the company above that.
        """
        self.ensure_one()
        if not self.env["res.company"]._credit_check_modes():
            return False
        partner = self.sudo()  # sudo: who asks reads no credit
        homes = partner
        while partner.parent_id and partner.type == "contact":
            partner = partner.parent_id
            homes |= partner
        return homes._have_credit()

    def write(self, vals):
        # EXTENDS 'base'
        if not {"country_id", "company_name"} & vals.keys():
            return super().write(vals)
        if self._is_changed_by_customer():
            if "country_id" in vals:
                self._keep_country(vals["country_id"])
            if not vals.get("company_name", True):
                self._keep_companies()
        return super().write(vals)

    def _keep_country(self, country_id):
        """Keep buyers where they were as credit was decided on.

        :raise UserError: in Odoo's own words, without a word about credit
        """
        if self._relocating(country_id)._have_credit():
            raise UserError(
                self.env._(
                    "Changing your country is not allowed once document(s) have been"
                    " issued for your account. Please contact us directly for this"
                    " operation."
                )
            )

    def _keep_companies(self):
        """Keep who ordered in the name of a company from being a private person.

        Until credit control says otherwise, which is told of it.
        """
        # as the system: a customer says nothing of the kind of debtor
        partners = self.with_user(SUPERUSER_ID).filtered(
            lambda partner: partner._orders_in_a_name() and partner._have_credit()
        )
        if partners:
            partners.credit_party_kind = "company"
