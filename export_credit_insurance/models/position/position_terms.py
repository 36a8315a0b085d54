"""Which policy covers whom and when: a small map made from the contract's terms.

The ledger is computed in SQL; the contract is a handful of policies. So the terms are
resolved here, once, into disjoint periods per company, country and kind of debtor,
and handed to the SQL as a table.
"""

import datetime
from typing import NamedTuple

from ..ledger.res_partner import PARTY_KINDS

FIRST_DAY = datetime.date(1900, 1, 1)
LAST_DAY = datetime.date(9999, 12, 31)
ONE_DAY = datetime.timedelta(days=1)
UNINSURED_STATUSES = ("off_cover", "sanctioned")


class Term(NamedTuple):
    """What holds for a company, class of countries and kind of debtor in a period."""

    company_id: int
    country_class: int
    party_kind: str
    date_from: datetime.date
    date_to: datetime.date
    policy_id: int | None
    sequence: int
    scope: str
    reason: str | None
    country_status: str
    pct_named: float
    pct_express: float
    pct_topup: float
    pct_unnamed: float
    political_pct_named: float
    political_pct_unnamed: float
    max_payment_days: int
    mep_days: int
    pct_manufacturing: float = 0.0
    political_pct_manufacturing: float = 0.0

    def percentage(self, limit_kind):
        """The commercial percentage of a limit of this kind."""
        return {
            "express": self.pct_express,
            "topup": self.pct_topup,
            "discretionary": self.pct_unnamed,
        }.get(limit_kind, self.pct_named)


class PolicyScope(NamedTuple):
    """One policy with the days on which it insures shipments."""

    policy: object
    date_from: datetime.date
    date_to: datetime.date


def build_terms(policies_by_company, countries, events):
    """Resolve the policies into disjoint periods.

    The first policy in sequence that applies to a shipment serves it; a country that
    one policy leaves out may be covered by the next (DESIGN 4, *Several policies*).
    Countries that every policy treats alike form one class.

    :param policies_by_company: {company: policies that insure it, active or closed,
        ordered by sequence}
    :param countries: the countries wanted
    :param events: {country id: [(first day, last day or None, status, event id)]}
    :return: (list of :class:`Term`, {country id: class})
    """
    zones = {
        company: company.env["credit.insurance.zone"]._zone_by_country(company)
        for company in policies_by_company
    }
    classes, members = {}, {}
    # a buyer without a country is insured where no country term says otherwise
    for country in [*countries, countries.browse()]:
        signature = (
            tuple(events.get(country.id, ())),
            tuple(
                _signature(policies, country, zones[company].get(country.id))
                for company, policies in policies_by_company.items()
            ),
        )
        members[country.id or 0] = classes.setdefault(
            signature, (len(classes) + 1, country)
        )
    terms = []
    for number, country in classes.values():
        for company, policies in policies_by_company.items():
            terms += _CountryResolver(
                company,
                number,
                country,
                zones[company].get(country.id),
                events.get(country.id, []),
            ).resolve_all(policies)
    return terms, {country_id: found[0] for country_id, found in members.items()}


def _signature(policies, country, zone_id):
    """What of the policies tells this country from others."""
    named = (
        *policies.country_term_ids.filtered(lambda term: _is_for(term, country)),
        *policies.percentage_ids.filtered(lambda line: _is_for(line, country)),
    )
    zonal = (
        *policies.country_term_ids.filtered(lambda term: _is_zonal(term, zone_id)),
        *policies.percentage_ids.filtered(lambda line: _is_zonal(line, zone_id)),
    )
    return tuple((line._name, line.id) for line in (*named, *zonal))


def _is_for(term, country):
    return bool(country) and term.country_id == country


def _is_zonal(term, zone_id):
    return bool(zone_id) and term.zone_id.id == zone_id


def _scope(policy):
    goes_on = policy.renewal == "tacit" and policy.state == "active"
    last_day = LAST_DAY if goes_on else policy.date_end or LAST_DAY
    return PolicyScope(policy, policy.date_start or FIRST_DAY, last_day)


