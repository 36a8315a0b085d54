from odoo import api, models
from odoo.fields import Domain


class CreditInsurancePolicy(models.Model):
    """What a policy says about a day, a place and a kind of cover."""

    _inherit = "credit.insurance.policy"

    @api.model
    def _covering(self, company, day, orders=None):
        """Return the policies of a company that cover a day.

        A policy that renews tacitly goes on after its term; a closed one still
        covers its past days. A single-transaction policy serves the given orders or
        is left out.
        """
        policies = self.search(
            Domain("company_ids", "in", company.ids)
            & Domain("state", "!=", "draft")
            & Domain("date_start", "<=", day)
            & (Domain("renewal", "=", "tacit") | Domain("date_end", ">=", day))
        )
        singles = policies.filtered(lambda policy: policy.kind == "single")
        if not singles:
            return policies
        # sudo: orders are only compared
        served = set(orders.ids) if orders else set()
        return policies - singles.filtered(
            lambda policy: not served.intersection(policy.sudo().order_ids.ids)
        )

    def _insured_percentage(
        self, cover_kind, country=None, zone=None, cause="commercial", day=None
    ):
        """Return the percentage the insurer indemnifies for a shipment of a day.

        The most specific of that day wins: the table's row of the country, the country
        terms, the table's row of the zone, its general row, the policy year, the
        policy.

        :param cover_kind: named, express, topup, discretionary or manufacturing
        :param country: country of the buyer
        :param zone: zone of the buyer
        :param cause: commercial or political
        :param day: day of shipment; None: what holds on every day
        """
        self.ensure_one()
        if cause == "political" and not self.political_cover:
            return 0.0
        unnamed = cover_kind == "discretionary"
        general = "insured_pct_unnamed" if unnamed else "insured_pct_named"
        in_terms = "insured_pct_political" if cause == "political" else general
        rows = self.percentage_ids._on(day).filtered_domain(
            [("cover_kind", "=", cover_kind), ("cause", "=", cause)]
        )
        of_country = rows.filtered(lambda row: country and row.country_id == country)
        of_zone = rows.filtered(lambda row: zone and row.zone_id == zone)
        other = rows.filtered(lambda row: not row.country_id and not row.zone_id)
        year = self.year_ids.filtered(
            lambda year: day and year.date_from <= day <= year.date_to
        )
        return (
            of_country.percentage
            or self._country_term(country, zone, day)[in_terms]
            or of_zone.percentage
            or other.percentage
            or year[:1][general]
            or self[general]
        )

    def _country_term(self, country, zone, day):
        """Return the policy's terms for a country and a day of shipment.

        Its own, else its zone's; without a day those that hold on every day.
        """
        terms = self.country_term_ids._on(day)
        own = terms.filtered(lambda term: country and term.country_id == country)
        return own or terms.filtered(lambda term: zone and term.zone_id == zone)

    def _open_to(self, buyers, company, day):
        """Return the buyers whose country the policy covers without restriction."""
        self.ensure_one()
        zones = self.env["credit.insurance.limit"]._zone_of(buyers, company)
        status = self.env["credit.insurance.country.event"]._status(
            buyers.country_id, day
        )

        def is_open(buyer):
            term = self._country_term(buyer.country_id, zones[buyer], day)
            if not term:
                covered = self.kind != "country"
            else:
                covered = term.cover_status == "covered"
            return covered and status.get(buyer.country_id, "open") == "open"

        return buyers.filtered(is_open)

    def _insurable_parties(self, buyers):
        """Return the buyers of a kind that the policy does not exclude."""
        self.ensure_one()
        # sudo: which partners are companies of the house is no secret
        companies = self.env["res.company"].sudo()
        houses = {partner for (partner,) in companies._read_group([], ["partner_id"])}

        def party_kind(buyer):
            if buyer in houses:
                return buyer.credit_party_kind or "related"
            return buyer.credit_party_kind or (
                "company" if buyer.is_company else "private"
            )

        return buyers.filtered(
            lambda buyer: (
                party_kind(buyer) == "company"
                or not self[f"exclude_{party_kind(buyer)}"]
            )
        )
