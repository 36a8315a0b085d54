"""The OCA's add-ons beside ours, for the same work on the same ledger."""

from ..harness import Measure
from . import buyers, orders
from .case import Case

RISK = [("res.partner", "risk_exception")]


def search_exceeded():
    """Return the measure of finding every customer beyond its limit."""

    def call(env, _prepared):
        return set(env["res.partner"].search([("risk_exception", "=", True)]).ids)

    return Measure("the OCA's", "peer", call)


def cases(databases):
    """Return the cases about the OCA's add-ons, if a folder holds them."""
    if not databases.peer_folder:
        return []
    size = databases.size
    confirmations = (
        ("ordinary", "one order of an ordinary buyer", [size.ordinary_rank]),
        ("largest", "one order of the largest buyer", [1]),
        ("many", "50 orders of as many buyers in one call", size.many_ranks),
    )
    return [
        *(
            Case(
                f"peer-{key}",
                f"the OCA's sale_financial_risk: confirm {title}",
                orders.confirm("the OCA's", "peer", ranks),
                [orders.confirm("plain Odoo", "plain", ranks)],
                agree=orders.all_confirmed,
                needs=RISK,
            )
            for key, title, ranks in confirmations
        ),
        Case(
            "peer-search",
            "the OCA's account_financial_risk: search all buyers beyond their limit",
            search_exceeded(),
            [buyers.floor("SQL floor (b)", "cover")],
            needs=RISK,
        ),
    ]
