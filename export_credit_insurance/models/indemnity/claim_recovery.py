"""How money that comes in is shared between insurer and insured (DOMAIN 1.14)."""

from typing import NamedTuple


class Debt(NamedTuple):
    """One instalment of a claim, in the policy's currency.

    :param gross: what was owed, taxes included
    :param net: the part of it that is no uninsured tax
    :param eligible: the part of that which is insured at all
    :param base: the part of that within the limits
    :param covered: the base times the insured percentage
    """

    gross: float
    net: float
    eligible: float
    base: float
    covered: float


def insurer_pro_rata(amount, debts, early=0.0):
    """Return the insurer's part of what came in: net x B / debt x q.

    :param amount: what came in, less the costs
    :param early: what came in before the loss, costs included; B and debt are what
        it left

    >>> beta = [Debt(140000.0, 140000.0, 120000.0, 100000.0, 90000.0)]
    >>> round(insurer_pro_rata(27000.0, beta), 2)
    17357.14
    >>> insurer_pro_rata(27000.0, beta, early=40000.0)  # x 72 000 / 100 000
    19440.0

    The two examples of DOMAIN 1.14, a debt of 30 000 insured for 25 000 and for
    15 000 at 100 %:

    >>> round(insurer_pro_rata(10000.0, [Debt(3e4, 3e4, 3e4, 25e3, 25e3)]), 2)
    8333.33
    >>> insurer_pro_rata(15000.0, [Debt(3e4, 3e4, 3e4, 15e3, 15e3)])
    7500.0
    """
    owed = sum(debt.gross for debt in debts) - early
    _base, covered = loss_after(early, debts)
    return amount * covered / owed if owed > 0 else 0.0


def insurer_oldest_first(amount, received, debts, net=None):
    """Return the insurer's part where money settles the oldest debt first.

    In each debt the part within the limit comes before the rest, as limits are
    allocated: first shipped, first covered. All that came in settles debts; the costs
    are borne in the proportion in which it is shared.

    :param amount: what came in, costs included
    :param received: what came in before, costs included
    :param debts: in the order of their shipments
    :param net: the amount less the costs; without any it is the amount

    >>> debts = [Debt(3e4, 3e4, 3e4, 25e3, 225e2), Debt(1e4, 1e4, 0.0, 0.0, 0.0)]
    >>> insurer_oldest_first(10000.0, 0.0, debts)
    9000.0
    >>> insurer_oldest_first(10000.0, 20000.0, debts)  # 5 000 of it within the limit
    4500.0
    >>> insurer_oldest_first(10000.0, 30000.0, debts)
    0.0

    25 000 came in with 5 000 of costs: the limit is settled, of the next 5 000 the
    insurer gets nothing:

    >>> insurer_oldest_first(25000.0, 0.0, debts, net=20000.0)
    18000.0
    >>> insurer_oldest_first(5000.0, 25000.0, debts)
    0.0
    """
    total = 0.0
    start, end = received, received + amount
    reached = 0.0
    for debt in debts:
        insured = max(min(end, reached + debt.base) - max(start, reached), 0.0)
        if insured:
            total += insured * debt.covered / debt.base
        reached += debt.gross
    return total if net is None or not amount else total * net / amount


def loss_after(amount, debts):
    """Return (B, B x q) after money that came in before the loss.

    It settles the oldest debt, insured or not; of an instalment the insured part
    first. L falls by what was insured of it, and B = min(L, B) (DOMAIN 1.13). What is
    left keeps the percentage of its own instalment.

    :param debts: in the order of their shipments

    >>> beta = [Debt(12e4, 12e4, 12e4, 1e5, 9e4), Debt(2e4, 2e4, 0.0, 0.0, 0.0)]
    >>> loss_after(30000.0, beta)
    (90000.0, 81000.0)
    >>> loss_after(15000.0, list(reversed(beta)))
    (100000.0, 90000.0)

    The older of two instalments, insured at 90 %, is settled; the other is at 50 %:

    >>> loss_after(6e4, [Debt(6e4, 6e4, 6e4, 6e4, 54e3), Debt(6e4, 6e4, 6e4, 6e4, 3e4)])
    (60000.0, 30000.0)
    """
    base = sum(debt.base for debt in debts)
    average = sum(debt.covered for debt in debts) / base if base else 0.0
    left = _eligible_after(amount, debts)
    loss = min(sum(left), base)
    # each instalment's own part of the limits, then what others gave back of them
    kept = [min(rest, debt.base) for rest, debt in zip(left, debts, strict=True)]
    freed = loss - sum(kept)
    covered = 0.0
    for rest, own, debt in zip(left, kept, debts, strict=True):
        more = min(rest - own, max(freed, 0.0))
        freed -= more
        covered += (own + more) * (debt.covered / debt.base if debt.base else average)
    return loss, covered


def _eligible_after(amount, debts):
    """Return what is left of the insured part of each debt, oldest settled first."""
    left = []
    for debt in debts:
        settled = min(amount, debt.gross)
        amount -= settled
        share = debt.net / debt.gross if debt.gross else 0.0
        left.append(max(debt.eligible - settled * share, 0.0))
    return left
