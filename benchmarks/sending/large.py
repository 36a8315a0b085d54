"""The month's reminders of a large ledger, by a real server that is killed again and
again: ``make sending ARGS="--open-items 50000"``.

A ledger of :mod:`benchmarks.ledger` with the add-on installed, all of its open items
overdue, its buyers in many countries and eight languages. The accountant prepares the
run, sends it and watches; the server works it off with its own jobs.
"""

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import time

from .. import databases, harness, overdue, runs
from . import checks, processes, world
from .__main__ import load_catcher

DATABASE = "bench_sending"
# What the accountant sees on the run.
SEEN = [
    "state",
    "progress",
    "is_preparing",
    "buyer_done",
    "reminder_count",
    "draft_count",
    "queued_count",
    "sent_count",
    "failed_count",
    "mail_count",
]
# Seconds without any progress after which the server is taken to hang.
PATIENCE = 180
# A server lives so many seconds at most, for each thousand open items, and 15: some
# kills fall into the hand-over to the mail server.
LIFE = 3
# Reminders of each language that the accountant looks at before sending.
LOOKED_AT = 5


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="make sending", description=__doc__)
    parser.add_argument(
        "--open-items",
        type=int,
        default=50_000,
        help="about so many, three a buyer (default: 50,000)",
    )
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Server:
    """A real Odoo server with its job threads, in a process of its own."""

    def __init__(self):
        command = [sys.executable, "-c", "import odoo.cli; odoo.cli.main()", "server"]
        command += ["-c", databases.configuration(), "-d", DATABASE, "--no-http"]
        command += ["--max-cron-threads=2", "--log-level=critical"]
        command += ["--workers=0", f"--db-filter=^{DATABASE}$"]
        # started like this it cannot restart itself when a job takes long
        command += ["--limit-time-real=0", "--limit-time-real-cron=0"]
        self.process = subprocess.Popen(command, cwd=databases.ROOT)

    def kill(self):
        """As a machine that loses its current."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self):
        """Return the megabytes that it occupies.

        :raise SystemExit: when it has ended by itself
        """
        if self.process.poll() is not None:
            raise SystemExit(f"The server has ended: {self.process.returncode}.")
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            sizes_found = [line for line in status if line.startswith("VmRSS")]
        return int(sizes_found[0].split()[1]) // 1024


def make_world(options, port):
    """Make the database; return the id of a run over all that is open."""
    made = databases.Databases(runs.size_of(options.open_items))
    for kind in ("plain", "off"):
        if made._stamp(made.name(kind)) != made.stamps[kind]:
            getattr(made, f"_make_{kind}")()
            made._set_stamp(made.name(kind), made.stamps[kind])
    made._copy(made.name("off"), DATABASE)
    harness.start(databases.configuration())
    with processes.Superuser(DATABASE) as env:
        overdue.install_languages(env)
        company = world.prepare_company(env, port)
        overdue.make_overdue(env)
        run = env["credit.followup.run"].create({"company_id": company.id})
        env.cr.commit()
        return run.id


def press(run_id, button):
    """The accountant presses a button."""
    with processes.Superuser(DATABASE) as env:
        getattr(env["credit.followup.run"].browse(run_id), button)()
        env.cr.commit()


def preview(run_id):
    """The accountant looks at some reminders; return {id: (subject, words)}."""
    from odoo.tools import html2plaintext

    with processes.Superuser(DATABASE) as env:
        mailed = [("run_id", "=", run_id), ("channel", "=", "mail")]
        reminders = env["credit.followup.reminder"].search(
            [*mailed, ("needs_approval", "=", False)], order="id"
        )
        return {
            reminder.id: (
                reminder.preview_subject,
                html2plaintext(reminder.preview_body),
            )
            for group in reminders.grouped("lang").values()
            for reminder in group[:LOOKED_AT]
        }


def look(run_id):
    """Return what the accountant sees on the run, and how many mails wait."""
    with processes.Superuser(DATABASE) as env:
        run = env["credit.followup.run"].browse(run_id)
        [seen] = run.read(SEEN)
        return seen


def wake():
    """Tell the server that there is work, as Odoo does when a job is asked for."""
    databases.execute("SELECT pg_notify('cron_trigger', %s)", DATABASE)


def watch(run_id, is_done, kills, life, chance, say):
    """Let a server work, killed and started again, until ``is_done(seen)``.

    :param life: seconds after which it is killed, at most
    """
    server = Server()
    started = progressed = time.monotonic()
    seen, peak, killed = None, 0, 0
    next_kill = started + chance.uniform(5, 15)
    try:
        while True:
            time.sleep(1)
            wake()
            new = look(run_id)
            peak = max(peak, server.memory())
            if new != seen:
                seen, progressed = new, time.monotonic()
            if is_done(seen):
                break
            if time.monotonic() - progressed > PATIENCE:
                raise SystemExit(f"Nothing goes on any more: {seen}")
            if killed < kills and time.monotonic() > next_kill:
                server.kill()
                killed += 1
                say(f"  killed at {seen}")
                server = Server()
                next_kill = time.monotonic() + chance.uniform(5, life)
    finally:
        server.kill()
    seconds = time.monotonic() - started
    say(f"  {seconds:.0f} s, {killed} kills, at most {peak} MB: {seen}")


def decide(run_id, catcher, say):
    """Do what a person does with mails of unknown fate, after a look at the server."""
    known = {mail.message["message-id"] for mail in catcher.caught}
    with processes.Superuser(DATABASE) as env:
        reminders = env["credit.followup.run"].browse(run_id).reminder_ids
        unknown = reminders.filtered(lambda r: r.failure_type == "unknown")
        left = unknown.filtered(lambda r: r.mail_id.message_id in known)
        left.action_confirm_sent()
        (unknown - left).action_retry()
        env.cr.commit()
        say(f"  {len(unknown)} of unknown fate, of which {len(left)} had left")
    return len(unknown) - len(left)


def verdict(run_id, catcher, previews):
    """Return what is wrong, and how the reminders ended."""
    arrived = collections.defaultdict(list)
    for mail in catcher.caught:
        arrived[mail.message["message-id"]].append(mail)
    wrong = []
    with processes.Superuser(DATABASE) as env:
        reminders = env["credit.followup.run"].browse(run_id).reminder_ids
        ends = collections.Counter(
            (r.state, r.failure_type or r.channel) for r in reminders
        )
        sent = reminders.filtered(lambda r: r.state == "sent" and r.mail_message_id)
        for reminder in sent:
            mails = arrived.pop(reminder.mail_message_id.message_id, [])
            wrong += letters(reminder, mails, previews.get(reminder.id))
        wrong += [f"{id_}: nobody's letter" for id_ in arrived]
        languages = collections.Counter(sent.mapped("lang"))
        countries = len(sent.partner_id.country_id)
        wrong += checks.mails_left(env)
    return wrong, ends, languages, countries


def letters(reminder, mails, previewed):
    """Return what is wrong with what arrived of one reminder."""
    from odoo.tools import html2plaintext

    if len(mails) != 1:
        return [f"{reminder.name}: {len(mails)} letters"]
    [mail] = mails
    html = mail.html
    money = reminder.currency_id.with_context(lang=reminder.lang)
    facts = {
        "language": f'lang="{reminder.lang.replace("_", "-")}"' in html,
        "invoices": all(n in html for n in reminder.line_ids.move_id.mapped("name")),
        "sum": money.format(reminder.amount_due) in html,
        "addressee": mail.recipients == (reminder._addressee().email_normalized,),
    }
    if previewed:
        subject, words = previewed
        facts["subject, other than in its preview"] = mail.message["subject"] == subject
        facts["text, other than in its preview"] = html2plaintext(html) == words
    return [
        f"{reminder.name}: wrong {fact}"
        for fact, is_right in facts.items()
        if not is_right
    ]


def main():
    """Prepare, send, kill, resume, check; return 1 if anything is wrong."""
    options = arguments()
    chance = random.Random(options.seed)

    def say(text):
        print(text, flush=True)

    with load_catcher()() as catcher:
        run_id = make_world(options, catcher.port)
        press(run_id, "action_prepare")
        say("preparing")
        kills, life = options.kills // 3, 15 + LIFE * options.open_items / 1000
        watch(
            run_id, lambda seen: seen["state"] == "prepared", kills, life, chance, say
        )
        previews = preview(run_id)
        press(run_id, "action_send")
        say(f"sending, after a look at {len(previews)} reminders")
        kills = options.kills - kills

        def is_sent(seen):
            return not seen["queued_count"] and not seen["mail_count"]

        watch(run_id, is_sent, kills, life, chance, say)
        if decide(run_id, catcher, say):
            watch(run_id, is_sent, 0, life, chance, say)
        wrong, ends, languages, countries = verdict(run_id, catcher, previews)
    say(f"reminders: {dict(ends)}")
    say(
        f"{len(catcher.caught)} letters in {len(languages)} languages to {countries} "
        f"countries: {dict(languages)}"
    )
    say("\n".join(wrong[:20]) if wrong else "Every buyer got one right letter.")
    return int(bool(wrong))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
