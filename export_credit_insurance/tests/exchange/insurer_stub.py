"""An insurer's service on the loopback, over real sockets: for tests alone.

Token for a key, question, job, answer, as ``credit.insurance.provider.jobs`` expects
them. It recognises an idempotency key it has seen. What is to go wrong is planned.
"""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

KEY = "key-very-secret-4711"


class Seen(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    headers: dict
    body: dict


class Fault(NamedTuple):
    """How the next request of a path is answered instead.

    :param delay: seconds of silence before
    """

    status: int = 200
    headers: dict = {}
    body: bytes = b"{}"
    delay: float = 0.0


class InsurerStub:
    """A server in a thread of its own, as a context manager."""

    def __init__(self):
        self.seen, self.jobs, self.keys = [], {}, {}
        self.tokens, self.faults = set(), {}
        self.token_life = 3600
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                """Say nothing."""

            def do_GET(self):
                stub._serve(self, "GET")

            def do_POST(self):
                stub._serve(self, "POST")

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()

    def plan(self, path, *faults):
        """Answer the next requests of a path so, each in turn."""
        self.faults.setdefault(path, []).extend(faults)

    def decide(self, job, **result):
        """Let a job end with a decision."""
        self.jobs[job] = {"jobId": job, "status": "done", "result": result}

    def asked(self, path):
        """What arrived at a path, in order."""
        return [each for each in self.seen if each.path == path]

    def _serve(self, handler, method):
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        path = handler.path.removeprefix("/v1")
        body = json.loads(raw) if raw else {}
        self.seen.append(Seen(method, path, dict(handler.headers), body))
        if self.faults.get(path):
            fault = self.faults[path].pop(0)
            time.sleep(fault.delay)
            self._send(handler, fault.status, fault.body, fault.headers)
            return
        status, answer = self._answer(method, path, handler.headers, body)
        self._send(handler, status, json.dumps(answer).encode(), {})

    def _send(self, handler, status, content, headers):
        with contextlib.suppress(OSError):  # the client did not wait
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

    def _answer(self, method, path, headers, body):
        if path == "/oauth2/token":
            if body.get("apiKey") != KEY:
                return 401, {}
            token = f"token-{len(self.seen)}"
            self.tokens.add(token)
            return 200, {"access_token": token, "expires_in": self.token_life}
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, {}
        if method == "POST":
            key = headers["Idempotency-Key"]
            if key not in self.keys:
                self.keys[key] = f"J-{len(self.keys) + 1}"
                self.jobs[self.keys[key]] = {"status": "running"}
            return 202, {"jobId": self.keys[key]}
        job = self.jobs.get(path.rsplit("/", 1)[-1])
        return (200, job) if job else (404, {})
