from odoo import api, fields, models
from odoo.tools import frozendict, ormcache

from ..empty_list import empty_list

#: what the cached map of countries is made of
MAP_FIELDS = {"sequence", "active", "is_domestic", "country_ids", "country_group_ids"}


class CreditInsuranceZone(models.Model):
    """A set of countries treated alike: terms, delays, severity of checks.

    Country groups overlap (EU, SEPA, Gulf, ...), zones do not: they are tried in
    their order and the first one that matches a country wins.
    """

    _name = "credit.insurance.zone"
    _description = "Credit Zone"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, for imports.")
    sequence = fields.Integer(
        default=10, help="The first zone of the list that matches a country wins."
    )
    active = fields.Boolean(default=True)
    is_domestic = fields.Boolean(
        string="Domestic",
        help="Matches the country of the company that asks, whichever it is.",
    )
    country_ids = fields.Many2many(
        "res.country",
        "credit_insurance_zone_country_rel",
        "zone_id",
        "country_id",
        string="Countries",
    )
    country_group_ids = fields.Many2many(
        "res.country.group",
        "credit_insurance_zone_country_group_rel",
        "zone_id",
        "country_group_id",
        string="Country Groups",
    )
    transport_days = fields.Integer(
        help="Calendar days that goods and documents travel: follow-up waits for them."
    )
    administration_days = fields.Integer(
        help="Calendar days that customs and banks usually take: follow-up waits for"
        " them. The insurer's deadlines never do."
    )
    country_count = fields.Integer(
        string="Countries Matched", compute="_compute_country_count"
    )

    _code_uniq = models.Constraint(
        "unique(code)", "Another zone has this code already: choose another one."
    )
    _days_positive = models.Constraint(
        "CHECK(transport_days >= 0 AND administration_days >= 0)",
        "The days of a zone cannot be negative: enter 0 or more.",
    )

    @api.depends(*sorted(MAP_FIELDS), "country_group_ids.country_ids")
    @api.depends_context("company")
    def _compute_country_count(self):
        matched = list(self._zone_by_country(self.env.company).values())
        for zone in self:
            zone.country_count = matched.count(zone.id)

    @api.model_create_multi
    def create(self, vals_list):
        zones = super().create(vals_list)
        self._forget_zone_map()
        return zones

    def write(self, vals):
        result = super().write(vals)
        if MAP_FIELDS & vals.keys():
            self._forget_zone_map()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_zone_map()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for zone, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=zone.name)
            vals["code"] = f"{zone.code}_copy"
        return vals_list

    def action_open_countries(self):
        """Open the countries that this zone wins."""
        self.ensure_one()
        self.check_access("read")  # before the server reads all zones
        zone_by_country = self._zone_by_country(self.env.company)
        countries = [c for c, zone_id in zone_by_country.items() if zone_id == self.id]
        return self._country_action(
            self.name,
            countries,
            empty_list(
                self.env._("No country belongs to this zone"),
                self.env._(
                    "It names none, or zones before it in the list match them first: "
                    "name countries or groups of them, or move the zone up."
                ),
            ),
        )

    @api.model
    def action_open_unmatched_countries(self):
        """Open the countries that no zone matches: their buyers have none."""
        self.check_access("read")
        return self._country_action(
            self.env._("Countries Without a Zone"),
            self._countries_without_zone(self.env.company).ids,
            empty_list(
                self.env._("Every country has a zone"),
                self.env._("Nothing is to be done here."),
            ),
        )

    @api.model
    def _country_action(self, name, country_ids, text):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "res.country",
            "view_mode": "list,form",
            "domain": [("id", "in", country_ids)],
            "help": text,
        }

    def _followup_days(self):
        """Return how long follow-up waits for transport and administration."""
        return self.transport_days + self.administration_days if self else 0

    @api.model
    def _zone_by_country(self, company):
        """Return the zone of every country, seen from ``company``.

        :return: ``{country id: zone id}``; a country that no zone matches is absent
        """
        return self._zone_map(company.sudo().country_id.id)

    @api.model
    def _countries_without_zone(self, company):
        """Return the countries that no zone matches, to warn about them."""
        matched = list(self._zone_by_country(company))
        return self.env["res.country"].search([("id", "not in", matched)])

    @api.model
    @ormcache("domestic_country_id")
    def _zone_map(self, domestic_country_id):
        # sudo: the map is one for all users, as the cache it lives in
        zones = self.sudo().search([("active", "=", True)])
        zone_by_country = {}
        for zone in zones:
            country_ids = {
                *zone.country_ids.ids,
                *zone.country_group_ids.country_ids.ids,
            }
            if zone.is_domestic and domestic_country_id:
                country_ids.add(domestic_country_id)
            for country_id in country_ids:
                zone_by_country.setdefault(country_id, zone.id)
        return frozendict(zone_by_country)

    @api.model
    def _forget_zone_map(self):
        """Drop the map, and the zones that partners and countries read from it."""
        self.env.registry.clear_cache()
        for model_name in ("res.partner", "res.country"):
            self.env[model_name].invalidate_model(["credit_zone_id"], flush=False)
