"""Debian packages, fetched and unpacked without touching the machine.

Works as root and as a plain user: apt runs on a state of its own below the development
folder. It is fed with the machine's own entries (so no mirror is named here) and keeps
the machine's apt.conf (proxies, certificates, validity rules). Signatures are checked.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import Unavailable, run
from .files import swap_in
from .settings import DEV_DIR

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ROLLING = ("stable", "oldstable", "testing", "unstable", "sid")


def machine_release():
    """The code name of the machine's Debian."""
    os_release = Path("/etc/os-release").read_text()
    named = re.search(r'^VERSION_CODENAME="?([^"\n]+)', os_release, re.M)
    return named[1] if named else "sid"


def machine_entries():
    """The machine's apt entries as (address, suite), component main only.

    apt reads its sources in both notations itself; ``--no-release-info`` makes it
    answer even before the first ``apt-get update``.
    """
    fields = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    ask = ["apt-get", "indextargets", "--no-release-info", "--format", fields]
    listed = run([*ask, "Created-By: Packages"], quiet=True)
    rows = (line.split() for line in listed.splitlines())
    entries = dict.fromkeys(
        (row[0], row[1]) for row in rows if len(row) == 3 and row[2] == "main"
    )
    own = (machine_release(), *ROLLING)
    return [(uri, suite) for uri, suite in entries if suite.split("-")[0] in own]


class PrivateApt:
    """An apt of our own, for the given suites or the machine's release."""

    def __init__(self, name, suites=(), status=os.devnull):
        """
        :param name: folder below the development folder
        :param suites: suites to read; none means the machine's release with its updates
        :param status: the dpkg status that tells which packages are there already
        """
        for tool in ("apt-get", "dpkg-deb"):
            if not shutil.which(tool):
                raise Unavailable(f"no {tool} on this machine")
        entries = machine_entries()
        base = [uri for uri, suite in entries if "-" not in suite]
        if not base:
            raise Unavailable("no Debian main entry in this machine's apt sources")
        if suites:
            entries = [(base[0], suite) for suite in suites]
        self.folder = DEV_DIR / name
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        sources = self.folder / "sources.list"
        sources.write_text(
            "".join(f"deb {signed}{uri} {suite} main\n" for uri, suite in entries)
        )
        options = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": os.devnull,
            "Dir::Etc::preferences": os.devnull,
            "Dir::Etc::preferencesparts": os.devnull,
            "Dir::State": self.folder,
            "Dir::State::lists": self.folder / "lists",
            "Dir::State::status": status,
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Debug::NoLocking": "1",
        }
        self.command = ["apt-get", "-q"]
        for key, value in options.items():
            self.command += ["-o", f"{key}={value}"]
        run([*self.command, "update"], quiet=True)

    def has(self, package, version):
        """Tell whether exactly this version can be had."""
        asked = [*self.command, "--print-uris", "download", f"{package}={version}"]
        return not subprocess.run(asked, capture_output=True, check=False).returncode

    def download(self, packages, folder):
        """Fetch packages, without what they depend on, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        run([*self.command, "download", *packages], quiet=True, cwd=folder)

    def download_missing(self, packages):
        """Fetch packages with all they need and the machine lacks; return the files."""
        options = ["-y", "--download-only", "--no-install-recommends"]
        run([*self.command, *options, "install", *packages], quiet=True)
        return sorted((self.folder / "cache/archives").glob("*.deb"))

    def remove(self):
        shutil.rmtree(self.folder)


def unpack(packages, target):
    target.mkdir(parents=True, exist_ok=True)
    for package in packages:
        run(["dpkg-deb", "-x", package, target])


def unpack_with_dependencies(packages, home):
    """Unpack Debian packages and what the machine lacks for them: nothing is installed.

    :param home: the folder to make
    """
    apt = PrivateApt(f"apt-{home.name}", status="/var/lib/dpkg/status")
    unfinished = home.with_suffix(".tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unpack(apt.download_missing(packages), unfinished)
    swap_in(unfinished, home)
    apt.remove()
