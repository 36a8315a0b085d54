"""Saying what is being done, running programs, stopping with a clear line."""

import contextlib
import subprocess
import sys
import time
from typing import NoReturn


class Unavailable(Exception):
    """Something that this machine or its package sources do not have."""


def say(text):
    print(f"dev: {text}", file=sys.stderr, flush=True)


def die(text, code=1) -> NoReturn:
    say(text)
    sys.exit(code)


@contextlib.contextmanager
def step(text):
    """Print what is being done and, when it is done, how long it took."""
    say(f"{text} ...")
    start = time.monotonic()
    yield
    say(f"{text}: {time.monotonic() - start:.1f} s")


def run(command, *, quiet=False, **options):
    """Run a program and return what it said; stop all if it fails.

    :param quiet: show its output only if it fails
    """
    command = [str(part) for part in command]
    if quiet:
        options.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done = subprocess.run(command, text=True, check=False, **options)
    if done.returncode:
        if quiet:
            sys.stderr.write(done.stdout[-6000:])
        die(f"failed ({done.returncode}): {' '.join(command)[:300]}")
    return done.stdout


def output(command):
    """What a program prints, or "" if it cannot be started."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ).stdout
    except OSError:
        return ""
