from typing import Any, NamedTuple


class PlanChoice(NamedTuple):
    """The plan of a buyer and why: one of ``CHOICE_REASONS``.

    During an event of its country: the event, and the plan that goes on afterwards.
    """

    plan: Any
    reason: str
    event: Any = None
    otherwise: Any = None
