"""Let processes race on one database: see ``make races ARGS=--help``.

First the same work without any check, for comparison, then with checks, then all that
can collide with them. The database is made anew by ``dev`` and thrown away.
"""

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter

from .. import databases, harness
from . import checks, deliveries, worker, world

# Seconds that a process may take longer: its last request may be replayed.
PATIENCE = 120

PHASES = (
    ("the same work without checks", worker.ORDINARY, False),
    ("with checks", worker.ORDINARY, True),
    ("everything at once", worker.CHECKED, True),
)


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="make races", description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="per phase (default: 60)"
    )
    parser.add_argument(
        "--least",
        type=int,
        default=0,
        metavar="N",
        help="go on beyond that time until a phase has N requests",
    )
    parser.add_argument("--buyers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--deliveries",
        type=int,
        metavar="N",
        help="instead, N times two deliveries of two companies at once",
    )
    parser.add_argument("--log", help="PostgreSQL's log, which tells whose deadlocks")
    return parser.parse_args()


def environment(database):
    return _Superuser(database)


class _Superuser(harness.new_environment):
    """An environment of the superuser, for making and checking the world."""

    def __enter__(self):
        from odoo import SUPERUSER_ID

        return super().__enter__()(user=SUPERUSER_ID, context={})


def race(options, made, actions, phase):
    """Run the processes; return (counts, errors, seconds)."""
    results = multiprocessing.get_context("fork").SimpleQueue()
    pids = []
    started = time.monotonic()
    for number in range(options.processes):
        pid = os.fork()
        if not pid:
            _work(options, made, actions, options.seed * 1000 + phase * 100 + number)(
                results
            )
        pids.append(pid)
    counts, errors = Counter(), []
    for _pid in pids:
        if not results._reader.poll(options.seconds + PATIENCE):
            stop(pids, options.database)
        more, wrong = results.get()
        counts += Counter(more)
        errors += wrong
    for pid in pids:
        os.waitpid(pid, 0)
    return counts, errors, time.monotonic() - started


def stop(pids, database):
    """Say what the processes wait for, which do not end, and end them."""
    waiting = databases.execute(
        """
        SELECT pid, pg_blocking_pids(pid), wait_event, now() - xact_start, query
          FROM pg_stat_activity WHERE datname = %s
        """,
        database,
    )
    for row in waiting:
        print("  ?", *(" ".join(str(value).split())[:300] for value in row))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    raise SystemExit("The processes do not end.")


def _work(options, made, actions, seed):
    def run(results):
        code = 1
        try:
            from odoo import sql_db
            from odoo.modules.registry import Registry

            sql_db._Pool = sql_db._Pool_readonly = None  # connections do not fork
            # losing a race is no error: the request is replayed
            logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
            racer = worker.Worker(Registry(options.database), made, seed, actions)
            least = -(-options.least // options.processes)
            results.put(racer.run(options.seconds, least))
            code = 0
        finally:
            os._exit(code)

    return run


def deadlocks(options, beginning):
    """Return what deadlocks there were, ours told from Odoo's own where there is a log.

    Odoo cancels an order before its lines and changes lines before their order, so that
    it can wait for itself; PostgreSQL ends that, and the request is replayed.
    """
    time.sleep(1)  # PostgreSQL tells its statistics a little later
    [[number]] = databases.execute(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = %s", options.database
    )
    if not number or not options.log:
        return [f"{number} deadlocks, whoever's"] if number else []
    with open(options.log, encoding="utf-8", errors="replace") as log:
        log.seek(beginning)
        parts = log.read().split("deadlock detected")[1:]
    told = [part.partition("HINT:")[0] for part in parts]
    ours = [part for part in told if "credit_insurance_" in part]
    print(f"\n{number} deadlocks, {len(ours)} of them on the add-on's tables")
    return [f"deadlock: {part[:2000]}" for part in ours]


def show(title, counts, errors, seconds):
    done = sum(n for (name, _outcome), n in counts.items() if name != "replayed")
    print(
        f"\n{title}: {done} requests in {seconds:.0f} s, {done / seconds:.1f} a second"
    )
    for (name, outcome), number in sorted(counts.items()):
        print(f"  {number:6}  {name} {outcome}")
    for error in errors[:10]:
        print(f"  ! {error}")


def main():
    """Make the world, race, and say what is wrong; return 1 if anything is."""
    options = arguments()
    beginning = os.path.getsize(options.log) if options.log else 0
    harness.start(databases.configuration())
    with environment(options.database) as env:
        made = world.make(env, options.buyers)
        env.cr.commit()
    run = deliver if options.deliveries else race_phases
    wrong = run(options, made) + deadlocks(options, beginning)
    print("\n" + ("\n".join(wrong) if wrong else "Nothing has passed unallowed."))
    return int(bool(wrong))


def deliver(options, made):
    """Race for deliveries; return what is wrong."""
    from odoo import sql_db

    with environment(options.database) as env:
        world.switch_on(env, made)
        worker_id, pickings = deliveries.make(env, made, options.deliveries)
        env.cr.commit()
        env.registry.signal_changes()
    sql_db.close_all()
    started = time.monotonic()
    pairs = deliveries.race(options.database, worker_id, pickings)
    seconds = time.monotonic() - started
    print(f"\n{len(pairs)} pairs of deliveries in {seconds:.0f} s")
    return deliveries.check(pairs)


def race_phases(options, made):
    """Race for orders, phase by phase; return what is wrong."""
    wrong = []
    for number, (title, actions, is_checked) in enumerate(PHASES):
        with environment(options.database) as env:
            _start_anew(env, made)
            if is_checked and number == 1:
                world.switch_on(env, made)
            env.cr.commit()
            env.registry.signal_changes()
        from odoo import sql_db

        sql_db.close_all()
        counts, errors, seconds = race(options, made, actions, number)
        show(title, counts, errors, seconds)
        if any(outcome == "ERROR" for _name, outcome in counts):
            wrong.append(f"{title}: errors")
        if is_checked:
            with environment(options.database) as env:
                wrong += checks.replay(env, made) + checks.consistency(env, made)
    return wrong


def _start_anew(env, made):
    """Cancel what the phase before has confirmed."""
    orders = env["sale.order"].search(
        [("partner_id", "in", made.buyer_ids), ("state", "=", "sale")]
    )
    for company in orders.company_id:
        own = orders.filtered(
            lambda order, company=company: order.company_id == company
        )
        own.with_company(company)._action_cancel()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # Odoo's registries need no tidying up
