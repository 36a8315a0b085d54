"""Say what came out: on the screen, and in benchmarks/RESULTS.md by ``--write``."""

import datetime
import os
import pathlib
import platform
import statistics

RESULTS = pathlib.Path(__file__).with_name("RESULTS.md")
HEAD = """# What the add-on costs

Written by `make bench ARGS="--write"`; how it is measured: `benchmarks/__init__.py`.
Ratios of one run on one machine are what counts (median of the repetitions, in brackets
the middle half of them); milliseconds are information only.  *queries* is what the
add-on asks of the database beyond its yardstick.
"""
COLUMNS = ("work", "against", "ratio", "goal", "queries", "goal", "ms", "verdict")


def milliseconds(measure):
    """Return a median in milliseconds, short."""
    value = measure.median("seconds") * 1000
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def ratio(case):
    """Return the median ratio and its middle half."""
    found = case.ratios()
    if len(found) < 4:
        return f"**{case.ratio:.2f}** [{min(found):.2f}–{max(found):.2f}]"
    low, _middle, high = statistics.quantiles(found, n=4)
    return f"**{case.ratio:.2f}** [{low:.2f}–{high:.2f}]"


def row(case):
    """Return the cells of a case that was measured."""
    verdict = "met" if case.is_met else "**missed**"
    if case.goal is None and case.more_queries is None:
        verdict = "–"
    if case.agree:
        verdict += f"; {case.disagreement or 'results agree'}"
    return (
        case.title,
        " + ".join(measure.label for measure in case.against),
        ratio(case),
        "–" if case.goal is None else f"{case.goal:g}",
        f"{case.extra_queries:+.0f}",
        "–" if case.more_queries is None else f"{case.more_queries:+d}",
        f"{milliseconds(case.ours)} / {' + '.join(map(milliseconds, case.against))}",
        verdict,
    )


def table(rows):
    """Return a Markdown table."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(databases, cases, waiting, facts):
    """Return the section of a size."""
    size = databases.size
    lines = [
        f"## {size.name}: {size.customers:,} buyers, {size.invoices:,} invoices, "
        f"{size.orders:,} orders",
        "",
        f"{datetime.date.today()}; {machine(databases)}.",
        "",
        table([row(case) for case in cases]),
    ]
    lines += ["", *(f"- {fact}" for fact in facts)] if facts else []
    if waiting:
        lines += ["", "Waiting for the add-on: " + ", ".join(waiting) + "."]
    return "\n".join(lines) + "\n"


def machine(databases):
    """Return the versions that the figures depend on."""
    import odoo.release

    from .databases import execute

    [[server]] = execute("SHOW server_version")
    [[buffers]] = execute("SHOW shared_buffers")
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Odoo {odoo.release.version}, "
        f"PostgreSQL {server.split()[0]} with {buffers} of shared buffers"
    )


def write(text):
    """Put a section into RESULTS.md, in place of the former one of that size."""
    title = text.splitlines()[0].split(":")[0]
    old = RESULTS.read_text() if RESULTS.exists() else HEAD
    _head, *sections = old.split("\n## ")
    others = [f"## {one.strip()}\n" for one in sections]
    kept = [one for one in others if one.splitlines()[0].split(":")[0] != title]
    RESULTS.write_text("\n".join([HEAD, *sorted([*kept, text], reverse=True)]))
