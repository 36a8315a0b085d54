"""The test suites, through pytest-odoo or Odoo's own runner, and the benchmarks."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from .console import say
from .demo import free_port
from .environment import Environment
from .recipes import DOORS, MAIN, STOCK, Recipe, addon_dir
from .settings import ADDON, BRIDGE, DEV_DIR, DOORS_ADDON, EXAMPLE_ADDON, ROOT
from .whole_suite import LIFE, run_life, run_shares, shares_of


class Part(NamedTuple):
    """Tests that share a database.

    :param name: of the database, without the checkout's prefix
    :param tested: the add-ons whose tests these are
    :param others: folders of tests that need no Odoo
    :param report: JUnit's file, below the development folder
    """

    name: str
    recipe: Recipe
    tested: tuple
    others: tuple
    report: str

    @property
    def suites(self):
        """The folders of tests, as they are named on the command line."""
        addons = (addon_dir(addon).relative_to(ROOT) for addon in self.tested)
        return (*(str(addon / "tests") for addon in addons), *self.others)

    def holds(self, path):
        """Tell whether a file or folder of tests is one of this part's."""
        path = (ROOT / path).resolve()
        homes = [addon_dir(addon) for addon in self.tested]
        return any(home in (path, *path.parents) for home in homes)


ALONE = Part("test", MAIN, (ADDON,), ("dev/tests",), "junit.xml")
# What the add-ons do where the modules are whose orders they check.
DOORS_PART = Part(
    "doors", DOORS, (BRIDGE, DOORS_ADDON, EXAMPLE_ADDON), (), "junit-doors.xml"
)
PARTS = (ALONE, DOORS_PART)


def test(demo=False, fresh=False, reuse=False, native=False, lanes=None, options=()):
    """Run the tests on databases of their own; end with 1 if one fails.

    Without options that is all of them, in shares that run beside one another, and one
    share takes the add-ons through their life. Options without the name of a file or
    folder concern the main suite.

    :param lanes: how many shares of the whole suite run at a time
    """
    environment = Environment(browser=True)
    whole = not (options or demo or native)
    parts = PARTS if whole else parts_named(options)
    if fresh:
        for part in parts:
            databases = environment.databases
            databases.drop(databases.template_name(demo, part.recipe))
            for kept in databases.kept_names(part.recipe):
                databases.drop(kept)
    if whole:
        failed = run_whole(environment, reuse, lanes)
    else:
        runner = run_natively if native else run_pytest
        failed = [
            part.name
            for part in parts
            if runner(environment, part, demo, reuse, options_for(part, options))
        ]
    if failed:
        say(f"tests failed: {', '.join(failed)}")
        sys.exit(1)


def run_whole(environment, reuse, lanes):
    """Run all tests and, on new databases, the add-ons' life.

    :return: the names of the shares that failed
    """
    shares = shares_of(ALONE, DOORS_PART)
    if reuse:
        shares = [share for share in shares if share is not LIFE]

    def run(share, log):
        if share is LIFE:
            return run_life(log)
        part = share.part._replace(
            name=f"test_{share.name}", report=f"junit-{share.name}.xml"
        )
        (DEV_DIR / part.report).unlink(missing_ok=True)  # of a run before
        return run_pytest(environment, part, False, reuse, share.suites, log)

    return run_shares(shares, run, lanes)


def paths_in(options):
    """The files and folders of tests among the options: {option: path}."""
    paths = {option: option.split("::")[0] for option in options if option[:1] != "-"}
    return {option: path for option, path in paths.items() if (ROOT / path).exists()}


def part_of(path):
    return DOORS_PART if DOORS_PART.holds(path) else ALONE


def parts_named(options):
    """The parts whose files or folders are named; without any, the main suite."""
    named = [part_of(path) for path in paths_in(options).values()]
    if not named:
        say(f"the main suite only (name {' or '.join(DOORS_PART.suites)} for others)")
    return [part for part in PARTS if part in named] or [ALONE]


def options_for(part, options):
    """The options without the files and folders of other parts."""
    foreign = {
        option
        for option, path in paths_in(options).items()
        if part_of(path) is not part
    }
    return [option for option in options if option not in foreign]


