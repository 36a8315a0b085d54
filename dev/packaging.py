"""What is shipped: a wheel for pip and a zip to unpack into an add-ons folder."""

import os
import shutil
import subprocess
import zipfile

from .console import die, say
from .database import manifest
from .environment import Environment
from .files import addon_files, locked
from .settings import ADDON, ADDON_DIR, DEV_DIR, ROOT
from .virtualenv import VirtualEnvironment

DIST = ROOT / "dist"
SOURCES = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "COPYING")

# Odoo must find the installed wheel by itself, at the place where it is.
FOUND_BY_ODOO = """
import sys
from pathlib import Path
import odoo.modules.module
odoo.modules.module.initialize_sys_path()
manifest = odoo.modules.module.Manifest.for_addon(sys.argv[1])
sys.exit(not (manifest and Path(sys.argv[2]) in Path(manifest.path).parents))
"""


def wheel():
    """Build the wheel into dist/ and check that it installs all of the add-on."""
    with locked():
        tools = VirtualEnvironment("tools", "tools.txt").ensure()
    stage, built = DEV_DIR / "wheel-source", DEV_DIR / "wheel-built"
    for folder in (stage, built):
        shutil.rmtree(folder, ignore_errors=True)
    stage.mkdir(parents=True)
    for name in SOURCES:
        shutil.copy(ROOT / name, stage)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ADDON_DIR, stage / ADDON, ignore=ignored)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "-w", built]
    tools.pip("wheel", *options, stage)
    check(next(built.glob("*.whl")))
    DIST.mkdir(exist_ok=True)
    for file in built.glob("*.whl"):
        shutil.copy(file, DIST)
        say(f"dist/{file.name}: all of the add-on is in it, and Odoo finds it")
    shutil.rmtree(stage)
    shutil.rmtree(built)


def check(file):
    """Install a wheel into a scratch folder and compare it with the checkout."""
    environment = Environment()
    scratch = DEV_DIR / "wheel-installed"
    shutil.rmtree(scratch, ignore_errors=True)
    options = ["--no-deps", "--no-index", "--target", scratch]
    environment.venv.pip("install", *options, file)
    installed = scratch / "odoo/addons" / ADDON
    missing = set(addon_files(ADDON_DIR)) - set(addon_files(installed))
    if missing:
        names = ", ".join(sorted(map(str, missing)))
        die(f"{file.name} lacks {names}")
    others = [path.name for path in scratch.iterdir() if path.suffix != ".dist-info"]
    if others != ["odoo"]:
        die(f"{file.name} installs more than odoo/: {', '.join(others)}")
    command = environment.python_command("-c", FOUND_BY_ODOO, ADDON, scratch)
    path = {**os.environ, "PYTHONPATH": str(scratch)}
    if subprocess.run(command, env=path, cwd=DEV_DIR, check=False).returncode:
        die(f"{file.name}: Odoo does not find the add-on where pip put it")
    shutil.rmtree(scratch)


def make_zip():
    """Pack the add-on's folder for a manual installation."""
    DIST.mkdir(exist_ok=True)
    target = DIST / f"{ADDON}-{manifest()['version']}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in addon_files(ADDON_DIR):
            archive.write(ADDON_DIR / name, f"{ADDON}/{name}")
        archive.write(ROOT / "LICENSE", f"{ADDON}/LICENSE")
    say(f"dist/{target.name}: unpack it into a folder of Odoo's addons_path")
