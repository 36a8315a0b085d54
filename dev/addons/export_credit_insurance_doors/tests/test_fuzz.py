import logging
import os
import time
from collections import Counter

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .checked_common import CheckedCommon
from .fuzz import LIMIT, Fuzzer

_logger = logging.getLogger(__name__)

# Longer: FUZZ_SECONDS=3600 FUZZ_SEED=7 make test ARGS="--timeout=4000 …/test_fuzz.py"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("FUZZ_SEED", "2"))
# Where to begin: each round has a seed of its own, so one can be played again.
FIRST = int(os.environ.get("FUZZ_ROUND", "0"))
ROUNDS, STEPS = 2, 60
CENT = 0.05
# Smaller orders pass, and so do smaller deliveries, though they count.
SMALLEST = 500.0
STOPPING = ("growth", "buyer", "review")


@tagged("post_install", "-at_install")
class TestFuzz(CheckedCommon):
    """Hundreds of calls of people without a right to decide, in random order.

    Two buyers share a limit of 130 000 by the insurer's number, and two companies share
    the policy; 102 000 are used by an order. After each call what is confirmed, neither
    on hold nor released, less what was paid, is at most 130 000, by a sum that asks
    nothing of the engine; and so is what has left, but for what was released.
    """

    fuzzer = Fuzzer
    # What happens in any two rounds, with how it ended.
    tried = (("action_confirm", "done"), ("action_confirm", "RedirectWarning"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls.env["res.company"].create(
            {
                "name": "Sister",
                "country_id": cls.company.country_id.id,
                "currency_id": cls.company.currency_id.id,
            }
        )
        cls.companies = cls.company + cls.sister
        cls.env.user.company_ids += cls.sister
        cls.policy.company_ids += cls.sister
        people = {"company_ids": [Command.set(cls.companies.ids)]}
        cls.seller.write(people)
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user", **people)
        cls.manager = cls.make_user(
            "doors-mona", "export_credit_insurance.group_credit_manager", **people
        )
        cls.customer = cls.make_user(
            "doors-ana", "base.group_portal", partner_id=cls.contact.id
        )
        cls.make_partners()
        cls.make_products()
        cls.dollars = cls.make_dollars()
        cls.terms = cls.env["account.payment.term"].search([], limit=3)
        cls.shelf = cls.env["stock.location"].search([("usage", "=", "internal")])[0]
        cls.limits = cls.env["credit.insurance.limit"].search([])
        cls.limits.filtered(
            lambda limit: limit.partner_id == cls.buyer
        ).insurer_buyer_ref = "A-1"
        cls.env["credit.insurance.limit"].create(
            {
                "policy_id": cls.policy.id,
                "partner_id": cls.mate.id,
                "kind": "named",
                "state": "approved",
                "amount": LIMIT,
                "currency_id": cls.policy.currency_id.id,
                "insurer_buyer_ref": "A-1",
                "date_from": cls.policy.date_start,
                "decision_date": cls.policy.date_start,
            }
        )

    @classmethod
    def make_partners(cls):
        brazil = cls.env.ref("base.br")
        cls.mate, cls.stranger = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "country_id": brazil.id}
                for name in ("BETA", "GAMMA")
            ]
        )
        cls.partners = cls.buyer + cls.contact + cls.mate + cls.stranger

    @classmethod
    def make_products(cls):
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.products = cls.product + cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "list_price": 1000.0,
                    "taxes_id": [Command.clear()],
                    **values,
                }
                for name, values in {
                    "Pumps": {"type": "consu", "invoice_policy": "delivery"},
                    "Hours": {"type": "service", "invoice_policy": "order"},
                    "Work": {"type": "service", "invoice_policy": "delivery"},
                }.items()
            ]
        )

    @classmethod
    def make_dollars(cls):
        """A list in a currency of which two make one."""
        currency = cls.env.ref("base.EUR")
        if currency == cls.company.currency_id:
            currency = cls.env.ref("base.USD")
        currency.active = True
        for company in cls.companies:
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "name": "2020-01-01",
                    "rate": 2.0,
                    "company_id": company.id,
                }
            )
        return cls.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )

    # === WHAT THE FUZZER ACTS ON === #

    def orders(self, *states):
        domain = [("partner_id", "in", self.partners.ids)]
        if states:
            domain.append(("state", "in", states))
        return self.env["sale.order"].search(domain, order="id desc")

    def pay(self, orders, amount):
        """What a provider tells the server of a payment."""
        provider = self.env.ref("payment.payment_provider_demo")
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref(
                        "payment_demo.payment_method_demo"
                    ).id,
                    "reference": f"fuzz-{time.monotonic_ns()}",
                    "amount": amount,
                    "currency_id": orders.currency_id.id,
                    "partner_id": orders[0].partner_id.id,
                    "sale_order_ids": [Command.set(orders.ids)],
                }
            )
        )
        transaction._set_done()
        transaction._post_process()

    def hold_to_decide(self, chance):
        holds = self.env["credit.insurance.hold"].search([("state", "=", "open")])
        return chance.choice(holds) if holds else holds

    def decide(self, hold, decision):
        self.env["credit.insurance.hold.decision"].with_user(self.manager).create(
            {"hold_id": hold.id, "decision": decision, "reason": "Known for long"}
        ).action_confirm()

    def run_jobs(self):
        for name in ("refresh_credit_holds", "credit_review", "credit_review_due"):
            with self.enter_registry_test_mode():
                self.env.ref(
                    f"export_credit_insurance.ir_cron_{name}"
                ).method_direct_trigger()

    # === WHAT HAS TO BE TRUE === #

    def test_nothing_passes_unallowed(self):
        provider = self.env.ref("payment.payment_provider_demo")
        provider.write({"state": "test"})
        counts, ends = Counter(), time.monotonic() + SECONDS
        number = FIRST
        while number < FIRST + ROUNDS or time.monotonic() < ends:
            fuzzer = self.fuzzer(self, SEED * 1000 + number)
            savepoint = self.env.cr.savepoint()
            for _step in range(STEPS):
                was = fuzzer.done
                fuzzer.act()
                if fuzzer.done != was and (wrong := self.wrong()):
                    calls = "\n".join(map(str, fuzzer.calls[-40:]))
                    self.fail(f"seed {SEED}, round {number}: {wrong}\n{calls}")
            counts.update(fuzzer.counts)
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)
            number += 1
            self.say(number, counts)
        for call in self.tried:
            self.assertGreater(counts[call], 0, f"nothing was tried: {call}")

    def say(self, number, counts):
        if SECONDS:
            done = sum(n for (_name, end), n in counts.items() if end == "done")
            _logger.warning(
                "%s rounds, %s calls of %s done", number, done, sum(counts.values())
            )

    def wrong(self):
        """Return what is not as it has to be, or nothing."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.uncleared() or self.too_much() or self.left_too_much()

    def uncleared(self):
        """Confirmed orders fit their clearances; what is beyond them is on hold.

        Beyond is what grew, and all of what came to a buyer without room for it.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT o.id, o.state, o.amount_total, c.amount, c.replaced_amount,
                       c.unallowed_amount
                  FROM sale_order o
             FULL JOIN credit_insurance_clearance c ON c.order_id = o.id
                 WHERE o.partner_id = ANY(%s)
                   AND ((o.state = 'sale') <> (c.id IS NOT NULL)
                    OR o.amount_total > c.amount - COALESCE(c.replaced_amount, 0)
                                        + COALESCE(c.unallowed_amount, 0) + %s
                    OR (o.amount_total > c.amount - COALESCE(c.replaced_amount, 0) + %s
                        AND NOT EXISTS (
                            SELECT FROM credit_insurance_hold h
                             WHERE h.order_id = o.id AND h.kind IN ('growth', 'buyer')
                               AND h.state IN ('open', 'refused'))))
                """,
                self.partners.ids,
                CENT,
                CENT,
            )
        )

    def limited(self):
        """The confirmed orders whose debtors share the limit."""
        return self.orders("sale").filtered(self.is_limited)

    def is_limited(self, order):
        debtor = order.partner_invoice_id.commercial_partner_id
        return debtor in self.buyer + self.mate

    def released(self, orders):
        """Those of which somebody has decided that they may go."""
        clearances = self.env["credit.insurance.clearance"].search(
            [("order_id", "in", orders.ids), ("hold_id", "!=", False)]
        )
        return clearances.order_id

    def money(self):
        """What is owed by the books, negative for what was paid in advance."""
        items = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("partner_id", "child_of", (self.buyer + self.mate).ids),
            ]
        )
        return sum(items.mapped("amount_residual"))

    def too_much(self):
        """By how much what is confirmed and not stopped exceeds the limit.

        Stopped is what waits for a decision, and what somebody refused.
        """
        orders = self.limited()
        held = (
            self.env["credit.insurance.hold"]
            .search(
                [
                    ("order_id", "in", orders.ids),
                    ("state", "in", ("open", "refused")),
                    ("kind", "in", STOPPING),
                ]
            )
            .order_id
        )
        free = orders - held - self.released(orders)
        values = [self.value(order) for order in free]
        owed = sum(values) + self.money()
        if owed - self.small(values) > LIMIT + CENT:
            return f"{owed:.2f} confirmed: {[(o.id, self.value(o)) for o in free]}"
        return None

    def value(self, order, billed=None):
        """What an order is worth: the larger of ordered and delivered, in our money.

        :param billed: {line: quantity that is taken off, as it is billed}

        Goods planned beyond the horizon are no exposure. Discounts that are billed on
        delivery take nothing off, others do with the first invoice, whenever planned.
        """
        horizon = self.company.credit_order_horizon_days
        gone = self.gone(order)
        worth = 0.0
        for line in order.order_line.filtered(lambda line: not line.display_type):
            negative = line.price_total < 0 or line.product_uom_qty < 0
            late = line.product_id.invoice_policy == "delivery"
            if line.is_downpayment:
                continue
            delivered = max(line.qty_delivered, gone[line])
            quantity = max(line.product_uom_qty, delivered)
            planned = order.commitment_date or line._expected_date()
            if negative:
                quantity = line.qty_delivered if late else line.product_uom_qty
            elif planned and (planned.date() - self.today).days > horizon:
                quantity = delivered
            worth += (quantity - (billed or {}).get(line, 0.0)) * self.price(line)
        return max(worth, 0.0)

    def left_too_much(self):
        """By how much what has left and nobody released exceeds the limit."""
        orders = self.orders().filtered(self.is_limited)
        decided = self.env["credit.insurance.hold"].search(
            [("order_id", "in", orders.ids), ("decided_by", "!=", False)]
        )
        orders -= decided.filtered("release_amount").order_id
        values = [max(self.left(order), 0.0) for order in orders]
        left = sum(values) + self.money()
        return (
            f"{left:.2f} have left"
            if left - self.small(values) > LIMIT + CENT
            else None
        )

    def small(self, values):
        return sum(value for value in values if 0 < value < SMALLEST)

    def left(self, order):
        """What has left of an order, less its discounts and returns."""
        gone = sum(
            max(quantity, 0.0) * self.price(line)
            for line, quantity in self.gone(order).items()
        )
        lowers = order.order_line.filtered(
            lambda line: line.price_total < 0 and not line.is_downpayment
        )
        return gone + sum(
            min(self.price(line) * self.billed_quantity(line), 0.0) for line in lowers
        )

    def billed_quantity(self, line):
        late = line.product_id.invoice_policy == "delivery"
        return line.qty_delivered if late else line.product_uom_qty

    def gone(self, orders):
        """What the warehouse has sent of these orders, {line: quantity}."""
        moves = self.env["stock.move"].search(
            [("state", "=", "done"), ("sale_line_id.order_id", "in", orders.ids)]
        )
        gone = Counter()
        for move in moves:
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.sale_line_id.product_uom_id, round=False
            )
            out = move.location_dest_id.usage == "customer"
            back = move.location_id.usage == "customer"
            gone[move.sale_line_id] += (out - back) * quantity
        return gone

    def price(self, line):
        """The price of a piece, in our money."""
        rate = 2.0 if line.currency_id == self.dollars.currency_id else 1.0
        return line.price_unit * (1 - (line.discount or 0.0) / 100) / rate
