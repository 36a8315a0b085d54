"""Hashes that tell whether something is up to date, locks, finished folders."""

import contextlib
import fcntl
import hashlib
import shutil

from .console import die, say
from .settings import DEV_DIR


@contextlib.contextmanager
def locked(what="lock"):
    """Let only one command at a time change what lies in the development folder.

    :param what: a lock of its own, for what is changed while others go on
    """
    try:
        DEV_DIR.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        die(f"DEV_DIR={DEV_DIR}: the folder cannot be made ({reason.strerror})")
    with open(DEV_DIR / what, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(*parts):
    """Twelve hexadecimal digits that stand for the given bytes, texts or values."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()[:12]


def file_sha256(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def addon_files(folder):
    """All files of an add-on as they would be shipped, relative to its folder."""
    return sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def addon_digest(folder):
    """Stands for what a database would have to be updated for: all but the tests."""
    return digest(
        *(
            part
            for path in addon_files(folder)
            if path.parts[0] != "tests"
            for part in (path, (folder / path).read_bytes())
        )
    )


def swap_in(finished, final):
    """Put a finished folder in its place: a half-made one is never used."""
    if final.exists():
        shutil.rmtree(final)
    finished.rename(final)


def discard(folder):
    """Remove a folder as far as it may be, and say so."""
    shutil.rmtree(folder, ignore_errors=True)
    say(f"{'some is left of' if folder.exists() else 'removed'} {folder}")
