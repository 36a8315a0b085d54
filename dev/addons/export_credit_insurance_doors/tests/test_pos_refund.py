from odoo.exceptions import AccessError
from odoo.tests import tagged

from .till_common import TillCommon


@tagged("post_install", "-at_install")
class TestTillRefund(TillCommon):
    """What a cashier gives back on a customer's account makes room like a credit note.

    122 000 of 130 000 are used: 8 000 are free.
    """

    def give_back(self, quantity, price=1000.0, method=None, **values):
        line = self.pos_line(self.product, -quantity, price, **values)
        # Odoo answers with what is refunded, too
        return self.cash_up_all([self.receipt(line, method or self.account)])[-1]

    def listed(self):
        return self.env["credit.insurance.review.line"].search(
            [("stage", "=", "refund")]
        )

    def headroom(self):
        engine = self.env["credit.insurance.position"].sudo()
        position = engine._get_credit_position(self.buyer, self.company)[self.buyer]
        return position.headroom_limit_currency

    def test_for_nothing(self):
        """40 000 for nothing that was sold: 48 000 are free, and it is listed."""
        receipt = self.give_back(40)
        self.assertEqual((receipt.state, self.headroom()), ("paid", 48000.0))
        line = self.listed()
        self.assertRecordValues(
            line,
            [
                {
                    "cause": "refund",
                    "till_order_id": receipt.id,
                    "partner_id": self.buyer.id,
                    "sold_by": self.cashier.id,
                    "undelivered_amount": 40000.0,
                    "is_open": True,
                }
            ],
        )
        activity = line.review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        for text in (receipt.pos_reference, "Kim", "40,000.00"):
            self.assertIn(text, activity.note)
        self.cashier.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_controller"
        )
        with self.assertRaises(AccessError):
            line.with_user(self.cashier).action_reviewed()
        # listed once, however often it is looked at
        self.notice_due()
        self.assertEqual(self.listed(), line)

    def test_of_what_was_sold(self):
        """5 000 taken along on account and brought back: 8 000 are free again."""
        sale = self.cash_up(self.pos_line(self.product, 5, 1000.0), method=self.account)
        self.give_back(5, refunded_orderline_id=sale.lines.id)
        self.assertEqual(self.headroom(), 8000.0)
        self.assertFalse(self.listed())

    def test_of_what_was_sold_for_less(self):
        """Bought for 50, given back for 5 000."""
        sale = self.cash_up(self.pos_line(self.product, 5, 10.0), method=self.cash)
        self.give_back(5, refunded_orderline_id=sale.lines.id)
        self.assertEqual(self.listed().undelivered_amount, 5000.0)

    def test_of_what_was_never_paid(self):
        """A draft of 40 000, of which nobody has got anything."""
        draft = self.cash_up(
            self.pos_line(self.product, 40, 1000.0), pay=False, state="draft"
        )
        self.assertEqual(draft.state, "draft")
        self.give_back(40, refunded_orderline_id=draft.lines.id)
        self.assertEqual(self.listed().undelivered_amount, 40000.0)

    def test_in_cash_or_little(self):
        """Cash lowers no debt; below 500 nobody looks."""
        self.give_back(40, method=self.cash)
        self.give_back(1, price=499.0)
        self.assertFalse(self.listed())

    # === OF AN ORDER THAT IS SETTLED === #

    def settle_less(self, order, pieces):
        """Some goods of an order, less all of its deposit, on account."""
        deposit = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        taken_off = self.pos_line(
            self.till.down_payment_product_id,
            -1,
            deposit.price_unit,
            sale_order_line_id=deposit.id,
            sale_order_origin_id=order.id,
        )
        goods = self.settle(order, pieces)
        values = self.receipt(goods, self.account)
        amount = pieces * order.order_line[0].price_unit - deposit.price_unit
        values["lines"].append(taken_off)
        values |= {"amount_total": amount, "amount_paid": amount}
        values["payment_ids"][0][2]["amount"] = amount
        values["uuid"] += f"-{pieces}"
        return self.cash_up_all([values])[-1]

    def test_deposit_of_an_order(self):
        """10 000 were paid in advance: with 2 000 of the goods 8 000 are given back.

        The same once more is for nothing, and listed.
        """
        order = self.make_quotation(8)
        self.cash_up(self.deposit(order, 10000.0))
        first = self.settle_less(order, 2)
        self.assertEqual(first.amount_total, -8000.0)
        self.assertFalse(self.listed())
        second = self.settle_less(order, 3)
        self.assertRecordValues(
            self.listed(),
            [{"till_order_id": second.id, "undelivered_amount": 7000.0}],
        )

    def test_in_the_name_of_an_order(self):
        """An order that took nothing off gives nothing back, whichever it names."""
        order = self.make_quotation(8)
        self.give_back(40, sale_order_origin_id=order.id)
        self.assertEqual(self.listed().undelivered_amount, 40000.0)

    def test_in_the_name_of_its_goods(self):
        order = self.make_quotation(8)
        self.give_back(
            40,
            sale_order_origin_id=order.id,
            sale_order_line_id=order.order_line.id,
        )
        self.assertEqual(self.listed().undelivered_amount, 40000.0)
