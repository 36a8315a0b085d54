from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache


class KnownCurrencies(NamedTuple):
    """Currencies that somebody entered a rate for, and those of companies, by id."""

    rated: frozenset
    owned: frozenset


class CreditInsuranceCheck(models.AbstractModel):
    """Whether the order's amount can be compared with the limit at all."""

    _inherit = "credit.insurance.check"

    def _find_rate_unknown(self, case, rule):
        """Find currencies that Odoo takes for 1, as nobody entered a rate for them.

        An order of 10 000 dinars would count as one of 10 000 euros: what it adds to
        the exposure is not known, so no limit can be said to carry it. Invoices, till
        sales and transfers without an order are looked at likewise; transfers are in
        the company's currency.
        """
        unknown = self._currencies_without_rate(case)
        if not unknown:
            return None
        names = ", ".join(unknown.mapped("name"))
        own = case.order.company_id.currency_id.name
        return (
            case.added,
            self.env._(
                "No exchange rate is known between %(currencies)s and %(own)s: the "
                "order counts one to one, whatever it is worth.",
                currencies=names,
                own=own,
            ),
            self.env._(
                "Have an exchange rate entered for %(currencies)s.", currencies=names
            ),
        )

    def _currencies_without_rate(self, case):
        """Return the currencies of order and limit that nobody entered a rate for.

        One to one by decision, such as two pegged currencies, they have one. The
        currency that all rates are based on needs none: the company's own has one
        then, and the base is the currency of some company.
        """
        company = case.order.company_id
        currencies = case.position.limit_currency
        if "currency_id" in case.order._fields:
            currencies |= case.order.currency_id
        currencies -= company.currency_id
        if not currencies:
            return currencies
        known = self._known_currencies(company)
        is_own_rated = company.currency_id.id in known.rated
        return currencies.filtered(
            lambda currency: (
                currency.id not in known.rated
                and not (is_own_rated and currency.id in known.owned)
            )
        )

    @api.model
    @ormcache("company.id")
    def _known_currencies(self, company):
        """Return what is known of rates; forgotten whenever one is entered."""
        # sudo: nobody needs to read rates or other companies to sell
        rated = (
            self.env["res.currency.rate"]
            .sudo()
            ._read_group(
                [("company_id", "in", (False, company.root_id.id))], ["currency_id"]
            )
        )
        # sudo: as above
        owned = self.env["res.company"].sudo()._read_group([], ["currency_id"])
        return KnownCurrencies(
            rated=frozenset(currency.id for [currency] in rated),
            owned=frozenset(currency.id for [currency] in owned),
        )
