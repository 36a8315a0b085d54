"""A decision read from a file while it is matched and planned."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .limit_words import CONDITIONAL, ENDING, GRANTING, REFUSED, UNDECIDED

#: decisions of a file on one buyer and product: a history, and not a loop
MOST_PER_BUYER = 24


@dataclass
class Entry:
    """One row; ``outcome`` stays empty until something is known."""

    line_id: int
    row_number: int
    values: dict
    policy: Any = None
    partner: Any = None
    matched_by: str | None = None
    suggested: Any = None
    decision_date: date | None = None
    outcome: str | None = None
    message: str | None = None
    current_amount: float = 0.0
    limit: Any = None
    previous: Any = None
    #: the pending request that it answers
    asked: Any = None
    #: what it writes on lines that end with it: (line, values)
    ends: list = field(default_factory=list)

    @property
    def kind(self):
        return self.values["kind"]

    @property
    def amount(self):
        return self.values["amount"] or 0.0

    @property
    def currency_id(self):
        return self.values["currency_id"]

    @property
    def effect(self):
        return self.values["effect_date"] or self.decision_date

    @property
    def grants(self):
        return self.values["decision"] in GRANTING

    @property
    def is_conditional(self):
        return self.values["decision"] == CONDITIONAL

    @property
    def ends_limit(self):
        return self.values["decision"] in ENDING

    @property
    def is_refusal(self):
        return self.values["decision"] == REFUSED

    @property
    def decides(self):
        return self.values["decision"] not in UNDECIDED

    @property
    def key(self):
        """What it is about: a policy, a buyer and a family of limits."""
        family = "named" if self.kind == "express" else self.kind
        return (self.policy.id, self.partner.id, family)

    @property
    def says(self):
        """What it says: two rows of one day may not differ in it."""
        return (
            self.kind,
            self.values["decision"] if not self.grants else "grant",
            round(self.amount, 2),
            self.currency_id if self.grants else None,
        )

    def settle(self, outcome, message=None):
        self.outcome, self.message = outcome, message


def waves(entries):
    """Divide decisions into rounds, in each round one per buyer and product.

    In the order in which they were taken, so that each finds what those before it made.
    """
    rounds, counted = [], {}
    for entry in sorted(
        entries, key=lambda e: (e.decision_date, e.effect, e.row_number)
    ):
        turn = counted.get(entry.key, 0)
        counted[entry.key] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(entry)
    return rounds
