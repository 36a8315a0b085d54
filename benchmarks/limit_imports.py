"""Import a long file of an insurer's decisions: read, compare, apply.

``make bench ARGS="--import-limits 50000"``: as many buyers as rows, every other one has
a limit in force. Of these a third each is raised, reduced and left as it is; what
the others get is new. Comparing is applying, and undoing it.
"""

import base64
import json

from . import databases, harness, imports
from .ledger import sizes
from .runs import Meter, memory

AMOUNTS = (50000, 40000, 60000)
HEADER = (
    "policy_no;insurer_buyer_id;our_ref;name;granted_amount;currency;decision;"
    "decision_date"
)


def make_policy(env):
    """Return an active policy of the only company."""
    company = env.company
    insurer = env["credit.insurance.insurer"].create(
        {"name": "Bench Imports", "code": "BENCHI"}
    )
    policy = env["credit.insurance.policy"].create(
        {
            "name": "BENCH",
            "number": "BENCH",
            "insurer_id": insurer.id,
            "company_ids": [(6, 0, company.ids)],
            "currency_id": company.currency_id.id,
            "date_start": "2020-01-01",
            "renewal": "tacit",
        }
    )
    policy.action_activate()
    policy.action_end_observation()
    env.flush_all()
    return policy


def make_limits(env, policy, rows):
    """Write the buyers, and limits in force of every other one, in plain SQL."""
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, ref, is_company, active, type,
                                 country_id, autopost_bills)
        SELECT 'Bench ' || i, 'Bench ' || i, 'BI' || i, TRUE, TRUE, 'contact', %s,
               'ask'
          FROM generate_series(1, %s) i
        """,
        [env.ref("base.br").id, rows],
    )
    env.cr.execute(
        """
        UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'BI%%'
        """
    )
    env.cr.execute(
        """
        INSERT INTO credit_insurance_limit (
            policy_id, insurer_id, partner_id, kind, state, amount, currency_id,
            date_from, decision_date, amount_mode, source, insurer_buyer_ref,
            request_type, create_date)
        SELECT %s, %s, id, 'named', 'approved', 50000, %s, '2024-01-01', '2024-01-01',
               'additional', 'manual', ref, 'new', now()
          FROM res_partner WHERE ref LIKE 'BI%%' AND substr(ref, 3)::int %% 2 = 0
        """,
        [policy.id, policy.insurer_id.id, policy.currency_id.id],
    )
    env.cr.execute("ANALYZE res_partner; ANALYZE credit_insurance_limit")
    env.invalidate_all()


def make_file(policy, rows, day):
    """Return a CSV in the canonical layout."""
    lines = [HEADER]
    for number in range(1, rows + 1):
        lines.append(
            f"BENCH;BI{number};BI{number};Bench {number};{AMOUNTS[number % 3]};"
            f"{policy.currency_id.name};approved;{day}"
        )
    return "\n".join(lines).encode()


def measure(rows):
    """Do the three steps in this process; print what they took as JSON."""
    from odoo import api
    from odoo.modules.registry import Registry

    harness.start(databases.configuration())
    with Registry(imports.DATABASE).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"allowed_company_ids": [1]})
        policy = make_policy(env)
        make_limits(env, policy, rows)
        day = env.company._credit_today()
        profile = "export_credit_insurance.credit_insurance_limit_profile_canonical"
        run = env["credit.insurance.limit.import"].create(
            {
                "profile_id": env.ref(profile).id,
                "policy_id": policy.id,
                "file": base64.b64encode(make_file(policy, rows, day)),
                "file_date": day,
            }
        )
        env.flush_all()
        facts = []
        for step, action in (
            ("read", run._read_file),
            ("compare", run._compare),
            ("apply", run._apply),
        ):
            meter = Meter(env)
            before = env["credit.insurance.limit"].search_count([])
            action()
            env.flush_all()
            taken = meter.facts()
            after = env["credit.insurance.limit"].search_count([])
            outcome = f"{after - before:,} limits recorded"
            if step == "compare":
                outcome += f", {run.change_count:,} changes shown"
            facts.append((step, taken["seconds"], taken["queries"], memory(), outcome))
        print(json.dumps(facts))


def main(rows, write):
    """Measure on a small ledger: the rows bring their own buyers."""
    made = databases.Databases(sizes.parse("S"))
    return imports.run(
        "Importing an insurer's file of limits",
        "limit_imports",
        made,
        "off",
        rows,
        write,
    )
