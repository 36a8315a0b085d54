"""What the commands take and what they leave to others."""

import contextlib
import io
import re
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from dev import commands, testing, whole_suite
from dev.__main__ import usage
from dev.files import addon_digest, addon_files, discard
from dev.recipes import DOORS, MAIN, STOCK
from dev.settings import ROOT


class TestCommands(unittest.TestCase):
    def test_options_of_others_keep_their_order(self):
        given = ["-k", "exposure or limit", "--reuse", "-x", "--maxfail=2"]
        own, others = commands.options_of(
            commands.cmd_test, given, reuse="", port=(int, "")
        )
        self.assertEqual(own, {"reuse": True, "port": None})
        self.assertEqual(others, ["-k", "exposure or limit", "-x", "--maxfail=2"])

    def test_every_command_is_explained(self):
        text = usage(commands.COMMANDS)
        for name in commands.COMMANDS:
            self.assertIn(f"  {name} ", text)

    def test_every_target_of_make_is_a_command(self):
        makefile = (ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([\w-]+):$", makefile, re.MULTILINE))
        self.assertLess({"demo", "test", "lint", "bench"}, targets)
        self.assertLessEqual(targets - {"help"}, set(commands.COMMANDS))

    def test_what_is_removed_is_said(self):
        with TemporaryDirectory() as place:
            folder = Path(place, ".dev")
            (folder / "data").mkdir(parents=True)
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                discard(folder)
            self.assertFalse(folder.exists())
            self.assertEqual(said.getvalue(), f"dev: removed {folder}\n")

    def test_paths_of_tests_are_recognised(self):
        self.assertTrue(testing.paths_in(["-x", "dev/tests/test_commands.py::A"]))
        self.assertFalse(testing.paths_in(["-k", "exposure"]))

    def test_paths_of_tests_choose_the_database(self):
        main = "export_credit_insurance/tests/test_manifest.py::TestManifest"
        bridge = "export_credit_insurance_stock/tests"
        doors = "dev/addons/export_credit_insurance_doors/tests"
        for paths, parts in {
            (main,): [testing.ALONE],
            ("dev/tests",): [testing.ALONE],
            (bridge,): [testing.DOORS_PART],
            (doors, bridge): [testing.DOORS_PART],
            (bridge, main): list(testing.PARTS),
            (): [testing.ALONE],
        }.items():
            self.assertEqual(testing.parts_named(["-k", "gate", *paths]), parts)
        options = ["-k", "gate", bridge, main]
        own = testing.options_for(testing.DOORS_PART, options)
        self.assertEqual(own, ["-k", "gate", bridge])

    def test_every_suite_exists(self):
        for part in testing.PARTS:
            for suite in part.suites:
                self.assertTrue((ROOT / suite).is_dir(), suite)

    def test_every_test_is_in_one_share_of_the_whole(self):
        shares = whole_suite.shares_of(testing.ALONE, testing.DOORS_PART)
        suites = [ROOT / suite for share in shares for suite in share.suites]
        folders = {ROOT / suite for part in testing.PARTS for suite in part.suites}
        files = {file for folder in folders for file in folder.rglob("test_*.py")}
        self.assertGreater(len(files), 200)
        for file in files:
            homes = [suite for suite in suites if suite in (file, *file.parents)]
            self.assertEqual(len(homes), 1, file)

    def test_a_share_that_fails_is_named(self):
        names = ("test_good", "test_bad", "test_stopped", "test_last")
        shares = [whole_suite.Share(name, None, ()) for name in names]

        def run(share, log):
            log.write(f"here is {share.name}\n")
            if share.name == "test_stopped":
                sys.exit("no database")
            return int(share.name == "test_bad")

        with contextlib.redirect_stdout(io.StringIO()) as said:
            failed = whole_suite.run_shares(shares, run, lanes=1)
        self.assertEqual(failed, ["test_bad", "test_stopped"])
        for share in shares:
            self.assertIn(f"here is {share.name}\n", said.getvalue())
            share.log.unlink()


class TestRecipes(unittest.TestCase):
    def test_a_template_holds_what_add_ons_need_and_none_of_them(self):
        for recipe in (MAIN, STOCK, DOORS):
            self.assertTrue({"account", "sale"} <= set(recipe.modules))
            self.assertFalse(set(recipe.addons) & set(recipe.modules))
        self.assertNotIn("sale_stock", MAIN.modules)
        self.assertIn("sale_stock", STOCK.modules)
        self.assertTrue(set(STOCK.modules) < set(DOORS.modules))

    def test_digest_stands_for_all_add_ons(self):
        found = {recipe.digest for recipe in (MAIN, STOCK, DOORS)}
        self.assertEqual(len(found), 3)


class TestAddonFiles(unittest.TestCase):
    def test_digest_ignores_tests_and_caches(self):
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "models").mkdir()
            (folder / "models/a.py").write_text("A = 1\n")
            before = addon_digest(folder)
            for ignored in ("tests", "__pycache__"):
                (folder / ignored).mkdir()
                (folder / ignored / "b.py").write_text("B = 1\n")
            (folder / ".gitkeep").touch()
            self.assertEqual(addon_digest(folder), before)
            found = [str(path) for path in addon_files(folder)]
            self.assertEqual(found, ["models/a.py", "tests/b.py"])
            (folder / "models/a.py").write_text("A = 2\n")
            self.assertNotEqual(addon_digest(folder), before)
