"""A test copy of the database that was neutralised: it writes to no customer."""

import subprocess
import sys

from .. import databases
from ..sending import jobs, processes, world
from . import kills, works

TITLE = "a neutralised copy with everything queued"


def neutralise(database):
    """Run ``odoo neutralize`` on a database, in a process of its own."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", "import odoo.cli; odoo.cli.main()", "neutralize"),
            *("-c", databases.configuration(), "-d", database),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=databases.ROOT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"odoo neutralize: {done.stdout[-3000:]}")


def play(database, company_id, catcher, tag):
    """Queue half of a run as mails, half as reminders; neutralise; let jobs work.

    The mail server stays reachable, as it is from the tester's own machine.
    """
    work = works.Sending(database, company_id, catcher)
    kills.make(work, database, tag)
    run_id = work.trial.run_id

    def queue(env):
        run = env["credit.followup.run"].browse(run_id)
        run.action_prepare()
        run.action_send()
        half = run.reminder_ids[: work.size // 2]
        half._send()

    processes.run(database, queue)
    before = len(catcher.caught)
    neutralise(database)
    with processes.Superuser(database) as env:
        active = env["ir.mail_server"].search([]).mapped("smtp_host")
        mails = env["mail.mail"].search([("state", "=", "outgoing")])
        states = set(
            env["credit.followup.run"].browse(run_id).reminder_ids.mapped("state")
        )
    wrong = [] if active == ["invalid"] else [f"mail servers: {active}"]
    wrong += [f"{len(mails)} mails wait"] if mails else []
    wrong += [] if states == {"sent", "draft"} else [f"reminders are {states}"]
    processes.run(database, jobs.everything)
    # even where somebody gives the copy a mail server and switches jobs on
    with processes.Superuser(database) as env:
        world.point_to_mail_server(env, catcher.port)
        env.cr.commit()
    processes.run(database, jobs.everything, jobs.daily)
    sent = len(catcher.caught) - before
    return [*wrong, *([f"{sent} letters left"] if sent else [])]
