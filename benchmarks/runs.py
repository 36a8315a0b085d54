"""Work off whole runs of follow-up, each size in a process of its own.

``make bench ARGS="--runs 2000 20000 50000"``: ledgers with so many open items, all
overdue, a run prepared and sent into Odoo's queue by the jobs' own methods, committed
batch by batch. What is looked for: time that grows with the items and no faster, as
many queries for each batch, memory that does not grow. ``--peer FOLDER`` measures the
OCA's account_credit_control, whose add-on lies in that folder, on the same ledgers.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

from . import databases, harness, overdue, report
from .ledger import sizes

DATABASE = "bench_runs"
PEER = "account_credit_control"
# Of the invoices of a ledger 30 % are open; the small one is that of the peer's
# published figure, with fewer than two open items for each mail.
INVOICES_PER_ITEM = 1 / 0.3
ITEMS_PER_BUYER = {2_000: 1.4}
OTHER_ITEMS_PER_BUYER = 3
HEADS = (
    "open items",
    "reminders",
    "mails",
    "prepare",
    "per item",
    "queries a batch of 1,000 buyers",
    "send",
    "per reminder",
    "queries a batch of 200",
    "memory",
    "end to end",
)


def size_of(items):
    """Return the ledger that has about so many open items."""
    invoices = round(items * INVOICES_PER_ITEM)
    buyers = round(items / ITEMS_PER_BUYER.get(items, OTHER_ITEMS_PER_BUYER))
    return sizes.parse(f"{buyers},{invoices},{invoices // 5}")


class Meter:
    """Seconds and queries of each batch of a phase."""

    def __init__(self, env):
        self.env = env
        self.started = self.last = time.perf_counter()
        self.first_queries = self.queries = env.cr.sql_log_count
        self.batches = []

    def batch(self):
        """Keep in mind what the batch took that is just done."""
        now, queries = time.perf_counter(), self.env.cr.sql_log_count
        self.batches.append((now - self.last, queries - self.queries, memory()))
        self.last, self.queries = now, queries

    def facts(self):
        """Return what the phase took altogether."""
        return {
            "seconds": time.perf_counter() - self.started,
            "queries": self.env.cr.sql_log_count - self.first_queries,
            "batches": self.batches,
        }


def memory():
    """Return the most megabytes that this process has occupied."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def prepare(run):
    """Prepare a run as the job does."""
    from odoo.tools import split_every

    from odoo.addons.export_credit_insurance.models.collection import (
        credit_followup_run_prepare as preparing,
    )

    env, meter = run.env, Meter(run.env)
    run.is_preparing = True
    for batch in split_every(preparing.BATCH, run._buyers_left(after=0), list):
        run._prepare_safely(batch)
        env.cr.commit()
        env.invalidate_all()
        meter.batch()
    run._end_preparing()
    env.cr.commit()
    return meter.facts()


def send(run):
    """Send a run into Odoo's queue of mails as the job does."""
    env, meter = run.env, Meter(run.env)
    run.action_send()
    env.cr.commit()
    env.invalidate_all()
    queued = [("run_id", "=", run.id), ("state", "=", "queued")]
    while batch := run.reminder_ids._next_batch(queued):
        batch._send_safely()
        env["credit.followup.run"]._trigger_mails()
        env.cr.commit()
        env.invalidate_all()
        meter.batch()
    return meter.facts()


def ours():
    """Return the facts of a run of ours over all that is open."""
    with harness.new_environment(DATABASE) as admin:
        env = admin(su=True)
        run = env["credit.followup.run"].create({"company_id": env.company.id})
        env.cr.commit()
        prepared, sent = prepare(run), send(run)
        states = run.reminder_ids.grouped("state")
        failed = [r for r in states.get("failed", ()) if r.failure_type == "rendering"]
        if failed or "queued" in states or not run.reminder_ids.mail_id:
            raise SystemExit(f"Not all were sent: {failed or states}")
        return {
            "items": len(run.reminder_ids.line_ids),
            "reminders": len(run.reminder_ids),
            "mails": len(run.reminder_ids.mail_id),
            "prepare": prepared,
            "send": sent,
            "memory": memory(),
        }


def peer():
    """Return the facts of a run of the OCA's add-on over all that is open.

    Its mails carry no PDF here: ours of this step have none either.
    """
    with harness.new_environment(DATABASE) as admin:
        env = admin(su=True)
        for code in overdue.LANGUAGES:
            env["res.lang"]._activate_lang(code)
        overdue.make_overdue(env)
        accounts = env["account.account"].search(
            [("account_type", "=", "asset_receivable")]
        )
        policy = env.company.credit_policy_id
        policy.account_ids = accounts
        policy.level_ids.email_template_id.report_template_ids = False
        env.flush_all()
        env.invalidate_all()
        meter = Meter(env)
        run = env["credit.control.run"].create(
            {"date": env.cr.now().date(), "policy_ids": [(6, 0, policy.ids)]}
        )
        run.generate_credit_lines()
        env.flush_all()
        prepared = meter.facts()
        meter = Meter(env)
        run.set_to_ready_lines()
        run.run_channel_action()
        env.flush_all()
        sent = meter.facts()
        letters = run.line_ids.communication_id
        mails = env["mail.mail"].search_count(
            [("model", "=", letters._name), ("res_id", "in", letters.ids)]
        )
        return {
            "items": len(run.line_ids),
            "reminders": len(letters),
            "mails": mails,
            "prepare": prepared,
            "send": sent,
            "memory": memory(),
        }


