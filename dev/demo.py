"""The demo: Odoo with the add-ons and demo data, served on this machine."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.request

from .console import die, say, step
from .environment import Environment
from .files import locked
from .recipes import STOCK
from .settings import DEFAULT_PORT, DEV_DIR

# "ADDRESS PROCESS" of the demo that was started last in this checkout.
RUNNING = DEV_DIR / "demo-running"

# Odoo's scheduler of reordering rules writes a rule that it has just written in another
# transaction, and fails with a traceback on Odoo's own demo data.
NO_SCHEDULER = """
update ir_cron set active = false from ir_model_data as name
 where name.module = 'stock' and name.name = 'ir_cron_scheduler_action'
   and name.res_id = ir_cron.id
"""


# Papers are drawn with the styles that they fetch from there.
ADDRESS = """
update ir_config_parameter set value = 'http://localhost:{port}'
 where key = 'web.base.url' and value like 'http://localhost:%'
"""


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_port(port):
    """The first free port from this one on."""
    return next(number for number in range(port, 65536) if is_free(number))


def choose_port(wanted):
    """The port that was asked for, or 8069 or, said aloud, the next free one."""
    if wanted:
        if not is_free(wanted):
            other = free_port(wanted + 1)
            die(f"port {wanted} is in use by another program; --port {other} is free")
        return wanted
    port = free_port(DEFAULT_PORT)
    if port != DEFAULT_PORT:
        say(f"port {DEFAULT_PORT} is in use by another program: taking {port}")
    return port


def prepare(environment, fresh=False):
    """Have a demo database with the add-ons as they are now; return its name."""
    with locked("lock-demo"):  # one that is being made is not made once more
        return _prepare(environment.databases, fresh)


def _prepare(databases, fresh):
    database = databases.name("demo")
    if fresh or not databases.is_finished(database, True, STOCK):
        databases.make(database, True, STOCK)
        databases.query(NO_SCHEDULER, database)
    elif not databases.is_current(database, True, STOCK):
        databases.update(database, True, STOCK)
    return database


def serve_command(environment, database, port, *options):
    where = ["--http-port", port, "--gevent-port", free_port(port + 1)]
    which = ["-d", database, "--db-filter", f"^{database}$", "--max-cron-threads", 1]
    return environment.odoo_command(*which, *where, *options)


def serve(port=None, fresh=False, options=()):
    """Become the demo's server."""
    if port:
        choose_port(port)  # before minutes of work
    environment = Environment()
    database = prepare(environment, fresh)
    port = choose_port(port)
    environment.databases.query(ADDRESS.format(port=port), database)
    say(f"http://localhost:{port}  login admin, password admin  (Ctrl-C stops it)")
    RUNNING.write_text(f"http://127.0.0.1:{port} {os.getpid()}\n")
    command = serve_command(environment, database, port, *options)
    os.execv(command[0], command)


def running_url():
    """The address of this checkout's demo, or None."""
    with contextlib.suppress(OSError, ValueError):
        url, process = RUNNING.read_text().split()
        os.kill(int(process), 0)
        if answers(url):
            return url
    return None


def answers(url):
    try:
        with urllib.request.urlopen(f"{url}/web/login", timeout=60) as page:
            return page.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def demo_url(environment):
    """The address of a demo: the one that runs, else one started for the while."""
    url = running_url()
    if url:
        yield url
        return
    database = prepare(environment)
    port = free_port(DEFAULT_PORT)
    environment.databases.query(ADDRESS.format(port=port), database)
    log = DEV_DIR / "demo.log"
    with open(log, "w") as file:
        server = subprocess.Popen(
            serve_command(environment, database, port),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        with step("starting the demo"):
            deadline = time.monotonic() + 120
            while not answers(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    die(f"the demo does not start; its log: {log}")
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(30)
