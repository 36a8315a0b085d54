"""What an insurer pays on a loss: the one formula, plain numbers in one currency."""

from collections.abc import Callable
from dataclasses import dataclass

#: why a part of what the insurer covers is not paid, in the order it is taken off
UNPAID_KINDS = ("threshold", "coinsurance", "deductible", "first_loss", "liability")


def to_cents(amount):
    return round(amount, 2)


@dataclass(frozen=True)
class Indemnity:
    """The indemnity of one claim (DOMAIN 1.13): N = B x q - D, P = N - AFL left.

    How it works: the insured percentage q comes as what it makes of the base, so that
    each instalment has its own; a deductible taken off before it is worth its average.

    :param base: B, the loss within the limits
    :param covered: B x q
    :param deductible: D, of each claim
    :param deductible_first: take D off B, before the percentage
    :param threshold: a base up to it is not paid at all, a larger one from its first
        euro
    :param first_loss_left: what the insured still bears of the year's losses
    :param liability_left: what the insurer still pays in the year, None: no maximum
    :param rounded: rounds an amount as the currency does

    BETA of DOMAIN 1.13: 90 % of 100 000 less 1 000, first loss 10 000, and the same
    with the deductible first:

    >>> beta = dict(base=100000.0, covered=90000.0, deductible=1000.0,
    ...             first_loss_left=10000.0, liability_left=555000.0)
    >>> Indemnity(**beta).amount
    79000.0
    >>> Indemnity(**beta, deductible_first=True).amount
    79100.0
    >>> Indemnity(**beta).unpaid
    {'coinsurance': 10000.0, 'deductible': 1000.0, 'first_loss': 10000.0}

    DOMAIN 1.11: nothing up to the threshold, and losses that a first loss of 100 000
    takes at 90 %:

    >>> Indemnity(8000.0, 7200.0, threshold=10000.0).unpaid
    {'threshold': 8000.0}
    >>> first = Indemnity(50000.0, 45000.0, first_loss_left=100000.0)
    >>> second = Indemnity(20000.0, 18000.0, first_loss_left=100000.0 - 45000.0)
    >>> first.first_loss, second.first_loss, first.amount + second.amount
    (45000.0, 18000.0, 0.0)
    """

    base: float
    covered: float
    deductible: float = 0.0
    deductible_first: bool = False
    threshold: float = 0.0
    first_loss_left: float = 0.0
    liability_left: float | None = None
    rounded: Callable[[float], float] = to_cents

    @property
    def is_below_threshold(self):
        return self.rounded(self.base - self.threshold) <= 0

    @property
    def deducted(self):
        """What the deductible takes off."""
        if self.is_below_threshold:
            return 0.0
        reduced = self.base if self.deductible_first else self.covered
        return self.rounded(min(self.deductible, reduced))

    @property
    def net(self):
        """N: what is left after the percentage and the deductible."""
        if self.is_below_threshold:
            return 0.0
        if not self.deductible_first:
            return self.rounded(self.covered - self.deducted)
        average = self.covered / self.base
        return self.rounded((self.base - self.deducted) * average)

    @property
    def first_loss(self):
        """What the claim uses of the year's aggregate first loss."""
        return self.rounded(min(self.net, max(self.first_loss_left, 0.0)))

    @property
    def amount(self):
        """What the insurer pays."""
        due = self.rounded(self.net - self.first_loss)
        if self.liability_left is None:
            return due
        return min(due, self.rounded(max(self.liability_left, 0.0)))

    @property
    def unpaid(self):
        """Why the rest of the base is not paid, {kind: amount}: the sum is the rest."""
        below = self.is_below_threshold
        parts = {
            "threshold": self.base if below else 0.0,
            "coinsurance": 0.0 if below else self.base - self.deducted - self.net,
            "deductible": self.deducted,
            "first_loss": self.first_loss,
            "liability": self.net - self.first_loss - self.amount,
        }
        rounded = {kind: self.rounded(parts[kind]) for kind in UNPAID_KINDS}
        return {kind: amount for kind, amount in rounded.items() if amount}
