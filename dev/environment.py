"""Everything a command needs, found, fetched or built."""

import os

from .browser import ensure_browser
from .database import Databases
from .files import locked
from .odoo_source import get_odoo
from .postgres import get_server
from .programs import BIN, FONTS, ensure_programs
from .settings import DEV_DIR, ROOT, TEST_ADDONS
from .virtualenv import VirtualEnvironment

CONFIGURATION = """\
[options]
addons_path = {addons}
data_dir = {data}
http_interface = 127.0.0.1
list_db = False
"""


class Environment:
    """Odoo, its Python packages, a running PostgreSQL and the programs on PATH."""

    def __init__(self, browser=False):
        """
        :param browser: a Chromium is needed too
        """
        with locked():
            self.odoo = get_odoo()
            self.venv = VirtualEnvironment("venv", "lock.txt").ensure()
            self.venv.add_to_path(self.odoo.python_path)
            self.server = get_server()
            self.server.start(self.venv)
            ensure_programs(self.odoo, self.venv)
            if browser:
                ensure_browser()
        os.environ["PATH"] = f"{BIN}:{self.venv.bin}:{os.environ['PATH']}"
        os.environ["FONTCONFIG_FILE"] = str(FONTS)
        self.configuration = DEV_DIR / "odoo.conf"
        folders = (*self.odoo.addons, ROOT, TEST_ADDONS)
        addons = ",".join(str(folder) for folder in folders)
        settings = {"addons": addons, "data": self.server.data_dir}
        self._configure(CONFIGURATION.format(**settings))
        self.databases = Databases(self)

    def _configure(self, text):
        """Write the configuration, unless others may be reading this very one."""
        if not self.configuration.exists() or self.configuration.read_text() != text:
            self.configuration.write_text(text)

    def odoo_command(self, *options, command="server"):
        """The command line that starts Odoo."""
        start = [self.venv.python, BIN / "odoo", command, "-c", self.configuration]
        return [str(part) for part in (*start, *options)]

    def python_command(self, *options):
        return [str(part) for part in (self.venv.python, *options)]
