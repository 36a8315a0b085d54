from odoo import api, models
from odoo.exceptions import AccessError

from ...groups import CONTROLLER_GROUP

# What decides on the rules that a buyer's orders are checked by.
CLASSIFYING_FIELDS = ("credit_party_kind", "credit_zone_override_id")
# What may turn a buyer into somebody who is asked for no credit.
TURNING_FIELDS = {"company_name", "country_id", "industry_id", "is_company"}
# What shows that a buyer has credit, or that somebody has decided on it.
CREDIT_MODELS = (
    "credit.insurance.limit",
    "credit.insurance.own.risk",
    "credit.insurance.clearance",
    "credit.insurance.hold",
    "credit.insurance.stop",
    "credit.insurance.insolvency",
    "credit.insurance.adverse.info",
)


class ResPartner(models.Model):
    """Who says which rules a buyer's orders are checked by.

    Orders of private persons are hardly checked, and zones have tolerances of their
    own: credit controllers classify buyers, who sees credit data does not.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        partners = super().create(vals_list)
        # a default of the context or of the database is no way round
        if not self._may_classify_buyers():
            # sudo: the fields are shown to credit users only
            classified = partners.sudo().filtered(
                lambda partner: any(partner[name] for name in CLASSIFYING_FIELDS)
            )
            if classified._are_buyers():
                self._refuse_to_classify()
        return partners

    def write(self, vals):
        # EXTENDS 'base'
        if not self._may_classify_buyers():
            if TURNING_FIELDS & vals.keys():
                self._check_may_edit_buyers()
            if set(CLASSIFYING_FIELDS) & vals.keys() and self._are_buyers():
                self._refuse_to_classify()
            if "is_company" in vals and not vals["is_company"]:
                self._refuse_to_make_persons()
            if not vals.get("company_name", True) and not _made_company(vals):
                self._refuse_to_order_for_oneself()
            if "country_id" in vals:
                self._refuse_to_relocate(vals["country_id"])
            if "industry_id" in vals:
                self._refuse_to_regrade(vals["industry_id"])
        return super().write(vals)

    def _check_may_edit_buyers(self):
        """Refuse who may not edit them anyway, before anything is said of credit.

        :raise AccessError: in Odoo's own words
        """
        if self.env["res.company"]._credit_check_modes():
            self.check_access("write")

    def _may_classify_buyers(self):
        return self.env.su or self.env.user.has_group(CONTROLLER_GROUP)

    def _are_buyers(self):
        """Whether one of them is no contact that takes over what its company has."""
        # sudo: the company may be one that who edits the contact does not see
        return any(partner == partner.commercial_partner_id for partner in self.sudo())

    def _refuse_to_classify(self):
        raise AccessError(
            self.env._("Only a credit controller sets a buyer's kind or zone.")
        )

    def _refuse_to_make_persons(self):
        """Keep buyers what they are whose credit somebody has decided on."""
        # sudo: as above
        self.sudo().filtered("is_company")._refuse_where_credit_is()

    def _refuse_to_order_for_oneself(self):
        """Likewise keep those who order in the name of a company."""
        # sudo: as above
        in_a_name = self.sudo().filtered(lambda partner: partner._orders_in_a_name())
        in_a_name._refuse_where_credit_is()

    def _refuse_where_credit_is(self):
        if self._have_credit():
            raise AccessError(
                self.env._(
                    "Only a credit controller makes a private person of a buyer whose"
                    " credit was asked for or decided on."
                )
            )

    def _refuse_to_relocate(self, country_id):
        """Keep buyers who have credit where the insurer knows them.

        The country decides on sanctions, on cover and on whether a buyer is abroad.
        """
        if self._relocating(country_id)._have_credit():
            raise AccessError(
                self.env._(
                    "Only a credit controller changes the country of a buyer whose"
                    " credit was asked for or decided on: cover, zone and sanctions"
                    " depend on it. Ask them, or add an address in the other country."
                )
            )

    def _refuse_to_regrade(self, industry_id):
        """Keep buyers who have credit in a sector that is rated, where bands matter.

        The sector's risk is part of the score, and the band may refuse credit.
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        # sudo: as above
        changed = self.sudo().filtered(
            lambda partner: partner.industry_id.id != (industry_id or False)
        )
        sectors = {*changed.industry_id.ids, industry_id}
        ratings = self.env["credit.insurance.sector.rating"].sudo()
        if (
            changed
            and self.env["credit.insurance.check.rule"]._bands_matter()
            and ratings.search_count([("industry_id", "in", [*sectors])], limit=1)
            and changed._have_credit()
        ):
            raise AccessError(
                self.env._(
                    "Only a credit controller changes the industry of a buyer whose"
                    " credit was asked for or decided on: its risk band depends on it."
                )
            )

    def _relocating(self, country_id):
        """Return those of these partners whom this country takes out of another."""
        # sudo: as above
        return self.sudo().filtered(
            lambda partner: partner.country_id
            and partner.country_id.id != (country_id or False)
        )

    def _orders_in_a_name(self):
        """Whether a contact orders in the name of a company, and has none.

        In the shop Odoo keeps the name with the contact, and makes no company of it.
        What credit control says the buyer is, it is.
        """
        self.ensure_one()
        return (
            bool(self.company_name)
            and not self.is_company
            and not self.credit_party_kind
        )

    def _have_credit(self):
        """Whether one of these buyers has credit, or was refused it."""
        buyers = self.filtered(lambda partner: partner == partner.commercial_partner_id)
        if not buyers or not self.env["res.company"]._credit_check_modes():
            return False
        # sudo: who edits contacts may not read credit data
        known = [("partner_id", "in", buyers.ids)]
        return any(
            self.env[model].sudo().search_count(known, limit=1)
            for model in CREDIT_MODELS
        )


def _made_company(vals):
    """Whether these values make a company of a contact, or give it one."""
    return bool(vals.get("parent_id") or vals.get("is_company"))
