"""What the default of a buyer would cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultCost:
    """The loss on a claim that is not paid, in one currency.

    :param at_risk: what is or will be owed, taxes included
    :param tax: the taxes within it, 0 on exempt exports
    :param covered: what the insurer would pay, before the deductible
    :param deductible: what the insurer keeps from it
    :param recovered_tax: share 0 .. 1 of the taxes that the state gives back
    :param recovered_goods: share 0 .. 1 of the untaxed amount that comes back as goods
    :param legal_share: lawyers and courts abroad, share 0 .. 1 of what is at risk
    :param legal_fixed: the same, at least
    :param waiting_days: until the indemnity is paid
    :param financing_rate: interest a year, 0 .. 1, on the indemnity until then
    :param reputation: own estimate of what else is lost
    :param margin: of the sales, 0 .. 1

    Without insurance: 12 000 at risk, 2 000 of it taxes of which half come back, a
    tenth of the goods, lawyers 15 % and at least 1 500:

    >>> cost = DefaultCost(12000.0, tax=2000.0, recovered_tax=0.5, recovered_goods=0.1,
    ...                    legal_share=0.15, legal_fixed=1500.0, margin=0.2)
    >>> cost.legal, cost.tax_lost, cost.goods, cost.loss, cost.sales_needed
    (1800.0, 1000.0, 1000.0, 11800.0, 59000.0)

    With an indemnity of 9 000 less 500, paid after 150 days financed at 6 %: 8 500 x
    6 % x 150 / 365 = 209.59.

    >>> insured = DefaultCost(12000.0, covered=9000.0, deductible=500.0,
    ...                       waiting_days=150, financing_rate=0.06)
    >>> insured.indemnity, insured.own_share, insured.financing, insured.loss
    (8500.0, 3500.0, 209.59, 3709.59)
    """

    at_risk: float
    tax: float = 0.0
    covered: float = 0.0
    deductible: float = 0.0
    recovered_tax: float = 0.0
    recovered_goods: float = 0.0
    legal_share: float = 0.0
    legal_fixed: float = 0.0
    waiting_days: int = 0
    financing_rate: float = 0.0
    reputation: float = 0.0
    margin: float = 0.0

    @property
    def indemnity(self):
        return max(min(self.covered, self.at_risk) - self.deductible, 0.0)

    @property
    def own_share(self):
        """What neither the insurer nor anybody else pays."""
        return self.at_risk - self.indemnity

    @property
    def legal(self):
        if not self.at_risk:
            return 0.0
        return round(max(self.at_risk * self.legal_share, self.legal_fixed), 2)

    @property
    def tax_lost(self):
        return round(self.tax * (1 - self.recovered_tax), 2)

    @property
    def goods(self):
        return round((self.at_risk - self.tax) * self.recovered_goods, 2)

    @property
    def financing(self):
        cost = self.indemnity * self.financing_rate * self.waiting_days / 365
        return round(cost, 2)

    @property
    def loss(self):
        """What is lost for good; taxes and goods that come back lower it."""
        back = self.goods + self.tax - self.tax_lost
        costs = self.legal + self.financing + self.reputation
        return round(max(self.own_share - back, 0.0) + costs, 2)

    @property
    def sales_needed(self):
        """How much more must be sold, at the margin, to earn the loss."""
        return round(self.loss / self.margin, 2) if self.margin else 0.0
