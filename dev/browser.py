"""Chromium, for browser tours and screenshots."""

import shutil

from .apt import unpack_with_dependencies
from .console import Unavailable, die, say, step
from .programs import BIN, write_wrapper
from .settings import DEV_DIR, STRICT

# The names that Odoo looks for on PATH; it has no option for it.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure_browser():
    """The machine's browser, or Debian's, unpacked in our folder (not installed)."""
    ours = BIN / "chromium"
    if ours.exists() or any(shutil.which(name) for name in NAMES):
        return
    home = DEV_DIR / "chromium"
    try:
        with step("fetching Debian's chromium"):
            unpack_with_dependencies(["chromium"], home)
    except Unavailable as reason:
        complain = die if STRICT else say
        complain(f"no Chromium ({reason}): browser tests are skipped")
        return
    write_wrapper(ours, home / "usr/lib/chromium/chromium", home)
