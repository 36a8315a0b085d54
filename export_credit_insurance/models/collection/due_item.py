import datetime
from typing import NamedTuple

#: why an open instalment is left alone, the first reason that holds
EXCLUSIONS = [
    ("no_followup", "Excluded by hand"),
    ("insolvent", "Buyer insolvent"),
    ("handed_over", "Handed over"),
    ("in_payment", "Payment on its way"),
    ("promise", "Promised"),
    ("disputed", "Disputed"),
    ("residue", "Residue"),
    ("pending", "In a reminder already"),
    ("no_plan", "No plan"),
]


class DueItem(NamedTuple):
    """One open instalment, or a credit not allocated, as follow-up sees it.

    Amounts are in the document's currency. ``step_id`` is the step due today, None
    where there is none or ``exclusion`` says why not; ``next_step_id`` and
    ``next_day`` the one that comes next (today's, if there is one).
    """

    id: int
    move_id: int
    partner_id: int
    contact_id: int
    lang: str | None
    currency_id: int
    due_date: datetime.date
    amount: float  # open; negative: a receipt or credit note not allocated
    disputed: float
    amount_company: float
    mep_end: datetime.date | None
    plan_id: int | None
    last_step_id: int | None
    last_date: datetime.date | None
    exclusion: str | None
    step_id: int | None
    is_accelerated: bool
    next_step_id: int | None
    next_day: datetime.date | None

    @property
    def chased(self):
        """What the buyer is asked for: open, less what is disputed."""
        return round(self.amount - self.disputed, 6)
