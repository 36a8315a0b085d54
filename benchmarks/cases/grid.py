"""The risk grid: score and band of every buyer."""

from odoo.tools import SQL

from ..floors import floor
from ..harness import Measure
from .case import Case

SHOWN_DIGITS = 4


def ask_grid():
    """Return the measure of what lists, searches and the what-if ask."""

    def call(env, _prepared):
        grid = env["credit.insurance.band"]._by_buyer_sql(env.company, True)
        rows = env.execute_query(SQL("SELECT id, band_id, score FROM %s AS grid", grid))
        return {buyer: (band, score) for buyer, band, score in rows}

    return Measure("grid", "rated", call)


def group_buyers():
    """Return the measure of opening the buyers by band."""

    def call(env, _prepared):
        partners = env["res.partner"].with_context(active_test=False)
        return dict(partners._read_group([], ["credit_band_id"], ["__count"]))

    return Measure("groups", "rated", call)


def explain_buyers():
    """Return the measure of each buyer's lines of the grid, sources and dates."""

    def call(env, buyers):
        bands = env["credit.insurance.band"].search([])
        scores = buyers._credit_scores(env.company)
        return {
            buyer.id: (bands._matching(score.total).id, score.total)
            for buyer, score in scores.items()
            if score.total is not None
        }

    def prepare(env):
        return env["res.partner"].browse(
            env["res.partner"].search([("customer_rank", ">", 0)]).ids
        )

    return Measure("reasons", "rated", call, prepare)


def same_grid(ours, against):
    """Compare bands, and scores to the last digit that counts, of the same buyers."""
    [floor_rows] = against
    wrong = [
        buyer
        for buyer, (band, score) in ours.items()
        if buyer not in floor_rows
        or floor_rows[buyer][0] != band
        or round(float(floor_rows[buyer][1]) - float(score), SHOWN_DIGITS)
    ]
    return f"{len(wrong)} buyers differ, e.g. {wrong[:1]}" if wrong else ""


def cases(databases):
    """Return the cases about the grid."""
    return [
        Case(
            "grid-all",
            "risk grid: score and band of all buyers",
            ask_grid(),
            [floor("SQL by hand", "grid", kind="rated")],
            goal=3,
            agree=same_grid,
            needs=[("credit.insurance.band", "")],
        ),
        Case(
            "grid-groups",
            "group all partners by risk band",
            group_buyers(),
            [floor("SQL by hand", "grid", kind="rated")],
            goal=3,
            needs=[("res.partner", "credit_band_id")],
        ),
        Case(
            "grid-reasons",
            "risk grid with the reasons, each buyer's own lines",
            explain_buyers(),
            [floor("SQL by hand", "grid", kind="rated")],
            agree=same_grid,
            needs=[("res.partner", "credit_band_id")],
        ),
    ]
