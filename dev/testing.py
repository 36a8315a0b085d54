"""The test suite, through pytest-odoo or Odoo's own runner, and the benchmarks."""

import subprocess
import sys
from pathlib import Path

from .demo import free_port
from .environment import Environment
from .lifecycle import lifecycle
from .settings import ADDON, DEV_DIR, ROOT

SUITES = (ADDON, "dev/tests")


def test(demo=False, fresh=False, reuse=False, native=False, options=()):
    """Run the tests on a database of their own and end with their exit code.

    A run of the whole suite takes the add-on through its life afterwards.
    """
    environment = Environment(browser=True)
    databases = environment.databases
    database = databases.name("test")
    if fresh:
        databases.drop(databases.template(demo))
    if native:
        databases.copy(databases.template(demo), database)
        command = native_command(environment, database)
    else:
        if not (reuse and databases.is_current(database, demo)):
            databases.make(database, demo)
        command = pytest_command(environment, database)
        command += [] if names_tests(options) else SUITES
    done = subprocess.run([*command, *options], cwd=ROOT, check=False)
    if not (done.returncode or options or demo or reuse or native):
        lifecycle(environment)
    sys.exit(done.returncode)


def names_tests(options):
    """Tell whether the options name a file or folder of tests."""
    paths = [option.split("::")[0] for option in options if option[:1] != "-"]
    return any((ROOT / path).exists() for path in paths)


def pytest_command(environment, database):
    """The add-on is installed already: all its tests run after installation."""
    odoo = {
        "--odoo-config": environment.configuration,
        "--odoo-database": database,
        "--odoo-log-level": "warn",
        "--junitxml": DEV_DIR / "junit.xml",
    }
    options = [part for option in odoo.items() for part in option]
    # Without --odoo-http every test that needs a server would be skipped.
    options += ["--odoo-http", "--odoo-extra", "max-cron-threads=0"]
    options += ["--odoo-extra", f"screenshots={DEV_DIR / 'screenshots'}", "-ra"]
    return environment.python_command("-m", "pytest", *options)


def native_command(environment, database):
    """Odoo's runner: at_install tests run while the add-on is being installed."""
    return environment.odoo_command(
        *("-d", database, "-i", ADDON, "--test-tags", f"/{ADDON}"),
        *("--http-port", free_port(8169), "--max-cron-threads=0"),
        *("--screenshots", DEV_DIR / "screenshots", "--log-level=warn"),
        "--log-handler=odoo.tests.result:INFO",
        "--log-handler=odoo.tests.stats:INFO",
    )


def bench(options):
    """Run the package `benchmarks`, which makes its own databases."""
    if not Path(ROOT / "benchmarks/__main__.py").exists():
        sys.exit("dev: there is no benchmarks/__main__.py in this checkout")
    environment = Environment()
    command = environment.python_command("-m", "benchmarks", *options)
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
