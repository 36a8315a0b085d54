from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

from ..groups import CREDIT_GROUP
from .credit_insurance_country_event import COVER_STATUSES
from .credit_score import Criterion, weighted_mean
from .local_holidays import public_holidays
from .local_weekend import weekend_days
from .relation_search import searched_ids


class CountryRisk(NamedTuple):
    """What the ratings say of a country."""

    score: float | None  # 0 worst .. 100 best, None where nobody rated it
    grade: str  # of the source that weighs most, as it writes it


class ResCountry(models.Model):
    _inherit = "res.country"

    credit_zone_id = fields.Many2one(
        "credit.insurance.zone",
        string="Credit Zone",
        compute="_compute_credit_zone_id",
        search="_search_credit_zone_id",
        groups=CREDIT_GROUP,
    )
    credit_status = fields.Selection(
        [("open", "Open"), *COVER_STATUSES],
        string="Cover Today",
        compute="_compute_credit_status",
        search="_search_credit_status",
        groups=CREDIT_GROUP,
    )
    credit_rating_ids = fields.One2many(
        "credit.insurance.country.rating",
        "country_id",
        string="Country Ratings",
        groups=CREDIT_GROUP,
    )
    credit_event_ids = fields.Many2many(
        "credit.insurance.country.event",
        "credit_insurance_country_event_country_rel",
        "country_id",
        "event_id",
        string="Country Events",
        groups=CREDIT_GROUP,
    )

    credit_weekend = fields.Char(
        string="Weekend",
        compute="_compute_credit_weekend",
        groups=CREDIT_GROUP,
        help="Days on which nobody there is written to or called.",
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_credit_weekend(self):
        names = babel_locale_parse(get_lang(self.env).code).days["stand-alone"]["wide"]
        for country in self:
            days = sorted(country._credit_weekend_days())
            country.credit_weekend = ", ".join(names[day] for day in days)

    def action_credit_ratings(self):
        """Open the country's ratings, as they went."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_country_rating_action"
        )
        return action | {
            "views": [(False, "graph"), (False, "list"), (False, "form")],
            "domain": [("country_id", "=", self.id)],
        }

    @api.depends_context("company")
    def _compute_credit_zone_id(self):
        zone_by_country = self.env["credit.insurance.zone"]._zone_by_country(
            self.env.company
        )
        for country in self:
            country.credit_zone_id = zone_by_country.get(country._origin.id)

    def _search_credit_zone_id(self, operator, value):
        self._check_field_access(self._fields["credit_zone_id"], "read")
        Zone = self.env["credit.insurance.zone"]
        zone_ids = searched_ids(Zone, operator, value)
        if zone_ids is None:
            return NotImplemented
        zone_by_country = Zone._zone_by_country(self.env.company)
        found = [c for c, zone_id in zone_by_country.items() if zone_id in zone_ids]
        domain = Domain("id", "in", found)
        if False in zone_ids:
            domain |= Domain("id", "not in", list(zone_by_country))
        return domain

    @api.depends_context("company")
    def _compute_credit_status(self):
        status = self._origin._credit_status(self.env.company._credit_today())
        for country in self:
            country.credit_status = status.get(country._origin, "open")

    def _search_credit_status(self, operator, value):
        self._check_field_access(self._fields["credit_status"], "read")
        if operator != "in":
            return NotImplemented
        Event = self.env["credit.insurance.country.event"]
        touched = self.browse(Event._all_periods())
        status = Event._status(touched, self.env.company._credit_today())
        found = [country.id for country in touched if status[country] in value]
        domain = Domain("id", "in", found)
        if "open" in value:
            domain |= Domain("id", "not in", touched.ids)
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        countries = super().create(vals_list)
        self.env["credit.insurance.zone"]._forget_zone_map()
        return countries

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if "country_group_ids" in vals:
            self.env["credit.insurance.zone"]._forget_zone_map()
        if "credit_event_ids" in vals:
            self.env["credit.insurance.country.event"]._forget_periods()
        return result

    def unlink(self):
        # EXTENDS 'base'
        result = super().unlink()
        self.env["credit.insurance.zone"]._forget_zone_map()
        self.env["credit.insurance.country.event"]._forget_periods()
        return result

    def _credit_status(self, day):
        """Return the countries' cover status on ``day``, events considered.

        :return: ``{country: "open", "restricted", "off_cover" or "sanctioned"}``
        """
        return self.env["credit.insurance.country.event"]._status(self, day)

    def _credit_risk(self, company, day):
        """Return ``{country: CountryRisk}`` of a day, as ``company`` counts ratings.

        The score is that of :meth:`_credit_scores`, with one query for all countries.
        No access is checked: the caller decides what is shown to whom.
        """
        grades = self.env["credit.insurance.rating.grade"]
        company = company.sudo()  # how it counts the best ones is no secret
        rated = {country.id: [] for country in self}
        ratings = self.env["credit.insurance.country.rating"]
        for country_id, weight, code, *scored in ratings._current_grades(day, self):
            score = grades._counted_score(*scored, company)
            rated[country_id].append((code, Criterion(code, weight, score, ())))
        found = {}
        for country in self:
            grade, _part = max(
                rated[country.id], key=lambda each: each[1].weight, default=("", None)
            )
            parts = [part for _code, part in rated[country.id]]
            found[country] = CountryRisk(weighted_mean(parts), grade)
        return found

    def _credit_weekend_days(self):
        """Return the country's weekend, 0 = Monday; Saturday and Sunday if unknown."""
        return set(weekend_days(self.code or ""))

    def _is_working_day(self, day):
        """Whether people work there: neither weekend nor public holiday.

        Public holidays are known where the ``holidays`` package is installed.
        """
        return day.weekday() not in self._credit_weekend_days() and (
            day not in public_holidays(self.code or "", day.year)
        )

    def _next_working_day(self, day):
        """Return ``day``, or the first working day there after it.

        For follow-up only: the insurer's deadlines are calendar days and never move.
        """
        while not self._is_working_day(day):
            day += timedelta(days=1)
        return day

    def _last_working_day(self, day):
        """Return ``day``, or the last working day there before it."""
        while not self._is_working_day(day):
            day -= timedelta(days=1)
        return day
