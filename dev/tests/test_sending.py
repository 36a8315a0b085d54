"""Sending survives: a process killed at the worst moments, workers at once, a stop."""

import subprocess
import unittest

from dev import testing


class TestSending(unittest.TestCase):
    """A small `make sending`: the trials of `benchmarks.sending`, 8 buyers each."""

    def test_every_buyer_gets_one_right_letter(self):
        done = testing.on_new_database(
            "sending", [], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.assertIn("Every buyer got one right letter.", done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
