"""Databases: templates made once, quick copies of them, and what is in them.

A template holds everything the add-on depends on. A database is a copy of it, with the
file store hard-linked (its files are named by their content and never rewritten), plus
the add-ons: three seconds instead of forty. Which add-ons, a recipe says.
"""

import json
import os
import re
import shutil
import subprocess
import sys

from .console import die, run, say, step
from .files import digest, locked
from .recipes import MAIN
from .settings import DEV_DIR, LANGUAGES, ROOT

QUERY = """
import json, psycopg2, sys
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(sys.argv[2])
rows = cursor.fetchall() if cursor.description else None
print(json.dumps(rows, default=str))
"""


class Databases:
    """The databases of this checkout on one server."""

    def __init__(self, environment):
        self.environment = environment
        self.prefix = environment.server.prefix
        self.filestore = environment.server.data_dir / "filestore"

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
            say(f"dropped the database {database}")

    def copy(self, source, target):
        self.drop(target)
        self.query(f'create database "{target}" template "{source}"')
        files = self.filestore / source
        if files.exists():
            shutil.copytree(files, self.filestore / target, copy_function=os.link)

    def template_name(self, demo, recipe=MAIN):
        languages = LANGUAGES if demo else ()
        parts = (self.environment.odoo.id, *recipe.modules, demo, *languages)
        return self.name(f"tpl_{digest(*parts)}")

    def template(self, demo, recipe=MAIN):
        """The name of the template, which is made if it is not there."""
        name = self.template_name(demo, recipe)
        # What all have in common is installed once.
        base = self.template(demo) if name != self.template_name(demo) else None
        with locked(f"lock-{name}"):  # others may be made meanwhile
            # one whose files are elsewhere or gone is none
            if not self.exists(name) or not (self.filestore / name).exists():
                self._make_template(name, base, recipe.modules, demo)
        return name

    def _make_template(self, name, base, modules, demo):
        unfinished = f"{name}_new"
        self.drop(unfinished)
        self.drop(name)  # only files, left by a server that was lost
        options = ["-i", ",".join(modules)]
        options += ["--with-demo"] if demo else []
        what = "the template database" + (" with demo data" if demo else "")
        with step(f"making {what}: {', '.join(modules)}"):
            if base:
                self.copy(base, unfinished)
            elif demo:
                options += ["--load-language", ",".join(LANGUAGES)]
            self.odoo_quietly(unfinished, *options)
            self.query(f'alter database "{unfinished}" rename to "{name}"')
            files = self.filestore / unfinished
            if files.exists():
                files.rename(self.filestore / name)

    def make(self, database, demo, recipe=MAIN):
        """A new database with the add-ons of the recipe in it."""
        template = self.template(demo, recipe)
        with step(f"making database {database}"):
            self.copy(template, database)
            self._stamp(database).unlink(missing_ok=True)
            self.odoo_quietly(database, *recipe.install())
        self.remember(database, demo, recipe)

    def kept_names(self, recipe):
        """Databases that nobody works in, to be copied: plain, and ready for tests."""
        kept = self.name(f"kept_{digest(*recipe.addons)}")
        return kept, f"{kept}_ready"

    def make_by_copy(self, database, recipe=MAIN, ready=False):
        """A new database without demo data, as a copy of a kept one.

        :param ready: with what tests find ready, see :mod:`dev.test_database`
        """
        kept = self.kept_names(recipe)[ready]
        with locked(f"lock-{kept}"):
            if not self.is_current(kept, False, recipe):
                if ready:
                    self.make_by_copy(kept, recipe)
                    self._prepare(kept)
                else:
                    self.make(kept, False, recipe)
                self.remember(kept, False, recipe)
        self.copy(kept, database)
        self._stamp(database).unlink(missing_ok=True)

    def _prepare(self, database):
        module = ("-m", "dev.test_database", database, self.environment.configuration)
        with step(f"preparing {database} for tests"):
            run(self.environment.python_command(*module), quiet=True, cwd=ROOT)

    def update(self, database, demo, recipe=MAIN):
        with step(f"updating the add-ons in {database}"):
            self.odoo_quietly(database, *recipe.update())
        self.remember(database, demo, recipe)

    def odoo_quietly(self, database, *options):
        """Run Odoo until it has loaded all; show its log only if something is wrong.

        :param database: the one it works on, whose log is kept
        """
        log = DEV_DIR / f"install-{database}.log"
        once = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        with open(log, "w") as file:
            command = self.environment.odoo_command("-d", database, *options, *once)
            done = subprocess.run(
                command, stdout=file, stderr=subprocess.STDOUT, check=False
            )
        text = log.read_text()
        if done.returncode or re.search(r" (ERROR|CRITICAL) ", text):
            sys.stderr.write(text[-5000:])
            said = " ".join(map(str, options))
            code = done.returncode
            die(f"odoo -d {database} {said} failed ({code}); all of its log: {log}")

    # what a database was made or updated from

    def remember(self, database, demo, recipe=MAIN):
        made_from = self.template_name(demo, recipe)
        self._stamp(database).write_text(f"{made_from} {recipe.digest}")

    def is_current(self, database, demo, recipe=MAIN):
        """Tell whether it holds the add-ons as they are in the checkout now."""
        if not self.is_finished(database, demo, recipe):
            return False
        return self._stamp(database).read_text().endswith(f" {recipe.digest}")

    def is_finished(self, database, demo, recipe=MAIN):
        """Tell whether it was made to the end from this template, however long ago."""
        stamp = self._stamp(database)
        made_from = self.template_name(demo, recipe)
        known = stamp.exists() and stamp.read_text().startswith(f"{made_from} ")
        return known and self.exists(database)

    def _stamp(self, database):
        return DEV_DIR / f"stamp-{database}"
