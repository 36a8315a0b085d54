"""The risk grid's result for one buyer."""

from dataclasses import dataclass

from odoo.models import BaseModel

#: the criteria that judge the buyer itself, not where or in which trade it works
BUYER_CRITERIA = ("agency", "payment")


@dataclass(frozen=True)
class Criterion:
    """One line of the grid; ``score`` is None when nobody rated the buyer on it."""

    code: str
    weight: float
    score: float | None
    ratings: tuple[BaseModel, ...]


@dataclass(frozen=True)
class CreditScore:
    """The grid's lines and what they add up to, 0 worst .. 100 best.

    >>> score = CreditScore((
    ...     Criterion("country", 40, 300 / 7, ()),
    ...     Criterion("agency", 35, 62, ()),
    ...     Criterion("payment", 25, 80, ()),
    ... ))
    >>> round(score.total, 2), round(score.buyer, 2)
    (58.84, 69.5)
    """

    criteria: tuple[Criterion, ...]

    @property
    def country(self):
        """The country's part alone."""
        return weighted_mean(c for c in self.criteria if c.code == "country")

    @property
    def buyer(self):
        """The buyer's own part: agencies and payment behaviour."""
        return weighted_mean(c for c in self.criteria if c.code in BUYER_CRITERIA)

    @property
    def total(self):
        """The mean that decides on the band."""
        return weighted_mean(c for c in self.criteria)


def weighted_mean(parts):
    """Return Σ weight × score / Σ weight over the scored parts, None without any.

    What is missing is dropped, never treated as 0. A part alone in its group counts
    whatever its weight, unless that is 0.
    """
    scored = [part for part in parts if part.score is not None and part.weight > 0]
    weights = sum(part.weight for part in scored)
    if not weights:
        return None
    return sum(part.weight * part.score for part in scored) / weights


def criterion_score(ratings):
    """Return the score of one criterion over the sources that rated it.

    :param ratings: pairs of a rating and its score, None for one that has none
    """
    return weighted_mean(
        Criterion("", rating.source_id.weight, score, (rating,))
        for rating, score in ratings
    )
