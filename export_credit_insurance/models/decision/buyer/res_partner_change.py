from odoo import models
from odoo.exceptions import UserError

MOVING_FIELDS = {"parent_id", "is_company"}
WATCHED_FIELDS = MOVING_FIELDS | {"country_id", "credit_party_kind", "company_name"}


class ResPartner(models.Model):
    """Contacts that get another buyer, country or kind: their orders are looked at.

    Nothing is refused for the orders' sake; those that nobody would be asked for credit
    for any more stay with who has it. A legal person on whom something is agreed
    does not become somebody's contact, though: what the insurer granted is granted to
    this person and covers nobody else.
    """

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS 'base'
        if (
            not WATCHED_FIELDS & vals.keys()
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        self._check_may_edit_buyers()
        # sudo: what the change means for credit does not depend on who makes it
        partners = self.sudo()
        partners._becoming_contacts(vals)._check_no_agreements(vals.get("parent_id"))
        before = {
            partner: (
                partner.commercial_partner_id,
                partner.country_id,
                partner._credit_checked_kind(),
            )
            for partner in partners
        }
        result = super().write(vals)
        moved = partners.filtered(
            lambda partner: partner.commercial_partner_id != before[partner][0]
        )
        relocated = partners.filtered(
            lambda partner: partner.country_id != before[partner][1]
        )
        if moved or relocated:
            # sudo: who edits contacts need not record reviews of orders
            reviews = self.env["credit.insurance.review"].sudo()
            reviews._by_the_team()._review_changed(
                moved | relocated,
                "buyer" if moved else "address",
                moved=moved,
                relocated=relocated,
            )
        partners._notice_kinds({partner: before[partner][2] for partner in partners})
        relocated._notice_abroad({partner: before[partner][1] for partner in relocated})
        relocated.filtered(lambda partner: not before[partner][1])._notice_country()
        return result

    def _update_address(self, vals):
        # EXTENDS 'base': a company without an address gets that of its first contact,
        # past what is done when somebody writes
        checked_companies = self.env["res.company"]._credit_check_modes()
        if "country_id" not in vals or not checked_companies:
            return super()._update_address(vals)
        homeless = self.sudo().filtered(lambda partner: not partner.country_id)
        result = super()._update_address(vals)
        homeless.filtered("country_id")._notice_country()
        return result

    def _notice_country(self):
        """Have the orders of buyers looked through whose country is known by now.

        Without one they were taken for neighbours, whom policies for other countries
        leave out, and hardly checked.
        """
        buyers = self.filtered(lambda partner: partner == partner.commercial_partner_id)
        if buyers:
            self.env["credit.insurance.hold"]._cover_may_be_back(buyers)
            self.env["credit.insurance.review"]._notice("address", partners=buyers)

    def _notice_kinds(self, before):
        """Have the orders of buyers looked through that are of another kind now.

        Those of private persons are hardly checked: once one is a company, they are.

        :param before: {partner: its kind before}
        """
        self.env["credit.insurance.review"]._notice(
            "kind",
            partners=self.filtered(
                lambda partner: partner == partner.commercial_partner_id
                and partner._credit_checked_kind() != before[partner]
            ),
        )

    def _notice_abroad(self, before):
        """Have the orders of buyers looked through who were taken to be at home.

        Those of buyers at home may be insured by no policy, and nobody is asked then.

        :param before: {partner: its country before}
        """
        checked = self.env["res.company"]._credit_check_modes()
        companies = self.env["res.company"].sudo().browse(checked)  # sudo: their home
        self.env["credit.insurance.review"]._notice(
            "address",
            partners=self.filtered(
                lambda partner: partner == partner.commercial_partner_id
                and partner.country_id
                and before[partner] in companies.country_id
            ),
        )

    def _credit_checked_kind(self):
        """Return the kind of debtor whose rules speak of this partner's orders.

        Who orders in the name of a company is checked like one.
        """
        return "company" if self._orders_in_a_name() else self._credit_kind()

    def _becoming_contacts(self, vals):
        """Return the legal persons that such a change would make contacts of others."""
        if not MOVING_FIELDS & vals.keys():
            return self.browse()
        return self.filtered(
            lambda partner: partner.commercial_partner_id == partner
            and not vals.get("is_company", partner.is_company)
            and vals.get("parent_id", partner.parent_id)
        )

    def _check_no_agreements(self, parent_id=None):
        """Check that nothing is agreed on these partners as legal persons.

        :param parent_id: the contact above them to be, if it is not there already
        :raise UserError: naming what is, and what to do
        """
        for partner, agreements in self._credit_agreements().items():
            parent = self.browse(parent_id) if parent_id else partner.parent_id
            raise UserError(
                self.env._(
                    "%(buyer)s cannot become a contact of %(company)s, it is a buyer "
                    "of its own: %(agreed)s. This holds for one legal person and does "
                    "not pass to another. Keep %(buyer)s a company, or end it first "
                    "and ask the insurer about %(company)s.",
                    buyer=partner.name,
                    company=parent.commercial_partner_id.name,
                    agreed="; ".join(agreement.text for agreement in agreements),
                )
            )
