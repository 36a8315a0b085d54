"""Let things fail while work is done: see ``make faults ARGS=--help``.

The database is made anew by ``dev`` and thrown away. PostgreSQL is killed only where it
is the private one of this checkout: use nothing else of it meanwhile.
"""

import argparse
import logging
import os
import random
import sys
import time

from .. import databases, harness, overdue
from ..sending import processes, world
from ..sending.__main__ import load_catcher
from . import copies, database_disk, disk, kills, mails, server, works

DONE = "Nothing was half done, and nothing twice."
NOTHING = "No fault was played: --only names none."


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("database")
    parser.add_argument(
        "--rounds", type=int, default=2, help="kills per work and victim (default: 2)"
    )
    parser.add_argument(
        "--seed", type=int, help="of the moments; printed, new each time"
    )
    parser.add_argument("--only", nargs="+", metavar="TEXT", help="only these faults")
    return parser.parse_args()


class Play:
    """All faults, one after the other, each with data of its own."""

    def __init__(self, options, catcher, slow):
        self.database = options.database
        self.options, self.catcher, self.slow = options, catcher, slow
        self.chance = random.Random(options.seed)
        self.victim = server.Victim()
        self.wrong, self.number = [], 0
        with processes.Superuser(self.database) as env:
            overdue.install_languages(env)
            self.company_id = world.prepare_company(env, catcher.port).id
            env.cr.commit()

    def wants(self, title):
        only = self.options.only
        return not only or any(text in title for text in only)

    def report(self, title, play):
        """Play one fault and print what came of it."""
        if not self.wants(title):
            return
        self.number += 1
        started = time.monotonic()
        wrong, said = play(f"{self.number:02d}")
        self.wrong += [f"{title}: {text}" for text in wrong]
        seconds = time.monotonic() - started
        print(f"{'!' if wrong else ' '} {title}{said}: {seconds:.1f} s", flush=True)
        for text in wrong:
            print(f"    {text}", flush=True)

    def all(self):
        for make_work in works.WORKS:
            self.kills_of(make_work)
        for fault in mails.FAULTS:
            self.report(
                fault,
                lambda tag, fault=fault: (
                    mails.play(fault, *self.place, self.catcher, self.slow, tag),
                    "",
                ),
            )
        for fault in disk.FAULTS:
            self.report(
                fault,
                lambda tag, fault=fault: (disk.play(fault, *self.place, tag), ""),
            )
        self.full_tables()
        # the last one: the database is a test copy from then on
        self.report(
            copies.TITLE,
            lambda tag: (copies.play(*self.place, self.catcher, tag), ""),
        )

    @property
    def place(self):
        return self.database, self.company_id

    def kills_of(self, make_work):
        """Do a work once in peace, then kill its worker and its server."""
        title = make_work.title
        if not self.wants(title):
            return
        took = []

        def peace(tag):
            work = make_work(*self.place, self.catcher)
            wrong, seconds = kills.undisturbed(work, self.database, tag)
            took.append(seconds)
            return wrong, f" undisturbed, {seconds:.2f} s"

        self.report(title, peace)
        for victim in kills.VICTIMS:
            if victim == "PostgreSQL" and not self.victim.is_ours:
                print(f"  {title}: PostgreSQL is somebody else's, it is not killed")
                continue
            for _round in range(self.options.rounds):
                self.report(title, self.kill(make_work, victim, took[0]))

    def full_tables(self):
        """Do each work while PostgreSQL's own disk has no room for it."""
        titles = {
            make_work: f"{make_work.title}, PostgreSQL's disk full"
            for make_work in works.WORKS
        }
        if not self.victim.is_ours or not any(map(self.wants, titles.values())):
            return
        with database_disk.small_disk(self.database, self.victim.server) as small:
            if not small:
                print("  no disk can be mounted: PostgreSQL's disk does not fill up")
                return
            for make_work, title in titles.items():
                for room in database_disk.ROOMS:
                    self.report(title, self.fill(make_work, small, room))

    def fill(self, make_work, small, room):
        def play(tag):
            work = make_work(*self.place, self.catcher)
            wrong, end = database_disk.filled(work, self.database, small, room, tag)
            ended = ", it was enough" if end == 0 else ""
            return wrong, f", {room} bytes left{ended}"

        return play

    def kill(self, make_work, victim, seconds):
        # the first time took longer than any other: nothing was in the caches
        after = self.chance.uniform(0.05, 0.7 * seconds)

        def play(tag):
            work = make_work(*self.place, self.catcher)
            target = self.victim if victim == "PostgreSQL" else None
            wrong, end = kills.killed(work, self.database, tag, target, after)
            ended = ", too late" if end == 0 else ""
            return wrong, f", {victim} killed after {after:.2f} s{ended}"

        return play


def main():
    """Play all faults; return 1 if anything is wrong in the end, or none was played."""
    options = arguments()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(10**6)
    print(f"seed {options.seed}", flush=True)
    harness.start(databases.configuration())
    logging.getLogger("odoo").setLevel(logging.CRITICAL)  # failures are wanted
    server.make_durable(options.database)
    slow = mails.Slow()
    with load_catcher()(watch=slow) as catcher:
        play = Play(options, catcher, slow)
        play.all()
    return conclude(play.number, play.wrong)


def conclude(number, wrong):
    """Print what came of all faults; return 1 if that is no success.

    :param int number: how many were played
    :param list wrong: what was wrong afterwards, a text each
    """
    if not number:
        print(f"\n{NOTHING}")
    elif wrong:
        print(f"\n{number} faults played: {len(wrong)} things are wrong.")
    else:
        print(f"\n{number} faults played. {DONE}")
    return int(bool(wrong or not number))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # Odoo's registries need no tidying up
