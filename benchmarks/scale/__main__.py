"""Read and confirm beside several workers, without and with a read replica.

``make scale``: readers open the dashboard, My Day and a list of buyers with all credit
fields; writers confirm orders meanwhile. What the replica answers in the end is
compared with what the primary answers.
"""

import argparse
import dataclasses
import os
import sys
import threading
import time

from .. import databases, harness
from ..cases.orders import new_orders
from ..cases.screens import BUYER_FIELDS, LIST_LENGTH
from ..ledger import sizes
from .client import Client, Failed, Server
from .standby import Standby

DATABASE = "bench_scale"
PASSWORD = "to be thrown away"
HTTP_PORT = 8869
STANDBY_PORT = 5499


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    parser.add_argument("--size", type=sizes.parse, default="S", help="S, M or L")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument(
        "--orders", type=int, default=200, help="at most, each writer, in each trial"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    return parser.parse_args()


@dataclasses.dataclass
class Tally:
    """What happened in one trial."""

    pages: int = 0
    confirmed: int = 0
    refused: int = 0
    wrong: list = dataclasses.field(default_factory=list)


def pages():
    """Return what readers ask for, in turn: (model, method, arguments)."""
    names = {name: {} for name in BUYER_FIELDS}
    return [
        ("credit.insurance.dashboard", "get_dashboard", ({},), {}),
        ("credit.insurance.my.day", "get_my_day", (), {}),
        (
            "res.partner",
            "web_search_read",
            ([("customer_rank", ">", 0)], names),
            {"limit": LIST_LENGTH, "order": "id"},
        ),
    ]


def read(server, until, tally):
    """Read page after page."""
    client = Client(server, "admin", PASSWORD)
    while time.monotonic() < until:
        for model, method, args, kwargs in pages():
            try:
                client.call(model, method, *args, **kwargs)
            except Failed as error:
                tally.wrong.append(f"{method}: {error}")
            tally.pages += 1


def write(server, until, tally, orders):
    """Confirm order after order; what exceeds the credit is refused."""
    client = Client(server, "admin", PASSWORD)
    while orders and time.monotonic() < until:
        try:
            client.call("sale.order", "action_confirm", [orders.pop()])
            tally.confirmed += 1
        except Failed:
            tally.refused += 1


def make_world(options):
    """Make the database; return draft orders that nobody has confirmed yet."""
    made = databases.Databases(options.size)
    made.prepare({"insured"})
    made._copy(made.name("insured"), DATABASE)
    harness.start(databases.configuration())
    wanted = options.orders * options.writers * len(options.workers) * 2
    with harness.new_environment(DATABASE) as env:
        env.user.password = PASSWORD
        ranks = range(options.size.ordinary_rank, options.size.customers + 1)
        drafts = []
        while len(drafts) < wanted:
            drafts += new_orders(env, ranks[: wanted - len(drafts)]).ids
        env.cr.commit()
        return drafts[::-1]


def play(options, server, drafts):
    """Let readers and writers in for a while; return what happened."""
    tally = Tally()
    until = time.monotonic() + options.seconds
    threads = [
        threading.Thread(target=read, args=(server, until, tally))
        for _number in range(options.readers)
    ]
    for _number in range(options.writers):
        orders = [drafts.pop() for _draft in range(options.orders)]
        threads.append(
            threading.Thread(target=write, args=(server, until, tally, orders))
        )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def answers(server):
    """Return what the server shows of exposure and cover."""
    client = Client(server, "admin", PASSWORD)
    [(model, method, args, _kwargs), *_others] = pages()
    return client.call(model, method, *args)["figures"]


def trial(options, workers, drafts, standby=None):
    """Play once with so many workers; print a row; return what was wrong."""
    port = standby and standby.port
    before = standby.transactions(DATABASE) if standby else 0
    with Server(DATABASE, HTTP_PORT, workers, port) as server:
        tally = play(options, server, drafts)
        if standby:
            lag = standby.catch_up()
            shown = answers(server)
    there = ""
    if standby:
        asked = standby.transactions(DATABASE) - before
        there = f"{asked:,} transactions there, caught up in {lag * 1000:.0f} ms"
        with Server(DATABASE, HTTP_PORT, workers) as server:
            if answers(server) != shown:
                tally.wrong.append("The replica shows other figures.")
        if asked < tally.pages:
            tally.wrong.append(f"{tally.pages} pages, but {asked} were asked there.")
    print(
        f"| {workers} | {'replica: ' + there if standby else 'none'} | "
        f"{tally.pages / options.seconds:.1f} | "
        f"{tally.confirmed / options.seconds:.1f} | {tally.refused} | "
        f"{len(tally.wrong)} |",
        flush=True,
    )
    return tally.wrong


def main():
    """Play with each number of workers, without and with a replica."""
    options = arguments()
    drafts = make_world(options)
    wrong = []
    print("| workers | replica | pages a second | orders a second | refused | wrong |")
    print("| --- | --- | --- | --- | --- | --- |")
    for workers in options.workers:
        wrong += trial(options, workers, drafts)
    with Standby(STANDBY_PORT) as standby:
        for workers in options.workers:
            wrong += trial(options, workers, drafts, standby)
    databases.Databases(options.size)._drop(DATABASE)
    print("\n".join(dict.fromkeys(wrong)) or "\nThe replica shows the same figures.")
    return int(bool(wrong))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # Odoo's registries need no tidying up
