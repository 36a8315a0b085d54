"""What has orders reviewed, or lets them go: one class for each model of cover.

Where cover ends or lessens, the buyers' open orders are looked through; where it comes
back, so are the holds that wait for it.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from ...reference.credit_insurance_country_event import MAP_FIELDS

TERM_FIELDS = {"cover_status", "country_id", "zone_id", "date_from", "date_to"}
# A line in one of these states leaves the buyer with less than before.
LOST_STATES = ("refused", "reduced", "cancelled", "expired")
# What is entered later than this is history.
RECENT_DAYS = 31


class CreditInsuranceCountryEvent(models.Model):
    """An event that ends or limits cover has its countries' open orders looked through.

    A restriction sets conditions: it holds orders where the rules say so.

    One that ends lets orders go that wait for it.
    """

    _name = "credit.insurance.country.event"
    _inherit = [
        "credit.insurance.country.event",
        "credit.insurance.review.source.mixin",
    ]
    _review_field = "event_id"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._have_orders_reviewed({})
        return events

    def write(self, vals):
        if not (MAP_FIELDS | {"kind"}) & vals.keys():
            return super().write(vals)
        before = {event: event._limited_countries() for event in self}
        result = super().write(vals)
        self._have_orders_reviewed(before)
        if self.env["res.company"]._credit_check_modes():
            holds = self.env["credit.insurance.hold"]
            # sudo: whoever records events, all holds may wait for the end of one
            waiting = holds.sudo().search(holds._closable_domain())
            holds._cover_may_be_back(waiting.partner_id)
        return result

    def _limited_countries(self):
        """Return where the event ends or limits cover, by each company's own day.

        :return: {(company, country, status)} of the companies that are checked
        """
        self.ensure_one()
        checked = self.env["res.company"]._credit_check_modes()
        return {
            (company, country, self.cover_status)
            for company in self.env["res.company"].browse(checked)
            if self._is_in_force(company._credit_today())
            for country in self.country_ids
        }

    def _is_in_force(self, day):
        began = self.active and self.date_from <= day
        return began and (not self.date_to or self.date_to >= day)

    def _have_orders_reviewed(self, before):
        """Have the orders of the countries reviewed that were not so limited before.

        :param before: {event: what :meth:`_limited_countries` said}
        """
        for event in self:
            limited = event._limited_countries() - before.get(event, set())
            countries = defaultdict(self.env["res.country"].browse)
            for company, country, _status in limited:
                countries[company] |= country
            for company, some in countries.items():
                self.env["credit.insurance.review"]._notice(
                    "country", countries=some, companies=company, event_id=event
                )


class CreditInsuranceCountryRating(models.Model):
    """A country whose grade falls has its open orders looked through.

    Where bands decide on anything: the buyers there may stand in a lower one.
    """

    _inherit = "credit.insurance.country.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        if self.env["credit.insurance.check.rule"]._bands_matter():
            ratings._have_orders_reviewed()
        return ratings

    def _have_orders_reviewed(self):
        """Have the orders of the countries reviewed that are scored lower today."""
        countries = self._fallen_countries()
        self.env["credit.insurance.review"]._notice(
            "rating",
            countries=countries,
            country_rating_ids=self.filtered(
                lambda rating: rating.country_id in countries
            ),
        )

    def _fallen_countries(self):
        """Return the countries whose source, which counts, scores them lower today."""
        today = self.env.company._credit_today()
        counting = self._latest().filtered(
            lambda rating: rating.date <= today and rating.source_id.weight > 0
        )
        before = {}
        for rating in self.search(
            [
                ("country_id", "in", counting.country_id.ids),
                ("source_id", "in", counting.source_id.ids),
                ("id", "not in", counting.ids),
                ("date", "<=", today),
            ],
            order="date, id",
        ):
            before[rating.country_id, rating.source_id] = rating._table_score()
        return counting.filtered(
            lambda rating: (before.get((rating.country_id, rating.source_id)) or 0.0)
            > (rating._table_score() or 0.0)
        ).country_id


class CreditInsurancePolicyCountryTerm(models.Model):
    """A country that a policy puts off cover has its open orders looked through."""

    _inherit = "credit.insurance.policy.country.term"

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        terms._have_orders_reviewed()
        return terms

    def write(self, vals):
        result = super().write(vals)
        if TERM_FIELDS & vals.keys():
            self._have_orders_reviewed()
        return result

    def _have_orders_reviewed(self):
        """Have the orders reviewed that the terms in force today leave uncovered."""
        for term in self:
            policy = term.policy_id
            if term.cover_status != "off_cover" or policy.state != "active":
                continue
            if not term._on(policy._credit_today()):
                continue  # the night notices when it begins
            for company in policy.company_ids:
                self.env["credit.insurance.review"]._notice(
                    "terms",
                    countries=term._countries(company),
                    companies=company,
                    term_id=term,
                )

    def _countries(self, company):
        """Return the countries that the term speaks of, seen from a company."""
        self.ensure_one()
        if self.country_id:
            return self.country_id
        zones = self.zone_id._zone_by_country(company)
        return self.env["res.country"].browse(
            country_id
            for country_id, zone_id in zones.items()
            if zone_id == self.zone_id.id
        )


class CreditInsuranceStop(models.Model):
    """A cover stop has the buyer's open orders looked through.

    One that ends, or that the insurer lifts, lets orders go.
    """

    _name = "credit.insurance.stop"
    _inherit = ["credit.insurance.stop", "credit.insurance.review.source.mixin"]
    _review_field = "stop_ids"

    @api.model_create_multi
    def create(self, vals_list):
        stops = super().create(vals_list)
        stops._have_orders_reviewed()
        return stops

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def _have_orders_reviewed(self):
        """Have those reviewed whose cover is stopped today, per policy in one go."""
        for policy, recorded in self.grouped("policy_id").items():
            today = policy._credit_today()
            stops = recorded.filtered(
                lambda stop, today=today: stop.date_from <= today
                and (not stop.date_to or stop.date_to >= today)
            )
            self.env["credit.insurance.review"]._notice(
                "stop",
                partners=stops.partner_id,
                companies=policy.company_ids if policy else None,
                stop_ids=stops,
            )


class CreditInsuranceInsolvency(models.Model):
    """An insolvency has the buyer's orders looked through; its end lets them go."""

    _name = "credit.insurance.insolvency"
    _inherit = ["credit.insurance.insolvency", "credit.insurance.review.source.mixin"]
    _review_field = "insolvency_ids"

    @api.model_create_multi
    def create(self, vals_list):
        insolvencies = super().create(vals_list)
        lasting = insolvencies.filtered(lambda insolvency: not insolvency.date_end)
        self.env["credit.insurance.review"]._notice(
            "insolvency", partners=lasting.partner_id, insolvency_ids=lasting
        )
        return insolvencies

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def unlink(self):
        buyers = self.partner_id
        result = super().unlink()
        self.env["credit.insurance.hold"]._cover_may_be_back(buyers)
        return result


