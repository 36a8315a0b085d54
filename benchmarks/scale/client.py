"""An Odoo server with several workers, and what a browser asks of it."""

import http.cookiejar
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from .. import databases

# Seconds after which the server is taken to hang.
PATIENCE = 120


class Server:
    """A real Odoo server in processes of its own."""

    def __init__(self, database, port, workers, replica_port=None):
        self.url = f"http://127.0.0.1:{port}"
        self.database = database
        command = [sys.executable, "-c", "import odoo.cli; odoo.cli.main()", "server"]
        command += ["-c", databases.configuration(), "-d", database]
        command += [f"--db-filter=^{database}$", f"--http-port={port}"]
        command += [f"--gevent-port={port + 1}", f"--workers={workers}"]
        command += ["--max-cron-threads=0", "--log-level=warn"]
        command += ["--limit-memory-soft=0", "--limit-memory-hard=0"]
        if replica_port:
            command += [f"--db_replica_port={replica_port}"]
            command += [f"--db_replica_host={databases.os.environ['PGHOST']}"]
        self.command = command
        self.log = tempfile.TemporaryFile()  # a pipe that nobody reads would fill up

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command,
            cwd=databases.ROOT,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).read()
                return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise SystemExit("The server does not answer.")

    def __exit__(self, *_error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=PATIENCE)
        self.log.close()


class Failed(Exception):
    """The server answered by an error."""


class Client:
    """A session of one user."""

    def __init__(self, server, login, password):
        self.url = server.url
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar)
        )
        self._post(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": password},
        )

    def call(self, model, method, *args, **kwargs):
        """Call a public method as the web client does.

        :raise Failed: with the server's text, if it answers by an error
        """
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _post(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=PATIENCE) as answer:
            said = json.load(answer)
        if "error" in said:
            raise Failed(said["error"]["data"]["message"] or said["error"]["message"])
        return said["result"]
