"""Time calls on several databases of one process, in turn.

Each repetition runs every measure once, each in a new transaction with an empty record
cache, and rolls it back: the databases do not change, and a slow moment of the machine
falls on all alike.  Caches of the process (registry, ormcache) are warm after the
first repetitions, which are not counted.
"""

import dataclasses
import gc
import logging
import statistics
import threading
import time
from collections.abc import Callable

WARM_UP = 2


def start(configuration, *options):
    """Make Odoo ready in this process, silent but for errors."""
    from odoo.tools import config

    config.parse_config(
        ["-c", configuration, "--no-http", "--log-level=error", *options]
    )
    logging.getLogger().setLevel(logging.ERROR)


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one call took."""

    seconds: float
    sql_seconds: float
    queries: int


@dataclasses.dataclass(eq=False)
class Measure:
    """One call on one database, timed again and again.

    :param kind: which database: ``plain``, ``off`` or ``insured``
    :param call: function of (env, prepared) that is timed; its pending writes count
    :param prepare: function of (env) run before, untimed, in the same transaction
    :param look: function of (env, result of the call) run after, untimed, that says
        what there is to compare
    """

    label: str
    kind: str
    call: Callable
    prepare: Callable = lambda env: None
    look: Callable = lambda env, result: result
    samples: list = dataclasses.field(default_factory=list)
    result: object = None

    def run(self, database, keep):
        """Run once on ``database`` and roll back; keep the time and the result."""
        with new_environment(database) as env:
            prepared = self.prepare(env)
            env.flush_all()
            env.invalidate_all()
            gc.collect()
            thread = threading.current_thread()
            thread.query_time = 0
            queries = env.cr.sql_log_count
            started = time.perf_counter()
            result = self.call(env, prepared)
            env.flush_all()
            seconds = time.perf_counter() - started
            if keep:
                self.samples.append(
                    Sample(
                        seconds,
                        thread.query_time,
                        env.cr.sql_log_count - queries,
                    )
                )
            self.result = self.look(env, result)

    def median(self, figure):
        """Return the median of a figure (``seconds``, ``queries``) over the samples."""
        return statistics.median(getattr(sample, figure) for sample in self.samples)


class new_environment:
    """Give an environment of the administrator, rolled back at the end."""

    def __init__(self, database):
        self.database = database

    def __enter__(self):
        from odoo import api
        from odoo.modules.registry import Registry

        self.cr = Registry(self.database).cursor()
        self.cr.execute("SELECT id FROM res_users WHERE login = 'admin'")
        [user] = self.cr.fetchone()
        return api.Environment(
            self.cr, user, {"lang": "en_US", "allowed_company_ids": [1]}
        )

    def __exit__(self, *_error):
        self.cr.rollback()
        self.cr.close()


def measure(cases, databases, repetitions, say=print):
    """Run all measures of ``cases`` in turn, ``repetitions`` times.

    A case that took more than two seconds in the warm-up is repeated less often, never
    fewer than three times.
    """
    done = dict.fromkeys(cases, 0)
    for repetition in range(repetitions + WARM_UP):
        for case in cases:
            first = [sample for one in case.measures for sample in one.samples[:1]]
            slow = int(sum(sample.seconds for sample in first) / 2)
            if done[case] >= max(3, repetitions // (1 + slow)):
                continue
            keep = repetition >= WARM_UP
            for one in case.measures:
                one.run(databases.name(one.kind), keep)
            done[case] += keep
        say(f"  repetition {repetition + 1} of {repetitions + WARM_UP}")
