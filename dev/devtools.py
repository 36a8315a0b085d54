"""A headless Chromium, driven over its DevTools protocol.

Runs inside the virtual environment (requests, websocket-client).
"""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests
import websocket

from .browser import NAMES

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-crash-reporter",
    "--remote-debugging-port=0",
)
BUSY = ".o_loading_indicator, .o_blockUI"


class BrowserError(Exception):
    """The browser, or a page in it, does not do what it should."""


class Browser:
    """One page; `complaints` collects console errors and failed requests."""

    def __init__(self, width, height):
        program = os.environ.get("CHROME") or next(
            filter(None, map(shutil.which, NAMES)), None
        )
        if not program:
            raise BrowserError("no Chromium (Debian: apt-get install chromium)")
        self.profile = tempfile.mkdtemp(prefix="shots-")
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.numbers = itertools.count(1)
        self.complaints = []
        try:
            self._connect(program)
        except Exception:
            self.close()
            raise
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.resize(width, height)

    def _connect(self, program):
        port_file = Path(self.profile, "DevToolsActivePort")
        deadline = time.monotonic() + 30
        while not (port_file.exists() and port_file.stat().st_size > 5):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise BrowserError(f"Chromium did not start: {program}")
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        targets = requests.get(f"http://127.0.0.1:{port}/json/list", timeout=10).json()
        page = next(target for target in targets if target["type"] == "page")
        self.socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], suppress_origin=True, timeout=60
        )

    def resize(self, width, height, phone=False):
        """Give the page a size; on a phone, also fingers."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def send(self, method, **parameters):
        """Send a command and return its result; note events that come before it."""
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(command))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") != number:
                self._note(message.get("method"), message.get("params", {}))
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def _note(self, event, details):
        if event == "Runtime.consoleAPICalled":
            if details["type"] in ("error", "assert"):
                said = (a.get("value", a.get("description")) for a in details["args"])
                self._complain("console: " + " ".join(map(str, said)))
        elif event == "Runtime.exceptionThrown":
            self._complain(f"exception: {explain(details['exceptionDetails'])}")
        elif event == "Network.responseReceived":
            response = details["response"]
            if response["status"] >= 400:
                self._complain(f"HTTP {response['status']} {response['url']}")

    def _complain(self, text):
        if text[:500] not in self.complaints:
            self.complaints.append(text[:500])

    def run(self, javascript):
        """Run JavaScript in the page and return its value."""
        options = {"awaitPromise": True, "returnByValue": True}
        done = self.send("Runtime.evaluate", expression=javascript, **options)
        if "exceptionDetails" in done:
            raise BrowserError(explain(done["exceptionDetails"]))
        return done["result"].get("value")

    def wait(self, javascript, what, seconds=40):
        """Wait until an expression is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.run(javascript):
                    return
            except BrowserError:  # the page is just being replaced by the next one
                pass
            time.sleep(0.1)
        raise BrowserError(f"not within {seconds} s: {what}")

    def wait_for(self, selector, seconds=40):
        found = f"!!document.querySelector({json.dumps(selector)})"
        self.wait(found, f"element {selector}", seconds)

    def settle(self):
        """Wait for the page to be at rest: two calm looks in a row.

        (Odoo keeps a bus connection open, so its network never idles.)
        """
        calm = f"!document.querySelector({json.dumps(BUSY)})"
        for _ in range(2):
            self.wait(f"document.readyState === 'complete' && {calm}", "page at rest")
            time.sleep(0.3)
        self.run("document.fonts.ready.then(() => true)")

    def click(self, selector):
        self.wait_for(selector, 20)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self.settle()

    def open(self, url, wait_for):
        self.send("Page.navigate", url=url)
        self.wait_for(wait_for)
        self.settle()

    def set_cookie(self, url, name, value):
        self.send("Network.setCookie", url=url, name=name, value=value)

    def save(self, path, whole_page=False):
        """Save what is seen as PNG."""
        options = {"format": "png", "captureBeyondViewport": whole_page}
        shot = self.send("Page.captureScreenshot", **options)
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


def explain(exception):
    return exception.get("exception", {}).get("description") or exception["text"]
