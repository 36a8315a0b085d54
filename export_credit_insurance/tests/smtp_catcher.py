"""A mail server on the loopback that keeps what it gets: for tests alone.

It speaks enough of SMTP (RFC 5321) for Odoo to hand its mails over, over real sockets.
Nothing here knows Odoo, so that programs outside of it may use it too.
"""

import asyncio
import contextlib
import email
import email.policy
import threading
from typing import NamedTuple

SIZE = 50_000_000


class Caught(NamedTuple):
    """One mail as it arrived: its envelope, and what was in it."""

    sender: str
    recipients: tuple
    data: bytes

    @property
    def message(self):
        """The mail, parsed and decoded."""
        return email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def files(self):
        """{name: content} of what is attached."""
        return {
            part.get_filename(): part.get_content()
            for part in self.message.iter_attachments()
        }


class SmtpCatcher:
    """A server in a thread of its own, as a context manager.

    :param refused: recipients that are refused, as an unknown mailbox is
    :param watch: function of (stage, number of mails accepted), called in the middle of
        the talk: ``data`` before a mail's content is asked for, ``accepted`` when it is
        kept and the client has not been told yet
    """

    def __init__(self, refused=(), watch=None):
        self.refused = set(refused)
        self.watch = watch or (lambda stage, number: None)
        self.caught = []
        self.port = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._ready.wait(timeout=10)
        return self

    def __exit__(self, *_error):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    def to(self, address):
        """The mails that arrived for an address."""
        return [mail for mail in self.caught if address in mail.recipients]

    def _run(self):
        asyncio.set_event_loop(self._loop)
        starting = asyncio.start_server(self._talk, "127.0.0.1", 0, limit=SIZE)
        server = self._loop.run_until_complete(starting)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _talk(self, reader, writer):
        """One session; a client that dies in the middle ends it."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._session(reader, writer)
        writer.close()

    async def _session(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")

        say("220 catcher")
        sender, recipients = "", []
        while line := await reader.readline():
            verb, _space, rest = line.decode("utf-8").strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    for extension in ("catcher", "8BITMIME", "SMTPUTF8"):
                        say(f"250-{extension}")
                    say(f"250 SIZE {SIZE}")
                case "MAIL":
                    sender, recipients = address_in(rest), []
                    say("250 ok")
                case "RCPT" if address_in(rest) in self.refused:
                    say("550 5.1.1 no such user")
                case "RCPT":
                    recipients.append(address_in(rest))
                    say("250 ok")
                case "DATA":
                    self.watch("data", len(self.caught))
                    say("354 go on")
                    content = await content_of(reader)
                    self.caught.append(Caught(sender, tuple(recipients), content))
                    self.watch("accepted", len(self.caught))
                    say("250 ok")
                case "QUIT":
                    say("221 bye")
                    return
                case "HELO" | "RSET" | "NOOP":
                    say("250 ok")
                case _:
                    say("502 not known here")
            await writer.drain()


def address_in(argument):
    """Return the address of ``FROM:<address> SIZE=1``.

    >>> address_in("TO:<alfa@example.com> NOTIFY=NEVER")
    'alfa@example.com'
    """
    return argument.partition("<")[2].partition(">")[0]


async def content_of(reader):
    """Read up to the lonely dot; undo the doubling of leading dots."""
    raw = await reader.readuntil(b"\r\n.\r\n")
    return raw[:-3].replace(b"\r\n..", b"\r\n.")
