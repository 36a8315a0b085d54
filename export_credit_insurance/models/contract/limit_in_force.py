from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .credit_insurance_limit import GRANTED_STATES


@dataclass(frozen=True)
class LimitInForce:
    """What one policy grants to one buyer on one day.

    ``amount`` is what the buyer may owe (on the *net* basis: the largest indemnity
    divided by the percentage), in ``currency``; 0 with the reason in ``state``
    (requested, refused, cancelled by the insurer, ended by the insured, expired).
    ``kind`` is the line that leads, ``date_to`` the first day after which the amount
    changes, ``lines`` what it sums, ``parts`` the amount of each of these in
    ``currency``.
    """

    amount: float
    currency: Any
    kind: str | bool
    percentage: float
    date_to: date | bool
    state: str
    lines: Any
    parts: tuple

    def convert(self, currency, company, day):
        """Return the amount in another currency at the rate of a day."""
        return self.currency._convert(self.amount, currency, company, day)


class LimitLine(NamedTuple):
    """A decision on a buyer as plain values, called as its fields are.

    ``is_shared``: the insurer takes the buyer for other partners too.
    """

    id: int
    partner_id: int
    policy_id: int
    kind: str
    state: str
    request_type: str | None
    cancelled_by: str | None
    amount: float
    amount_mode: str | None
    currency_id: int
    date_from: date | None
    date_to: date | None
    decision_date: date | None
    conditions_met: bool | None
    insured_pct: float | None
    max_payment_days: int | None
    mep_days: int | None
    is_shared: bool


# The functions below take decisions on one buyer under one policy, by age of entry:
# records of ``credit.insurance.limit``, or the same as :class:`LimitLine`.


def is_effective(line):
    """Whether a granted line is in force on at least one day."""
    return bool(
        line.date_from
        and (not line.date_to or line.date_from <= line.date_to)
        and (line.state != "conditional" or line.conditions_met)
    )


def is_granted(line):
    """Whether the insurer granted a line, and for at least one day."""
    return line.state in GRANTED_STATES and is_effective(line)


def lines_in_force(lines, day):
    """Return ([lines in force on a day, the leading one first], their state)."""
    granted = sorted(
        (
            line
            for line in lines
            if is_granted(line)
            and line.date_from <= day
            and (not line.date_to or day <= line.date_to)
        ),
        key=lambda line: (line.date_from, line.id),
    )

    def of_kind(kind, mode=None):
        return [
            line
            for line in granted
            if line.kind == kind and mode in (None, line.amount_mode)
        ]

    base = (
        of_kind("temporary", "total")[-1:]
        or of_kind("named")[-1:]
        or of_kind("express")[-1:]
    )
    counted = base + of_kind("temporary", "additional") + of_kind("topup")
    if counted:
        return counted, "in_force"
    if is_discretionary_dead(lines, day):
        return [], "none"
    return of_kind("discretionary")[-1:], "discretionary"


def is_discretionary_dead(lines, day):
    """Whether the insurer took away the right to judge the buyer oneself.

    It refused a new limit, or cancelled one, with effect by that day.
    """
    return any(
        (
            line.state == "refused"
            and line.request_type == "new"
            and (line.date_from or line.decision_date) <= day
        )
        or (
            line.state == "cancelled"
            and line.cancelled_by == "insurer"
            and line.date_to < day
        )
        for line in lines
        if line.kind != "discretionary"
    )


def reason_of_nothing(lines, day):
    """Say why there is nothing in force: the latest entered of the lines that tell."""
    reason = "none"
    for line in lines:
        if line.state == "requested":
            reason = "requested"
        elif line.state == "refused" and line.request_type == "new":
            if (line.date_from or line.decision_date) <= day:
                reason = "refused"
        elif (
            line.state in GRANTED_STATES
            and line.request_type != "cancel"
            and line.date_to
            and line.date_to < day
        ):
            reason = "expired"
            if line.state == "cancelled":
                reason = "ended" if line.cancelled_by == "insured" else "cancelled"
    return reason
