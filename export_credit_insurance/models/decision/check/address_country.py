"""In which country an address is: its own, else that of the company it belongs to."""

from odoo.tools import SQL


def countries_of(partners):
    """Return the countries of these addresses."""
    homes = partners.filtered(lambda partner: not partner.country_id)
    if not homes:
        return partners.country_id
    return partners.country_id | homes.commercial_partner_id.country_id


def unknown_of(partners):
    """Return those of these addresses whose country nobody has filled in."""
    return partners.filtered(lambda partner: not countries_of(partner))


def country_of(alias):
    """Return the SQL of a country's id, of a row of partners with this alias."""
    return SQL(
        "COALESCE(%s, (SELECT home.country_id FROM res_partner home"
        " WHERE home.id = %s))",
        SQL.identifier(alias, "country_id"),
        SQL.identifier(alias, "commercial_partner_id"),
    )
