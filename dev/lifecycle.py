"""The add-ons' life in a real database: install, update, use, uninstall, install again.

Every step is a process of Odoo of its own, as an administrator would start it, and
its log must hold no warning. Between the steps the schema and the records of the system
are compared, and :mod:`dev.lifecycle_probe` does Odoo's ordinary work and counts its
queries: with the add-on installed and no policy there are none more.

A second, shorter life is spent among the neighbours, where the bridge comes with the
main add-on and goes with it.
"""

import json
import re
import subprocess

from .console import die, say, step
from .environment import Environment
from .recipes import DOORS, MAIN, STOCK
from .settings import ADDON, BRIDGE, DEV_DIR, ROOT

TROUBLE = re.compile(r" (WARNING|ERROR|CRITICAL) |demo data failed|Traceback")
# Said by Odoo of the machine, not of an add-on.
HARMLESS = ("Running as user 'root' is a security risk",)

# What an add-on can leave behind, as one text per thing. Rows of the system are named
# by what they are about, their ids change from installation to installation.
SNAPSHOT = """
select 'column ' || table_name || '.' || column_name
  from information_schema.columns where table_schema = 'public'
union all
select 'relation ' || relname from pg_class
  join pg_namespace on pg_namespace.oid = relnamespace where nspname = 'public'
union all
select 'constraint ' || conrelid::regclass || ' ' || conname from pg_constraint
  join pg_namespace on pg_namespace.oid = connamespace where nspname = 'public'
union all
select 'function ' || proname || '(' || pg_get_function_arguments(pg_proc.oid) || ')'
  from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
 where nspname = 'public'
union all
select 'trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger
 where not tgisinternal
union all
select 'model ' || model from ir_model
union all
select 'field ' || model || '.' || name from ir_model_fields
union all
select 'cron ' || cron_name from ir_cron
union all
select 'parameter ' || key from ir_config_parameter
union all
select 'rule ' || coalesce(name, '') from ir_rule
union all
select 'right ' || name from ir_model_access
union all
select 'group ' || (name ->> 'en_US') from res_groups
union all
select 'privilege ' || (name ->> 'en_US') from res_groups_privilege
union all
select 'activity type ' || (name ->> 'en_US') from mail_activity_type
union all
select 'menu ' || (name ->> 'en_US') from ir_ui_menu
union all
select 'view ' || name from ir_ui_view
union all
select 'action ' || type || ' ' || (name ->> 'en_US') from ir_actions
union all
select 'record ' || module || '.' || name from ir_model_data
 where module like '{addon}%'
union all
select 'message of ' || model from mail_message where model like 'credit.%'
union all
select 'activity of ' || res_model from mail_activity where res_model like 'credit.%'
union all
select 'attachment of ' || res_model from ir_attachment where res_model like 'credit.%'
union all
select 'follower of ' || res_model from mail_followers where res_model like 'credit.%'
union all
select 'default ' || id from ir_default
"""


def lifecycle(environment=None):
    """Take the add-ons through all of it; end at the first thing that is wrong."""
    life = Life(environment or Environment())
    life.run()
    life.run_among_neighbours()


