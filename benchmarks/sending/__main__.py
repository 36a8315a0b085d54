"""Kill, stop and crowd the sending of reminders: see ``make sending ARGS=--help``.

The database is made anew by ``dev`` and thrown away.
"""

import argparse
import importlib.util
import os
import signal
import sys
import time

from .. import databases, harness, overdue
from . import checks, jobs, processes, trials, world

CATCHER = databases.ROOT / databases.ADDON / "tests" / "smtp_catcher.py"


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="make sending", description=__doc__)
    parser.add_argument("database")
    parser.add_argument(
        "--buyers", type=int, default=8, help="per trial (default: 8, one a language)"
    )
    parser.add_argument("--trials", nargs="+", metavar="TEXT", help="only these")
    return parser.parse_args()


def load_catcher():
    """Return the add-on's catcher, without loading the add-on's tests."""
    spec = importlib.util.spec_from_file_location("smtp_catcher", CATCHER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SmtpCatcher


class Hook:
    """Kills a process in the middle of its talk with the mail server."""

    def __init__(self):
        self.wanted = None
        self.seen = 0

    def kill(self, pid, stage, after):
        """Kill ``pid`` when it comes to a stage for the so-manieth time."""
        self.seen = 0
        self.wanted = (pid, stage, after)

    def __call__(self, stage, _number):
        if not self.wanted or stage != self.wanted[1]:
            return
        self.seen += 1
        pid, _stage, after = self.wanted
        if self.seen == after:
            self.wanted = None
            os.kill(pid, signal.SIGKILL)


def make_trials(options, port):
    """Make the world and each trial's buyers; return the trials."""
    chosen = [
        (title, play)
        for title, play in trials.TRIALS
        if not options.trials or any(text in title for text in options.trials)
    ]
    with processes.Superuser(options.database) as env:
        overdue.install_languages(env)
        company = world.prepare_company(env, port)
        made = [
            trials.Trial(
                title,
                play,
                world.make_buyers(env, company, options.buyers, f"T{number:02d}"),
                options.database,
                company.id,
            )
            for number, (title, play) in enumerate(chosen)
        ]
        env.cr.commit()
        env.registry.signal_changes()
    return made


def judge(trial, catcher):
    """Return what is wrong after a trial, when all jobs have done what is left."""
    trial.work(jobs.everything)
    with processes.Superuser(trial.database) as env:
        return [
            *checks.letters(trial, catcher, env),
            *checks.books(trial, env),
            *checks.mails_left(env),
        ]


def main():
    """Play the trials; return 1 if anything is wrong in the end."""
    options = arguments()
    harness.start(databases.configuration())
    hook, wrong = Hook(), []
    with load_catcher()(watch=hook) as catcher:
        for trial in make_trials(options, catcher.port):
            started = time.monotonic()
            before = len(catcher.caught)
            trial.play(trial, catcher, hook)
            found = judge(trial, catcher)
            wrong += [f"{trial.title}: {text}" for text in found]
            print(
                f"{'!' if found else ' '} {trial.title}: {len(trial.buyers)} buyers, "
                f"{len(catcher.caught) - before} letters, "
                f"{time.monotonic() - started:.1f} s{' – ' * bool(trial.said)}"
                f"{trial.said}",
                flush=True,
            )
    [[deadlocks]] = databases.execute(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = %s", options.database
    )
    wrong += [f"{deadlocks} deadlocks"] if deadlocks else []
    print("\n" + ("\n".join(wrong) if wrong else "Every buyer got one right letter."))
    return int(bool(wrong))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # Odoo's registries need no tidying up
