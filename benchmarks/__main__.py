"""Run the benchmarks: see ``python -m benchmarks --help``."""

import argparse
import os
import sys

from . import databases, harness, imports, limit_imports, report, runs
from .cases import all_cases
from .ledger import sizes


def arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure the add-on against Odoo and plain SQL."
    )
    parser.add_argument(
        "--size",
        type=sizes.parse,
        default="S",
        help="S, M, L, or customers,invoices,orders (default: S)",
    )
    parser.add_argument(
        "--rows", nargs="+", metavar="NAME", help="only these rows; unknown ones: list"
    )
    parser.add_argument("--repetitions", type=int, default=11, metavar="N")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    parser.add_argument("--drop", action="store_true", help="remove the databases")
    parser.add_argument(
        "--runs",
        type=int,
        nargs="+",
        metavar="ITEMS",
        help="instead: work off runs of follow-up over so many open items",
    )
    parser.add_argument(
        "--import",
        type=int,
        dest="imported",
        metavar="ROWS",
        help="instead: import a file of so many scores of buyers",
    )
    parser.add_argument(
        "--import-limits",
        type=int,
        dest="imported_limits",
        metavar="ROWS",
        help="instead: import a file of so many decisions on limits",
    )
    parser.add_argument(
        "--peer",
        metavar="FOLDER",
        help="where the OCA's add-ons lie that are measured, too: sale_financial_risk, "
        "with --runs account_credit_control",
    )
    return parser.parse_args()


def chosen(cases, names):
    """Return the cases of the given names or beginnings of names."""
    if not names:
        return cases
    found = [case for case in cases if case.key.startswith(tuple(names))]
    if not found:
        raise SystemExit(f"There are: {', '.join(case.key for case in cases)}.")
    return found


def install_facts(made):
    """Say how long the installation on the ledger took when the database was made."""
    [[on_ledger, on_nothing]] = databases.execute(
        "SELECT on_ledger, on_nothing FROM bench_install", database=made.name("off")
    )
    return [
        f"Installing the add-on on this ledger took {on_ledger:.1f} s, on an empty "
        f"database {on_nothing:.1f} s."
    ]


def main():
    """Make the databases, measure, report."""
    options = arguments()
    if options.runs:
        return runs.main(options.runs, options.peer, options.write)
    if options.imported:
        return imports.main(options.imported, options.write)
    if options.imported_limits:
        return limit_imports.main(options.imported_limits, options.write)
    made = databases.Databases(options.size, peer_folder=options.peer)
    cases = chosen(all_cases(made), options.rows)
    made.prepare(
        {measure.kind for case in cases for measure in case.measures}, options.fresh
    )
    beside = [databases.addons_with(options.peer)] if options.peer else []
    harness.start(databases.configuration(), *beside)
    possible = []
    for case in cases:
        with harness.new_environment(made.name(case.ours.kind)) as env:
            possible += [case] if case.is_possible(env) else []
    waiting = [case.title for case in cases if case not in possible]
    harness.measure(possible, made, options.repetitions)
    text = report.section(made, possible, waiting, install_facts(made))
    print(text)
    if options.write:
        report.write(text)
    if options.drop:
        made.drop()
    return int(not all(case.is_met for case in possible))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # Odoo's registries need no tidying up
