"""Hand-written SQL that answers the same questions: how fast it can be.

Each is written for the question alone, with nothing of the add-on's but its tables and
whatever indexes it made.  A comment ``/* only partners: column */`` (or
``orders``) marks where the restriction to some buyers goes.
"""

import pathlib
import re

from ..harness import Measure

FOLDER = pathlib.Path(__file__).parent
# A buyer's documents are found by the buyer or its contacts.
PARTNERS = """SELECT id FROM res_partner
              WHERE commercial_partner_id = ANY (%(buyers)s)"""
RESTRICTIONS = {
    "partners": f"AND {{}} = ANY (ARRAY({PARTNERS}))",
    "orders": f"""AND {{}} = ANY (ARRAY(
        SELECT id FROM sale_order
        WHERE state = 'sale' AND partner_invoice_id = ANY (ARRAY({PARTNERS}))))""",
}
MARK = re.compile(r"/\* only (\w+): ([\w.]+) \*/")


def query(name, restricted=False):
    """Return the text of a floor, over all buyers or some."""

    def restriction(mark):
        kind, column = mark.groups()
        return RESTRICTIONS[kind].format(column) if restricted else ""

    return MARK.sub(restriction, (FOLDER / f"{name}.sql").read_text())


def floor(label, name, prepare_buyers=None, kind="insured"):
    """Return the measure of a floor; its result is {buyer: (amounts)}.

    :param prepare_buyers: function of (env) that returns the ids of the buyers to
        restrict it to; all buyers without
    """
    text = query(name, restricted=bool(prepare_buyers))

    def prepare(env):
        buyers = prepare_buyers(env) if prepare_buyers else None
        return {**parameters(env), "buyers": buyers}

    def call(env, values):
        env.cr.execute(text, values)
        return {row[0]: row[1:] for row in env.cr.fetchall()}

    return Measure(label, kind, call, prepare)


def parameters(env):
    """Return what every floor is told, but for the buyers."""
    return {
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "today": env.cr.now().date(),
        "accounts": receivable_accounts(env),
        **rates(env),
    }


def receivable_accounts(env):
    """Return the ids of the accounts that customers owe on."""
    accounts = env["account.account"].search(
        [("account_type", "=", "asset_receivable")]
    )
    return accounts.ids


def rates(env):
    """Return today's rates of the active currencies, as two parallel lists."""
    currencies = env["res.currency"].search([])
    found = currencies._get_rates(env.company, env.cr.now().date())
    return {"currencies": list(found), "rates": list(found.values())}
