"""Random calls of a cashier, who may sell, settle orders and give back at a till."""

from odoo import Command, fields

from .fuzz import Fuzzer


class TillFuzzer(Fuzzer):
    """Besides all that others do: a till of one company, closed and opened again."""

    def receipt(self, *states):
        """One of the till's sales, one of those just made first."""
        receipts = self.world.receipts(*states)
        if receipts and self.random.random() < 0.5:
            receipts = receipts[:3]
        return self.random.choice(receipts) if receipts else receipts

    def till_line(self, product, quantity, price, **values):
        amount = quantity * price
        return {
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

    def till_payments(self, amount):
        """Ways to pay: at once, on account, in parts, or one against the other."""
        cash, account = self.world.cash, self.world.account
        parts = self.random.choice(
            (
                {account: amount},
                {account: amount},
                {cash: amount},
                {cash: amount * 0.7, account: amount * 0.3},
                {cash: -20000.0, account: amount + 20000.0},
                {cash: 5000.0, account: amount - 5000.0},
            )
        )
        now = fields.Datetime.to_string(fields.Datetime.now())
        return [
            Command.create(
                {"amount": part, "name": now, "payment_method_id": method.id}
            )
            for method, part in parts.items()
        ]

    def sell(self, lines, partner=None, **values):
        """What a till sends of a sale."""
        amount = sum(line["price_subtotal_incl"] for line in lines)
        payments = self.till_payments(amount) if self.random.random() < 0.9 else []
        receipt = {
            "amount_paid": amount if payments else 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "partner_id": (partner or self.random.choice(self.world.partners)).id,
            "lines": [Command.create(line) for line in lines],
            "session_id": self.world.till.current_session_id.id,
            "payment_ids": payments,
            "uuid": f"till-{self.random.random()}",
            "state": "paid" if payments else "draft",
            "to_invoice": self.random.random() < 0.2,
            **(self.receipt_values() if self.random.random() < 0.2 else {}),
            **values,
        }
        self.sync(receipt)

    def sync(self, receipt):
        cashier = self.world.cashier
        self.call(cashier, "pos.order", "sync_from_ui", (), [receipt])

    def receipt_values(self):
        """What a sale may say of itself, or may not."""
        pick, world = self.random.choice, self.world
        values = {}
        for name, choices in {
            "partner_id": (*world.partners.ids, False),
            "state": ("draft", "paid", "done", "cancel"),
            "account_move": (False, *world.invoices()[:2].ids),
            "session_id": world.sessions().ids,
            "amount_total": (1.0,),
            "amount_paid": (1.0, 0.0),
            "shipping_date": (self.day()[:10],),
            "user_id": (world.seller.id, world.manager.id),
            "company_id": world.companies.ids,
            "to_invoice": (True, False),
            "date_order": (self.day(),),
        }.items():
            if self.random.random() < 0.15:
                values[name] = pick(choices)
        return values

    # === SELLING === #

    def do_sell(self):
        pick = self.random.choice
        lines = [
            self.till_line(
                pick(self.world.products), pick((1, 1, 5, 28, 60, -1, -20)), price
            )
            for price in pick(((1000.0,), (1000.0,), (0.01,), (1000.0, -500.0)))
        ]
        self.sell(lines)

    do_sell_again = do_sell

    def do_settle(self):
        """What was ordered is sold at the till, or said to be."""
        if not (line := self.line("sale", "sent", "draft")) or line.display_type:
            return
        pick, order = self.random.choice, line.order_id
        quantity = pick((line.product_uom_qty, line.product_uom_qty, 1, 60, -5))
        price = pick((line.price_unit, line.price_unit, 0.01, 1000.0))
        values = {"sale_order_line_id": line.id, "sale_order_origin_id": order.id}
        product = line.product_id if self.random.random() < 0.9 else self.world.product
        self.sell(
            [self.till_line(product, quantity, price, **values)],
            order.partner_id if self.random.random() < 0.8 else None,
        )

    do_settle_again = do_settle

    def do_deposit(self):
        """A part of what an order will cost."""
        if order := self.order("sale", "sent"):
            amount = self.random.choice((500.0, 10000.0, order.amount_total))
            line = self.till_line(
                self.world.till.down_payment_product_id,
                1,
                amount,
                sale_order_origin_id=order.id,
            )
            partner = order.partner_id if self.random.random() < 0.8 else None
            self.sell([line], partner)

    def do_give_back(self):
        """Of a sale, or of nothing."""
        if not (sold := self.receipt("paid", "done").lines):
            return
        line = self.random.choice(sold)
        values = {"refunded_orderline_id": line.id}
        if line.sale_order_line_id and self.random.random() < 0.7:
            values["sale_order_line_id"] = line.sale_order_line_id.id
            values["sale_order_origin_id"] = line.sale_order_line_id.order_id.id
        quantity = -self.random.choice((line.qty, line.qty, 1, 60))
        price = self.random.choice((line.price_unit, line.price_unit, 1000.0))
        partner = line.order_id.partner_id if self.random.random() < 0.8 else None
        back = self.till_line(line.product_id, quantity, price, **values)
        self.sell([back], partner)

    # === AFTERWARDS, IN THE BACK OFFICE === #

    def do_write_receipt(self):
        if (receipt := self.receipt()) and (values := self.receipt_values()):
            self.call(self.world.cashier, "pos.order", "write", receipt.ids, values)

    def do_write_receipt_line(self):
        if lines := self.receipt().lines:
            line = self.line("sale", "sent")
            values = self.random.choice(
                (
                    {"qty": self.random.choice((0, 1, 60, -20))},
                    {"price_unit": self.random.choice((0.01, 5000.0))},
                    {"sale_order_line_id": line.id, "sale_order_origin_id": False},
                    {"sale_order_line_id": False},
                    {"refunded_orderline_id": False},
                    {"price_subtotal_incl": 1.0},
                )
            )
            line = self.random.choice(lines)
            cashier = self.world.cashier
            self.call(cashier, "pos.order.line", "write", line.ids, values)

    def do_write_payment(self):
        if payments := self.receipt().payment_ids:
            pick = self.random.choice
            method = pick((self.world.cash, self.world.account))
            values = pick(
                ({"payment_method_id": method.id}, {"amount": pick((1.0, 30000.0))})
            )
            payment = pick(payments)
            cashier = self.world.cashier
            self.call(cashier, "pos.payment", "write", payment.ids, values)

    def do_pay_receipt(self):
        """A sale without a payment, paid by the dialogue of the back office."""
        if not (receipt := self.receipt("draft")):
            return
        method = self.random.choice((self.world.cash, self.world.account))
        values = {
            "config_id": self.world.till.id,
            "payment_method_id": method.id,
            "amount": receipt.amount_total,
        }
        made = self.call(
            self.world.cashier,
            "pos.make.payment",
            "create",
            (),
            [values],
            context={"active_id": receipt.id},
        )
        if made:
            self.call(
                self.world.cashier,
                "pos.make.payment",
                "check",
                made,
                context={"active_id": receipt.id},
            )

    def do_receipt_method(self):
        method = self.random.choice(
            ("action_pos_order_invoice", "action_pos_order_cancel", "refund", "unlink")
        )
        if receipt := self.receipt():
            self.call(self.world.cashier, "pos.order", method, receipt.ids)

    def do_close_the_till(self):
        session = self.world.till.current_session_id
        method = "action_pos_session_closing_control"
        if session and self.random.random() < 0.4:
            self.call(self.world.cashier, "pos.session", method, session.ids)

    def do_open_the_till(self):
        if not self.world.till.current_session_id:
            till = self.world.till
            self.call(self.world.cashier, "pos.config", "open_ui", till.ids)

    do_open_the_till_again = do_open_the_till
