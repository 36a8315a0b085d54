"""What the default of a buyer would cost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..indemnity.claim_indemnity import Indemnity, to_cents


@dataclass(frozen=True)
class DefaultCost:
    """The loss on a claim that is not paid, in one currency.

    :param at_risk: what is or will be owed, taxes included
    :param tax: the taxes within it, 0 on exempt exports
    :param covered_share: share 0 .. 1 of what is at risk that the insurer would pay,
        before the deductible
    :param insured_share: the insured percentage behind that, 0 .. 1
    :param deductible: what the insurer keeps from it
    :param deductible_first: it comes off before the insured percentage
    :param first_loss_left: what the exporter still bears of the policy year's losses
    :param liability_left: what the insurer still pays in the policy year, None: no cap
    :param claim_threshold: up to so much within the limit the insurer pays nothing
    :param recovered_tax: share 0 .. 1 of the taxes that the state gives back
    :param recovered_goods: share 0 .. 1 of the untaxed amount that comes back as goods
    :param legal_share: lawyers and courts abroad, share 0 .. 1 of what is at risk
    :param legal_fixed: the same, at least
    :param waiting_days: until the indemnity is paid
    :param financing_rate: interest a year, 0 .. 1, on the indemnity until then
    :param reputation: own estimate of what else is lost
    :param margin: of the sales, 0 .. 1
    :param rounded: rounds an amount as the currency does

    Without insurance: 12 000 at risk, 2 000 of it taxes of which half come back, a
    tenth of the goods, lawyers 15 % and at least 1 500:

    >>> cost = DefaultCost(12000.0, tax=2000.0, recovered_tax=0.5, recovered_goods=0.1,
    ...                    legal_share=0.15, legal_fixed=1500.0, margin=0.2)
    >>> cost.legal, cost.tax_back, cost.goods, cost.loss, cost.sales_needed
    (1800.0, 1000.0, 1000.0, 11800.0, 59000.0)

    With an indemnity of 75 % less 500, paid after 150 days financed at 6 %: 8 500 x
    6 % x 150 / 365 = 209.59. Of goods worth 1 200 the insurer takes 75 %, 300 are
    kept (DOMAIN 1.14): 3 500 - 300 + 209.59.

    >>> insured = DefaultCost(12000.0, covered_share=0.75, deductible=500.0,
    ...                       recovered_goods=0.1, waiting_days=150,
    ...                       financing_rate=0.06)
    >>> insured.indemnity, insured.own_share, insured.goods, insured.financing
    (8500.0, 3500.0, 300.0, 209.59)
    >>> insured.loss
    3409.59
    >>> DefaultCost(300.0, covered_share=0.9, claim_threshold=300.0).indemnity
    0.0

    BETA of DOMAIN 1.13: 90 % of 100 000 within 140 000, less 1 000 and the aggregate
    first loss of 10 000; the insurer never pays more than its liability left:

    >>> beta = dict(at_risk=140000.0, covered_share=90 / 140, insured_share=0.9,
    ...             deductible=1000.0, first_loss_left=10000.0)
    >>> DefaultCost(**beta, liability_left=555000.0).indemnity
    79000.0
    >>> DefaultCost(**beta, liability_left=555000.0, deductible_first=True).indemnity
    79100.0
    >>> DefaultCost(**beta, liability_left=50000.0).indemnity
    50000.0
    >>> DefaultCost(**beta, liability_left=0.0).indemnity
    0.0
    """

    at_risk: float
    tax: float = 0.0
    covered_share: float = 0.0
    insured_share: float = 1.0
    deductible: float = 0.0
    deductible_first: bool = False
    first_loss_left: float = 0.0
    liability_left: float | None = None
    claim_threshold: float = 0.0
    recovered_tax: float = 0.0
    recovered_goods: float = 0.0
    legal_share: float = 0.0
    legal_fixed: float = 0.0
    waiting_days: int = 0
    financing_rate: float = 0.0
    reputation: float = 0.0
    margin: float = 0.0
    rounded: Callable[[float], float] = to_cents

    @property
    def covered(self):
        return self.rounded(self.at_risk * self.covered_share)

    @cached_property
    def claim(self):
        """What the insurer would make of it: the formula of every claim."""
        base = self.covered / self.insured_share if self.insured_share else 0.0
        return Indemnity(
            base=self.rounded(min(base, self.at_risk)),
            covered=self.covered,
            deductible=self.deductible,
            deductible_first=self.deductible_first,
            threshold=self.claim_threshold,
            first_loss_left=self.first_loss_left,
            liability_left=self.liability_left,
            rounded=self.rounded,
        )

    @property
    def indemnity(self):
        """Covered, less deductible and first loss, up to the liability left."""
        return self.claim.amount

    @property
    def own_share(self):
        """What the insurer does not pay."""
        return self.rounded(self.at_risk - self.indemnity)

    @property
    def legal(self):
        if not self.at_risk:
            return 0.0
        return self.rounded(max(self.at_risk * self.legal_share, self.legal_fixed))

    @property
    def goods(self):
        """The exporter's part of the goods; an insurer that paid takes its share."""
        kept = 1 - self.covered_share if self.indemnity else 1.0
        return self.rounded((self.at_risk - self.tax) * self.recovered_goods * kept)

    @property
    def tax_back(self):
        """Taxes that come back, as far as they are lost at all."""
        lost = max(self.own_share - self.goods, 0.0)
        return self.rounded(min(self.tax * self.recovered_tax, lost))

    @property
    def financing(self):
        cost = self.indemnity * self.financing_rate * self.waiting_days / 365
        return self.rounded(cost)

    @property
    def loss(self):
        """What is lost for good: the rows of the print add up to it."""
        lost = self.own_share - self.goods - self.tax_back
        return self.rounded(lost + self.legal + self.financing + self.reputation)

    @property
    def sales_needed(self):
        """How much more must be sold, at the margin, to earn the loss."""
        return self.rounded(self.loss / self.margin) if self.margin else 0.0
