"""Reading what a client asks for: plain values, which may be forged or broken."""

import math

# What of a confirmed order may change besides its total.
CHANGED_RELATIONS = ("partner_shipping_id", "partner_invoice_id", "payment_term_id")
LARGEST_ID = 2**31 - 1


def read_amounts(values):
    """Return {order id: total asked for}.

    >>> read_amounts({"7": 1200})
    {7: 1200.0}
    >>> read_amounts({"seven": 1200})
    Traceback (most recent call last):
    ValueError: invalid literal for int() with base 10: 'seven'
    """
    return {_read_id(key): _read_amount(amount) for key, amount in _items(values)}


def read_changes(values):
    """Return {order id: what else of it shall change}, see :func:`read_change`."""
    return {_read_id(key): read_change(change) for key, change in _items(values)}


def read_change(values):
    """Return {name of a relation: id, or 0 for none; "growth": amount}.

    >>> read_change({"payment_term_id": False, "growth": "12.5", "state": "sale"})
    {'payment_term_id': 0, 'growth': 12.5}
    >>> read_change(["growth"])
    Traceback (most recent call last):
    ValueError: not a mapping: ['growth']
    """
    values = dict(_items(values))
    change = {
        name: _read_id(values[name] or 0)
        for name in CHANGED_RELATIONS
        if name in values
    }
    if values.get("growth"):
        change["growth"] = _read_amount(values["growth"])
    return change


def _items(values):
    if not values:
        return ()
    if not isinstance(values, dict):
        raise ValueError(f"not a mapping: {values!r}")
    return values.items()


def _read_id(value):
    if not isinstance(value, (int, str)):
        raise ValueError(f"not an id: {value!r}")
    value = int(value)
    if not 0 <= value <= LARGEST_ID:
        raise ValueError(f"not an id: {value!r}")
    return value


def _read_amount(value):
    if not isinstance(value, (int, float, str)):
        raise ValueError(f"not an amount: {value!r}")
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"not an amount: {value!r}")
    return value
