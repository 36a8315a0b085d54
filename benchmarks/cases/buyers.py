"""All buyers at once: the engine against hand-written SQL."""

from odoo.tools import SQL

from ..floors import floor
from ..harness import Measure
from . import orders
from .case import Case

ENGINE = "credit.insurance.position"
STRESS = "credit.insurance.stress.test"
CENT = 0.005
TOTALS = ["exposure", "insured_limit", "covered"]


def ask_engine(label, names, question, *said, **options):
    """Return the measure of asking the engine for amounts of every buyer.

    :param names: columns of the engine's query
    :param question: name of the engine's query that has them
    :param said: what the question is told
    :param options: what else the engine is told
    """

    def call(env, _prepared):
        engine = env[ENGINE]
        query = getattr(engine._query(env.company, **options), question)(*said)
        columns = SQL(", ").join(map(SQL.identifier, names))
        rows = engine._execute(SQL("SELECT partner_id, %s FROM (%s) q", columns, query))
        return {row["partner_id"]: tuple(row[name] for name in names) for row in rows}

    return Measure(label, "insured", call)


def agree_to_the_cent(ours, against):
    """Compare {buyer: amounts}; buyers without any amount may be missing."""
    [floor_rows] = against
    wrong = []
    for buyer in ours.keys() | floor_rows.keys():
        mine = ours.get(buyer)
        theirs = floor_rows.get(buyer)
        width = len(mine or theirs)
        pairs = zip(mine or (0,) * width, theirs or (0,) * width, strict=True)
        if any(abs(float(one) - float(other)) > CENT for one, other in pairs):
            wrong.append((buyer, mine, theirs))
    if wrong:
        buyer, mine, theirs = min(wrong, key=lambda row: row[0])
        return (
            f"{len(wrong)} of {len(floor_rows)} buyers differ, "
            f"e.g. {buyer}: {mine} instead of {theirs}"
        )
    return ""


def search_uncovered():
    """Return the measure of the search that finance directors make every morning."""

    def call(env, _prepared):
        domain = [("credit_uncovered", ">", 0), ("parent_id", "=", False)]
        return set(env["res.partner"].search(domain).ids)

    return Measure("search", "insured", call)


def same_buyers(ours, against):
    """Compare the buyers found with those the floor finds uncovered."""
    expected = {
        buyer
        for buyer, (exposure, _available, covered) in against[0].items()
        if exposure > covered
    }
    missing, more = expected - ours, ours - expected
    if missing or more:
        return f"{len(missing)} buyers not found, {len(more)} found wrongly"
    return ""


def ask_about_one(rank):
    """Return the measure of what the gate asks before one order."""

    def call(env, partner):
        [position] = env[ENGINE]._get_credit_position(partner, env.company).values()
        return position.exposure

    return Measure("engine", "insured", call, lambda env: orders.buyers(env, [rank]))


def work_out_stress(country):
    """Return the measure of a stress test: this country goes off cover.

    The engine is asked twice, as it is and as it would be, of every buyer; then the
    lines are written.
    """

    def call(env, _prepared):
        test = env[STRESS].create(
            {"kind": "country", "country_ids": [(6, 0, env.ref(country).ids)]}
        )
        test.action_work_out()
        return test.buyer_count

    return Measure("stress test", "insured", call)


def same_exposure(ours, against):
    """Compare the one buyer's exposure."""
    [(exposure, *_rest)] = against[0].values()
    if abs(ours - float(exposure)) > CENT:
        return f"{ours} instead of {exposure}"
    return ""


def cases(databases):
    """Return the cases about the engine: one buyer, and all of them."""
    return [
        *(
            Case(
                f"one-{who}",
                f"position of one buyer, {description}",
                ask_about_one(rank),
                [
                    floor(
                        "SQL floor (b)",
                        "cover",
                        lambda env, rank=rank: orders.buyers(env, [rank]).ids,
                    )
                ],
                agree=same_exposure,
                needs=[(ENGINE, "")],
            )
            for who, description, rank in (
                ("ordinary", "ordinary", databases.size.ordinary_rank),
                ("largest", "the largest", 1),
            )
        ),
        Case(
            "all-exposure",
            "exposure of all buyers",
            ask_engine(
                "engine",
                ["exposure"],
                "exposure",
                look_for=("adjusted_orders",),
            ),
            [floor("SQL floor (a)", "exposure")],
            goal=1.5,
            agree=agree_to_the_cent,
            needs=[(ENGINE, "")],
        ),
        Case(
            "all-cover",
            "exposure, limit in force and cover of all buyers",
            ask_engine("engine", TOTALS, "totals", TOTALS),
            [floor("SQL floor (b)", "cover")],
            goal=1.5,
            agree=agree_to_the_cent,
            needs=[(ENGINE, "")],
        ),
        Case(
            "search",
            "search 'uncovered > 0' over all buyers",
            search_uncovered(),
            [floor("SQL floor (b)", "cover")],
            goal=2,
            agree=same_buyers,
            needs=[("res.partner", "credit_uncovered")],
        ),
        Case(
            "stress",
            "stress test over all buyers: a country of one buyer in 22 off cover",
            work_out_stress("base.de"),
            [floor("SQL floor (b)", "cover")],
            needs=[(STRESS, "")],
        ),
    ]
