"""Odoo's own tests of sales and invoices, without the add-on and with it.

With the add-on installed and no policy they must end the same: same failures (some
are the machine's or the package's), same query budgets. Through pytest-odoo all of
them run on the complete registry, those too that Odoo runs while it installs itself.
"""

import subprocess
import sys
import xml.etree.ElementTree as ET

from .console import say, step
from .environment import Environment
from .settings import ADDON, DEV_DIR, ROOT

# Confirming, invoicing, credit limits, rights, portal; with query budgets of Odoo's.
SUITES = (
    "sale/tests/test_sale_order.py",
    "sale/tests/test_credit_limit.py",
    "sale/tests/test_access_rights.py",
    "sale/tests/test_sale_to_invoice.py",
    "sale/tests/test_payment_flow.py",
    "sale_management/tests/test_sale_order.py",
    "account/tests/test_account_move_entry.py",
    "account/tests/test_account_move_out_invoice.py",
    "account/tests/test_account_partner.py",
    "account/tests/test_account_journal_dashboard.py",
)


def odoo_tests(plain=False, installed=False, options=()):
    """Run them on both databases (or one) and end with 1 if the add-on breaks any.

    :param options: further files of tests, below Odoo's folder of add-ons, or options
        of pytest
    """
    environment = Environment()
    kinds = {"plain": plain, "installed": installed}
    wanted = [kind for kind, only in kinds.items() if only] or list(kinds)
    results = {kind: run(environment, kind, options) for kind in wanted}
    for kind, failed in results.items():
        say(f"{kind}: {len(failed)} failed")
    if len(results) == 2:
        ours = sorted(results["installed"] - results["plain"])
        for name in ours:
            say(f"fails with the add-on only: {name}")
        sys.exit(bool(ours))


def run(environment, kind, options):
    """Run the suites on a database; return the names of the tests that failed."""
    databases = environment.databases
    database = databases.name(f"odoo_{kind}")
    databases.copy(databases.template(demo=False), database)
    if kind == "installed":
        databases.odoo_quietly(database, "-i", ADDON)
    report = DEV_DIR / f"odoo-tests-{kind}.xml"
    paths = [option for option in options if option.endswith(".py")] or SUITES
    others = [option for option in options if not option.endswith(".py")]
    folders = (*environment.odoo.addons, environment.odoo.python_path / "odoo/addons")
    folder = next(folder for folder in folders if (folder / "sale").exists())
    command = environment.python_command(
        *("-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT),
        *("--odoo-config", environment.configuration, "--odoo-database", database),
        *("--odoo-log-level", "error", "--odoo-extra", "max-cron-threads=0"),
        *("-q", "--tb=short", "--junitxml", report),
        *others,
        *(folder / path for path in paths),
    )
    with step(f"Odoo's own tests, {kind}"):
        subprocess.run(command, cwd=ROOT, check=False)
    databases.drop(database)
    return failures(report)


def failures(report):
    return {
        f"{case.get('classname')}.{case.get('name')}"
        for case in ET.parse(report).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    }
