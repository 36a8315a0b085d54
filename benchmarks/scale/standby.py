"""A hot standby of the PostgreSQL server that PGHOST names, on this machine."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

import psycopg2

from .. import databases

# Seconds after which a step is taken to hang.
PATIENCE = 300


class Standby:
    """Copies the server, follows it by streaming replication, and is thrown away.

    The primary must let ``$PGUSER`` replicate, and listen on a socket of this machine.
    """

    def __init__(self, port):
        self.port = port
        self.socket = os.environ["PGHOST"]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="eci-standby-"))
        self.data = self.folder / "data"
        self.user = self._server_user()
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    @staticmethod
    def _server_user():
        """Return who runs the primary: PostgreSQL refuses to be run by root."""
        if os.getuid():
            return None
        return pwd.getpwuid(os.stat(os.environ["PGHOST"]).st_uid)

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def _start(self):
        self._run(
            "pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-N"
        )
        options = f"-p {self.port} -k {self.socket} -c hot_standby_feedback=on"
        options += " -c fsync=off"  # it is thrown away
        self._control("-l", self.folder / "log", "-o", options, "-w", "start")

    def __exit__(self, *_error):
        self._control("-m", "immediate", "stop")
        self._remove()

    def _remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments):
        self._run("pg_ctl", "-D", self.data, "-s", *arguments)

    def _run(self, *command):
        ids = {"user": self.user.pw_uid, "group": self.user.pw_gid} if self.user else {}
        groups = {"extra_groups": []} if self.user else {}
        subprocess.run(
            [str(part) for part in command],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
            **ids,
            **groups,
        )

    def ask(self, query, *args, database="postgres"):
        """Return the rows of a query that the standby answers."""
        connection = psycopg2.connect(dbname=database, port=self.port)
        try:
            connection.autocommit = True
            with connection.cursor() as cr:
                cr.execute(query, args)
                return cr.fetchall()
        finally:
            connection.close()

    def catch_up(self):
        """Wait until all that is written is here too; return the seconds it took."""
        [[place]] = databases.execute("SELECT pg_current_wal_lsn()::text")
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE:
            [[there]] = self.ask("SELECT pg_last_wal_replay_lsn() >= %s", place)
            if there:
                return time.monotonic() - started
            time.sleep(0.01)
        raise SystemExit("The standby does not follow.")

    def transactions(self, database):
        """Return how many transactions the standby has answered for a database."""
        [[count]] = self.ask(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            " WHERE datname = %s",
            database,
        )
        return count
