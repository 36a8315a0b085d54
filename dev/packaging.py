"""What is shipped: a wheel for pip and a zip to unpack into an add-ons folder."""

import os
import shutil
import subprocess
import zipfile

from .console import die, say
from .environment import Environment
from .files import addon_files, locked
from .recipes import addon_dir, manifest
from .settings import ADDON, DEV_DIR, ROOT, SHIPPED
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
    """Build the wheel into dist/ and check that it installs all of the add-ons."""
    with locked():
        tools = VirtualEnvironment("tools", "tools.txt").ensure()
    stage, built = DEV_DIR / "wheel-source", DEV_DIR / "wheel-built"
    for folder in (stage, built):
        shutil.rmtree(folder, ignore_errors=True)
    stage.mkdir(parents=True)
    for name in SOURCES:
        shutil.copy(ROOT / name, stage)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for addon in SHIPPED:
        shutil.copytree(addon_dir(addon), stage / addon, ignore=ignored)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "-w", built]
    tools.pip("wheel", *options, stage)
    check(next(built.glob("*.whl")))
    DIST.mkdir(exist_ok=True)
    for file in built.glob("*.whl"):
        shutil.copy(file, DIST)
        say(f"dist/{file.name}: all of both add-ons is in it, and Odoo finds them")
    shutil.rmtree(stage)
    shutil.rmtree(built)


def check(file):
    """Install a wheel into a scratch folder and compare it with the checkout."""
    environment = Environment()
    scratch = DEV_DIR / "wheel-installed"
    shutil.rmtree(scratch, ignore_errors=True)
    options = ["--no-deps", "--no-index", "--target", scratch]
    environment.venv.pip("install", *options, file)
    for addon in SHIPPED:
        check_addon(environment, file.name, addon, scratch)
    installed = (*scratch.glob("*"), *scratch.glob("odoo/*"))
    installed += tuple(scratch.glob("odoo/addons/*"))
    others = {path.name for path in installed if path.suffix != ".dist-info"}
    others -= {"odoo", "addons", *SHIPPED}
    if others:
        die(f"{file.name} installs more than the add-ons: {', '.join(sorted(others))}")
    shutil.rmtree(scratch)


def check_addon(environment, wheel_name, addon, scratch):
    """All of an add-on is in the wheel, and Odoo finds it where pip put it."""
    installed = scratch / "odoo/addons" / addon
    missing = set(addon_files(addon_dir(addon))) - set(addon_files(installed))
    if missing:
        names = ", ".join(sorted(map(str, missing)))
        die(f"{wheel_name} lacks {names} of {addon}")
    command = environment.python_command("-c", FOUND_BY_ODOO, addon, scratch)
    path = {**os.environ, "PYTHONPATH": str(scratch)}
    if subprocess.run(command, env=path, cwd=DEV_DIR, check=False).returncode:
        die(f"{wheel_name}: Odoo does not find {addon} where pip put it")


def make_zip():
    """Pack the add-ons' folders for a manual installation."""
    DIST.mkdir(exist_ok=True)
    target = DIST / f"{ADDON}-{manifest()['version']}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for addon in SHIPPED:
            folder = addon_dir(addon)
            for name in addon_files(folder):
                archive.write(folder / name, f"{addon}/{name}")
            archive.write(ROOT / "LICENSE", f"{addon}/LICENSE")
    say(f"dist/{target.name}: unpack it into a folder of Odoo's addons_path")
