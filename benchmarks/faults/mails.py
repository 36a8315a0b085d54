"""Mail servers that are down, slow, or refuse one of many."""

import socket
import time

from ..sending import processes, world
from . import kills, works

#: seconds that Odoo waits for a word of the mail server; it is 60 out of the box
PATIENCE = 1


class Slow:
    """Has the mail server take longer over one mail than anybody waits."""

    def __init__(self):
        self.stage = None

    def __call__(self, stage, number):
        if stage == self.stage and number:
            self.stage = None
            time.sleep(3 * PATIENCE)


def impatient(work):
    """Return the work with an Odoo that waits a second, not a minute."""

    def run(env):
        from odoo.addons.base.models import ir_mail_server

        ir_mail_server.SMTP_TIMEOUT = PATIENCE
        work(env)

    return run


def point(database, port):
    with processes.Superuser(database) as env:
        world.point_to_mail_server(env, port)
        env.cr.commit()


def failures(work, database):
    """Return [(reminder's kind of failure, its reason)]."""
    with processes.Superuser(database) as env:
        run = env["credit.followup.run"].browse(work.trial.run_id)
        failed = run.reminder_ids.filtered(lambda each: each.state == "failed")
        return [(each.failure_type, each.failure_reason) for each in failed]


def down(work, database, catcher, slow):
    """Nobody listens: every reminder fails, with the reason, and is tried again."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = unused.getsockname()[1]
    point(database, nobody)
    processes.run(database, work.work)
    failed = failures(work, database)
    point(database, catcher.port)
    wrong = [] if len(failed) == work.size else [f"{len(failed)} failed, not all"]
    return [*wrong, *(f"no reason: {kind}" for kind, reason in failed if not reason)]


def slow_before(work, database, catcher, slow):
    """No answer to the announcement of a letter: its fate is unknown, it never left."""
    return _slow(work, database, slow, "data")


def slow_after(work, database, catcher, slow):
    """The letter was taken, and said so when nobody listened any more."""
    return _slow(work, database, slow, "accepted")


def _slow(work, database, slow, stage):
    slow.stage = stage
    processes.run(database, impatient(work.work))
    time.sleep(3 * PATIENCE)  # the server catches up
    processes.run(database, work.work)
    kinds = [kind for kind, _reason in failures(work, database)]
    # the others left, or found nobody at home; of one alone nobody knows
    return [] if kinds.count("unknown") == 1 else [f"failed: {kinds}, not one unknown"]


def refuses_one(work, database, catcher, slow):
    """One mailbox is unknown: that reminder fails, all others leave."""
    address = work.trial.buyers[1].address
    catcher.refused.add(address)
    processes.run(database, work.work)
    failed = failures(work, database)
    catcher.refused.discard(address)
    if len(failed) != 1 or "no such user" not in failed[0][1]:
        return [f"failed: {failed}, not the one that was refused"]
    return []


FAULTS = {
    "mail server down": down,
    "mail server slow before a letter": slow_before,
    "mail server slow after a letter": slow_after,
    "mail server refuses one buyer": refuses_one,
}


def play(fault, database, company_id, catcher, slow, tag):
    """Let a mail server fail, then work; return what is wrong in the end."""
    work = works.Sending(database, company_id, catcher)
    work.size = 8
    kills.make(work, database, tag)
    wrong = FAULTS[fault](work, database, catcher, slow)
    kills.finish(work, database)
    return [*wrong, *kills.judge(work, database)]
