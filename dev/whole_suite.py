"""The whole suite in shares: several at a time, each on a database of its own.

The main suite is the longest part, so it is divided by rooms; the tests among the
neighbours and the add-ons' life are shares of their own. Each is a process whose output
goes to a file, shown when the share has ended.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .console import say
from .recipes import addon_dir
from .settings import ADDON, DEV_DIR, ROOT

# Rooms that are run together, those that take longest first; what is named in none of
# these lines is the rest.
ROOMS_TOGETHER = {
    "claims": ("indemnity", "collection", "exchange"),
    "rest": (),
    "orders": ("decision", "access"),
    "overview": ("overview",),
}


class Share(NamedTuple):
    """Some of the suite.

    :param name: of the share, and of what it leaves in the development folder
    :param part: of the suite (:class:`dev.testing.Part`), None for the add-ons' life
    :param suites: folders and files of tests
    """

    name: str
    part: object
    suites: tuple

    @property
    def log(self):
        return DEV_DIR / f"test-{self.name}.log"


LIFE = Share("life", None, ())


def shares_of(alone, doors):
    """The shares of the whole suite, as they begin.

    The first two make templates of their own meanwhile; then, those that take longest.

    :param alone: the part of the suite without neighbours, which is divided
    :param doors: the part among the neighbours
    """
    folder = addon_dir(ADDON).relative_to(ROOT) / "tests"
    together = {
        name: tuple(str(folder / room) for room in rooms)
        for name, rooms in ROOMS_TOGETHER.items()
    }
    apart = {suite for suites in together.values() for suite in suites}
    found = {path.parent for path in (ROOT / folder).glob("*/test_*.py")}
    found.update((ROOT / folder).glob("test_*.py"))
    rest = sorted({str(path.relative_to(ROOT)) for path in found} - apart)
    together["rest"] = (*rest, *alone.others)
    return (
        Share("doors", doors, doors.suites),
        LIFE,
        *(Share(name, alone, suites) for name, suites in together.items()),
    )


def run_shares(shares, run, lanes=None):
    """Run the shares, as many at a time as there are lanes; the names of the failed.

    :param run: called with a share and the file for its output: the exit code
    :param lanes: half as many again as the machine has cores, if not given: now and
        then a test waits
    """
    lanes = lanes or (os.cpu_count() or 1) * 3 // 2
    names = ", ".join(share.name for share in shares)
    say(f"tests in {len(shares)} shares, {lanes} at a time: {names}")
    with ThreadPoolExecutor(lanes) as pool:
        results = pool.map(lambda share: run_share(share, run), shares)
        return [share.name for share, code in zip(shares, results, strict=True) if code]


def run_share(share, run):
    """Run one share and show what it printed, not mixed with that of others."""
    say(f"share {share.name} begins: {share.log}")
    start = time.monotonic()
    with open(share.log, "w") as log:
        try:
            code = run(share, log)
        except SystemExit as stop:  # no database could be made: others go on
            code = 1
            log.write(f"stopped: {stop}\n")
    minutes = (time.monotonic() - start) / 60
    outcome = "failed" if code else "passed"
    said = share.log.read_text(errors="replace")
    sys.stdout.write(f"\n{said}\n")
    sys.stdout.flush()
    say(f"share {share.name} {outcome} after {minutes:.1f} min")
    return code


def run_life(log):
    """The add-ons' life (:mod:`dev.lifecycle`) as a process beside the tests."""
    command = [sys.executable, "-m", "dev", "lifecycle"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode
