"""Make the databases to measure on, and keep those that are still right.

PostgreSQL is found by the usual PG* variables; the user must be a superuser.  Odoo's
configuration file is ``odoo.conf`` in ``$DEV_DIR`` or in ``.dev`` of the checkout.
"""

import configparser
import datetime
import hashlib
import os
import pathlib
import subprocess
import sys
import time

import psycopg2
from psycopg2 import sql

from . import insurance, overdue, peer, ratings
from .ledger import generator

ROOT = pathlib.Path(__file__).resolve().parent.parent
ADDON = "export_credit_insurance"
BRIDGE = "export_credit_insurance_stock"
BASE = "bench_plain_base"
# Seconds to wait until a database that is copied is left alone.
PATIENCE = 10
# Each is made from one that stands before it.
KINDS = {
    "plain": None,
    "off": "plain",
    "insured": "off",
    "followup": "off",
    "rated": "off",
    "peer": "plain",
    "stock": "plain",
    "stock_off": "stock",
    "stock_insured": "stock_off",
}


def configuration():
    """Return the path of Odoo's configuration file."""
    folder = pathlib.Path(os.environ.get("DEV_DIR") or ROOT / ".dev")
    path = folder / "odoo.conf"
    if not path.is_file():
        raise SystemExit(f"There is no {path}: run this by 'make bench'.")
    return str(path)


def addons_with(folder):
    """Return the option that lets Odoo find a folder's add-ons besides its own."""
    configured = configparser.ConfigParser()
    configured.read(configuration())
    return f"--addons-path={configured['options']['addons_path']},{folder}"


def odoo(*arguments):
    """Run Odoo's server command in a process of its own, until it stops.

    :return: seconds taken
    """
    start = time.perf_counter()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import odoo.cli; odoo.cli.main()",
            "server",
            *("-c", configuration()),
            *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
            *arguments,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout[-5000:]}\nOdoo failed: {' '.join(arguments)}")
    return time.perf_counter() - start


def execute(query, *args, database="postgres"):
    """Run one statement outside of any transaction and return its rows."""
    connection = psycopg2.connect(dbname=database)
    try:
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute(query, args)
            return cr.fetchall() if cr.description else []
    finally:
        connection.close()


