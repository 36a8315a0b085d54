from collections import Counter

from odoo import Command
from odoo.tests import tagged

from . import test_fuzz_clerk
from .fuzz_till import TillFuzzer


@tagged("post_install", "-at_install")
class TestFuzzTill(test_fuzz_clerk.TestFuzzClerk):
    """The same world, with a cashier at a till of one of the companies.

    What nobody has decided on is what orders have still to bill or to settle at the
    till, what is owed by the books, and what was sold on account and is not booked
    yet. It is at most 130 000, but for what is listed for credit control.
    """

    fuzzer = TillFuzzer
    tried = (("sync_from_ui", "done"),)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.make_user(
            "doors-kim",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads,"
            "stock.group_stock_user",
            company_ids=[Command.set(cls.companies.ids)],
        )
        journals = cls.env["account.journal"]
        methods = cls.env["pos.payment.method"]
        drawer = journals.create({"name": "Till", "type": "cash", "code": "TILL"})
        cls.cash = methods.create({"name": "Cash", "journal_id": drawer.id})
        cls.account = methods.create({"name": "Account", "split_transactions": True})
        cls.till = cls.env["pos.config"].create({"name": "Till"})
        cls.till.payment_method_ids = cls.cash + cls.account
        cls.till.down_payment_product_id = cls.env.ref(
            "pos_sale.default_downpayment_product"
        )
        cls.products.available_in_pos = True
        cls.till.open_ui()

    def sessions(self):
        return self.env["pos.session"].search([("config_id", "=", self.till.id)])

    def receipts(self, *states):
        domain = [("config_id", "=", self.till.id)]
        if states:
            domain.append(("state", "in", states))
        return self.env["pos.order"].search(domain, order="id desc")

    # === WHAT HAS TO BE TRUE === #

    def unbilled(self, order):
        """What of an order is neither billed nor settled at the till.

        At most all of it: what is given back that was never sold is listed, and so is
        an invoice that bills it.
        """
        left = super().unbilled(order)
        quantities, amount = self.settled(order)
        left = min(left - self.worth(quantities), left - amount, self.value(order))
        return max(left, 0.0)

    def worth(self, quantities):
        return sum(
            quantity * self.price(line)
            for line, quantity in quantities.items()
            if self.price(line) > 0
        )

    def settled(self, order):
        """What the till has sold of an order, {line: quantity} and its amount."""
        quantities, amount = Counter(), 0.0
        for item in self.sold(order):
            quantities[item.sale_order_line_id] += item.qty
            amount += item.price_subtotal_incl
        return quantities, amount

    def sold(self, orders):
        lines = orders.order_line.pos_order_line_ids
        return lines.filtered(lambda line: line.order_id.state in ("paid", "done"))

    def owed(self, stopped):
        """What the books say, and what the till has not told them yet."""
        owed = super().owed(stopped)
        for receipt in self.receipts("paid", "done"):
            if self.debtor(receipt) and not self.is_booked(receipt):
                owed[receipt] += self.on_account(receipt)
        for receipt in self.sold(stopped).order_id:
            owed[self.where(receipt)] -= self.decided(receipt, stopped)
        return owed

    def seen(self, stopped):
        seen = super().seen(stopped)
        owed = self.owed(stopped)
        listed = self.listed().filtered("till_order_id")
        for number, lines in listed.grouped("till_order_id").items():
            receipt = self.env["pos.order"].browse(number)
            given_back = receipt.lines.refund_orderline_ids.order_id
            left = max(lines.mapped("undelivered_amount"))
            left += sum(map(self.on_account, given_back))
            where = self.where(receipt)
            seen[where] = min(seen[where] + max(left, 0.0), max(owed[where], 0.0))
            # what went out in cash for an invoice
            for entry in receipt.payment_ids.account_move_id:
                seen[entry] = max(owed[entry], 0.0)
        return seen

    def decided(self, receipt, orders):
        """What a sale settles of orders of which somebody decided, or has to."""
        value = sum(
            min(line.qty, line.sale_order_line_id.product_uom_qty)
            * self.price(line.sale_order_line_id)
            for line in receipt.lines
            if line.sale_order_line_id.order_id in orders
        )
        return max(min(value, self.on_account(receipt)), 0.0)

    def where(self, receipt):
        """What stands for the debt of a sale: itself, its invoice, or its session's."""
        if not self.is_booked(receipt):
            return receipt
        return receipt.account_move or receipt.session_id.move_id

    def is_booked(self, receipt):
        if receipt.account_move:
            return receipt.account_move.state == "posted"
        session = receipt.session_id
        return session.state == "closed" and bool(session.move_id)

    def debtor(self, receipt):
        return receipt.partner_id.commercial_partner_id & (self.buyer + self.mate)

    def on_account(self, receipt):
        """What is owed of a sale: Odoo may bill more than it was paid with."""
        payments = receipt.payment_ids.filtered(
            lambda payment: payment.payment_method_id == self.account
        )
        paid_later = sum(payments.mapped("amount"))
        if receipt.account_move.state != "posted":
            return paid_later
        paid = sum(receipt.payment_ids.mapped("amount"))
        billed = receipt.account_move.amount_total_in_currency_signed
        return paid_later + max(billed - paid, 0.0)