class CreditInsuranceLimit(models.Model):
    """A limit that is cut, withdrawn or ends has the buyer's orders looked through.

    What the insurer grants lets orders go that wait for it.
    """

    _name = "credit.insurance.limit"
    _inherit = ["credit.insurance.limit", "credit.insurance.review.source.mixin"]
    _review_field = "limit_ids"

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        recent = self.env.company._credit_today() - timedelta(days=RECENT_DAYS)
        limits.filtered(
            lambda limit: (limit.date_to or limit.decision_date or recent) >= recent
        )._have_orders_reviewed()
        self.env["credit.insurance.hold"]._cover_may_be_back(limits.partner_id)
        return limits

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def _store(self, vals):
        # EXTENDS: every decision is stored by this method
        result = super()._store(vals)
        if vals.get("state") in LOST_STATES:
            self._have_orders_reviewed()
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def _have_orders_reviewed(self):
        """Have those reviewed whose limit is gone by today, per policy in one go.

        What ends later is looked at when it has ended.
        """
        for policy, decided in self.grouped("policy_id").items():
            today = policy._credit_today()
            limits = decided.filtered(
                lambda limit, today=today: limit.state == "refused"
                or (
                    limit.state in LOST_STATES
                    and limit.date_to
                    and limit.date_to < today
                )
            )
            self.env["credit.insurance.review"]._notice(
                "limit",
                partners=limits.partner_id,
                companies=policy.company_ids,
                limit_ids=limits,
            )
