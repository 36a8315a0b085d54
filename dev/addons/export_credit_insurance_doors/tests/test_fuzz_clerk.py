from collections import Counter

from odoo import Command
from odoo.tests import tagged

from . import test_fuzz
from .fuzz_clerk import BILLS, ClerkFuzzer

RETURNED = {"out_invoice": 1, "out_receipt": 1, "out_refund": -1}


@tagged("post_install", "-at_install")
class TestFuzzClerk(test_fuzz.TestFuzz):
    """The same world, with a clerk who keeps the books.

    What nobody has decided on is what orders have still to bill, and what is owed of
    invoices. It is at most 130 000, but for what is listed for credit control, which
    the goods' going does not wait for.
    """

    fuzzer = ClerkFuzzer

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user(
            "doors-ines",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
            company_ids=[Command.set(cls.companies.ids)],
        )

    def invoices(self, *states):
        domain = [
            ("move_type", "in", BILLS),
            ("partner_id", "child_of", self.partners.commercial_partner_id.ids),
        ]
        if states:
            domain.append(("state", "in", states))
        return self.env["account.move"].search(domain, order="id desc")

    def listed(self):
        return self.env["credit.insurance.review.line"].search(
            [
                ("stage", "not in", ("quotation", "confirmed")),
                ("partner_id", "in", (self.buyer + self.mate).ids),
            ]
        )

    # === WHAT HAS TO BE TRUE === #

    def wrong(self):
        waiting = [("state", "=", "queued")]
        if self.env["credit.insurance.review"].search_count(waiting, limit=1):
            self.run_jobs()  # what was undone is looked through in the background
        return super().wrong()

    def left_too_much(self):
        """What has left is bounded by what was ordered or billed: see the other one."""
        return

    def too_much(self):
        orders = self.limited()
        stopped = self.stopped(orders) | self.released(orders)
        values = [self.unbilled(order) for order in orders - stopped]
        owed = self.owed(stopped)
        seen = self.seen(stopped)
        small = self.small(values) + self.small(
            amount for move, amount in owed.items() if move not in seen
        )
        total = sum(values) + sum(owed.values()) - sum(seen.values())
        if total - small > test_fuzz.LIMIT + test_fuzz.CENT:
            orders = [
                (o.name, self.unbilled(o)) for o in orders - stopped if self.unbilled(o)
            ]
            names = [(move.name, amount) for move, amount in owed.items()]
            lists = [(move.name, amount) for move, amount in seen.items()]
            return f"{total:.2f} of {orders}, owed {names}, listed {lists}"
        return None

    def stopped(self, orders):
        holds = self.env["credit.insurance.hold"].search(
            [
                ("order_id", "in", orders.ids),
                ("state", "in", ("open", "refused")),
                ("kind", "in", test_fuzz.STOPPING),
            ]
        )
        return holds.order_id

    def unbilled(self, order):
        """What of an order no posted invoice bills, in our money.

        By quantities, but no more than is left by amounts: a line that is said to be of
        dozens once pieces of it are billed adds nothing to bill that is not listed. A
        deposit lowers it until the invoice that takes it off.
        """
        quantities, amount, deposits = Counter(), 0.0, 0.0
        for line in order.order_line:
            for item in line.invoice_lines:
                if item.parent_state != "posted":
                    continue
                sign = RETURNED[item.move_id.move_type]
                total = sign * self.in_our_money(item.price_total, item)
                if line.is_downpayment:
                    deposits += total
                    continue
                amount += total
                quantities[line] += sign * item.product_uom_id._compute_quantity(
                    item.quantity, line.product_uom_id, round=False
                )
        left = min(self.value(order, quantities), self.value(order) - amount)
        return max(left - max(deposits, 0.0), 0.0)

    def in_our_money(self, amount, record):
        return amount / (2.0 if record.currency_id == self.dollars.currency_id else 1.0)

    def owed(self, stopped):
        """What is owed by the books, {invoice or entry: in our money}."""
        items = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("partner_id", "child_of", (self.buyer + self.mate).ids),
            ]
        )
        owed = Counter()
        for item in items:
            if not item.move_id.invoice_line_ids.sale_line_ids.order_id & stopped:
                owed[item.move_id] += item.amount_residual
        return owed

    def seen(self, stopped):
        """What of that is listed for credit control, {invoice: in our money}."""
        owed = self.owed(stopped)
        seen = Counter()
        for line in self.listed().filtered("invoice_id"):
            invoice = line.invoice_id
            seen[invoice] = max(seen[invoice], owed[invoice])
        return seen
