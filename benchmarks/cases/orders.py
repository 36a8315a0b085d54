"""Confirming orders: the gate's price."""

from .. import floors
from ..harness import Measure
from .case import Case

LINES = 5
MANY = (1, 10, 50)


def buyers(env, ranks):
    """Return the customers of the given ranks by turnover."""
    names = [f"% {rank:06d}" for rank in ranks]
    env.cr.execute(
        """
        SELECT id FROM res_partner
        WHERE is_company AND parent_id IS NULL AND name LIKE ANY (%s) ORDER BY id
        """,
        [names],
    )
    partners = env["res.partner"].browse([row[0] for row in env.cr.fetchall()])
    assert len(partners) == len(names), "the ledger lacks customers of these ranks"
    return partners


def new_orders(env, ranks):
    """Return a quotation of five lines for each customer of the ranks."""
    products = env["product.product"].search(
        [("default_code", "=like", "P00_")], order="default_code", limit=LINES
    )
    return env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": 2})
                    for product in products
                ],
            }
            for partner in buyers(env, ranks)
        ]
    )


def confirm(label, kind, ranks):
    """Return the measure of confirming one order for each of the ranks, in one call."""

    def call(_env, orders):
        orders.action_confirm()
        return set(orders.mapped("state"))

    return Measure(label, kind, call, lambda env: new_orders(env, ranks))


def confirm_by_hand(label, ranks):
    """Return the measure of the least that any gate against races has to do.

    One statement that serialises the checks of a buyer, one that sums what the buyer
    owes, one that keeps what was allowed: written by hand for this one company, without
    a rule, a message or a record. The add-on is installed and switched off.
    """
    exposure = floors.query("exposure", restricted=True)

    def prepare(env):
        orders = new_orders(env, ranks)
        return orders, {**floors.parameters(env), "buyers": orders.partner_id.ids}

    def call(env, prepared):
        orders, parameters = prepared
        env.cr.execute(
            """
            INSERT INTO credit_insurance_anchor (partner_id, revision)
            SELECT unnest(%(buyers)s), 0
            ON CONFLICT (partner_id) DO UPDATE
            SET revision = credit_insurance_anchor.revision + 1
            """,
            parameters,
        )
        env.cr.execute(exposure, parameters)
        owed = dict(env.cr.fetchall())
        orders.action_confirm()
        env.flush_all()
        for order in orders:
            env.cr.execute(
                """
                INSERT INTO credit_insurance_clearance (order_id, partner_id,
                    company_id, currency_id, amount, exposure)
                VALUES (%s, %s, %s, %s, %s, %s)
                """,
                (
                    order.id,
                    order.partner_id.id,
                    order.company_id.id,
                    order.currency_id.id,
                    order.amount_total,
                    owed.get(order.partner_id.id),
                ),
            )
        return set(orders.mapped("state"))

    return Measure(label, "off", call, prepare)


def all_confirmed(ours, against):
    """Return what is wrong unless everything is confirmed."""
    if any(states != {"sale"} for states in (ours, *against)):
        return f"not all orders are confirmed: {ours}, {against}"
    return ""


def cases(databases):
    """Return the cases about confirming orders."""
    size = databases.size
    gate = [("sale.order", "credit_check_state")]
    found = [
        Case(
            f"confirm-{who}",
            f"confirm one order of {description}",
            confirm("gate on", "insured", [rank]),
            [confirm("plain Odoo", "plain", [rank])],
            goal=goal,
            more_queries=6,
            agree=all_confirmed,
            needs=gate,
        )
        for who, description, rank, goal in (
            ("ordinary", "an ordinary buyer", size.ordinary_rank, 1.25),
            ("largest", "the largest buyer", 1, 1.6),
        )
    ]
    found += [
        Case(
            f"confirm-many-{number}",
            f"confirm {number} order(s) of as many buyers in one call",
            confirm("gate on", "insured", size.many_ranks[:number]),
            [confirm("plain Odoo", "plain", size.many_ranks[:number])],
            # The number of queries is what is promised: the same for 1 and for 50.
            more_queries=6,
            agree=all_confirmed,
            needs=gate,
        )
        for number in MANY
    ]
    found += [
        Case(
            f"least-{who}",
            f"the least a gate can do, by hand: one order of {description}",
            confirm_by_hand("by hand", [rank]),
            [confirm("plain Odoo", "plain", [rank])],
            agree=all_confirmed,
            needs=gate,
        )
        for who, description, rank in (
            ("ordinary", "an ordinary buyer", size.ordinary_rank),
            ("largest", "the largest buyer", 1),
        )
    ]
    found.append(
        Case(
            "gate-off",
            "confirm one order with the add-on installed and no policy",
            confirm("gate off", "off", [size.ordinary_rank]),
            [confirm("plain Odoo", "plain", [size.ordinary_rank])],
            more_queries=0,
            agree=all_confirmed,
            needs=[("res.partner", "")],
        )
    )
    return found
