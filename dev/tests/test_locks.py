"""The lock files: complete, hashed, and free of any registry's address."""

import re
import unittest

from dev.settings import REQUIREMENTS

LOCKS = ("lock.txt", "tools.txt", "pg.txt")


def requirements(lock):
    """[(package name, hashes)] of a lock file.

    A name stands there twice where one version does not serve every Python.
    """
    text = (REQUIREMENTS / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and line[0] not in "#-"]
    return [
        (line.split("==")[0], re.findall(r"--hash=sha256:\w{64}", line))
        for line in lines
    ]


class TestLocks(unittest.TestCase):
    def test_every_package_is_pinned_with_hashes(self):
        for lock in LOCKS:
            for name, hashes in requirements(lock):
                self.assertRegex(name, r"^[\w.-]+$", lock)
                self.assertTrue(hashes, f"{lock}: {name}")

    def test_every_wanted_package_is_locked(self):
        wanted = {"lock.txt": ("lock.in", "odoo.in"), "tools.txt": ("tools.in",)}
        for lock, lists in wanted.items():
            locked = dict(requirements(lock))
            for name in lists:
                text = (REQUIREMENTS / name).read_text()
                for package in re.findall(r"^[\w-]+", text, re.M):
                    if not package.startswith("-"):
                        self.assertIn(package, locked, name)

    def test_no_address(self):
        for path in REQUIREMENTS.iterdir():
            self.assertNotRegex(path.read_text(), r"https?://|index-url", path.name)

    def test_exception_to_wheels_comes_last(self):
        """pip forgets --no-binary where --only-binary follows."""
        lines = (REQUIREMENTS / "lock.txt").read_text().splitlines()
        only, exception = "--only-binary :all:", "--no-binary docopt"
        self.assertLess(lines.index(only), lines.index(exception))
