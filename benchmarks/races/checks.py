"""What has to be true when all processes are done, and was true all the time."""

from collections import defaultdict

from .world import LIMIT

CENT = 0.005


def replay(env, world):
    """Go through the log as it was committed; return what was confirmed unallowed.

    Whatever was cleared without a release must have fitted a limit that was in force
    while its transaction ran: one that was cut meanwhile may still have been used.
    """
    env.cr.execute(
        "SELECT event, partner_id, order_id, amount, released, unallowed, began, logged"
        "  FROM races_log ORDER BY seq"
    )
    limits = {buyer_id: [(None, LIMIT)] for buyer_id in world.limited_ids}
    orders, received = defaultdict(dict), defaultdict(float)
    wrong = []
    for (
        event,
        partner,
        order,
        amount,
        released,
        unallowed,
        began,
        logged,
    ) in env.cr.fetchall():
        group = world.limit_of(partner)
        if event == "limit":
            limits[group].append((logged, float(amount)))
        elif event == "receipt":
            received[group] += float(amount)
        elif event == "gone":
            orders[group].pop(order, None)
        else:
            before = orders[group].get(order, 0.0)
            orders[group][order] = float(amount + unallowed)
            used = sum(orders[group].values()) - received[group]
            allowed = _allowed(limits[group], began)
            has_grown = orders[group][order] > before + CENT
            if has_grown and not released and not unallowed and used > allowed + CENT:
                wrong.append(
                    f"order {order}: {used:.2f} used, {allowed:.2f} were allowed"
                )
    return wrong


def _allowed(changes, began):
    """Return the highest limit in force from a moment on."""
    before = [amount for since, amount in changes if since is None or since <= began]
    later = [amount for since, amount in changes if since and since > began]
    return max([before[-1], *later])


def consistency(env, world):
    """Return what does not fit together in the end."""
    return [
        *_orders_and_clearances(env, world),
        *_holds(env, world),
        *_exposure(env, world),
    ]


def _orders_and_clearances(env, world):
    env.cr.execute(
        """
        SELECT o.id, o.state, o.amount_total, c.amount, c.replaced_amount,
               c.unallowed_amount
          FROM sale_order o
     FULL JOIN credit_insurance_clearance c ON c.order_id = o.id
         WHERE o.partner_id = ANY(%s)
           AND ((o.state = 'sale') <> (c.id IS NOT NULL)
            OR o.amount_total > c.amount - COALESCE(c.replaced_amount, 0)
                                + COALESCE(c.unallowed_amount, 0) + %s)
        """,
        [world.buyer_ids, CENT],
    )
    return [f"order and clearance differ: {row}" for row in env.cr.fetchall()]


def _holds(env, world):
    """Whoever waits has one open hold, and so has what grew unallowed."""
    env.cr.execute(
        """
        SELECT o.id, o.state, count(h.id)
          FROM sale_order o
     LEFT JOIN credit_insurance_hold h
            ON h.order_id = o.id AND h.state = 'open' AND h.kind = 'order'
         WHERE o.partner_id = ANY(%(buyers)s) AND o.state = 'sent'
         GROUP BY o.id HAVING count(h.id) <> 1
        UNION ALL
        SELECT o.id, 'grown', count(h.id)
          FROM sale_order o
          JOIN credit_insurance_clearance c
            ON c.order_id = o.id AND c.unallowed_amount > 0
     LEFT JOIN credit_insurance_hold h
            ON h.order_id = o.id AND h.state = 'open' AND h.kind = 'growth'
         WHERE o.partner_id = ANY(%(buyers)s) AND o.state = 'sale'
         GROUP BY o.id HAVING count(h.id) <> 1
        """,
        {"buyers": world.buyer_ids},
    )
    return [f"hold lost or doubled: {row}" for row in env.cr.fetchall()]


def _exposure(env, world):
    """The engine counts what the orders and receipts sum up to."""
    companies = env["res.company"].browse(world.company_ids)
    positions = env["credit.insurance.position"]
    wrong = []
    for company in companies:
        buyers = env["res.partner"].browse(world.buyer_ids)
        found = positions._get_credit_position(buyers, company)
        for buyer in buyers:
            env.cr.execute(
                """
                SELECT COALESCE((SELECT sum(amount_total) FROM sale_order
                         WHERE partner_id = %(buyer)s AND company_id = %(company)s
                           AND state = 'sale'), 0)
                     + COALESCE((SELECT sum(amount_residual) FROM account_move_line
                         WHERE partner_id = %(buyer)s AND company_id = %(company)s
                           AND parent_state = 'posted' AND account_id = %(account)s), 0)
                """,
                {
                    "buyer": buyer.id,
                    "company": company.id,
                    "account": world.account_ids[1],
                },
            )
            [summed] = env.cr.fetchone()
            counted = found[buyer].exposure
            if abs(float(summed) - float(counted)) > CENT:
                wrong.append(
                    f"{buyer.name} in {company.name}: {counted} counted, {summed} owed"
                )
    return wrong
