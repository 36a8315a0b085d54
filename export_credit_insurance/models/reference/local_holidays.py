"""Public holidays by country, from the ``holidays`` package where it is installed."""

from functools import cache

try:
    import holidays
except ImportError:  # optional: weekends alone count without it
    holidays = None


@cache
def public_holidays(country_code, year):
    """Return the days of a year on which a country rests, as a frozen set."""
    if holidays is None:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country_code, years=year))
    except NotImplementedError:  # a country that the package does not know
        return frozenset()
