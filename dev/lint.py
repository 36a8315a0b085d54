"""Style and the rules of the Odoo community, with locked tools."""

import os
import subprocess
import sys

from .console import say
from .files import locked
from .settings import ADDON, BRIDGE, ODOO_SERIES, ROOT, TEST_ADDONS
from .virtualenv import VirtualEnvironment

# Each room of the add-on extends Odoo's own models in a file of its own, on purpose.
# (Not in pyproject.toml: there "enable" would win over it.)
NOT_WANTED = "consider-merging-classes-inherited"


def addons():
    """Every add-on of this checkout, the test-only ones too, by folder."""
    manifests = (top.glob("*/__manifest__.py") for top in (ROOT, TEST_ADDONS))
    return sorted(
        path.parent.relative_to(ROOT).as_posix()
        for found in manifests
        for path in found
    )


def checks(tools, fix):
    """What is run: (title, command)."""
    ruff = tools.bin / "ruff"
    if fix:
        yield "ruff check --fix", [ruff, "check", "--fix", "."]
        yield "ruff format", [ruff, "format", "."]
    else:
        yield "ruff check", [ruff, "check", "."]
        yield "ruff format", [ruff, "format", "--check", "."]
    odoo = [f"--valid-odoo-versions={ODOO_SERIES}.0", f"--disable={NOT_WANTED}"]
    pylint = [tools.bin / "pylint", "--rcfile=pyproject.toml", *odoo]
    yield "pylint-odoo", [*pylint, *addons()]
    yield "oca-checks", [tools.bin / "oca-checks-odoo-module", *addons()]
    bandit = [tools.bin / "bandit", "-q", "-ll", "--exclude", "*/tests/*", "-r"]
    yield "bandit", [*bandit, ADDON, BRIDGE]


def lint(fix=False):
    """Run all checks and stop with 1 if one of them found something."""
    with locked("lock-tools"):  # not the one under which the tests' world is fetched
        tools = VirtualEnvironment("tools", "tools.txt").ensure()
    path = {**os.environ, "PATH": f"{tools.bin}:{os.environ['PATH']}"}
    failed = []
    for title, command in checks(tools, fix):
        say(title)
        if subprocess.run(command, cwd=ROOT, env=path, check=False).returncode:
            failed.append(title)
    if failed:
        say(f"lint failed: {', '.join(failed)}")
        sys.exit(1)
    say("lint: nothing found")
