"""Import a long file of buyers' scores: preview, import, and the same file again.

``make bench ARGS="--import 100000"``: a file of so many rows about the 50,000 buyers of
the rated ledger of size L, or fewer, each step in one process with the memory that it
occupied at most. What is looked for: minutes at most, memory that fits a worker
(``limit_memory_soft`` is 2 GB), and nothing new the second time.
"""

import datetime
import json
import subprocess
import sys

from . import databases, harness, report
from .ledger import sizes
from .runs import Meter, memory

DATABASE = "bench_import"
SOURCE = "creditsafe"
HEADS = ("rows", "step", "seconds", "queries", "memory", "outcome")


def make_file(env, rows):
    """Return a CSV of so many rows: buyers in turn, a day later with each turn.

    Buyers get their id as reference.
    """
    env.cr.execute(
        """
        UPDATE res_partner SET ref = 'C-' || id
         WHERE id = commercial_partner_id AND customer_rank > 0 RETURNING id
        """
    )
    buyers = sorted(buyer for (buyer,) in env.cr.fetchall())
    today = datetime.date.today()
    lines = ["ref,score,date"]
    for number in range(rows):
        turn, place = divmod(number, len(buyers))
        day = today - datetime.timedelta(days=100 - turn)
        lines.append(f"C-{buyers[place]},{(number * 7919) % 101},{day}")
    return "\n".join(lines).encode()


def measure(rows):
    """Do the three steps in this process; print what they took as JSON."""
    import base64

    from odoo import api
    from odoo.modules.registry import Registry

    harness.start(databases.configuration())
    with Registry(DATABASE).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"allowed_company_ids": [1]})
        source = env["credit.insurance.rating.source"].search([("code", "=", SOURCE)])
        wizard = env["credit.insurance.rating.import"].create(
            {"source_id": source.id, "file": base64.b64encode(make_file(env, rows))}
        )
        env.flush_all()
        env.invalidate_all()
        facts = []
        for step, action in (
            ("preview", "action_preview"),
            ("import", "action_import"),
            ("the same file again", "action_import"),
        ):
            meter = Meter(env)
            before = env["credit.insurance.buyer.rating"].search_count([])
            getattr(wizard, action)()
            env.flush_all()
            taken = meter.facts()
            after = env["credit.insurance.buyer.rating"].search_count([])
            outcome = f"{after - before:,} recorded"
            if step == "preview":
                outcome += f", {len(wizard.line_ids)} lines shown"
            facts.append((step, taken["seconds"], taken["queries"], memory(), outcome))
            env.invalidate_all()
        print(json.dumps(facts))


def main(rows, write):
    """Make the database, measure, report."""
    made = databases.Databases(sizes.parse("L" if rows >= 50_000 else "S"))
    return run("Importing buyers' scores", "imports", made, "rated", rows, write)


def run(title, module, made, kind, rows, write):
    """Measure in a process of its own, on a copy of a database, and report.

    :param module: of this package, whose ``measure`` prints the steps as JSON
    :param made: the :class:`~.databases.Databases` of a size
    :param kind: of the database to copy
    """
    made.prepare({kind})
    from odoo import sql_db

    sql_db.close_db(made.name(kind))  # else it cannot be copied
    made._copy(made.name(kind), DATABASE)
    program = f"from benchmarks import {module}; {module}.measure({rows})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=databases.ROOT,
        check=True,
    )
    made._drop(DATABASE)
    lines = [
        f"## {title}",
        "",
        f"{datetime.date.today()}; {report.machine(made)}. One repetition; memory is "
        "the most that the process has occupied until then.",
        "",
        f"| {' | '.join(HEADS)} |",
        f"| {' | '.join(['---'] * len(HEADS))} |",
    ]
    for step, seconds, queries, megabytes, outcome in json.loads(
        done.stdout.strip().splitlines()[-1]
    ):
        lines.append(
            f"| {rows:,} | {step} | {seconds:,.1f} | {queries:,} | {megabytes} MB "
            f"| {outcome} |"
        )
    text = "\n".join(lines) + "\n"
    print(text)
    if write:
        report.write(text)
    return 0