def measure(items, peer_folder=None, say=print):
    """Make the ledger, work off a run in a new process, and return the facts."""
    from odoo import sql_db

    made = databases.Databases(size_of(items), say=say)
    made.prepare({"plain" if peer_folder else "followup"})
    sql_db.close_all()  # what has filled the database must not keep it
    made._copy(made.name("plain" if peer_folder else "followup"), DATABASE)
    options = []
    if peer_folder:
        options = [f"--addons-path={peer_folder}"]
        say(f"{DATABASE}: installing {PEER}")
        databases.odoo("-d", DATABASE, "-i", PEER, "--log-level=error", *options)
    say(f"{DATABASE}: working off {items:,} open items")
    done = subprocess.run(
        [sys.executable, "-m", __name__, *options],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=databases.ROOT,
    )
    made._drop(DATABASE)
    if done.returncode:
        raise SystemExit(f"The run over {items:,} open items failed.")
    return json.loads(done.stdout.splitlines()[-1])


def row(facts):
    """Return the cells of a run."""
    prepared, sent = facts["prepare"], facts["send"]
    seconds = prepared["seconds"] + sent["seconds"]
    queries = prepared["queries"] + sent["queries"]
    return (
        f"{facts['items']:,}",
        f"{facts['reminders']:,}",
        f"{facts['mails']:,}",
        f"{prepared['seconds']:.1f} s",
        f"{1000 * prepared['seconds'] / facts['items']:.2f} ms",
        spread(prepared["batches"]),
        f"{sent['seconds']:.1f} s",
        f"{1000 * sent['seconds'] / facts['reminders']:.1f} ms",
        spread(sent["batches"]),
        growth(prepared["batches"], facts["memory"]),
        f"**{seconds:.1f} s**, {queries:,} queries",
    )


def spread(batches):
    """Return fewest and most queries of the full batches, the first one apart."""
    full = [queries for _seconds, queries, _memory in batches[1:-1]]
    if not full:
        return "–"
    return f"{min(full)}–{max(full)}"


def growth(batches, most):
    """Return the memory after the first batch and at most."""
    return f"{batches[0][2]} → {most} MB" if batches else f"{most} MB"


def section(all_facts, peers):
    """Return the section of the report about whole runs."""
    lines = [
        "## Runs of follow-up, to the end",
        "",
        "Prepared and sent into Odoo's queue by the jobs' own methods, committed batch "
        "by batch, eight languages, in a new process each: `benchmarks/runs.py`. One "
        "repetition; what counts is how the columns *per item* and *per reminder*, "
        "the queries and the memory behave from row to row.",
        "",
        "| " + " | ".join(HEADS) + " |",
        "| " + " | ".join(["---"] * len(HEADS)) + " |",
        *(f"| {' | '.join(row(facts))} |" for facts in all_facts),
    ]
    for facts, other in zip(all_facts, peers, strict=False):
        mine, theirs = total(facts), total(other)
        lines += [
            "",
            f"- OCA's `{PEER}` on the same ledger of {other['items']:,} lines, the "
            f"same machine, the same hour: {theirs['seconds']:.1f} s and "
            f"{theirs['queries']:,} queries for {other['mails']:,} mails without PDF, "
            f"at most {other['memory']} MB. Ours takes {mine['seconds']:.1f} s and "
            f"{mine['queries']:,} queries for {facts['mails']:,} mails: "
            f"**{theirs['seconds'] / mine['seconds']:.1f} times** as fast "
            "(goal 10, stretch 20).",
        ]
    return "\n".join(lines) + "\n"


def total(facts):
    """Return seconds and queries of preparing and sending together."""
    return {
        name: facts["prepare"][name] + facts["send"][name]
        for name in ("seconds", "queries")
    }


def main(items, peer_folder, writes):
    """Measure runs over so many open items; the peer over the first."""
    all_facts = [measure(number) for number in items]
    peers = [measure(items[0], peer_folder)] if peer_folder else []
    text = section(all_facts, peers)
    print(text)
    if writes:
        report.write(text)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog=__package__)
    parser.add_argument("--addons-path")
    path = parser.parse_args().addons_path
    harness.start(
        databases.configuration(), *([f"--addons-path={path}"] if path else [])
    )
    print(json.dumps(peer() if path else ours()))
