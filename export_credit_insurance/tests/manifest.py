"""What the manifest of each add-on of this project is held to."""

import re
from pathlib import Path

from odoo.modules.module import Manifest
from odoo.tests.loader import get_test_modules

LOADED_FOLDERS = ("security", "data", "views", "report", "wizard")


class ManifestChecks:
    """The manifest, the files on disk and what Odoo's test loader sees agree.

    Mixed into a test case; ``addon`` is the add-on's name.
    """

    addon = None
    allow_inherited_tests_method = True  # or Odoo's runner skips those of this class

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manifest = Manifest.for_addon(cls.addon)
        cls.folder = Path(cls.manifest.path)

    def files_in(self, folder, *suffixes):
        """Data files below a folder, as the manifest names them."""
        return {
            path.relative_to(self.folder).as_posix()
            for path in (self.folder / folder).rglob("*")
            if path.suffix in suffixes
        }

    def test_identity(self):
        self.assertRegex(self.manifest["version"], r"^19\.0(\.\d+){3}$")
        self.assertEqual(self.manifest["license"], "LGPL-3")
        # The Apps store refuses longer names.
        self.assertLessEqual(len(self.manifest["name"]), 25)
        for key in ("author", "summary", "category"):
            self.assertTrue(self.manifest[key], key)

    def test_depends_on_community_modules_only(self):
        for name in self.manifest["depends"]:
            self.assertTrue(Manifest.for_addon(name), name)

    def test_listed_files_exist(self):
        listed = self.manifest["data"] + self.manifest["demo"]
        missing = [name for name in listed if not (self.folder / name).is_file()]
        self.assertFalse(missing)

    def test_files_are_listed_once(self):
        listed = self.manifest["data"] + self.manifest["demo"]
        twice = {name for name in listed if listed.count(name) > 1}
        self.assertFalse(twice)

    def test_data_files_are_loaded(self):
        """Every XML and CSV file of a loaded folder is in the manifest's data.

        Or, like a published table that is imported, named by a file that is.
        """
        listed = self.manifest["data"]
        named = "".join((self.folder / name).read_text() for name in listed)
        for folder in LOADED_FOLDERS:
            others = self.files_in(folder, ".xml", ".csv") - set(listed)
            forgotten = {name for name in others if Path(name).name not in named}
            self.assertFalse(forgotten, folder)

    def test_demo_files_are_loaded(self):
        found = self.files_in("demo", ".xml", ".csv")
        tables = {name for name in found if name.startswith("demo/tables/")}
        self.assertFalse(found - tables - set(self.manifest["demo"]))
        loaders = [*self.folder.glob("demo/*.xml"), *self.folder.glob("demo/*.py")]
        text = "".join(path.read_text() for path in loaders)
        for name in tables:
            with self.subTest(table=name):
                table = name.removeprefix("demo/tables/").removesuffix(".csv")
                self.assertRegex(text, rf"[>\"]{re.escape(table)}[<\"]")

    def test_hooks_exist(self):
        package = __import__(f"odoo.addons.{self.addon}", fromlist=["*"])
        for key in ("pre_init_hook", "post_init_hook", "uninstall_hook"):
            name = self.manifest.get(key)
            self.assertTrue(not name or callable(getattr(package, name, None)), key)

    def test_loader_sees_every_test(self):
        """A file of tests that nobody imports would never run under Odoo's runner.

        Nor would one whose name another room uses too: the later import hides it.
        """
        tests = self.folder / "tests"
        on_disk = {
            ".".join(path.relative_to(tests).with_suffix("").parts)
            for path in tests.rglob("test_*.py")
        }
        prefix = f"odoo.addons.{self.addon}.tests."
        seen = {
            module.__name__.removeprefix(prefix)
            for module in get_test_modules(self.addon)
            if module.__name__.startswith(prefix)
        }
        self.assertEqual(on_disk, seen)

    def test_rooms_are_packages(self):
        """A folder of tests or models without an __init__.py is not shipped."""
        for name in ("models", "tests"):
            top = self.folder / name
            folders = {path.parent for path in top.rglob("*.py")}
            lacking = [
                folder.relative_to(self.folder).as_posix()
                for folder in folders
                if not (folder / "__init__.py").exists()
            ]
            self.assertFalse(lacking)

    def test_no_address_of_a_machine(self):
        """Sources name no folder of a developer's machine."""
        pattern = re.compile(r"/(home|root|work|Users)/\w+")
        for path in self.folder.rglob("*.py"):
            if path != Path(__file__):
                self.assertNotRegex(path.read_text(), pattern, path.name)
