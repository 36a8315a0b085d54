"""What a claim's entries are made of: plain values."""

from typing import Any, NamedTuple


class EntryLine(NamedTuple):
    """One side of an entry.

    :param role: of the account, see ``res.company._claim_account``, or an account
    :param balance: in the company's currency, debits positive
    :param amount: in ``currency``, the same sign; None where it is the company's
    :param is_debt: whether it changes what the buyer owes; all else only moves it
    """

    role: Any
    label: str
    balance: float
    amount: float | None = None
    currency: Any = None
    partner: Any = None
    is_debt: bool = False


class Loss(NamedTuple):
    """What is open on a claim, in the company's currency, as booked."""

    gross: float
    ex_tax: float

    @property
    def tax(self):
        return self.gross - self.ex_tax


def open_loss(items, rounded):
    """Return the :class:`Loss` of open instalments; each is rounded on its own.

    :param items: (open amount, share of it that is no tax) pairs

    >>> open_loss([(1200.0, 1 / 1.2), (100.0, 1.0)], lambda x: round(x, 2))
    Loss(gross=1300.0, ex_tax=1100.0)
    """
    pairs = [(amount, rounded(amount * share)) for amount, share in items]
    return Loss(
        rounded(sum(amount for amount, _ in pairs)),
        rounded(sum(ex_tax for _, ex_tax in pairs)),
    )
