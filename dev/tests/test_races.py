"""Nobody gets past the gate by being quick: real processes on the same credit."""

import re
import subprocess
import unittest

from dev import testing


class TestRaces(unittest.TestCase):
    """A small `make races`: two companies that share the limits of their buyers."""

    def race(self, *options):
        """Return what a race has printed, once it has found nothing wrong."""
        done = testing.run_races(
            options, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.assertIn("Nothing has passed unallowed.", done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_orders(self):
        """Hundreds of requests: with checks, and everything at once."""
        said = self.race("--seconds", "10", "--processes", "4", "--least", "120")
        requests = {
            title: int(number)
            for title, number in re.findall(r"^(.+): (\d+) requests in", said, re.M)
        }
        self.assertGreaterEqual(requests["with checks"], 120, said)
        self.assertGreaterEqual(requests["everything at once"], 120, said)
        # else nobody had to give way, and nothing was proved
        self.assertIn("refused", said)

    def test_deliveries(self):
        """Of each pair that only together exceeds the limit, one is done."""
        said = self.race("--deliveries", "20")
        self.assertIn("20 pairs of deliveries", said)
        self.assertRegex(said, r" 20  done and refused")
