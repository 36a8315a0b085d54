"""How a buyer's payments become a score, 0 worst .. 100 best."""

from dataclasses import dataclass
from itertools import pairwise

#: days late on average -> score: the PAYDEX scale (DOMAIN 2.3), which ends at 120 days,
#: prolonged to its end at 180
SCORE_BY_DAYS = (
    (-30, 100.0),
    (0, 80.0),
    (15, 70.0),
    (30, 50.0),
    (60, 40.0),
    (90, 30.0),
    (120, 20.0),
    (180, 0.0),
)
#: worst delay in days -> points taken off
POINTS_BY_WORST_DELAY = ((180, 10.0), (90, 5.0))
POINTS_PER_INCIDENT = 5.0
MOST_POINTS_FOR_INCIDENTS = 15.0
#: numbers of instalments from which a score says something, and much
FEW_INSTALMENTS, MANY_INSTALMENTS = 3, 12


@dataclass(frozen=True)
class PaymentBehaviour:
    """What a company's books say of a buyer over twelve months.

    :param amount: of what was paid or is overdue, in the company's currency
    :param instalments: how many
    :param days_late: weighted by amount; early payment counts, as negative days, only
        where nothing was late
    :param share_late: part of the amount, 0 .. 1, that was or is late
    :param worst_delay: days, of what was paid late or is overdue
    :param broken_promises: promises to pay that were not kept
    :param lost_disputes: disputes whose outcome was that the invoice was due

    >>> PaymentBehaviour(9000.0, 12, 0.0, 0.0, 0).score
    80.0
    >>> PaymentBehaviour(9000.0, 12, 22.5, 0.5, 100, broken_promises=1).score
    50.0
    """

    amount: float
    instalments: int
    days_late: float
    share_late: float
    worst_delay: int
    broken_promises: int = 0
    lost_disputes: int = 0

    @property
    def score(self):
        points = self._delay_points + self._incident_points
        return max(score_of_days(self.days_late) - points, 0.0)

    @property
    def reliability(self):
        """How much the score says, by the number of instalments it rests on."""
        if self.instalments < FEW_INSTALMENTS:
            return "low"
        return "high" if self.instalments >= MANY_INSTALMENTS else "medium"

    @property
    def _delay_points(self):
        for days, points in POINTS_BY_WORST_DELAY:
            if self.worst_delay > days:
                return points
        return 0.0

    @property
    def _incident_points(self):
        return sum(
            min(count * POINTS_PER_INCIDENT, MOST_POINTS_FOR_INCIDENTS)
            for count in (self.broken_promises, self.lost_disputes)
        )


def score_of_days(days):
    """Return the score of an average delay, linear between the points of the scale.

    >>> [score_of_days(days) for days in (-90, -15, 0, 15, 22.5, 45, 150, 400)]
    [100.0, 90.0, 80.0, 70.0, 60.0, 45.0, 10.0, 0.0]
    """
    first, last = SCORE_BY_DAYS[0], SCORE_BY_DAYS[-1]
    days = min(max(days, first[0]), last[0])
    for (low, best), (high, worst) in pairwise(SCORE_BY_DAYS):
        if days <= high:
            return best + (worst - best) * (days - low) / (high - low)
    return last[1]
