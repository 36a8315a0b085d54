from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class LimitInForce:
    """What one policy grants to one buyer on one day.

    ``amount`` is what the buyer may owe (on the *net* basis: the largest indemnity
    divided by the percentage), in ``currency``; 0 with the reason in ``state``
    (requested, refused, cancelled, expired). ``kind`` is the line that leads,
    ``date_to`` the first day after which the amount changes, ``lines`` what it sums.
    """

    amount: float
    currency: Any
    kind: str | bool
    percentage: float
    date_to: date | bool
    state: str
    lines: Any

    def convert(self, currency, company, day):
        """Return the amount in another currency at the rate of a day."""
        return self.currency._convert(self.amount, currency, company, day)
