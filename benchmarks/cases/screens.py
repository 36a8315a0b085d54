"""Opening screens: what the web client asks the server for."""

from lxml import etree

from ..floors import floor
from ..harness import Measure
from .case import Case
from .orders import buyers, new_orders

LIST_LENGTH = 80
CENT = 0.005
BUYER_FIELDS = (
    "insured_limit",
    "insured_limit_currency_id",
    "insured_limit_state",
    "credit_exposure",
    "credit_eligible",
    "credit_covered",
    "credit_covered_political",
    "credit_uncovered",
    "credit_headroom",
    "own_risk_limit",
    "cover_state",
)


def field_specification(env, model, view_type, view_id=False):
    """Return the web client's field specification of a view, with its sub-lists."""
    views = env[model].get_views([(view_id, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    return specification_of(env, model, arch)


def specification_of(env, model, node):
    """Return the specification of the fields under ``node``, sub-lists included."""
    specification = {}
    for child in node:
        if child.tag != "field":
            specification.update(specification_of(env, model, child))
            continue
        field = env[model]._fields[child.get("name")]
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many") and len(child):
            specification[field.name] = {
                "fields": specification_of(env, field.comodel_name, child)
            }
        else:
            specification[field.name] = {}
    return specification


class Specifications:
    """Keep the specification of each view: the web client caches them too."""

    def __init__(self):
        self.known = {}

    def get(self, env, model, view_type):
        """Return the specification of a model's default view."""
        key = (env.cr.dbname, model, view_type)
        if key not in self.known:
            self.known[key] = field_specification(env, model, view_type)
        return self.known[key]


def open_quotation(label, kind, specifications, rank):
    """Return the measure of reading the form of a new quotation."""

    def prepare(env):
        specification = specifications.get(env, "sale.order", "form")
        return new_orders(env, [rank]), specification

    def call(_env, prepared):
        order, specification = prepared
        return order.web_read(specification)

    return Measure(label, kind, call, prepare)


def list_buyers(label, kind, specifications, names=()):
    """Return the measure of listing the largest buyers, with the given fields more."""

    def prepare(env):
        specification = dict(specifications.get(env, "res.partner", "list"))
        specification.update({name: {} for name in names})
        return buyers(env, range(1, LIST_LENGTH + 1)).ids, specification

    def call(env, prepared):
        ids, specification = prepared
        return env["res.partner"].web_search_read(
            [("id", "in", ids)], specification, limit=LIST_LENGTH
        )

    return Measure(label, kind, call, prepare)


def open_dashboard():
    """Return the measure of the first page of the app, all of it."""

    def call(env, _prepared):
        return env["credit.insurance.dashboard"].get_dashboard({})

    return Measure("page", "insured", call)


def same_sums(ours, against):
    """Compare the page's exposure and cover with the sums of the floor.

    Buyers in credit lower no sum of the page.
    """
    rows = [row for row in against[0].values() if row[0] > 0]
    shown = {figure["key"]: figure["amount"] for figure in ours["figures"]}
    expected = {
        "exposure": sum(float(exposure) for exposure, *_rest in rows),
        "covered": sum(float(covered) for *_rest, covered in rows),
    }
    wrong = [
        f"{key} {shown[key]} instead of {amount:.2f}"
        for key, amount in expected.items()
        if abs(shown[key] - amount) > CENT
    ]
    return ", ".join(wrong)


def cases(databases):
    """Return the cases about screens."""
    specifications = Specifications()
    return [
        Case(
            "quotation",
            "open a quotation of the largest buyer, banner and gauge included",
            open_quotation("with the add-on", "insured", specifications, 1),
            [open_quotation("plain Odoo", "plain", specifications, 1)],
            goal=1.2,
            needs=[("sale.order", "credit_check_state")],
        ),
        Case(
            "list",
            f"all credit fields of a list of the {LIST_LENGTH} largest buyers",
            list_buyers("with credit fields", "insured", specifications, BUYER_FIELDS),
            [
                list_buyers("Odoo's plain list", "plain", specifications),
                floor(
                    "SQL floor",
                    "cover",
                    lambda env: buyers(env, range(1, LIST_LENGTH + 1)).ids,
                ),
            ],
            goal=2,
            needs=[("res.partner", name) for name in BUYER_FIELDS],
        ),
        Case(
            "dashboard",
            "open the dashboard",
            open_dashboard(),
            [floor("SQL floor (b)", "cover")],
            goal=3,
            # under 10 in all, the floor's one among them
            more_queries=8,
            agree=same_sums,
            needs=[("credit.insurance.dashboard", "")],
        ),
    ]
