from odoo import Command, fields
from odoo.tests import HttpCase

from .growth_common import GrowthCommon


class TillCommon(HttpCase, GrowthCommon):
    """A till of the company's, with a cashier who sells and one who only cashes up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.available_in_pos = True
        cls.cashier = cls.make_user(
            "doors-kim",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads,"
            "stock.group_stock_user,account.group_account_invoice",
            name="Kim",
        )
        cls.till = cls.env["pos.config"].create({"name": "Till"})
        cls.cash = cls.env["pos.payment.method"].create(
            {
                "name": "Cash at the till",
                "journal_id": cls.env["account.journal"]
                .create({"name": "Till", "type": "cash", "code": "TILL"})
                .id,
            }
        )
        cls.account = cls.env["pos.payment.method"].create(
            {"name": "Customer Account", "split_transactions": True}
        )
        cls.till.payment_method_ids = cls.cash + cls.account
        cls.till.down_payment_product_id = cls.env.ref(
            "pos_sale.default_downpayment_product"
        )
        cls.till.open_ui()
        cls.till_session = cls.till.current_session_id

    def pos_line(self, product, quantity, price, **values):
        amount = quantity * price
        return Command.create(
            {
                "discount": 0,
                "pack_lot_ids": [],
                "price_unit": price,
                "product_id": product.id,
                "price_subtotal": amount,
                "price_subtotal_incl": amount,
                "qty": quantity,
                "tax_ids": [],
                **values,
            }
        )

    def settle(self, order, quantity):
        """The till's line for so many of the order's goods."""
        line = order.order_line[0]
        return self.pos_line(
            line.product_id,
            quantity,
            line.price_unit,
            sale_order_line_id=line.id,
            sale_order_origin_id=order.id,
        )

    def deposit(self, order, amount):
        """The till's line for a part of what the order will cost."""
        return self.pos_line(
            self.till.down_payment_product_id,
            1,
            amount,
            sale_order_origin_id=order.id,
        )

    def cash_up(self, line, user="doors-kim", method=None, context=None, **values):
        """What the till sends to the server; return the till's order."""
        (receipt,) = self.cash_up_all(
            [self.receipt(line, method or self.cash, **values)], user, context
        )
        return receipt

    def cash_up_all(self, receipts, user="doors-kim", context=None):
        """Send several sales in one call, as after a while without a network."""
        receipts = list(receipts)
        self.authenticate(user, user)
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/pos.order/sync_from_ui",
            {
                "model": "pos.order",
                "method": "sync_from_ui",
                "args": [receipts],
                "kwargs": {"context": context or {}},
            },
        )
        self.env.invalidate_all()
        ids = [row["id"] for row in answer["pos.order"]]
        return self.env["pos.order"].browse(ids).sorted("id")

    def receipt(self, line, method, partner=None, pay=True, **values):
        """One sale of one line, paid by a method, as the till has it."""
        amount = line[2]["price_subtotal_incl"]
        now = fields.Datetime.to_string(fields.Datetime.now())
        payment = {"amount": amount, "name": now, "payment_method_id": method.id}
        return {
            "amount_paid": amount if pay else 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": now,
            "fiscal_position_id": False,
            "partner_id": (partner or self.buyer).id,
            "lines": [line],
            "session_id": self.till_session.id,
            "payment_ids": [Command.create(payment)] if pay else [],
            "uuid": f"till-{self.id()}-{amount}",
            "state": "paid",
            "to_invoice": False,
            **values,
        }
