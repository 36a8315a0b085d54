from odoo import models
from odoo.exceptions import AccessError

# Where a company is decides on who is at home, its time zone on which day it is there;
# Odoo takes the address from a contact of this type.
HOME_FIELDS = ("country_id", "tz", "type")


class ResPartner(models.Model):
    """The contacts that are companies of ours.

    Buyers at home are hardly checked, and limits end by the company's own day. Whoever
    edits contacts may edit these, too: for a while a country off cover would be home.
    """

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS 'base'
        names = [name for name in HOME_FIELDS if name in vals]
        if names and not self._may_move_companies():
            own = self._credit_own_companies()
            before = [tuple(company[name] for name in names) for company in own]
            result = super().write(vals)
            if before != [tuple(company[name] for name in names) for company in own]:
                raise AccessError(
                    self.env._(
                        "%(companies)s: country and time zone of a company of ours"
                        " decide on the credit of its buyers. Ask an administrator or"
                        " credit control to change them.",
                        companies=", ".join(own.mapped("name")),
                    )
                )
            return result
        return super().write(vals)

    def _may_move_companies(self):
        return self._may_classify_buyers() or self.env.user.has_group(
            "base.group_erp_manager"
        )

    def _credit_own_companies(self):
        """Return those of these contacts that are companies with checked orders."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        # sudo: whoever edits a contact, whose it is matters
        companies = self.env["res.company"].sudo().browse(checked_companies)
        return self.sudo() & companies.partner_id
