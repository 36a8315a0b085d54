"""One row of the report: a measure of ours and what it is compared with."""

import dataclasses
import statistics
from collections.abc import Callable

from ..harness import Measure


@dataclasses.dataclass(eq=False)
class Case:
    """A measure and its yardstick.

    :param key: short name, given to ``--rows``
    :param title: what is done, as the report says it
    :param ours: the measure of the add-on
    :param against: the measures whose times add up to the yardstick
    :param goal: the ratio that is promised, if any
    :param more_queries: how many queries beyond the yardstick are allowed, if limited
    :param agree: function of (result of ours, results of the yardstick) that returns
        what is wrong, or nothing
    :param needs: (model, field) the add-on must have; without, the case waits
    """

    key: str
    title: str
    ours: Measure
    against: list
    goal: float | None = None
    more_queries: int | None = None
    agree: Callable | None = None
    needs: tuple = ()

    @property
    def measures(self):
        """Return all measures, the yardstick's first."""
        return [*self.against, self.ours]

    def is_possible(self, env):
        """Say whether the installed add-on has what the case measures."""
        return all(
            model in env.registry and (not field or field in env[model]._fields)
            for model, field in self.needs
        )

    def ratios(self):
        """Return the ratio of each repetition: the machine's mood cancels out."""
        return [
            mine.seconds / sum(sample.seconds for sample in yardstick)
            for mine, *yardstick in zip(
                self.ours.samples, *(m.samples for m in self.against), strict=True
            )
        ]

    @property
    def ratio(self):
        """Return the median ratio."""
        return statistics.median(self.ratios())

    @property
    def extra_queries(self):
        """Return how many queries ours makes beyond the yardstick (medians)."""
        return self.ours.median("queries") - sum(
            one.median("queries") for one in self.against
        )

    @property
    def disagreement(self):
        """Return what is wrong with the last results, or an empty string."""
        if not self.agree:
            return ""
        return self.agree(self.ours.result, [one.result for one in self.against]) or ""

    @property
    def is_met(self):
        """Say whether the promise is kept; True where nothing is promised."""
        return (
            (self.goal is None or self.ratio <= self.goal)
            and (self.more_queries is None or self.extra_queries <= self.more_queries)
            and not self.disagreement
        )
