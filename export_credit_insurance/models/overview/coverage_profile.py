"""What a firm sells abroad, and to whom: the facts that the coverage advisor reads."""

import math
from dataclasses import dataclass

#: a contract for named buyers suits who sells most to that many
LARGEST_BUYERS = 5


@dataclass(frozen=True)
class BuyerSales:
    """Sales of twelve months to one buyer abroad.

    :param amount: untaxed, in the company's currency, credit notes taken off
    :param invoices: how many invoices
    :param country: id of the buyer's country
    :param is_public: a state or public body
    :param is_insurable: neither a private person nor a company of the same group
    :param is_refused: private insurers cover nothing there
    :param is_marketable: a short-term risk there is for private insurers alone
    :param is_sector_at_risk: its sector is among the risky ones
    """

    buyer: int
    amount: float
    invoices: int
    country: int
    is_public: bool = False
    is_insurable: bool = True
    is_refused: bool = False
    is_marketable: bool = False
    is_sector_at_risk: bool = False


@dataclass(frozen=True)
class ExportProfile:
    """The export sales of a firm over twelve months.

    >>> profile = ExportProfile((
    ...     BuyerSales(1, 600.0, 3, 10, is_marketable=True),
    ...     BuyerSales(2, 300.0, 1, 20, is_public=True),
    ...     BuyerSales(3, 100.0, 1, 30, is_refused=True),
    ...     BuyerSales(4, 50.0, 9, 10, is_insurable=False),
    ... ))
    >>> profile.turnover, profile.markets, profile.buyers, profile.invoices
    (1000.0, 3, 3, 5)
    >>> profile.share_of(lambda sale: sale.is_public)
    0.3
    >>> profile.largest_country_share, profile.refused_turnover
    (0.6, 100.0)
    """

    sales: tuple[BuyerSales, ...]

    @property
    def insurable(self):
        """Sales on credit to business or public buyers; a credit balance is none."""
        return [sale for sale in self.sales if sale.is_insurable and sale.amount > 0]

    @property
    def turnover(self):
        return sum(sale.amount for sale in self.insurable)

    @property
    def invoices(self):
        return sum(sale.invoices for sale in self.insurable)

    def invoices_of(self, turnover):
        """Return how many invoices another turnover would take, each as large."""
        if not self.turnover:
            return self.invoices
        return math.ceil(round(self.invoices * turnover / self.turnover, 6))

    @property
    def buyers(self):
        return len(self.insurable)

    @property
    def by_country(self):
        """Return ``{country: turnover}``, the largest first."""
        amounts = {}
        for sale in self.insurable:
            amounts[sale.country] = amounts.get(sale.country, 0.0) + sale.amount
        return dict(sorted(amounts.items(), key=lambda item: -item[1]))

    @property
    def markets(self):
        return len(self.by_country)

    @property
    def largest_country_share(self):
        return self._share(max(self.by_country.values(), default=0.0))

    @property
    def largest_buyers_share(self):
        amounts = sorted((sale.amount for sale in self.insurable), reverse=True)
        return self._share(sum(amounts[:LARGEST_BUYERS]))

    @property
    def refused_turnover(self):
        return sum(sale.amount for sale in self.insurable if sale.is_refused)

    def share_of(self, condition):
        """Return the part, 0 .. 1, of the turnover whose sales meet a condition."""
        return self._share(sum(s.amount for s in self.insurable if condition(s)))

    def _share(self, amount):
        return amount / self.turnover if self.turnover else 0.0
