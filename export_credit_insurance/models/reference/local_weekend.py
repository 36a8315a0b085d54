"""Local weekends, by country.

The Unicode CLDR data that Babel ships says when the weekend of most countries is. It
knows nothing of a few countries, and takes Saturday and Sunday for them.
"""

from functools import cache

from babel import Locale, UnknownLocaleError

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

USUAL_WEEKEND = frozenset({SATURDAY, SUNDAY})
#: what CLDR lacks, or had wrong in the releases that Odoo's Babel versions ship
CORRECTED_WEEKENDS = {
    "AE": USUAL_WEEKEND,  # since 2022; Friday and Saturday before
    "BD": frozenset({FRIDAY, SATURDAY}),
    "BN": frozenset({FRIDAY, SUNDAY}),
    "MV": frozenset({FRIDAY, SATURDAY}),
    "NP": frozenset({SATURDAY}),
}


@cache
def weekend_days(country_code):
    """Return the weekend of a country as a frozen set of days, 0 = Monday.

    >>> sorted(weekend_days("SA")), sorted(weekend_days("FR"))
    ([4, 5], [5, 6])
    """
    if country_code in CORRECTED_WEEKENDS:
        return CORRECTED_WEEKENDS[country_code]
    try:
        locale = Locale.parse(f"und_{country_code}")
    except (UnknownLocaleError, ValueError):
        return USUAL_WEEKEND
    length = (locale.weekend_end - locale.weekend_start) % 7 + 1
    return frozenset((locale.weekend_start + day) % 7 for day in range(length))
