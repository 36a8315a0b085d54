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
        """Return the percentage the insurer indemnifies.

        The most specific wins: the country, then the zone (each time the table of
        percentages, then the country terms), then the table's general row, then the
        policy year, then the policy.

        :param cover_kind: named, express, topup, discretionary or manufacturing
        :param country: country of the buyer
        :param zone: zone of the buyer
        :param cause: commercial or political
        :param day: day whose policy year is meant
        """
        self.ensure_one()
        if cause == "political" and not self.political_cover:
            return 0.0
        unnamed = cover_kind == "discretionary"
        general = "insured_pct_unnamed" if unnamed else "insured_pct_named"
        in_terms = "insured_pct_political" if cause == "political" else general
        rows = self.percentage_ids.filtered_domain(
            [("cover_kind", "=", cover_kind), ("cause", "=", cause)]
        )
        for name, place in (("country_id", country), ("zone_id", zone)):
            if not place:
                continue
            row = rows.filtered(lambda row, n=name, p=place: row[n] == p)
            term = self.country_term_ids.filtered(lambda t, n=name, p=place: t[n] == p)
            if row or term[in_terms]:
                return row.percentage or term[in_terms]
        row = rows.filtered(lambda row: not row.country_id and not row.zone_id)
        year = self.year_ids.filtered(
            lambda year: day and year.date_from <= day <= year.date_to
        )
        return row.percentage or year[:1][general] or self[general]

    def _open_to(self, buyers, company, day):
        """Return the buyers whose country the policy covers without restriction."""
        self.ensure_one()
        zones = self.env["credit.insurance.limit"]._zone_of(buyers, company)
        events = self.env["credit.insurance.country.event"]._periods(buyers.country_id)
        by_country = {term.country_id: term for term in self.country_term_ids}
        by_zone = {term.zone_id: term for term in self.country_term_ids}

        def is_open(buyer):
            country = buyer.country_id
            term = (country and by_country.get(country)) or (
                zones[buyer] and by_zone.get(zones[buyer])
            )
            status = term.cover_status if term else "covered"
            if self.kind == "country" and not term:
                return False
            return status == "covered" and not any(
                start <= day and (not end or day <= end)
                for start, end, *_rest in events.get(country.id, ())
            )

        return buyers.filtered(is_open)
