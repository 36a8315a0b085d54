from odoo import api, models, tools

from .position_facts import PolicyFacts, PositionFacts
from .position_terms import build_terms


class CreditInsurancePosition(models.AbstractModel):
    """The contract as the queries need it, made once and cached."""

    _inherit = "credit.insurance.position"

    @api.model
    @tools.ormcache("company_id", "day")
    def _facts(self, company_id, day):
        """Return the company's contract as the queries need it.

        Models of the contract clear the registry's cache when they change.
        """
        return self._read_facts(company_id, day)

    @api.model
    def _facts_under(self, company_id, day, scenario):
        """Return the facts, with the countries off cover that a scenario supposes."""
        if not scenario or not scenario.off_cover_country_ids:
            return self._facts(company_id, day)
        return self._read_facts(company_id, day, scenario)

    @api.model
    def _read_facts(self, company_id, day, scenario=None):
        # sudo: the terms hold whoever asks; rows are filtered by company below
        company = self.env["res.company"].sudo().browse(company_id)
        Policy = self.env["credit.insurance.policy"].sudo()
        in_force = [("state", "in", ("active", "closed"))]
        own = Policy.search([*in_force, ("company_ids", "in", company.id)])
        companies = company | own.company_ids
        policies = Policy.search([*in_force, ("company_ids", "in", companies.ids)])
        policies = policies.sorted(lambda policy: (policy.sequence, policy.id))
        countries = self.env["res.country"].sudo().search([("code", "!=", False)])
        # sudo: as above
        events = self.env["credit.insurance.country.event"].sudo()._periods(countries)
        terms, classes = build_terms(
            {
                each: policies.filtered(
                    lambda policy, each=each: each in policy.company_ids
                )
                for each in companies
            },
            countries,
            events if scenario is None else scenario.with_events(events),
        )
        rates = self._rates(company, day)
        return PositionFacts(
            company_id=company_id,
            company_ids=tuple(companies.ids),
            own_partner_ids=frozenset(
                partner.id for (partner,) in company._read_group([], ["partner_id"])
            ),
            receivable_account_ids=self._receivable_account_ids(),
            has_till="pos.order" in self.env,
            draft_company_ids=tuple(
                companies.filtered("credit_count_draft_invoices").ids
            ),
            warning_days=company.credit_cover_warning_days,
            horizons={each.id: each.credit_order_horizon_days for each in companies},
            zones={each.id: each._credit_time_zone(each.id) for each in companies},
            policies={policy.id: PolicyFacts.of(policy) for policy in policies},
            terms=tuple(terms),
            country_classes=classes,
            rates={rate["id"]: rate for rate in rates},
            own_currency_id=company.currency_id.id,
        )

    @api.model
    def _get_single_policies(self, orders):
        """Return {order id: the single-transaction policy that names it}.

        The first in sequence of those in force, else of those that are to come: as the
        use of the limit has it for what has not left yet.
        """
        days = [self._today(company) for company in orders.company_id]
        if not any(
            self._facts(company.id, day).has_single
            for company, day in zip(orders.company_id, days, strict=True)
        ):
            return {}
        # sudo: a salesperson's order is judged by policies they may not read
        policies = (
            self.env["credit.insurance.policy"]
            .sudo()
            .search_fetch(
                [
                    ("kind", "=", "single"),
                    ("state", "=", "active"),
                    ("order_ids", "in", orders._origin.ids),
                    "|",
                    ("renewal", "=", "tacit"),
                    ("date_end", ">=", min(days)),
                ],
                ["date_start", "order_ids", "sequence"],
                order="sequence desc, id desc",
            )
        )
        first_of_all = policies.sorted(
            lambda policy: policy.date_start > max(days), reverse=True
        )
        return {
            order.id: policy for policy in first_of_all for order in policy.order_ids
        }

    @api.model
    def _receivable_account_ids(self):
        # sudo: items of all companies that a policy insures are open on them
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        found = accounts.search([("account_type", "=", "asset_receivable")], order="id")
        return tuple(found.ids)

    @api.model
    def _rates(self, company, day):
        """Return today's rates of all currencies in use, as rows for the SQL."""
        used = self.env["res.currency"].sudo().with_context(active_test=False)
        rated = self.env["res.currency.rate"].sudo()._read_group([], ["currency_id"])
        currencies = used.search([("active", "=", True)])
        for (currency,) in rated:
            currencies |= currency
        currencies |= company.currency_id
        found = currencies._get_rates(company, day)
        return [
            {
                "id": currency.id,
                "name": currency.name,
                "rate": found[currency.id],
                "digits": currency.decimal_places,
            }
            for currency in currencies
        ]
