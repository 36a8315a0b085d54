"""Databases: templates made once, quick copies of them, and what is in them.

A template holds everything the add-on depends on. A database is a copy of it, with the
file store hard-linked (its files are named by their content and never rewritten), plus
the add-on: three seconds instead of forty.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys

from .console import die, step
from .files import addon_digest, digest, locked
from .settings import ADDON, ADDON_DIR, COMPANION_MODULES, DEV_DIR, LANGUAGES

QUERY = """
import json, psycopg2, sys
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(sys.argv[2])
rows = cursor.fetchall() if cursor.description else None
print(json.dumps(rows, default=str))
"""


def manifest():
    return ast.literal_eval((ADDON_DIR / "__manifest__.py").read_text())


class Databases:
    """The databases of this checkout on one server."""

    def __init__(self, environment):
        self.environment = environment
        self.prefix = environment.server.prefix
        self.filestore = environment.server.data_dir / "filestore"
        self.modules = sorted({*manifest()["depends"], *COMPANION_MODULES})

    def name(self, name):
        return self.prefix + name

    def query(self, sql, database="postgres"):
        """Run one statement, with the venv's psycopg2: psql may not be there."""
        python = str(self.environment.venv.python)
        command = [python, "-c", QUERY, database, sql]
        done = subprocess.run(command, text=True, capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.rpartition("psycopg2.")[2].split()
            die(f"PostgreSQL at {os.environ['PGHOST']}: {' '.join(said)}")
        return json.loads(done.stdout)

    def exists(self, database):
        found = f"select 1 from pg_database where datname = '{database}'"
        return bool(self.query(found))

    def drop(self, database):
        self.query(f'drop database if exists "{database}" with (force)')
        shutil.rmtree(self.filestore / database, ignore_errors=True)

    def drop_all(self):
        """Drop every database of this checkout."""
        names = "select datname from pg_database where starts_with(datname, '{}')"
        for (database,) in self.query(names.format(self.prefix)):
            self.drop(database)

    def copy(self, source, target):
        self.drop(target)
        self.query(f'create database "{target}" template "{source}"')
        files = self.filestore / source
        if files.exists():
            shutil.copytree(files, self.filestore / target, copy_function=os.link)

    def template(self, demo):
        """The name of the template, which is made if it is not there."""
        languages = LANGUAGES if demo else ()
        parts = (self.environment.odoo.id, *self.modules, demo, *languages)
        name = self.name(f"tpl_{digest(*parts)}")
        with locked():
            if not self.exists(name):
                self._make_template(name, demo, languages)
        return name

    def _make_template(self, name, demo, languages):
        unfinished = f"{name}_new"
        self.drop(unfinished)
        self.drop(name)  # only files, left by a server that was lost
        options = ["-i", ",".join(self.modules)]
        options += ["--with-demo"] if demo else []
        options += ["--load-language", ",".join(languages)] if languages else []
        what = "the template database" + (" with demo data" if demo else "")
        with step(f"making {what}: {', '.join(self.modules)}"):
            self.odoo_quietly("-d", unfinished, *options)
            self.query(f'alter database "{unfinished}" rename to "{name}"')
            files = self.filestore / unfinished
            if files.exists():
                files.rename(self.filestore / name)

    def make(self, database, demo):
        """A new database with the add-on in it."""
        template = self.template(demo)
        with step(f"making database {database}"):
            self.copy(template, database)
            self.odoo_quietly("-d", database, "-i", ADDON)
        self.remember(database, demo)

    def update(self, database, demo):
        with step(f"updating the add-on in {database}"):
            self.odoo_quietly("-d", database, "-u", ADDON)
        self.remember(database, demo)

    def odoo_quietly(self, *options):
        """Run Odoo until it has loaded all; show its log only if something is wrong."""
        log = DEV_DIR / "last-install.log"
        once = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        with open(log, "w") as file:
            command = self.environment.odoo_command(*options, *once)
            done = subprocess.run(
                command, stdout=file, stderr=subprocess.STDOUT, check=False
            )
        text = log.read_text()
        if done.returncode or re.search(r" (ERROR|CRITICAL) ", text):
            sys.stderr.write(text[-5000:])
            said = " ".join(map(str, options))
            die(f"odoo {said} failed ({done.returncode}); all of its log: {log}")

    # what a database was made or updated from

    def remember(self, database, demo):
        stamp = DEV_DIR / f"stamp-{database}"
        stamp.write_text(f"{demo} {addon_digest(ADDON_DIR)}")

    def is_current(self, database, demo):
        """Tell whether it holds the add-on as it is in the checkout now."""
        stamp = DEV_DIR / f"stamp-{database}"
        known = stamp.read_text() if stamp.exists() else ""
        return known == f"{demo} {addon_digest(ADDON_DIR)}" and self.exists(database)
