"""Which PostgreSQL server a command uses."""

import os
import tempfile
import unittest
from pathlib import Path
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


class TestBrokenCluster(unittest.TestCase):
    """A real private server, in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)  # the server may be another user's
        self.server = PrivateServer()
        self.server.folder = self.server.elsewhere = self.folder
        self.server.bin = self.server.find_programs()
        self.server.find_place()
        self.addCleanup(self.server.stop)

    def test_is_put_aside(self):
        """What it holds is kept, and a new one answers in its place."""
        self.server._make_cluster()
        configuration = self.server.cluster / "postgresql.conf"
        configuration.write_text("no setting has this name\n")
        self.server._run_server()
        self.assertTrue(self.server._answers())
        (aside,) = self.folder.glob("data-broken-*")
        kept = (aside / "postgresql.conf").read_text()
        self.assertEqual(kept, "no setting has this name\n")
        self.assertTrue((aside / "base").is_dir())

    def test_a_sound_one_stays(self):
        self.server._run_server()
        self.server.stop()
        self.server._run_server()
        self.assertTrue(self.server._answers())
        self.assertFalse([*self.folder.glob("data-broken-*")])

    def test_one_that_recovers_slowly_is_waited_for(self):
        """It listens, refuses for some seconds, and keeps its place and its data."""
        self.server._make_cluster()
        (self.server.cluster / "recovery.signal").touch()
        os.chown(self.server.cluster / "recovery.signal", *self.owner())
        with open(self.server.cluster / "postgresql.conf", "a") as configuration:
            configuration.write("hot_standby = off\n")
            configuration.write("restore_command = 'sleep 2; false'\n")
        before = (self.server.cluster / "global/pg_control").stat().st_ino
        with patch("dev.postgres.SOON", 1):
            self.server._run_server()
        self.assertTrue(self.server._answers())
        self.assertEqual(
            (self.server.cluster / "global/pg_control").stat().st_ino, before
        )
        self.assertFalse([*self.folder.glob("data-broken-*")])
        log = (self.folder / "log").read_text()
        self.assertIn("database system is ready to accept connections", log)

    def owner(self):
        found = self.server.cluster.stat()
        return found.st_uid, found.st_gid
