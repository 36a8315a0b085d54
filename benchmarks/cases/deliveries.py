"""Validating deliveries: the price of the bridge's gate."""

from ..harness import Measure
from .case import Case
from .orders import new_orders

MANY = (1, 50)


def validate(label, kind, ranks):
    """Return the measure of validating one delivery for each of the ranks, at once."""

    def prepare(env):
        orders = new_orders(env, ranks)
        orders.action_confirm()
        pickings = orders.picking_ids
        pickings.action_assign()
        pickings.move_ids.picked = True
        return pickings

    def call(_env, pickings):
        pickings.with_context(skip_backorder=True).button_validate()
        return set(pickings.mapped("state"))

    return Measure(label, kind, call, prepare)


def all_done(ours, against):
    """Return what is wrong unless everything has left."""
    if any(states != {"done"} for states in (ours, *against)):
        return f"not all deliveries are done: {ours}, {against}"
    return ""


def cases(databases):
    """Return the cases about validating deliveries."""
    size = databases.size
    gate = [("stock.picking", "credit_delivery_state")]

    def against(ranks):
        return [validate("Odoo with Inventory", "stock", ranks)]

    found = [
        Case(
            f"deliver-{who}",
            f"validate one delivery of {description}",
            validate("gate on", "stock_insured", [rank]),
            against([rank]),
            agree=all_done,
            needs=gate,
        )
        for who, description, rank in (
            ("ordinary", "an ordinary buyer", size.ordinary_rank),
            ("largest", "the largest buyer", 1),
        )
    ]
    found += [
        Case(
            f"deliver-many-{number}",
            f"validate {number} delivery(ies) of as many buyers in one call",
            validate("gate on", "stock_insured", size.many_ranks[:number]),
            against(size.many_ranks[:number]),
            agree=all_done,
            needs=gate,
        )
        for number in MANY
    ]
    found.append(
        Case(
            "deliver-off",
            "validate one delivery with both add-ons installed and no policy",
            validate("gate off", "stock_off", [size.ordinary_rank]),
            against([size.ordinary_rank]),
            more_queries=0,
            agree=all_done,
            needs=gate,
        )
    )
    return found
