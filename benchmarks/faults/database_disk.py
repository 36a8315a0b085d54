"""PostgreSQL's disk is full: its tables cannot grow, in the middle of a work.

The database is moved to a disk in memory that leaves so many bytes and no more; there
is room again before the work is finished. Only an administrator can mount one.
"""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from .. import databases
from ..sending import processes
from . import kills

SPACE = "small_disk"
#: bytes that are left when the work begins: none at all, and some growth
ROOMS = (0, 64 << 10)
PLENTY = 512 << 20


class Unmountable(Exception):
    """No disk in memory can be mounted here."""


class SmallDisk:
    """A disk in memory that holds one database, as a tablespace.

    :param server: the private server (:class:`dev.postgres.PrivateServer`)
    """

    def __init__(self, database, server):
        self.database, self.owner = database, server.cluster.stat()

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="faults-"))
        self.folder.chmod(0o755)  # the server may be another user's
        self.place = self.folder / "disk"
        self.place.mkdir()
        [[size]] = databases.execute(
            "SELECT pg_database_size(%s)", self.database, database="postgres"
        )
        owner = f"uid={self.owner.st_uid},gid={self.owner.st_gid},mode=0700"
        self._mount(f"size={size + PLENTY},{owner}", "-t", "tmpfs", "tmpfs")
        databases.execute(f"CREATE TABLESPACE {SPACE} LOCATION '{self.place}'")
        self._move(SPACE)
        return self

    def __exit__(self, *_error):
        self.leave(PLENTY)
        self._move("pg_default")
        databases.execute(f"DROP TABLESPACE {SPACE}")
        self._run("umount", self.place)
        self.place.rmdir()
        self.folder.rmdir()

    def leave(self, room):
        """Have so many bytes be free from now on."""
        databases.execute("CHECKPOINT")  # what is to be written has its place
        disk = os.statvfs(self.place)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        self._mount(f"remount,size={used + room}")

    def _move(self, space):
        from odoo import sql_db

        sql_db.close_all()  # nobody may be connected
        databases.execute(f'ALTER DATABASE "{self.database}" SET TABLESPACE {space}')

    def _mount(self, options, *what):
        try:
            self._run("mount", "-o", options, *what, self.place)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unmountable(error) from error

    def _run(self, *command):
        subprocess.run(command, check=True, capture_output=True)


def filled(work, database, disk, room, tag):
    """Do a work on a disk with so little room; make room; finish it.

    :return: (what is wrong, how the worker ended)
    """
    kills.make(work, database, tag)
    disk.leave(room)
    [end] = processes.wait(processes.start(database, kills.quiet(work.work)))
    disk.leave(PLENTY)
    kills.finish(work, database)
    return kills.judge(work, database), end


@contextlib.contextmanager
def small_disk(database, server):
    """Yield the database's small disk, or None where none can be mounted."""
    with contextlib.ExitStack() as stack:
        try:
            disk = stack.enter_context(SmallDisk(database, server))
        except Unmountable:
            disk = None
        yield disk
