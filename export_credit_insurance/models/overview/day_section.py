"""What a section of *My Day* is made of."""

from typing import Any, NamedTuple

#: rows that a section shows; its count and its list have all of them
SHOWN = 10
#: days ahead that are this week's work
WEEK = 7
#: how pressing a row is
LATE, TODAY, SOON, LATER = "late", "today", "soon", ""


class Section(NamedTuple):
    """One list of things to do: where it is read, what is shown and done there."""

    key: str
    title: str
    empty: str  # what is said when there is nothing to do
    model: str
    domain: Any
    order: str
    action: str  # its whole list, by the action's external id
    row: Any  # function of a record that returns its :func:`row`
    keep: str = ""  # a field that says which of the found ones are meant
    by_company: bool = False  # rows of the engine, which asks one company at a time


def row(
    label,
    detail="",
    day=None,
    since=None,
    urgency=LATER,
    money=None,
    buttons=(),
    target=None,
):
    """Return one row as the screen takes it, but for its record.

    :param day: the date by which it is to be done
    :param since: the date since when it waits, where there is no such day
    :param money: (amount, currency), in the document's own currency
    :param buttons: up to two of :func:`button`
    :param target: the record that the row opens, if not its own; where the row's record
        has no company, its company is the row's
    """
    amount, currency = money or (None, None)
    has_company = target and "company_id" in target
    return {
        "label": label,
        "detail": detail or "",
        "date": day or since or False,
        "is_since": bool(since and not day),
        "urgency": urgency,
        "amount": amount,
        "currency_id": currency.id if currency else False,
        "buttons": list(buttons),
        "open": target and {"model": target._name, "id": target.id},
        "company_id": target.company_id.id if has_company else False,
    }


def button(label, method, confirm=""):
    """Return a button that calls an existing method of the row's record.

    :param confirm: what is asked before
    """
    return {"label": label, "method": method, "confirm": confirm}


def urgency_of(day, today):
    """Return how pressing something to be done by a day is."""
    if not day:
        return LATER
    if day < today:
        return LATE
    if day == today:
        return TODAY
    return SOON if (day - today).days <= WEEK else LATER
