"""Shares that are shown side by side as whole percents."""

import math


def whole_percents(shares):
    """Return parts of a whole as whole percents that add up to the rounded sum.

    Rounding each for itself would show 101 or 99: the unit that is missing goes to the
    parts that lost most by being cut.

    >>> whole_percents([0.335, 0.335, 0.33])
    [34, 33, 33]
    >>> whole_percents([0.125, 0.875])
    [13, 87]
    >>> whole_percents([0.5, 0.2])
    [50, 20]
    >>> whole_percents([])
    []
    """
    percents = [round(share * 100, 6) for share in shares]
    whole = [math.floor(percent) for percent in percents]
    missing = math.floor(sum(percents) + 0.5) - sum(whole)
    by_rest = sorted(range(len(whole)), key=lambda n: whole[n] - percents[n])
    for place in by_rest[:missing]:
        whole[place] += 1
    return whole
