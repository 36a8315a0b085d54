"""What a policy year costs: the one formula, plain numbers in the policy's currency."""

from collections.abc import Callable
from dataclasses import dataclass

from .claim_indemnity import to_cents


@dataclass(frozen=True)
class Premium:
    """max(minimum, declared) x (1 +- bonus/malus) + earlier + fees + tax (DOMAIN 1.12).

    :param declared: the sum of the insurable turnover of each group times its rate
    :param minimum: the annual minimum premium
    :param bonus_malus_pct: per cent of the premium, below 0 a bonus
    :param earlier: what late documents add to the premium of earlier years
    :param fees: of decisions and of monitoring
    :param tax_pct: insurance tax on premium and fees, per cent
    :param rounded: rounds an amount as the currency does

    The worked example of DOMAIN 1.12: 9 000 + 5 000 + 4 500 declared, 40 x 30 of fees:

    >>> Premium(18500.0, minimum=15000.0, fees=1200.0).total
    19700.0

    A bonus of 10 % on a minimum, and 19 % of tax; a malus rounded as the currency does:

    >>> year = Premium(3000.0, minimum=15000.0, bonus_malus_pct=-10.0, tax_pct=19.0)
    >>> year.bonus_malus, year.amount, year.tax, year.total
    (-1500.0, 13500.0, 2565.0, 16065.0)
    >>> Premium(333.33, bonus_malus_pct=5.0).amount  # 333.33 + 16.67
    350.0

    What is of an earlier year lowers no minimum of this one:

    >>> Premium(14000.0, minimum=15000.0, earlier=2000.0).total
    17000.0
    """

    declared: float
    minimum: float = 0.0
    bonus_malus_pct: float = 0.0
    earlier: float = 0.0
    fees: float = 0.0
    tax_pct: float = 0.0
    rounded: Callable[[float], float] = to_cents

    @property
    def _before_bonus(self):
        return max(self.minimum, self.declared)

    @property
    def bonus_malus(self):
        """What bonus (below 0) or malus change."""
        return self.rounded(self._before_bonus * self.bonus_malus_pct / 100)

    @property
    def amount(self):
        """The premium of the year itself, which maximum liability follows."""
        return self.rounded(self._before_bonus + self.bonus_malus)

    @property
    def tax(self):
        """The insurance tax."""
        taxed = self.amount + self.earlier + self.fees
        return self.rounded(taxed * self.tax_pct / 100)

    @property
    def total(self):
        """What the insured pays."""
        return self.rounded(self.amount + self.earlier + self.fees + self.tax)
