"""What a statement of account is made of: plain values, no model."""

import datetime
from typing import Any, NamedTuple

#: first and last day late of each class of age; None: without end
AGES = (
    ("not_due", None, 0),
    ("to_30", 1, 30),
    ("to_60", 31, 60),
    ("to_90", 61, 90),
    ("over_90", 91, None),
)


class StatementLine(NamedTuple):
    """One open instalment, or money that is matched with no invoice (negative)."""

    move: Any
    kind: str  # invoice, credit_note or payment
    date: datetime.date
    due_date: datetime.date
    amount: float  # open, in the document's currency
    disputed: float
    days_late: int


class Statement(NamedTuple):
    """What one buyer owes one company in one currency, on one day."""

    currency: Any
    lines: list

    @property
    def owed(self):
        """Open invoices, without what is matched with none."""
        return self._sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def unallocated(self):
        """Payments and credit notes matched with no invoice; negative."""
        return self._sum(line.amount for line in self.lines if line.amount < 0)

    @property
    def overdue(self):
        return self._sum(
            line.amount for line in self.lines if line.amount > 0 and line.days_late > 0
        )

    @property
    def balance(self):
        return self._sum(line.amount for line in self.lines)

    @property
    def ages(self):
        """Return {class of age: open invoices}; their sum is :attr:`owed`."""
        sums = {name: 0.0 for name, _first, _last in AGES}
        for line in self.lines:
            if line.amount > 0:
                sums[age_of(line.days_late)] += line.amount
        return {name: self.currency.round(amount) for name, amount in sums.items()}

    def _sum(self, amounts):
        return self.currency.round(sum(amounts))


def age_of(days_late):
    """Return the class of age.

    >>> [age_of(days) for days in (-5, 0, 1, 30, 31, 60)]
    ['not_due', 'not_due', 'to_30', 'to_30', 'to_60', 'to_60']
    >>> [age_of(days) for days in (61, 90, 91)]
    ['to_90', 'to_90', 'over_90']
    """
    return next(
        name for name, _first, last in AGES if last is None or days_late <= last
    )
