"""Why an instalment stays unpaid: plain values."""

from typing import Any, NamedTuple

#: the causes of a loss, as the percentages of policies tell them apart (DOMAIN 1.3)
LOSS_CAUSES = [("commercial", "Commercial"), ("political", "Political")]


class LossCause(NamedTuple):
    """The cause to propose, and the event or insolvency that speaks for it, if any."""

    cause: str
    event: Any
    insolvency: Any
