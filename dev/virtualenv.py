"""Locked Python packages in virtual environments below the development folder."""

import importlib.util
import shutil
import subprocess
import sys

from .apt import PrivateApt, unpack
from .console import Unavailable, die, output, run, step
from .files import digest
from .settings import DEV_DIR, PYTHON_MAX, PYTHON_MIN, REQUIREMENTS


class VirtualEnvironment:
    """A virtual environment that holds exactly what one lock file says."""

    def __init__(self, name, lock):
        """
        :param name: folder below the development folder
        :param lock: file in dev/requirements, with hashes
        """
        self.folder = DEV_DIR / name
        self.bin = self.folder / "bin"
        self.python = self.bin / "python"
        self.lock = REQUIREMENTS / lock

    def ensure(self):
        """Make it, or bring it up to its lock file."""
        if not PYTHON_MIN <= sys.version_info[:2] <= PYTHON_MAX:
            first, last = (".".join(map(str, v)) for v in (PYTHON_MIN, PYTHON_MAX))
            die(f"Python {first} to {last} is needed")
        wanted = digest(self.lock.read_bytes(), sys.version, self.folder)
        mark = self.folder / "complete"
        if mark.exists() and mark.read_text() == wanted:
            return self
        with step(f"installing Python packages ({self.lock.name})"):
            # A new lock is installed over the old one, so that a server which runs
            # from this folder survives; another Python needs a new folder.
            version = output([self.python, "-c", "import sys; print(sys.version)"])
            if version.rstrip("\n") != sys.version:
                shutil.rmtree(self.folder, ignore_errors=True)
                self._create()
            # The lock is complete, "pip check" proves it. Were pip to look for
            # dependencies itself, a newer release of one that is asked for with an
            # extra would stop it: "must have their versions pinned".
            self.pip("install", "--require-hashes", "--no-deps", "-r", self.lock)
            self.pip("check")
            mark.write_text(wanted)
        return self

    def pip(self, command, *options):
        quiet = ["-q"] if command != "check" else []
        pip = [self.python, "-m", "pip", "--disable-pip-version-check"]
        return run([*pip, command, *quiet, *options], quiet=True)

    def _create(self):
        has_pip = importlib.util.find_spec("ensurepip")
        command = [sys.executable, "-m", "venv", self.folder]
        command += [] if has_pip else ["--without-pip"]
        made = subprocess.run(command, text=True, capture_output=True, check=False)
        if made.returncode:
            said = (made.stdout + made.stderr).strip()
            die(f"python -m venv failed (Debian: apt-get install python3-venv)\n{said}")
        if not has_pip:
            self._add_pip()

    def _add_pip(self):
        """Debian keeps pip out of its python3: take the wheel it packs for venv."""
        name = f"pip-{self.folder.name}"  # another environment may be made meanwhile
        home = DEV_DIR / name
        try:
            apt = PrivateApt(f"apt-{name}")
        except Unavailable as reason:
            die(f"{reason}, and this Python has no ensurepip (python3-venv on Debian)")
        apt.download(["python3-pip-whl"], home)
        unpack(home.glob("*.deb"), home)
        wheel = next(home.glob("usr/share/python-wheels/pip-*.whl"))
        run([self.python, wheel / "pip", "install", "-q", "--no-index", wheel])
        shutil.rmtree(home)
        apt.remove()

    def add_to_path(self, folder):
        """Make a folder importable by a .pth file: PYTHONPATH would leak into pip."""
        packages = next((self.folder / "lib").glob("python*/site-packages"))
        entry = packages / "odoo_home.pth"
        if not entry.exists() or entry.read_text() != f"{folder}\n":
            entry.write_text(f"{folder}\n")


def make_locks(options):
    """Write the lock files anew from the lists beside them."""
    uv = shutil.which("uv") or die("uv is needed for this: pip install uv")
    compile_all = [uv, "pip", "compile", "-q", "--universal", "--python-version"]
    compile_all += ["3.10", "--generate-hashes", "--no-annotate", "--no-header"]
    compile_all += ["--no-emit-index-url", "--no-emit-find-links"]
    compile_all += ["--only-binary", ":all:", *options]
    exceptions = {"lock": ["--no-binary", "docopt"], "pg": ["--no-deps"], "tools": []}
    for name, more in exceptions.items():
        files = [f"{name}.in", "-o", f"{name}.txt"]
        run([*compile_all, *more, *files], cwd=REQUIREMENTS)
        lock = REQUIREMENTS / f"{name}.txt"
        head = f"# Made by `python3 -m dev lock` from {name}.in: do not edit.\n"
        head += "--only-binary :all:\n"  # first, or pip forgets the exception
        head += "--no-binary docopt\n" if name == "lock" else ""
        lock.write_text(head + lock.read_text())
