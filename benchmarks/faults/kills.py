"""Kill whoever works, or PostgreSQL below, at a random moment; then finish the work."""

import os
import signal
import time

from ..sending import processes

VICTIMS = ("worker", "PostgreSQL")
#: turns of jobs and people after which a work must be finished
TURNS = 6


def quiet(work):
    """Return the work of a process whose end is wanted, and not to be told."""

    def run(env):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work(env)

    return run


def finish(work, database):
    """Do what jobs and people do after a restart, until all is done."""
    for _turn in range(TURNS):
        processes.run(database, work.work)
        processes.run(database, work.settle)
        with processes.Superuser(database) as env:
            if work.is_done(env):
                return
    raise SystemExit(f"{work.title}: not finished after {TURNS} turns.")


def make(work, database, tag):
    with processes.Superuser(database) as env:
        work.make(env, tag)
        env.cr.commit()
        env.registry.signal_changes()


def judge(work, database):
    with processes.Superuser(database) as env:
        return work.wrong(env)


def undisturbed(work, database, tag):
    """Do a work without any fault; return (what is wrong, seconds it took)."""
    make(work, database, tag)
    started = time.monotonic()
    [end] = processes.wait(processes.start(database, work.work))
    seconds = time.monotonic() - started
    if end:
        raise SystemExit(f"{work.title} fails without any fault.")
    return judge(work, database), seconds


def killed(work, database, tag, victim, after):
    """Kill the worker, or the server it works with, after so many seconds.

    :param victim: the server, or None for the worker
    :return: (what is wrong, how the worker ended)
    """
    make(work, database, tag)
    pid = processes.start(database, quiet(work.work))
    time.sleep(after)
    if victim:
        victim.kill()
    else:
        os.kill(pid, signal.SIGKILL)
    [end] = processes.wait(pid)
    if victim:
        victim.start()
    finish(work, database)
    return judge(work, database), end
