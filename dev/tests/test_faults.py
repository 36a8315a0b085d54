"""What fails around Odoo: mail servers, the disk; and a test copy that keeps quiet."""

import subprocess
import unittest

from dev import testing


class TestFaults(unittest.TestCase):
    """`make faults` without its kills: PostgreSQL has other tests to serve here."""

    def test_nothing_is_half_done(self):
        """Played are four of mail servers, two of the disk, and the copy."""
        done = self.play("mail server", "disk full while", "neutralised")
        said = "7 faults played. Nothing was half done, and nothing twice."
        self.assertIn(said, done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_nothing_was_played(self):
        """A fault that is called otherwise now is no success."""
        done = self.play("no fault has this name")
        self.assertIn("No fault was played", done.stdout)
        self.assertEqual(done.returncode, 1, done.stdout)

    def play(self, *only):
        return testing.on_new_database(
            "faults",
            ["--only", *only],
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
