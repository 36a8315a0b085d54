"""Reports over the whole ledger: a day that is past, the workbook, the day's work."""

import datetime

from ..floors import floor
from ..harness import Measure
from .case import Case
from .screens import LIST_LENGTH

REPORT = "credit.insurance.exposure.report"
ROWS = "credit.insurance.exposure.as.of"
DAYS_BACK = 60


def report_of_past_day(env):
    """Return the report as of two months ago."""
    day = env.cr.now().date() - datetime.timedelta(days=DAYS_BACK)
    return env[REPORT].create({"date": day})


def total_past_day():
    """Return the measure of the figures in the report's dialogue."""

    def call(_env, report):
        return report.receivable, report.exposure, report.covered

    return Measure("as of a past day", "insured", call, report_of_past_day)


def list_past_day():
    """Return the measure of the first page of buyers as of that day."""

    def prepare(env):
        report = report_of_past_day(env)
        return env[ROWS]._of_day(report.company_id, report.date)

    def call(_env, rows):
        return rows.search_fetch([("exposure", "!=", 0)], limit=LIST_LENGTH)

    return Measure("list", "insured", call, prepare)


def write_book():
    """Return the measure of the workbook: every buyer, every instalment."""

    def call(_env, report):
        return len(report._make_book())

    return Measure("workbook", "insured", call, report_of_past_day)


def read_day():
    """Return the measure of My Day, all sections of an administrator."""

    def call(env, _prepared):
        return env["credit.insurance.my.day"].get_my_day()

    return Measure("My Day", "insured", call)


def cases(databases):
    """Return the cases about reports."""
    return [
        Case(key, title, ours, [floor("SQL floor (b)", "cover")], needs=[needed])
        for key, title, ours, needed in (
            (
                "past-total",
                f"exposure and cover as of {DAYS_BACK} days ago, in total",
                total_past_day(),
                (REPORT, ""),
            ),
            (
                "past-list",
                f"the {LIST_LENGTH} largest buyers as of {DAYS_BACK} days ago",
                list_past_day(),
                (ROWS, ""),
            ),
            (
                "past-book",
                f"the workbook of all buyers and instalments {DAYS_BACK} days ago",
                write_book(),
                (REPORT, ""),
            ),
            (
                "my-day",
                "open My Day, all sections",
                read_day(),
                ("credit.insurance.my.day", ""),
            ),
        )
    ]
