"""Insure a generated ledger: one policy, and limits for most of its buyers.

Three buyers in five have a named limit between half and twice what they owe; a fifth of
those was raised in the last two months, a tenth is younger than their oldest debts; one
in twenty has a temporary line on top.  Customers invoiced in euros have theirs in
euros.  The customers whose orders the benchmark confirms have plenty.

Limits are written with plain SQL: decisions of the past are rows that no form makes.
"""

import pathlib

from . import harness

SQL = pathlib.Path(__file__).with_name("insurance.sql")


def fill(configuration, database, size, today):
    """Write policy and limits into ``database`` and commit."""
    from odoo import api
    from odoo.modules.registry import Registry

    harness.start(configuration)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"allowed_company_ids": [1]})
        if "credit.insurance.limit" not in env.registry:
            return
        policy = make_policy(env, today)
        cr.execute(
            SQL.read_text(),
            {
                "policy": policy.id,
                "insurer": policy.insurer_id.id,
                "company": 1,
                "today": today,
                "user": env.uid,
                "plenty": [f"% {rank:06d}" for rank in size.tested_ranks],
            },
        )


def make_policy(env, today):
    """Return an active whole-turnover policy out of observation.

    Its extension period is longer than the oldest debt, so that no cover is stopped and
    the largest buyer's orders can be confirmed.
    """
    insurer = env["credit.insurance.insurer"].create(
        {"name": "Benchmark", "code": "BENCH", "kind": "private"}
    )
    policy = env["credit.insurance.policy"].create(
        {
            "name": "Benchmark",
            "number": "BENCH-1",
            "insurer_id": insurer.id,
            "kind": "global",
            "company_ids": [(6, 0, [1])],
            "currency_id": env.ref("base.USD").id,
            "date_start": today.replace(year=today.year - 3, day=1),
            "date_end": today.replace(year=today.year + 1, day=1),
            "renewal": "tacit",
            "insured_pct_named": 90,
            "max_payment_days": 180,
            "mep_days": 210,
        }
    )
    policy.action_activate()
    policy.action_end_observation()
    return policy
