"""The PostgreSQL of this checkout: killed as by a power cut, and started again."""

import contextlib
import os
import pathlib
import signal
import time

from dev.postgres import PrivateServer, get_server

from .. import databases

PATIENCE = 60
# Before it recovers it syncs all its files, those of other databases, too.
RECOVERY = 300


class Victim:
    """The private server; one that somebody else runs is not ours to kill."""

    def __init__(self):
        self.server = get_server()
        self.is_ours = isinstance(self.server, PrivateServer)
        if self.is_ours:
            self.server.bin = self.server.find_programs()

    def kill(self):
        """Kill all its processes at once: none of them writes anything any more."""
        first = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
        processes = [first, *children(first)]
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while any(is_alive(pid) for pid in processes):
            if time.monotonic() > deadline:
                raise SystemExit("PostgreSQL does not die.")
            time.sleep(0.05)

    def start(self):
        """Start it, let it recover from its log, and wait until it answers."""
        from odoo import sql_db

        sql_db.close_all()  # connections to the dead one
        log = self.server.folder / "log"
        deadline = time.monotonic() + RECOVERY
        # not by the server's own `start`: that one makes a broken cluster anew
        while self.server._control("-w", "-l", str(log), "start"):
            if time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL does not recover, see {log}.")
            time.sleep(0.2)


def children(parent):
    """Return the numbers of a process's children."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            state = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(state[1]) == parent:
                found.append(int(folder.name))
    return found


def is_alive(pid):
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def make_durable(database):
    """Have commits kept, as PostgreSQL does unless it is told otherwise.

    The development server answers before a commit is on the disk. And numbers that
    sequences of a copied database give out before the first checkpoint are forgotten
    by a crash: PostgreSQL takes them for those that the original has logged.
    """
    databases.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = on')
    databases.execute("CHECKPOINT")
