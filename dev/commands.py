"""The commands of ``python3 -m dev`` and of make, and the options they take."""

import argparse
import os
import shutil
import subprocess
import sys

from . import demo, lifecycle, lint, odoo_tests, packaging, testing, texts
from .console import die, say
from .environment import Environment
from .files import discard
from .postgres import get_server
from .programs import BIN
from .recipes import DOORS, MAIN, STOCK
from .settings import DEV_DIR, ROOT
from .virtualenv import VirtualEnvironment, make_locks


def name_of(command):
    return command.__name__.removeprefix("cmd_").replace("_", "-")


def options_of(command, arguments, **known):
    """Take a command's own options out of the arguments; the rest is passed through.

    :param known: name of an option -> its help, or (type, help) if it takes a value
    """
    parser = argparse.ArgumentParser(
        prog=f"python3 -m dev {name_of(command)}",
        description=command.__doc__,
        allow_abbrev=False,
    )
    for name, about in known.items():
        if isinstance(about, str):
            parser.add_argument(f"--{name}", action="store_true", help=about)
        else:
            value_type, text = about
            parser.add_argument(f"--{name}", type=value_type, help=text)
    own, others = parser.parse_known_args(arguments)
    return vars(own), others


def cmd_demo(arguments):
    """Serve Odoo with the add-ons and demo data at port 8069, admin/admin."""
    own, others = options_of(
        cmd_demo,
        arguments,
        fresh="start over with a new database",
        port=(int, "another port"),
    )
    demo.serve(**own, options=others)


def cmd_test(arguments):
    """Run the test suites on new databases, browser tours included."""
    own, others = options_of(
        cmd_test,
        arguments,
        demo="with demo data in the database (by default the main suite's)",
        reuse="on the last database, if only tests have changed since",
        fresh="make the template database anew, too",
        native="under Odoo's own runner (at_install tests as such)",
        lanes=(int, "of the whole suite, how many shares run at a time"),
    )
    testing.test(**own, options=others)


def cmd_lint(arguments):
    """Check style and the rules of the Odoo community (--fix: mend what can be)."""
    own, others = options_of(cmd_lint, arguments, fix="let ruff mend what it can")
    if others:
        die(f"lint does not know {' '.join(others)}")
    lint.lint(**own)


def cmd_lifecycle(arguments):
    """Install, update, use, uninstall, install again: clean logs, nothing left."""
    lifecycle.lifecycle()


def cmd_odoo_tests(arguments):
    """Run Odoo's own tests of sales and invoices with and without the add-on."""
    own, others = options_of(
        cmd_odoo_tests,
        arguments,
        plain="only without the add-on",
        installed="only with the add-on",
    )
    odoo_tests.odoo_tests(**own, options=others)


def cmd_bench(arguments):
    """Measure: run the benchmarks with the given options."""
    testing.bench(arguments)


def cmd_races(arguments):
    """Let processes race for the same credit, and check that none got too much."""
    testing.races(arguments)


def cmd_sending(arguments):
    """Kill, stop and crowd the sending of reminders: one right letter per buyer.

    With --open-items 50000: a month's reminders, by a real server that is killed.
    """
    if any(argument.startswith("--open-items") for argument in arguments):
        testing.large_sending(arguments)
    testing.sending(arguments)


def cmd_scale(arguments):
    """Read and confirm beside several workers, without and with a read replica."""
    testing.scale(arguments)


def cmd_faults(arguments):
    """Kill workers and PostgreSQL, fail mail servers and disks, look for half work."""
    testing.faults(arguments)


def cmd_shots(arguments):
    """Take screenshots of the main screens, in English and French, to .dev/shots/."""
    run_shots("all", arguments)


def cmd_shot(arguments):
    """Take one screenshot of the demo: OUT.png [PATH], see --help."""
    run_shots("one", arguments)


def run_shots(which, arguments):
    only_help = bool({"-h", "--help"} & {*arguments})
    environment = Environment(browser=not only_help)
    command = environment.python_command("-m", "dev.shots", which)
    if only_help:
        sys.exit(subprocess.run([*command, "--help"], cwd=ROOT, check=False).returncode)
    with demo.demo_url(environment) as url:
        done = subprocess.run([*command, url, *arguments], cwd=ROOT, check=False)
    sys.exit(done.returncode)


def cmd_i18n(arguments):
    """Export the texts: i18n/*.pot anew, and what the *.po have of them."""
    texts.export_all(Environment())


def cmd_wheel(arguments):
    """Build the wheel into dist/ and check it."""
    packaging.wheel()


def cmd_zip(arguments):
    """Pack the add-ons' folders into dist/, for a manual installation."""
    packaging.make_zip()


def cmd_fetch(arguments):
    """Fetch what the tests run with, start PostgreSQL, make no database."""
    Environment(browser=True)


def cmd_setup(arguments):
    """Fetch and build everything, start nothing but PostgreSQL."""
    environment = Environment(browser=True)
    for recipe, with_demo in ((MAIN, False), (DOORS, False), (STOCK, True)):
        environment.databases.template(with_demo, recipe)
    VirtualEnvironment("tools", "tools.txt").ensure()


def cmd_stop(arguments):
    """Stop the private PostgreSQL."""
    get_server().stop()


def cmd_clean(arguments):
    """Remove all that was fetched or built, databases included."""
    if os.environ.get("PGHOST") and (DEV_DIR / "venv/complete").exists():
        Environment().databases.drop_all()
    server = get_server()
    server.stop()
    server.remove()
    there = [folder for folder in (DEV_DIR, ROOT / "dist") if folder.exists()]
    for folder in there:
        discard(folder)
    for compiled in ROOT.rglob("__pycache__"):
        shutil.rmtree(compiled, ignore_errors=True)
    if not there:
        say("there was nothing to remove")


def cmd_odoo(arguments):
    """Run odoo with any arguments."""
    environment = Environment()
    start(environment.python_command(BIN / "odoo", *arguments))


def cmd_shell(arguments):
    """Open Odoo's shell: [DATABASE] (default: the demo's)."""
    environment = Environment()
    database, *options = arguments or [environment.databases.name("demo")]
    options = ("-d", database, "--no-http", *options)
    start(environment.odoo_command(*options, command="shell"))


def cmd_psql(arguments):
    """Open psql: [DATABASE] (default: the demo's)."""
    environment = Environment()
    database, *options = arguments or [environment.databases.name("demo")]
    if not shutil.which("psql"):
        die("no psql on this machine (Debian: apt-get install postgresql-client)")
    start(["psql", "-d", database, *options])


def cmd_python(arguments):
    """Run Python in the virtual environment, with Odoo importable."""
    start(Environment().python_command(*arguments))


def cmd_world_map(arguments):
    """Draw the dashboard's world map anew: countries-50m.json of world-atlas 2.0.2."""
    start(Environment().python_command("-m", "dev.world_map", *arguments))


def cmd_lock(arguments):
    """Make dev/requirements/*.txt anew from *.in (needs uv; --upgrade for newer)."""
    make_locks(arguments)


def start(command):
    """Become another program."""
    os.execvp(command[0], command)


COMMANDS = {
    name_of(function): function
    for name, function in list(globals().items())
    if name.startswith("cmd_")
}
