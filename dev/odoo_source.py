"""Odoo 19 itself: the tree the user names by ODOO_HOME, or Debian's package."""

import os
import re
import shutil
from pathlib import Path

from .apt import PrivateApt, unpack
from .console import Unavailable, die, say, step
from .files import digest, file_sha256, swap_in
from .settings import (
    DEV_DIR,
    ODOO_COMPANIONS,
    ODOO_PACKAGE,
    ODOO_SERIES,
    ODOO_SHA256,
    ODOO_STUBS,
    ODOO_SUITE,
    ODOO_VERSION,
)

SITE_PACKAGES = "usr/lib/python3/dist-packages"


class OdooSource:
    """A tree of Odoo: what goes on Python's path, and further folders of add-ons."""

    def __init__(self, home):
        self.home = Path(home).expanduser().resolve()
        layouts = {
            self.home: [self.home / "addons"],  # a checkout
            self.home / SITE_PACKAGES: [],  # an unpacked package
        }
        found = [path for path in layouts if (path / "odoo/release.py").exists()]
        if not found:
            die(f"ODOO_HOME={home}: no Odoo there (odoo/release.py is missing)")
        self.python_path = found[0]
        self.addons = [folder for folder in layouts[found[0]] if folder.is_dir()]
        release = (self.python_path / "odoo/release.py").read_text()
        version = re.search(r"^version_info = \((\d+), (\d+)", release, re.M)
        if not version or version[1] != ODOO_SERIES:
            other = ".".join(version.groups()) if version else "an unknown version"
            die(f"Odoo {ODOO_SERIES} is needed, {home} has {other}")
        self.id = digest(release, self.home)


def get_odoo():
    """The user's Odoo, or ours, fetched if it is not there yet."""
    if os.environ.get("ODOO_HOME"):
        return OdooSource(os.environ["ODOO_HOME"])
    home = DEV_DIR / "odoo"
    if not (home / "complete").exists():
        with step(f"fetching {ODOO_PACKAGE} from Debian {ODOO_SUITE}"):
            try:
                fetch(home)
            except Unavailable as reason:
                die(f"{reason}. Point ODOO_HOME at an Odoo 19 checkout instead.")
    return OdooSource(home)


def fetch(home):
    """Fetch the pinned package and what it links to, and unpack both into `home`."""
    packages, unfinished = DEV_DIR / "debs", DEV_DIR / "odoo.tmp"
    for folder in (packages, unfinished):
        shutil.rmtree(folder, ignore_errors=True)
    suite = PrivateApt("apt-odoo", [ODOO_SUITE])
    pinned = suite.has(ODOO_PACKAGE, ODOO_VERSION)
    if not pinned:
        say(
            f"WARNING: Debian {ODOO_SUITE} no longer has {ODOO_PACKAGE} {ODOO_VERSION}:"
            " taking its current version, with which this project was not tested."
            " (Newer pin: dev/settings.py; an Odoo of your own: ODOO_HOME.)"
        )
    wanted = f"{ODOO_PACKAGE}={ODOO_VERSION}" if pinned else ODOO_PACKAGE
    suite.download([wanted], packages)
    release = PrivateApt("apt-own")
    release.download(ODOO_COMPANIONS, packages)
    package = next(packages.glob(f"{ODOO_PACKAGE}_*.deb"))
    sha256 = file_sha256(package)
    if pinned and sha256 != ODOO_SHA256:
        die(
            f"{package.name} has sha256 {sha256}, not the pinned {ODOO_SHA256}: it was"
            " changed on its way, or in the archive. Try again; if it stays so, point"
            " ODOO_HOME at an Odoo 19 checkout instead."
        )
    unpack(sorted(packages.glob("*.deb")), unfinished)
    mend(unfinished / SITE_PACKAGES)
    (unfinished / "complete").write_text(f"{package.name} {sha256}\n")
    swap_in(unfinished, home)
    shutil.rmtree(packages)
    suite.remove()
    release.remove()


def mend(site_packages):
    """Undo what Debian's package does to a tree that is only unpacked."""
    for stray in ("addons", "doc", "setup"):  # left-overs of its build
        shutil.rmtree(site_packages / stray, ignore_errors=True)
    for metadata in site_packages.glob("odoo-*.egg-info"):
        # names psycopg2 and ofxparse, which "pip check" would miss in our environment
        shutil.rmtree(metadata)
    for name in ODOO_STUBS:
        stub = site_packages / "odoo/addons" / name
        if not stub.exists():
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("/* left out of Debian's package */\n")
