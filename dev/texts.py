"""The texts of the add-ons, for those who translate: i18n/*.pot anew, *.po up to it."""

import shutil
import tempfile
from pathlib import Path

from .console import run, say
from .programs import BIN
from .recipes import MAIN, STOCK, addon_dir
from .settings import ADDON, BRIDGE, COMPLETE_LANGUAGES


def export_all(environment):
    """Export each shipped add-on's texts, where nothing else of ours changes them.

    Each into the languages that it has, the complete ones in any case.
    """
    for addon, recipe in ((ADDON, MAIN), (BRIDGE, STOCK)):
        files = (addon_dir(addon) / "i18n").glob("*.po")
        languages = {file.stem for file in files} | set(COMPLETE_LANGUAGES)
        Export(environment, addon, recipe).run(sorted(languages))


class Export:
    """The export of one add-on from a new database, which loads its translations."""

    def __init__(self, environment, addon, recipe):
        self.environment = environment
        self.addon = addon
        self.recipe = recipe
        self.database = environment.databases.name("i18n")
        self.folder = addon_dir(addon) / "i18n"

    def run(self, languages):
        databases = self.environment.databases
        databases.make(self.database, demo=False, recipe=self.recipe)
        self._odoo("loadlang", "-l", *languages)
        with tempfile.TemporaryDirectory(prefix="i18n-") as folder:
            # Beside the files that are there: Odoo empties a file before it exports,
            # and takes the texts of the code from it.
            self._export("pot", Path(folder, f"{self.addon}.pot"))
            for language in languages:
                self._export(language, Path(folder, f"{language}.po"))
        databases.drop(self.database)

    def _export(self, language, file):
        self._odoo("export", self.addon, "-l", language, "-o", file)
        if not file.exists() or 'msgid "' not in file.read_text():
            say(f"{self.addon} has no texts yet: no {file.name}")
            return
        final = self.folder / file.name
        if language != "pot":
            python = self.environment.python_command
            run(python("-m", "dev.translations", final, file))
        self.folder.mkdir(exist_ok=True)
        shutil.copyfile(file, final)

    def _odoo(self, command, *options):
        odoo = self.environment.python_command(BIN / "odoo", "i18n", command)
        where = ("-c", self.environment.configuration, "-d", self.database)
        run([*odoo, *where, *options])