def run_pytest(environment, part, demo, reuse, options, log=None):
    """Run a part on its database, which is made anew unless it may be used again.

    :param log: file for what is printed; shown as it comes if not given
    """
    databases = environment.databases
    database = databases.name(part.name)
    if not (reuse and databases.is_current(database, demo, part.recipe)):
        if demo:
            databases.make(database, demo, part.recipe)
        else:
            databases.make_by_copy(database, part.recipe, ready=True)
            databases.remember(database, demo, part.recipe)
    command = pytest_command(environment, database, part.report)
    command += [] if paths_in(options) else part.suites
    done = subprocess.run(
        [*command, *options], cwd=ROOT, stdout=log, stderr=log, check=False
    )
    return done.returncode


def pytest_command(environment, database, report):
    """The add-ons are installed already: all their tests run after installation."""
    odoo = {
        "--odoo-config": environment.configuration,
        "--odoo-database": database,
        "--odoo-log-level": "warn",
        "--junitxml": DEV_DIR / report,
    }
    options = [part for option in odoo.items() for part in option]
    # Without --odoo-http every test that needs a server would be skipped.
    options += ["--odoo-http", "--odoo-extra", "max-cron-threads=0"]
    options += ["--odoo-extra", f"screenshots={DEV_DIR / 'screenshots'}", "-ra"]
    return environment.python_command("-m", "pytest", *options)


def run_natively(environment, part, demo, reuse, options):
    """Odoo's runner: at_install tests run while the add-ons are being installed.

    It takes no names of files, and its database is always a new one.
    """
    databases = environment.databases
    database = databases.name(part.name)
    databases.copy(databases.template(demo, part.recipe), database)
    command = environment.odoo_command(
        *("-d", database, *part.recipe.install()),
        *("--test-tags", ",".join(f"/{addon}" for addon in part.tested)),
        *("--http-port", free_port(8169), "--max-cron-threads=0"),
        *("--screenshots", DEV_DIR / "screenshots", "--log-level=warn"),
        "--log-handler=odoo.tests.result:INFO",
        "--log-handler=odoo.tests.stats:INFO",
    )
    paths = paths_in(options)
    command += [option for option in options if option not in paths]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def bench(options):
    """Run the package `benchmarks`, which makes its own databases."""
    if not Path(ROOT / "benchmarks/__main__.py").exists():
        sys.exit("dev: there is no benchmarks/__main__.py in this checkout")
    run_benchmark("benchmarks", options)


def races(options):
    """Run the package `benchmarks.races`; see :func:`run_races`."""
    sys.exit(run_races(options).returncode)


def run_races(options, **how):
    """Run the package `benchmarks.races` on a new database, which is dropped again."""
    log = DEV_DIR / "pg" / "log"  # of a PostgreSQL of ours
    options = [*options, *(("--log", str(log)) if log.is_file() else ())]
    of_deliveries = any(option.startswith("--deliveries") for option in options)
    return on_new_database("races", options, STOCK if of_deliveries else MAIN, **how)


def sending(options):
    """Run the package `benchmarks.sending`, likewise."""
    sys.exit(on_new_database("sending", options).returncode)


def faults(options):
    """Run the package `benchmarks.faults`, likewise."""
    sys.exit(on_new_database("faults", options).returncode)


def large_sending(options):
    """Run `benchmarks.sending.large` on a ledger of its own."""
    run_benchmark("benchmarks.sending.large", options)


def scale(options):
    """Run the package `benchmarks.scale`, which makes its own databases."""
    run_benchmark("benchmarks.scale", options)


def run_benchmark(module, options):
    """Run a module of `benchmarks` to its end."""
    command = Environment().python_command("-m", module, *options)
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


def on_new_database(package, options, recipe=MAIN, **how):
    """Run a package of `benchmarks` on a new database, which is dropped again."""
    environment = Environment()
    databases = environment.databases
    database = databases.name(package)
    databases.make_by_copy(database, recipe)
    command = environment.python_command("-m", f"benchmarks.{package}", database)
    try:
        return subprocess.run([*command, *options], cwd=ROOT, check=False, **how)
    finally:
        databases.drop(database)