class Life:
    def __init__(self, environment):
        self.environment = environment
        self.databases = environment.databases
        self.database = self.databases.name("life")

    def run(self):
        for recipe in (MAIN, STOCK):
            self.install_with_demo_data(recipe)
        self.databases.copy(self.databases.template(demo=False), self.database)
        before = self.probe("history")
        clean = self.snapshot()
        self.odoo("installation into a database with history", "-i", ADDON)
        self.check_original_due_dates()
        self.compare(before, self.probe("count"))
        for turn in ("first", "second"):
            self.odoo(f"{turn} update", "-u", ADDON)
        self.probe("use")
        self.uninstall()
        self.check_clean(clean)
        self.probe("count")  # Odoo works without it, on what was done with it
        self.odoo("installation once more", "-i", ADDON)
        self.check_original_due_dates()
        self.databases.drop(self.database)
        say("install, update, use, uninstall, install again: nothing to complain about")

    def run_among_neighbours(self):
        """Where sale_stock is, the bridge installs itself, and goes with the add-on."""
        template = self.databases.template(demo=False, recipe=DOORS)
        self.databases.copy(template, self.database)
        before = self.probe("history")
        clean = self.snapshot()
        self.odoo("installation among the neighbours", "-i", ADDON)
        self.check_bridge("installed")
        self.compare(before, self.probe("count"))
        self.odoo("update among the neighbours", "-u", f"{ADDON},{BRIDGE}")
        self.probe("use")
        self.uninstall()
        self.check_bridge("uninstalled")
        self.check_clean(clean)
        self.databases.drop(self.database)
        say("among the neighbours the bridge comes by itself, and goes")

    # === STEPS === #

    def install_with_demo_data(self, recipe):
        """Into a copy of a database with demo data, French loaded.

        Of the recipe's add-ons the main one is asked for, the bridge comes with it.
        With it they go and come again: the story's documents stay, the database's own.
        """
        database = self.databases.name("life_demo")
        self.databases.copy(self.databases.template(True, recipe), database)
        what = f"installation with demo data on {', '.join(recipe.modules)}"
        self.install_demo(what, recipe, database)
        if BRIDGE in recipe.addons:
            self.uninstall(database)
            self.install_demo(f"once more: {what}", recipe, database)
        self.databases.drop(database)

    def install_demo(self, what, recipe, database):
        self.odoo(what, "-i", ADDON, "--with-demo", on=database)
        for addon in recipe.addons:
            found = f"select demo from ir_module_module where name = '{addon}'"
            if self.databases.query(found, database) != [[True]]:
                die(f"the demo data of {addon} were not loaded")

    def odoo(self, what, *options, on=None):
        """Start Odoo with options until it has loaded all."""
        once = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        command = self.environment.odoo_command(
            *("-d", on or self.database, *options, *once)
        )
        self.start(what, command)

    def uninstall(self, database=None):
        command = self.environment.odoo_command(
            *("uninstall", "-d", database or self.database, ADDON), command="module"
        )
        # the subcommand comes before the configuration
        where = command.index("uninstall")
        command.insert(command.index("-c"), command.pop(where))
        self.start("uninstallation", command)

    def start(self, what, command):
        """Run a process of Odoo; its log must have nothing to complain about."""
        log = DEV_DIR / "lifecycle.log"
        with step(what), open(log, "w") as file:
            done = subprocess.run(
                command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False
            )
        lines = log.read_text().splitlines()
        bad = [
            number
            for number, line in enumerate(lines)
            if TROUBLE.search(line) and not any(text in line for text in HARMLESS)
        ]
        if bad or done.returncode:
            shown = "\n".join(excerpt(lines, bad) if bad else lines[-30:])
            die(f"{what} is not clean ({done.returncode}; {log}):\n{shown}")

    def probe(self, task):
        """Do ordinary work in the database: what it answers, as JSON."""
        command = self.environment.python_command(
            *("-m", "dev.lifecycle_probe", task, self.database),
            self.environment.configuration,
        )
        with step(f"ordinary work: {task}"):
            done = subprocess.run(
                command, cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False
            )
        if done.returncode:
            die(f"ordinary work fails: {' '.join(command)}")
        return json.loads(done.stdout or "null")

    # === CHECKS === #

    def snapshot(self):
        rows = self.databases.query(SNAPSHOT.format(addon=ADDON), self.database)
        return {row[0] for row in rows}

    def check_clean(self, clean):
        """The database is as it was in this snapshot."""
        after = self.snapshot()
        left, lost = sorted(after - clean), sorted(clean - after)
        if left or lost:
            die("uninstalling " + explain("leaves", left) + explain("takes away", lost))
        say("uninstalling leaves nothing behind")

    def check_bridge(self, state):
        found = f"select state from ir_module_module where name = '{BRIDGE}'"
        rows = self.databases.query(found, self.database)
        if rows != [[state]]:
            die(f"the bridge should be {state}: {rows}")

    def check_original_due_dates(self):
        """Open customer invoices have one, filled by the hook; paid ones have not."""
        wrong = self.databases.query(
            """
            select name, payment_state, insured_due_date from account_move
             where move_type = 'out_invoice' and state = 'posted'
               and insured_due_date is distinct from
                   case when payment_state <> 'paid' then invoice_date_due end
            """,
            self.database,
        )
        some = self.databases.query(
            "select count(*) from account_move where insured_due_date is not null",
            self.database,
        )
        if wrong or not some[0][0]:
            die(f"original due dates after installation: {wrong or 'none at all'}")

    def compare(self, before, now):
        """Print the queries of each piece of work; die if there are more."""
        more = []
        for name, queries in before.items():
            say(f"  {name:28} {queries:4} queries, with the add-on {now[name]:4}")
            if now[name] > queries:
                more.append(name)
        if more:
            die(f"more queries with the add-on and no policy: {', '.join(more)}")


def excerpt(lines, numbers, before=2, after=25):
    """These lines with what stands around them: whose traceback it is."""
    wanted = {
        near
        for number in numbers
        for near in range(number - before, number + after + 1)
        if 0 <= near < len(lines)
    }
    return [lines[number] for number in sorted(wanted)]


def explain(verb, things):
    return f"{verb}\n  " + "\n  ".join(things) + "\n" if things else ""