def digest(folder, pattern="*"):
    """Return a short hash of the files that decide what a database holds."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.suffix in {".py", ".sql", ".xml", ".csv"}:
            found.update(str(path.relative_to(ROOT)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Databases:
    """The databases of one size of ledger.

    Each carries as its comment what it was made from; it is made again when that has
    changed, or the day: *overdue* is relative to today.

    :param peer_folder: where the OCA's add-ons lie, if they are measured, too
    """

    def __init__(self, size, say=print, peer_folder=None):
        self.size = size
        self.peer_folder = peer_folder
        self.say = say
        self.today = datetime.date.today()
        self.install_seconds = None
        ledger = digest(pathlib.Path(generator.__file__).parent)
        addon = digest(ROOT / ADDON)
        insured = digest(pathlib.Path(insurance.__file__).parent, "insurance.*")
        late = digest(pathlib.Path(overdue.__file__).parent, "overdue.py")
        rated = digest(pathlib.Path(ratings.__file__).parent, "ratings.*")
        both = f"{addon} {digest(ROOT / BRIDGE)}"
        self.stamps = {
            "plain": f"{self.today} {ledger}",
            "off": f"{self.today} {ledger} {addon}",
            "insured": f"{self.today} {ledger} {addon} {insured}",
            "followup": f"{self.today} {ledger} {addon} {late}",
            "rated": f"{self.today} {ledger} {addon} {rated}",
            "peer": f"{self.today} {ledger} {self.peer_folder}",
            "stock": f"{self.today} {ledger}",
            "stock_off": f"{self.today} {ledger} {both}",
            "stock_insured": f"{self.today} {ledger} {both} {insured}",
        }

    def name(self, kind):
        """Return the name of the database of a kind."""
        return f"bench_{self.size.name.lower()}_{kind}"

    def prepare(self, kinds, fresh=False):
        """Make whatever of these kinds is not there or not right any more."""
        if fresh:
            self.drop()
        needed = {"off", *kinds}  # "off" says how long the installation took
        for kind in reversed(KINDS):
            if kind in needed:
                needed.add(KINDS[kind])
        for kind in filter(needed.__contains__, KINDS):
            if self._stamp(self.name(kind)) != self.stamps[kind]:
                getattr(self, f"_make_{kind}")()
                self._set_stamp(self.name(kind), self.stamps[kind])

    def drop(self):
        """Remove the databases of this size."""
        for kind in KINDS:
            self._drop(self.name(kind))

    def _make_base(self):
        if self._stamp(BASE) == "complete":
            return
        self.say(f"{BASE}: installing Odoo's sale and account")
        self._drop(BASE)
        odoo("-d", BASE, "-i", "sale,account", "--log-level=error")
        self._set_stamp(BASE, "complete")

    def _make_plain(self):
        self._make_base()
        name = self.name("plain")
        self._copy(BASE, name)
        self.say(f"{name}: writing a ledger of {self.size.customers:,} customers")
        connection = psycopg2.connect(dbname=name)
        try:
            generator.fill(connection, self.size, self.today, say=self.say)
        finally:
            connection.close()
        execute("VACUUM ANALYZE", database=name)

    def _make_off(self):
        name = self.name("off")
        self._copy(self.name("plain"), name)
        self.say(f"{name}: installing the add-on on the ledger")
        seconds = odoo("-d", name, "-i", ADDON, "--log-level=error")
        self._copy(BASE, "bench_scratch")
        on_nothing = odoo("-d", "bench_scratch", "-i", ADDON, "--log-level=error")
        self._drop("bench_scratch")
        execute("VACUUM ANALYZE", database=name)
        execute(
            """
            CREATE TABLE bench_install AS
            SELECT %s::numeric AS on_ledger, %s::numeric AS on_nothing
            """,
            seconds,
            on_nothing,
            database=name,
        )

    def _make_insured(self, kind="insured"):
        name = self.name(kind)
        self._copy(self.name(KINDS[kind]), name)
        self.say(f"{name}: writing the policy and limits")
        insurance.fill(configuration(), name, self.size, self.today)
        execute("VACUUM ANALYZE", database=name)

    def _make_followup(self):
        name = self.name("followup")
        self._copy(self.name("off"), name)
        self.say(f"{name}: making all that is open late, in eight languages")
        overdue.fill(configuration(), name)
        execute("VACUUM ANALYZE", database=name)

    def _make_rated(self):
        name = self.name("rated")
        self._copy(self.name("off"), name)
        self.say(f"{name}: rating the buyers")
        ratings.fill(configuration(), name, self.today)
        execute("VACUUM ANALYZE", database=name)

    def _make_peer(self):
        beside = addons_with(self.peer_folder)
        self._install("peer", ",".join(peer.MODULES), beside)
        peer.fill(configuration(), self.name("peer"), beside)
        execute("VACUUM ANALYZE", database=self.name("peer"))

    def _make_stock(self):
        self._install("stock", "sale_stock")

    def _make_stock_off(self):
        self._install("stock_off", BRIDGE)

    def _make_stock_insured(self):
        self._make_insured("stock_insured")

    def _install(self, kind, module, *options):
        """Make a database of a kind by installing a module on the one before it."""
        name = self.name(kind)
        self._copy(self.name(KINDS[kind]), name)
        self.say(f"{name}: installing {module} on the ledger")
        odoo("-d", name, "-i", module, "--log-level=error", *options)
        execute("VACUUM ANALYZE", database=name)

    def _drop(self, name):
        execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(name)
            )
        )

    def _copy(self, source, target):
        """Copy a database that nobody uses; PostgreSQL's own workers soon leave it."""
        self._drop(target)
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(target), sql.Identifier(source)
        )
        for _second in range(PATIENCE):
            try:
                execute(query)
                return
            except psycopg2.errors.ObjectInUse:
                time.sleep(1)
        execute(query)

    def _stamp(self, name):
        rows = execute(
            """
            SELECT shobj_description(oid, 'pg_database')
            FROM pg_database WHERE datname = %s
            """,
            name,
        )
        return rows[0][0] if rows else None

    def _set_stamp(self, name, stamp):
        execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(stamp)
            )
        )
