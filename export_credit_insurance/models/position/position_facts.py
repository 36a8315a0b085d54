import datetime
import functools
import json
from typing import NamedTuple

import pytz


class PolicyFacts(NamedTuple):
    """What the position needs of a policy without reading it."""

    kind: str
    currency_id: int
    company_ids: tuple
    cover_tax_basis: str
    limit_basis: str
    mep_base: str
    rate_rule: str
    residue_amount: float
    excess_uses_limit: bool
    has_stop_share: bool
    is_active: bool
    manufacturing_cover: bool

    @classmethod
    def of(cls, policy):
        return cls(
            kind=policy.kind,
            currency_id=policy.currency_id.id,
            company_ids=tuple(policy.company_ids.ids),
            cover_tax_basis=policy.cover_tax_basis,
            limit_basis=policy.limit_basis,
            mep_base=policy.mep_base,
            rate_rule=policy.rate_rule,
            residue_amount=policy.residue_amount,
            excess_uses_limit=policy.excess_uses_limit,
            has_stop_share=bool(policy.stop_min_amount or policy.stop_min_pct),
            is_active=policy.state == "active",
            manufacturing_cover=policy.manufacturing_cover,
        )


class PositionFacts:
    """What the queries need to know of a company's contract, made once and cached.

    :param company_id: the company that asks
    :param company_ids: it and those insured by the same policies
    :param own_partner_ids: the contacts of all companies of the database
    :param receivable_account_ids: the accounts of receivables of the database
    :param draft_company_ids: companies that count draft invoices as exposure
    :param has_till: whether the point of sale is installed
    :param warning_days: how long before a stop of cover a buyer turns to warning
    :param horizons: {company id: days within which ordered lines count}
    :param zones: {company id: name of its time zone}
    :param policies: {policy id: :class:`PolicyFacts`}, in their sequence
    :param terms: the :class:`~.position_terms.Term` of all companies
    :param country_classes: {country id: class of the terms}
    :param rates: {currency id: row with rate and digits}
    :param own_currency_id: the company's currency
    """

    def __init__(self, **facts):
        self.__dict__.update(facts)
        own = self.rates[self.own_currency_id]
        self.own_rate, self.own_digits = own["rate"], own["digits"]
        policies = self.policies.values()
        self.policy_ids = tuple(self.policies)
        self.needs_untaxed = any(
            policy.cover_tax_basis == "ex_tax" for policy in policies
        )
        self.has_single = any(policy.kind == "single" for policy in policies)
        self.has_buyer_policies = any(policy.kind == "buyer" for policy in policies)
        self.has_stop_share = any(policy.has_stop_share for policy in policies)
        self.has_stacking_policies = not all(
            policy.excess_uses_limit for policy in policies
        )
        self.has_invoice_rates = any(
            policy.rate_rule == "invoice_date" for policy in policies
        )
        self.has_manufacturing = any(policy.manufacturing_cover for policy in policies)
        self.mep_bases = {policy.mep_base for policy in policies}
        self.brief_queries = {}  # see PositionBrief
        self.shortest_mep = min(
            (term.mep_days for term in self.terms if term.policy_id), default=0
        )

    @functools.cached_property
    def currency_digits(self):
        """{decimals: ids of the currencies in use}, but for those with two."""
        found = {}
        for currency_id, rate in self.rates.items():
            if rate["digits"] != 2:
                found.setdefault(rate["digits"], []).append(currency_id)
        return found

    @functools.cached_property
    def usual_country_class(self):
        """The class of most countries, and {class: ids of its countries} of others."""
        members = {}
        for country_id, number in self.country_classes.items():
            members.setdefault(number, []).append(country_id)
        usual = max(members, key=lambda number: len(members[number]))
        del members[usual]
        return usual, members

    def to_company(self, amount, currency_id):
        """Convert to the company's currency; one without a rate counts one to one."""
        if currency_id == self.own_currency_id:
            return amount
        rate = self.rates.get(currency_id)
        return amount * self.own_rate / (rate["rate"] if rate else 1.0)

    def day_start(self, company_id, day):
        """Return the moment, in UTC, at which a day begins where a company is."""
        midnight = datetime.datetime.combine(day, datetime.time.min)
        zone = pytz.timezone(self.zones[company_id])
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    @functools.cached_property
    def residues(self):
        """{policy id: what it ignores of a debt, in the company's currency}."""
        return {
            policy_id: round(
                self.to_company(policy.residue_amount, policy.currency_id),
                self.own_digits,
            )
            for policy_id, policy in self.policies.items()
        }

    @functools.cached_property
    def smallest_residue(self):
        """The least that any policy of the company itself ignores, 0 without one.

        Of the active ones, where there are any: what a former one ignored is past.
        """
        own = {
            policy_id: policy
            for policy_id, policy in self.policies.items()
            if policy.kind != "single" and self.company_id in policy.company_ids
        }
        active = [policy_id for policy_id, policy in own.items() if policy.is_active]
        return min(
            (self.residues[policy_id] for policy_id in active or own), default=0.0
        )

    @functools.cached_property
    def rates_json(self):
        return json.dumps(list(self.rates.values()))

    @functools.cached_property
    def rate_values_json(self):
        return json.dumps({id_: rate["rate"] for id_, rate in self.rates.items()})

    @functools.cached_property
    def terms_json(self):
        rows = [{"id": i, **term._asdict()} for i, term in enumerate(self.terms)]
        return json.dumps(rows, default=str)

    @functools.cached_property
    def _general_terms(self):
        found = {}
        for term in self.terms:
            if term.company_id == self.company_id and term.scope == "general":
                key = (term.country_class, term.party_kind)
                found.setdefault(key, []).append(term)
        return found

    def find_term(self, country_id, party_kind, day):
        """Return the term that holds for a debtor on a day, None without any."""
        key = (self.country_classes.get(country_id), party_kind)
        for term in self._general_terms.get(key, ()):
            if term.date_from <= day <= term.date_to:
                return term
        return None
