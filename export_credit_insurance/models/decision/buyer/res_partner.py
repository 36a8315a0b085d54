from odoo import models
from odoo.tools import SQL

# What a check asks of every partner of an order.
READ_AHEAD = (
    "commercial_partner_id",
    "country_id",
    "is_company",
    "credit_party_kind",
    "credit_governing_law_id",
    # the address, from which a company's country is read
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    # the name, as a finding says it
    "name",
    "parent_id",
    "type",
    "company_name",
    "commercial_company_name",
)
READ_AHEAD_COLUMNS = SQL(", ").join(map(SQL.identifier, READ_AHEAD))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_checked_band(self):
        """Return the band that checks of orders look at.

        None for natural persons: their score is personal data, and decides on nothing
        (DESIGN 7).
        """
        self.ensure_one()
        # sudo: the check decides for all, whatever they may see of the buyer
        buyer = self.sudo().commercial_partner_id
        return None if buyer._is_natural_person() else buyer.credit_band_id

    def _is_natural_person(self):
        """Whether the buyer is a person, also one that is entered as a company."""
        self.ensure_one()
        return not self.is_company or self._credit_kind() == "private"

    def _credit_kind(self):
        """Return the kind of debtor that counts (see ``credit_party_kind``)."""
        self.ensure_one()
        buyer = self.sudo().commercial_partner_id  # sudo: the check decides for all
        if buyer.credit_party_kind:
            return buyer.credit_party_kind
        return "company" if buyer.is_company else "private"

    def _credit_read_ahead(self):
        """Have in memory what a check asks of these partners, and no more.

        A whole partner is some sixty columns, and a confirmation needs none besides.
        What is in memory already stays, be it changed and not written. To be called as
        superuser: nothing looks at access rights here.
        """
        columns = [self._fields[name] for name in READ_AHEAD]
        missing = {id_ for field in columns for id_ in field._cache_missing_ids(self)}
        if not missing:
            return
        self.env.cr.execute(
            SQL(
                "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                READ_AHEAD_COLUMNS,
                list(missing),
            )
        )
        rows = self.env.cr.fetchall()
        found = self.browse([row[0] for row in rows])
        for index, field in enumerate(columns, start=1):
            field._insert_cache(found, [row[index] for row in rows])
