"""Which PostgreSQL server a command uses."""

import os
import unittest
from unittest.mock import patch

from dev.postgres import ForeignServer, PrivateServer, get_server


class TestServers(unittest.TestCase):
    def server(self, host):
        with patch.dict(os.environ, {"PGHOST": host}):
            return get_server()

    def test_a_server_that_the_user_names(self):
        self.assertIsInstance(self.server("/elsewhere"), ForeignServer)

    def test_nobody_names_one(self):
        self.assertIsInstance(self.server(""), PrivateServer)

    def test_a_command_within_a_command(self):
        """It has the databases, files and configuration of the one that started it."""
        within = self.server(str(PrivateServer().sockets))
        self.assertIsInstance(within, PrivateServer)
        self.assertEqual(within.data_dir, PrivateServer.data_dir)
