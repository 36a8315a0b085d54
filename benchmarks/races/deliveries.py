"""Let two processes validate two deliveries of two companies that share one limit.

``make races ARGS="--deliveries 300"``: in each trial two orders of 1 000 of one buyer,
one in each company, were confirmed; then the insurer cut the limit to 1 500. Exactly
one of the two deliveries may leave, whoever comes first. Each sells goods of its own,
so that nothing but the buyer makes the processes meet.
"""

import os
from collections import Counter
from multiprocessing import get_context

from .worker import attempt

PRICE = 1000.0
CUT = 1500.0


def make(env, world, trials):
    """Return {company id: ids of its deliveries}, the nth of both of one buyer."""
    worker_groups = env.ref("base.group_user") + env.ref("stock.group_stock_user")
    companies = env["res.company"].browse(world.company_ids)
    worker = env["res.users"].create(
        {
            "name": "race-worker",
            "login": "race-worker",
            "company_id": companies[0].id,
            "company_ids": [(6, 0, companies.ids)],
            "group_ids": [(6, 0, worker_groups.ids)],
        }
    )
    for company in companies:
        if not env["stock.warehouse"].search([("company_id", "=", company.id)]):
            env["stock.warehouse"].create({"company_id": company.id})
    buyers = env["res.partner"].create(
        [{"name": f"Delivery {n}", "is_company": True} for n in range(trials)]
    )
    limits = env["credit.insurance.limit"].create(
        [_prepare_limit(world, buyer) for buyer in buyers]
    )
    pickings = {
        company.id: _make_deliveries(env, company, buyers) for company in companies
    }
    env.flush_all()
    env.cr.execute(  # past the decisions, which never change
        "UPDATE credit_insurance_limit SET amount = %s WHERE id = ANY(%s)",
        [CUT, limits.ids],
    )
    return worker.id, pickings


def _prepare_limit(world, buyer):
    return {
        "policy_id": world.policy_id,
        "partner_id": buyer.id,
        "kind": "named",
        "state": "approved",
        "amount": 2 * PRICE,
        "currency_id": world.currency_id,
        "date_from": "2020-01-01",
        "decision_date": "2020-01-01",
    }


def _make_deliveries(env, company, buyers):
    """Return the ids of one delivery to each of the buyers, ready to leave."""
    products = env["product.product"].create(
        [
            {"name": f"{company.name} {n}", "type": "consu", "taxes_id": [(5,)]}
            for n in range(len(buyers))
        ]
    )
    orders = (
        env["sale.order"]
        .with_company(company)
        .create(
            [
                {
                    "partner_id": buyer.id,
                    "company_id": company.id,
                    "pricelist_id": False,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "price_unit": PRICE,
                                "tax_ids": [(5,)],
                            },
                        )
                    ],
                }
                for buyer, product in zip(buyers, products, strict=True)
            ]
        )
    )
    orders.action_confirm()
    orders.picking_ids.action_assign()
    orders.picking_ids.move_ids.picked = True
    return [order.picking_ids.id for order in orders]


def race(database, worker_id, pickings):
    """Validate all pairs, one process per company; return [outcomes of each pair]."""
    context = get_context("fork")
    barrier, results = context.Barrier(len(pickings)), context.SimpleQueue()
    pids = []
    for company_id, ids in pickings.items():
        pid = os.fork()
        if not pid:
            _work(database, worker_id, company_id, ids, barrier, results)
        pids.append(pid)
    outcomes = dict(results.get() for _pid in pids)
    for pid in pids:
        os.waitpid(pid, 0)
    return list(zip(*outcomes.values(), strict=True))


def _work(database, worker_id, company_id, ids, barrier, results):
    """Validate one company's deliveries, each at the same moment as the other's."""
    code = 1
    try:
        from odoo import sql_db
        from odoo.modules.registry import Registry

        sql_db._Pool = sql_db._Pool_readonly = None  # connections do not fork
        registry = Registry(database)
        outcomes = []
        for picking_id in ids:

            def validate(env, picking_id=picking_id):
                picking = env["stock.picking"].browse(picking_id).with_user(worker_id)
                picking = picking.with_company(company_id)
                picking.with_context(skip_backorder=True).button_validate()
                return picking.state

            barrier.wait(timeout=120)
            outcome, error = attempt(registry, validate)
            outcomes.append(outcome)
            if error:
                print(f"  ! {error}"[:600], flush=True)
        results.put((company_id, outcomes))
        code = 0
    finally:
        os._exit(code)


def check(pairs):
    """Return what is wrong: more or fewer than one of a pair has left."""
    counts = Counter(tuple(sorted(pair)) for pair in pairs)
    for outcome, number in sorted(counts.items()):
        print(f"  {number:6}  {' and '.join(outcome)}")
    return [
        f"{number} pairs of deliveries: {' and '.join(outcome)}"
        for outcome, number in counts.items()
        if outcome != ("done", "refused")
    ]
