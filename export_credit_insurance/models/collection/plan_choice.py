from typing import Any, NamedTuple


class PlanChoice(NamedTuple):
    """The plan of a buyer and why: one of ``CHOICE_REASONS``."""

    plan: Any
    reason: str
