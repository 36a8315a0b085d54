"""How big the ledgers are, and what their customers are like."""

import argparse
import dataclasses


@dataclasses.dataclass(frozen=True)
class Size:
    """A ledger's size, and the customers that the cases work with."""

    name: str
    customers: int
    invoices: int
    orders: int

    @property
    def ordinary_rank(self):
        """Rank of a customer with about fifteen invoices."""
        return max(self.customers // 20, 1)

    @property
    def many_ranks(self):
        """Return the ranks of fifty customers somewhat smaller than the ordinary one.

        A ledger of fewer customers has fewer of them.
        """
        first = self.ordinary_rank + 1
        return range(first, min(first + 50, self.customers + 1))

    @property
    def tested_ranks(self):
        """Return the ranks of all customers whose orders are confirmed."""
        return [1, self.ordinary_rank, *self.many_ranks]


SIZES = {
    "S": Size("S", 2_000, 20_000, 4_000),
    "M": Size("M", 10_000, 100_000, 20_000),
    "L": Size("L", 50_000, 500_000, 100_000),
}

# (countries, weight of each, payment term in days)
MARKETS = [
    ("DE FR GB US IT", 8, 30),
    ("ES NL BE AT CH SE DK NO FI IE PT CA AU JP", 4, 45),
    ("PL CZ HU RO GR SK SI HR BG EE LV LT LU IL KR TW SG NZ", 2, 60),
    ("TR MX BR CL CO PE ZA MA TN EG SA AE QA IN TH MY VN ID PH", 2, 90),
    ("CN AR KE NG", 1, 120),
]
EURO_COUNTRIES = "DE FR IT ES NL BE AT PT FI IE GR SK SI EE LV LT LU HR".split()
RATES = {"EUR": 0.92, "GBP": 0.79}  # units of the currency for one USD


def parse(text):
    """Return the size called ``text``, or of the numbers ``customers,invoices,orders``.

    :raise argparse.ArgumentTypeError: when it is neither
    """
    if text in SIZES:
        return SIZES[text]
    try:
        customers, invoices, orders = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither one of {', '.join(SIZES)} nor three numbers"
        ) from None
    if not (0 < customers <= invoices and 0 < orders < invoices * 0.7):
        raise argparse.ArgumentTypeError(
            "give customers,invoices,orders: every customer needs an invoice on "
            "average, and orders are fewer than 70 % of the invoices"
        )
    return Size(f"{customers}x{invoices}x{orders}", customers, invoices, orders)


def markets():
    """Yield (country, from, to, days, currency): shares of the interval [0, 1)."""
    weighted = [
        (code, weight, days)
        for codes, weight, days in MARKETS
        for code in codes.split()
    ]
    total = sum(weight for _code, weight, _days in weighted)
    reached = 0
    for code, weight, days in weighted:
        currency = "USD"
        if code in EURO_COUNTRIES:
            currency = "EUR"
        elif code == "GB":
            currency = "GBP"
        yield code, reached / total, (reached + weight) / total, days, currency
        reached += weight
