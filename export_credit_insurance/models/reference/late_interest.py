"""Late-payment interest, by segments of rate: plain arithmetic."""

import datetime
from typing import NamedTuple

ONE_DAY = datetime.timedelta(days=1)


class Segment(NamedTuple):
    """Days that bear one rate; both days included."""

    date_from: datetime.date
    date_to: datetime.date
    rate: float  # percent a year

    @property
    def days(self):
        return (self.date_to - self.date_from).days + 1

    def interest(self, amount, year_days):
        """Simple interest, not rounded."""
        return amount * self.rate / 100 * self.days / year_days


class RateTable:
    """Reference rates with their first days; the rate of a day is the latest one.

    >>> day = datetime.date
    >>> table = RateTable([(day(2024, 12, 18), 3.15), (day(2025, 6, 11), 2.15)])
    >>> table.on(day(2025, 6, 10)), table.on(day(2025, 7, 1)), table.on(day(2020, 1, 1))
    (3.15, 2.15, None)
    """

    def __init__(self, values):
        self.values = sorted(values)

    def on(self, day):
        found = [rate for date_from, rate in self.values if date_from <= day]
        return found[-1] if found else None

    def changes(self, first, last):
        """The first days of other rates after ``first``, up to ``last``."""
        return [
            date_from for date_from, _rate in self.values if first < date_from <= last
        ]


def half_years(first, last):
    """Return the 1 January and 1 July after ``first``, up to ``last``.

    >>> half_years(datetime.date(2025, 7, 1), datetime.date(2026, 7, 1))
    [datetime.date(2026, 1, 1), datetime.date(2026, 7, 1)]
    """
    starts = [
        datetime.date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in (1, 7)
    ]
    return [start for start in starts if first < start <= last]


def half_year_start(day):
    return day.replace(month=1 if day.month < 7 else 7, day=1)


def segments(table, first, last, margin, is_half_yearly, lag_days):
    """Return the segments of rate between two days, both included.

    :param table: :class:`RateTable` of the reference, None for the margin alone
    :param margin: percentage points above the reference
    :param is_half_yearly: the reference of the half-year's first day holds for it all
    :param lag_days: how many days before that day the reference is read
    """
    if first > last:
        return []
    if table is None:
        return [Segment(first, last, margin)]
    cuts = half_years(first, last) if is_half_yearly else table.changes(first, last)
    starts = [first, *cuts]
    ends = [cut - ONE_DAY for cut in cuts] + [last]
    found = []
    for start, end in zip(starts, ends, strict=True):
        read_on = half_year_start(start) if is_half_yearly else start
        reference = table.on(read_on - lag_days * ONE_DAY)
        if reference is not None:
            found.append(Segment(start, end, reference + margin))
    return found
