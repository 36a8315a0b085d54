"""What fails around Odoo: mail servers, the disk; and a test copy that keeps quiet."""

import subprocess
import unittest

from dev import testing


class TestFaults(unittest.TestCase):
    """`make faults` without its kills: PostgreSQL has other tests to serve here."""

    def test_nothing_is_half_done(self):
        only = ["--only", "mail server", "disk", "neutralised"]
        done = testing.on_new_database(
            "faults", only, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.assertIn("Nothing was half done, and nothing twice.", done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