class _CountryResolver:
    def __init__(self, company, number, country, zone_id, events):
        self.company = company
        self.number = number
        self.country = country
        self.zone_id = zone_id
        self.events = events

    def resolve_all(self, policies):
        """Return the terms of all kinds of debtor under all policies."""
        scopes = [_scope(policy) for policy in policies]
        apart = [scope for scope in scopes if scope.policy.kind in ("buyer", "single")]
        general = [scope for scope in scopes if scope not in apart]
        terms = []
        for party_kind, _label in PARTY_KINDS:
            terms += self.resolve(general, party_kind)
            for scope in apart:
                terms += self.resolve([scope], party_kind, scope.policy.kind)
        return terms

    def resolve(self, scopes, party_kind, scope="general"):
        """Return the terms of one kind of debtor, period by period."""
        terms = []
        for first, last in self._periods(scopes):
            if term := self._term(scopes, party_kind, first, last, scope):
                terms.append(term)
        return terms

    def _periods(self, scopes):
        cuts = {FIRST_DAY}
        for scope in scopes:
            cuts.add(scope.date_from)
            if scope.date_to < LAST_DAY:
                cuts.add(scope.date_to + ONE_DAY)
            for year in scope.policy.year_ids:
                if year.insured_pct_named or year.insured_pct_unnamed:
                    cuts.update((year.date_from, year.date_to + ONE_DAY))
            cuts.update(self._row_cuts(scope.policy.country_term_ids))
            cuts.update(self._row_cuts(scope.policy.percentage_ids))
        for date_from, date_to, _status, _event in self.events:
            cuts.add(date_from)
            if date_to:
                cuts.add(date_to + ONE_DAY)
        days = sorted(cuts)
        return zip(days, [day - ONE_DAY for day in days[1:]] + [LAST_DAY], strict=True)

    def _row_cuts(self, rows):
        """Yield the days on which a dated row for the country begins or is over."""
        for row in rows:
            everywhere = not row.country_id and not row.zone_id
            if everywhere or _is_for(row, self.country) or _is_zonal(row, self.zone_id):
                if row.date_from:
                    yield row.date_from
                if row.date_to and row.date_to < LAST_DAY:
                    yield row.date_to + ONE_DAY

    def _term(self, policies, party_kind, first, last, scope):
        status = self._status(first)
        reason = None  # why the first policy in sequence does not apply
        for policy, date_from, date_to in policies:
            if not date_from <= first <= date_to:
                continue
            left_out = self._left_out(policy, party_kind, first)
            if left_out:
                reason = reason or left_out
                continue
            stopped = "country_off" if status in UNINSURED_STATUSES else None
            return self._covered(policy, party_kind, first, last, scope, stopped)
        if scope != "general":
            return None
        return Term(
            self.company.id, self.number, party_kind, first, last, None, 10**6,
            scope, reason or "outside_period", status, 0, 0, 0, 0, 0, 0, 0, 0,
        )  # fmt: skip

    def _covered(self, policy, party_kind, first, last, scope, reason):
        country_term = self._country_term(policy, first)
        political = policy.political_cover
        percentage = _Percentages(
            policy, self.country, self.zone_id, country_term, first
        )
        return Term(
            company_id=self.company.id,
            country_class=self.number,
            party_kind=party_kind,
            date_from=first,
            date_to=last,
            policy_id=policy.id,
            sequence=policy.sequence,
            scope=scope,
            reason=reason,
            country_status=self._policy_status(first, country_term),
            pct_named=percentage.of("named", "commercial"),
            pct_express=percentage.of("express", "commercial"),
            pct_topup=percentage.of("topup", "commercial"),
            pct_unnamed=percentage.of("discretionary", "commercial"),
            political_pct_named=percentage.of("named", "political") if political else 0,
            political_pct_unnamed=(
                percentage.of("discretionary", "political") if political else 0
            ),
            max_payment_days=country_term.max_payment_days or policy.max_payment_days,
            mep_days=country_term.mep_days or policy.mep_days,
            pct_manufacturing=percentage.of("manufacturing", "commercial"),
            political_pct_manufacturing=(
                percentage.of("manufacturing", "political") if political else 0
            ),
        )

    def _left_out(self, policy, party_kind, day):
        """Return why the policy does not insure this debtor, None if it does."""
        country_term = self._country_term(policy, day)
        if country_term.cover_status == "off_cover":
            return "country_off"
        if policy.kind == "country" and not country_term:
            return "country_off"
        if party_kind != "company" and policy[f"exclude_{party_kind}"]:
            return party_kind
        return None

    def _country_term(self, policy, day):
        """The policy's term of a day for the country, else for its zone."""
        terms = policy.country_term_ids._on(day)
        own = terms.filtered(lambda term: _is_for(term, self.country))
        zonal = terms.filtered(lambda term: _is_zonal(term, self.zone_id))
        return (own or zonal)[:1]

    def _status(self, day):
        found = {
            status
            for date_from, date_to, status, _event in self.events
            if date_from <= day and (not date_to or day <= date_to)
        }
        for status in ("sanctioned", "off_cover", "restricted"):
            if status in found:
                return status
        return "open"

    def _policy_status(self, day, country_term):
        status = self._status(day)
        if status == "open" and country_term.cover_status == "restricted":
            return "restricted"
        return status


class _Percentages:
    """The insured percentage of a day: the most specific line wins (DOMAIN 1.3).

    A percentage for the country, the country term's own, one for the zone, a general
    one for this kind and cause, the policy year's, else the policy's.
    """

    def __init__(self, policy, country, zone_id, country_term, day):
        self.policy = policy
        self.lines = policy.percentage_ids._on(day)
        self.day = day
        self.country = country
        self.zone_id = zone_id
        self.country_term = country_term

    def of(self, kind, cause):
        lines = self.lines.filtered(
            lambda line: line.cover_kind == kind and line.cause == cause
        )
        by_country = lines.filtered(lambda line: _is_for(line, self.country))
        by_zone = lines.filtered(lambda line: _is_zonal(line, self.zone_id))
        general = lines.filtered(lambda line: not line.country_id and not line.zone_id)
        return (
            by_country[:1].percentage
            or self._of_country_term(kind, cause)
            or by_zone[:1].percentage
            or general[:1].percentage
            or self._of_policy(kind)
        )

    def _of_country_term(self, kind, cause):
        if cause == "political":
            return self.country_term.insured_pct_political
        if kind == "discretionary":
            return self.country_term.insured_pct_unnamed
        return self.country_term.insured_pct_named

    def _of_policy(self, kind):
        name = "insured_pct_unnamed" if kind == "discretionary" else "insured_pct_named"
        year = self.policy.year_ids.filtered(
            lambda year: year.date_from <= self.day <= year.date_to
        )
        return year[:1][name] or self.policy[name]
