"""The risk grid's result for one buyer."""

from dataclasses import dataclass

from odoo.models import BaseModel

#: the criteria that judge the buyer itself, not where or in which trade it works
BUYER_CRITERIA = ("agency", "payment")


@dataclass(frozen=True)
class Criterion:
    """One line of the grid; ``score`` is None when nobody rated the buyer on it.

    ``trust`` says how far its best rating can be relied on, see :func:`trust`.
    """

    code: str
    weight: float
    score: float | None
    ratings: tuple[BaseModel, ...]
    trust: float = 1.0


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
    >>> score.confidence
    1.0
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

    @property
    def grid(self):
        """The lines as they are kept: ``{code: [score or None, weight]}``.

        >>> CreditScore((Criterion("agency", 35, 62, ()),)).grid
        {'agency': [62, 35]}
        """
        return {c.code: [c.score, c.weight] for c in self.criteria}

    @property
    def confidence(self):
        """How much of the grid is known and fresh, from 0 to 1.

        Missing criteria do not lower the score, but they lower this: the share of the
        weights that is rated, each as far as its ratings can be trusted.

        >>> country, agency = (
        ...     Criterion("country", 40, 50, (), 0.5), Criterion("agency", 60, None, ())
        ... )
        >>> CreditScore((country, agency)).confidence  # 40 x 0.5 / 100
        0.2
        """
        weights = sum(max(criterion.weight, 0) for criterion in self.criteria)
        if not weights:
            return 0.0
        known = (c for c in self.criteria if c.score is not None and c.weight > 0)
        return sum(c.weight * c.trust for c in known) / weights


def trust(is_stale, is_unreliable):
    """Return how far a rating can be relied on: each doubt halves it.

    >>> trust(False, False), trust(True, False), trust(True, True)
    (1.0, 0.5, 0.25)
    """
    return 0.5 ** (is_stale + is_unreliable)


def confidence_level(share):
    """Return the level that screens show for a share of the grid.

    >>> [confidence_level(share) for share in (1, 0.75, 0.74, 0.5, 0.49, 0)]
    ['high', 'high', 'medium', 'medium', 'low', None]
    """
    if not share:
        return None
    return "high" if share >= 0.75 else "medium" if share >= 0.5 else "low"


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
