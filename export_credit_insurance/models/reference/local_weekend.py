"""Local weekends, by country.

As the Unicode CLDR data have them (DOMAIN 3.2), corrected where these know nothing of a
country or had it wrong in the releases that Odoo's Babel versions ship. A table of its
own: Babel reads a whole locale for each country.
"""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

USUAL_WEEKEND = frozenset({SATURDAY, SUNDAY})
#: the others; the United Arab Emirates have had the usual one since 2022
WEEKENDS = {
    **dict.fromkeys(
        "BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE".split(),
        frozenset({FRIDAY, SATURDAY}),
    ),
    "AF": frozenset({THURSDAY, FRIDAY}),
    "IN": frozenset({SUNDAY}),
    "IR": frozenset({FRIDAY}),
    "UG": frozenset({SUNDAY}),
    # not in CLDR
    "BD": frozenset({FRIDAY, SATURDAY}),
    "BN": frozenset({FRIDAY, SUNDAY}),
    "MV": frozenset({FRIDAY, SATURDAY}),
    "NP": frozenset({SATURDAY}),
}


def weekend_days(country_code):
    """Return the weekend of a country as a frozen set of days, 0 = Monday.

    >>> sorted(weekend_days("SA")), sorted(weekend_days("FR"))
    ([4, 5], [5, 6])
    """
    return WEEKENDS.get(country_code, USUAL_WEEKEND)
