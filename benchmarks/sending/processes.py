"""Processes of Odoo that are started, frozen, killed and waited for."""

import contextlib
import logging
import os
import signal
import sys
import time
import traceback

import psycopg2

from .. import databases, harness

# Seconds after which a process is taken to hang.
PATIENCE = 120
# Reminders per batch: a trial has several batches.
BATCH = 3


class Superuser(harness.new_environment):
    """An environment of the superuser, as jobs have; rolled back unless committed."""

    def __enter__(self):
        from odoo import SUPERUSER_ID

        return super().__enter__()(user=SUPERUSER_ID, context={})


def start(database, work, batch=BATCH):
    """Start a process that does ``work(env)`` and commits; return its number."""
    from odoo import sql_db

    sql_db.close_all()  # connections do not fork
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        logging.getLogger("odoo").setLevel(logging.CRITICAL)  # lost races are told
        _use_batches(batch)
        with Superuser(database) as env:
            work(env)
            env.cr.commit()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _use_batches(batch):
    from odoo.addons.export_credit_insurance.models.collection import (
        credit_followup_reminder_send,
    )

    credit_followup_reminder_send.BATCH = batch


def wait(*pids):
    """Wait until the processes end; return the signals and codes they ended by.

    :raise SystemExit: if one does not
    """
    ends = []
    deadline = time.monotonic() + PATIENCE
    for pid in pids:
        while not (found := os.waitpid(pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                raise SystemExit("A process does not end.")
            time.sleep(0.02)
        ends.append(os.waitstatus_to_exitcode(found[1]))
    return ends


def run(database, *works):
    """Do the works in processes of their own, at once, and wait for them."""
    ends = wait(*[start(database, work) for work in works])
    if any(ends):
        raise SystemExit(f"A process ended with {ends}.")


def kill(pid):
    """Kill a process as a lost machine does: it learns nothing of it."""
    os.kill(pid, signal.SIGKILL)
    [end] = wait(pid)
    if end != -signal.SIGKILL:
        raise SystemExit(f"The process had ended before it was killed: {end}.")


def becomes_true(database, query, *args, patience=PATIENCE):
    """Ask the database again and again until the answer is more than nothing."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        [[answer]] = databases.execute(query, *args, database=database)
        if answer:
            return True
        time.sleep(0.02)
    return False


def blocked(database, number, patience):
    """Wait until so many processes wait for each other; say whether they came to."""
    query = """
        SELECT count(*) >= %s FROM pg_stat_activity
         WHERE datname = %s AND wait_event_type = 'Lock'
    """
    return becomes_true(database, query, number, database, patience=patience)


@contextlib.contextmanager
def frozen(database, table):
    """Hold a lock on a table: whoever writes there waits; give a function that waits
    until somebody does, or so many do."""
    connection = psycopg2.connect(dbname=database)
    cr = connection.cursor()
    cr.execute(f"LOCK TABLE {table} IN SHARE MODE")

    def somebody_waits(number=1):
        query = """
            SELECT count(*) >= %s
              FROM pg_locks JOIN pg_database base ON base.oid = database
             WHERE NOT granted AND relation::regclass::text = %s AND datname = %s
        """
        if not becomes_true(database, query, number, table, database):
            raise SystemExit(f"Not {number} process(es) write into {table}.")

    try:
        yield somebody_waits
    finally:
        connection.rollback()
        connection.close()
