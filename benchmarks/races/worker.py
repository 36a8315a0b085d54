"""One process: it does at random what people, customers and jobs do to orders.

Every action is a request of its own, replayed on a serialization failure as Odoo does.
"""

import datetime
import random
import time
from collections import Counter

from . import world as worlds

# Authorities allow no release for longer, out of the box.
RELEASED = datetime.timedelta(days=30)
# Weights of the actions; those of the first kind are possible without checks too.
ORDINARY = {"confirm": 40, "grow": 15, "shrink": 6, "cancel": 20, "receipt": 2}
CHECKED = {
    **ORDINARY,
    "confirm_outside": 15,
    "grow_in_background": 5,
    "release": 8,
    "cut": 5,
    "raise_limit": 5,
}


def attempt(registry, action):
    """Run a function of an environment as a request; return (outcome, what went wrong).

    The outcome is what the function returns, or how it was refused.
    """
    import psycopg2

    from odoo import api
    from odoo.exceptions import RedirectWarning, UserError
    from odoo.service.model import retrying

    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        try:
            return retrying(lambda: action(env), env) or "nothing to do", None
        except RedirectWarning:
            answer = "refused", None
        except UserError as error:
            answer = f"impossible: {type(error).__name__}", str(error)
        except psycopg2.errors.SerializationFailure:
            answer = "given up after five tries", None
        except Exception as error:
            answer = "ERROR", repr(error)
        cr.rollback()
        return answer


class Worker:
    """Act until the time is up and enough was done; ``counts`` says what came of it."""

    def __init__(self, registry, world, seed, actions):
        self.registry = registry
        self.world = world
        self.random = random.Random(seed)
        self.actions = actions
        self.counts = Counter()
        self.errors = []

    def run(self, seconds, least=0):
        ends = time.monotonic() + seconds
        names, weights = list(self.actions), list(self.actions.values())
        while time.monotonic() < ends or least > 0:
            least -= 1
            [name] = self.random.choices(names, weights)
            self.request(getattr(self, name), name)
        return self.counts, self.errors[:5]

    def request(self, action, name):
        """Run one action as a request is run; count how it ended."""
        tries = 0
        state = self.random.getstate()

        def work(env):
            nonlocal tries
            tries += 1
            self.random.setstate(state)  # a replay does the same
            return action(env)

        outcome, error = attempt(self.registry, work)
        if error:
            self.errors.append(f"{name}: {error}"[:600])
        self.counts[name, outcome] += 1
        if tries > 1:
            self.counts["replayed", ""] += tries - 1
        self.random.random()

    # === ORDERS === #

    def as_seller(self, env, order):
        return order.with_user(self.world.seller_id).with_company(order.company_id)

    def make_order(self, env):
        company_id = self.random.choice(self.world.company_ids)
        return (
            env["sale.order"]
            .with_user(self.world.seller_id)
            .with_company(company_id)
            .create(
                {
                    "partner_id": self.random.choice(self.world.buyer_ids),
                    "company_id": company_id,
                    "pricelist_id": False,
                    "order_line": [self.line(self.random.randrange(5, 40) * 100.0)],
                }
            )
        )

    def line(self, amount):
        return (
            0,
            0,
            {
                "product_id": self.world.product_id,
                "product_uom_qty": 1,
                "price_unit": amount,
                "tax_ids": [(5,)],
            },
        )

    def any_order(self, env, state="sale"):
        """Return an order at random, in the order of ids that nobody knows."""
        env.cr.execute(
            "SELECT id FROM sale_order WHERE state = %s AND partner_id = ANY(%s)",
            [state, self.world.buyer_ids],
        )
        found = [row[0] for row in env.cr.fetchall()]
        ids = [self.random.choice(found)] if found else []
        return env["sale.order"].browse(ids)

    def confirm(self, env):
        order = self.make_order(env)
        order.action_confirm()
        return "confirmed"

    def confirm_outside(self, env):
        order = self.make_order(env)
        order.with_user(self.world.portal_id).sudo()._validate_order()
        return "confirmed" if order.state == "sale" else "waiting"

    def grow(self, env):
        order = self.as_seller(env, self.any_order(env))
        if not order:
            return None
        order.order_line = [self.line(self.random.randrange(1, 10) * 100.0)]
        return "grown"

    def grow_in_background(self, env):
        order = self.any_order(env)
        if not order:
            return None
        amount = self.random.randrange(1, 10) * 100.0
        env["sale.order.line"].create({**self.line(amount)[2], "order_id": order.id})
        return "grown"

    def shrink(self, env):
        order = self.as_seller(env, self.any_order(env))
        line = order.order_line[:1]
        if not line or line.price_unit < 600:
            return None
        line.price_unit -= 100.0
        return "shrunk"

    def cancel(self, env):
        order = self.as_seller(env, self.any_order(env))
        if not order:
            return None
        order._action_cancel()
        return "cancelled"

    def release(self, env):
        """Ask, decide and confirm, as one long request: the most that can collide."""
        from odoo.exceptions import UserError

        order = self.make_order(env)
        try:
            order.action_request_credit_release(reason="Race")
        except UserError:
            return "nothing stands against it"
        holds = env["credit.insurance.hold"].with_user(self.world.controller_id)
        holds.search([("order_id", "=", order.id)])._release(
            {
                "release_kind": "own_risk",
                "release_amount": order.amount_total,
                "release_until": datetime.date.today() + RELEASED,
                "reason": "Race",
            }
        )
        order.action_confirm()
        return "released and confirmed"

    # === LEDGER AND LIMITS === #

    def receipt(self, env):
        """Money received and not matched, of the first company's buyers."""
        buyer_id = self.random.choice(self.world.buyer_ids)
        amount = self.random.randrange(1, 5) * 100.0
        bank, receivable = self.world.account_ids
        move = (
            env["account.move"]
            .with_company(self.world.company_ids[0])
            .create(
                {
                    "move_type": "entry",
                    "journal_id": self.world.bank_journal_id,
                    "line_ids": [
                        (0, 0, self.entry(bank, buyer_id, amount)),
                        (0, 0, self.entry(receivable, buyer_id, -amount)),
                    ],
                }
            )
        )
        move.action_post()
        self.note(env, "receipt", buyer_id, amount)
        return "received"

    def entry(self, account_id, partner_id, balance):
        return {
            "account_id": account_id,
            "partner_id": partner_id,
            "balance": balance,
        }

    def cut(self, env):
        return self.set_limit(env, worlds.CUT_LIMIT)

    def raise_limit(self, env):
        return self.set_limit(env, worlds.LIMIT)

    def set_limit(self, env, amount):
        """Record that the insurer changes a buyer's limit."""
        buyer_id = self.random.choice(self.world.limited_ids)
        current = env["credit.insurance.limit"].search(
            [
                ("partner_id", "=", buyer_id),
                ("state", "in", ("approved", "partial")),
                ("date_to", "=", False),
            ],
            order="id desc",
            limit=1,
        )
        if not current or current.amount == amount:
            return None
        decision = "reduced" if amount < current.amount else "raised"
        current._record_decision(decision, amount=amount)
        self.note(env, "limit", buyer_id, amount)
        return "decided"

    def note(self, env, event, partner_id, amount):
        env.cr.execute("SELECT to_regclass('races_log')")
        if env.cr.fetchone()[0]:
            env.flush_all()
            env.cr.execute(
                "INSERT INTO races_log (event, partner_id, amount) VALUES (%s, %s, %s)",
                [event, partner_id, amount],
            )
