"""What a file of ratings would add."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from odoo.models import BaseModel


class Found(NamedTuple):
    """Whom a row is about: a record, a number that is nobody's, or what is wrong."""

    rated: BaseModel | None = None
    unknown: str | None = None
    error: str | None = None


class RatingMove(NamedTuple):
    """One rating to add: what the source said of somebody before and says now.

    Scores from 0 worst to 100 best; None for a grade that has no score, and before the
    first rating.
    """

    rated: BaseModel
    day: date
    before: float | None
    after: float | None
    is_first: bool

    @property
    def kind(self):
        if self.is_first:
            return "new"
        if self.before is None or self.after is None or self.before == self.after:
            return "same"
        return "up" if self.after > self.before else "down"

    @property
    def change(self):
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass
class RatingTable:
    """The rows of a file, checked against what is recorded.

    ``errors`` and ``unknown`` are pairs of a line's number and a text; ``recorded``
    counts the rows that are recorded already and are left out.
    """

    vals_list: list[dict] = field(default_factory=list)
    moves: list[RatingMove] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    recorded: int = 0

    def count(self, kind):
        return sum(move.kind == kind for move in self.moves)
