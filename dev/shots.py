"""Screenshots of a running demo: ``make shots``, ``python3 -m dev shot``.

Runs inside the virtual environment. What a page complains about (console errors, HTTP
400 and above) makes it exit with 3; a screen that cannot be taken, with 1.
"""

import argparse
import contextlib
import re
import signal
import sys
from pathlib import Path

import requests
from websocket import WebSocketException

from .devtools import Browser, BrowserError
from .screens import SCREENS
from .settings import DEV_DIR, LANGUAGES

READY = (
    ".o_web_client .o_action_manager > .o_action, .o_web_client .o_home_menu, .o_apps,"
    " .o-mail-Discuss, #wrapwrap main, .o_login_form, form.oe_login_form"
)
PHONE = (390, 844)
SHOTS = DEV_DIR / "shots"


class Visitor:
    """Someone logged in to the demo, by HTTP."""

    def __init__(self, url, login, password=None):
        self.url = url
        self.http = requests.Session()
        page = self.http.get(f"{url}/web/login", timeout=60).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if not token:
            raise BrowserError(f"no login form at {url}/web/login")
        form = {"login": login, "password": password or login, "csrf_token": token[1]}
        answer = self.http.post(f"{url}/web/login", data=form, timeout=60)
        if "oe_login_form" in answer.text and "/web/login" in answer.url:
            raise BrowserError(f"login as {login} refused")

    @property
    def session(self):
        return self.http.cookies["session_id"]

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the web client does."""
        parameters = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.http.post(
            f"{self.url}/web/dataset/call_kw",
            json={"jsonrpc": "2.0", "method": "call", "params": parameters},
            timeout=60,
        ).json()
        if "error" in answer:
            said = answer["error"]["data"]["message"]
            raise BrowserError(f"{model}.{method}: {said}")
        return answer["result"]

    def user(self):
        """Id and language of the one who is logged in."""
        login = self.http.post(
            f"{self.url}/web/session/get_session_info",
            json={"jsonrpc": "2.0", "method": "call", "params": {}},
            timeout=60,
        ).json()["result"]
        return login["uid"], login["user_context"]["lang"]

    def record_id(self, xml_id):
        module, name = xml_id.split(".", 1)
        domain = [["module", "=", module], ["name", "=", name]]
        found = self.call("ir.model.data", "search_read", domain, ["res_id"])
        if not found:
            raise BrowserError(f"no record {xml_id} in the demo")
        return found[0]["res_id"]


class Album:
    """Takes all screens, each language in turn, and counts what went wrong."""

    def __init__(self, url, names, size):
        unknown = set(names) - {screen.name for screen in SCREENS}
        if unknown:
            raise BrowserError(f"no screen {', '.join(sorted(unknown))}")
        self.url = url
        self.size = size
        self.screens = [s for s in SCREENS if not names or s.name in names]
        self.admin = Visitor(url, "admin")
        self.total = len(self.screens) * len(LANGUAGES)
        self.taken = 0
        self.complaints = 0
        self.failures = 0

    def take(self):
        SHOTS.mkdir(parents=True, exist_ok=True)
        for login in dict.fromkeys(screen.login for screen in self.screens):
            user, usual = Visitor(self.url, login).user()
            try:
                for language in LANGUAGES:
                    self._speak(user, language)
                    self._take_as(login, language)
            finally:
                self._speak(user, usual)

    def _speak(self, user, language):
        """Change a user's language: the next login brings it to the session."""
        self.admin.call("res.users", "write", [user], {"lang": language})

    def _take_as(self, login, language):
        """One browser per person and language; another one if it gets stuck."""
        session = Visitor(self.url, login).session
        screens = [screen for screen in self.screens if screen.login == login]
        while screens:
            with opened(self.url, session, self.size) as browser:
                while screens:
                    screen = screens.pop(0)
                    self.taken += 1
                    out = SHOTS / f"{screen.name}-{language[:2]}.png"
                    try:
                        self._take_one(browser, screen, out)
                    except (BrowserError, WebSocketException, OSError) as reason:
                        print(f"{out.name}: {reason}", file=sys.stderr)
                        self.failures += 1
                        break

    def _take_one(self, browser, screen, out):
        browser.complaints.clear()
        browser.resize(*(PHONE if screen.phone else self.size), phone=screen.phone)
        photograph(browser, self.url + self._path(screen), out, screen.clicks)
        print(f"{self.taken}/{self.total}", end=" ")
        self.complaints += report(out, browser.complaints)

    def _path(self, screen):
        if not screen.record:
            return screen.path
        return screen.path.format(id=self.admin.record_id(screen.record))


@contextlib.contextmanager
def opened(url, session, size):
    """A browser, logged in if there is a session."""
    browser = Browser(*size)
    try:
        if session:
            browser.set_cookie(url, "session_id", session)
        yield browser
    finally:
        browser.close()


def photograph(browser, url, out, clicks=(), script="", whole=False):
    """Open a page, click, save it."""
    browser.open(url, READY)
    for selector in clicks:
        browser.click(selector)
    if script:
        browser.run(script)
        browser.settle()
    browser.save(out, whole)


def report(out, complaints):
    print(out, flush=True)
    for complaint in complaints:
        print(f"{out.name}: {complaint}", file=sys.stderr)
    return len(complaints)


def pixels(text):
    width, height = text.split("x")
    return int(width), int(height)


def take_all(arguments):
    parser = argparse.ArgumentParser(prog="make shots", description=__doc__)
    parser.add_argument("url", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", help="only these screens")
    parser.add_argument("--size", type=pixels, default=(1400, 900))
    options = parser.parse_args(arguments)
    album = Album(options.url, options.names, options.size)
    album.take()
    if album.failures:
        return 1
    return 3 if album.complaints else 0


def take_one(arguments):
    parser = argparse.ArgumentParser(prog="python3 -m dev shot", description=__doc__)
    add = parser.add_argument
    add("url", help=argparse.SUPPRESS)
    add("out", type=Path, help="the PNG to write")
    add("path", nargs="?", default="/odoo", help="/odoo/sales/1, /odoo/action-M.A, ...")
    add("--login", default="admin", help="'' for a visitor")
    add("--password", help="default: like the login")
    add("--size", type=pixels, default=(1400, 900))
    add("--click", action="append", default=[], help="a CSS selector, repeatable")
    add("--js", default="", help="run before the picture is taken")
    add("--full", action="store_true", help="all of the page")
    own = parser.parse_args(arguments)
    visitor = Visitor(own.url, own.login, own.password) if own.login else None
    session = visitor.session if visitor else None
    with opened(own.url, session, own.size) as browser:
        where = own.url + own.path
        photograph(browser, where, own.out, own.click, own.js, own.full)
    return 3 if report(own.out, browser.complaints) else 0


if __name__ == "__main__":
    # whoever stops us gets back the languages that were changed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    which = {"all": take_all, "one": take_one}[sys.argv[1]]
    try:
        sys.exit(which(sys.argv[2:]))
    except BrowserError as error:
        sys.exit(f"shots: {error}")
