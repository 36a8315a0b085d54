from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.export_credit_insurance.tests.http_common import RpcClient

from .till_account_common import TillAccountCommon


@tagged("post_install", "-at_install")
class TestHostileLinks(RpcClient, TillAccountCommon):
    """An order is billed by what the till sold for it, not by what it sold before.

    Peter sells, at the till too. 8 000 of 130 000 are free; 45 pieces at a cent each,
    paid in cash, would have an order of 45 000 look billed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.peter = cls.make_user(
            "doors-peter",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman,"
            "stock.group_stock_user",
        )
        cls.key = cls.make_key(cls.peter)

    def call(self, model, method, ids=(), **arguments):
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answer = self.json2(self.key, model, method, ids, **arguments)
        self.env.invalidate_all()
        return answer

    def sold_cheap(self, quantity, **values):
        line = self.pos_line(self.product, quantity, 0.01, **values)
        return self.cash_up(line, user="doors-peter")

    def assertNotBilled(self, order, *calls):
        """Refused, and the order does not pass."""
        line = order.order_line
        for model, method, ids, arguments in calls:
            with self.subTest(model=model, method=method, **arguments):
                before = line.qty_invoiced
                status, answer = self.call(model, method, ids, **arguments)
                self.assertGreaterEqual(status, 400)
                self.assertIn("settles no more", str(answer))
                self.assertEqual(line.qty_invoiced, before)
                self.call("sale.order", "action_confirm", order.ids)
                self.assertEqual(order.state, "sent")

    def test_what_was_sold_before(self):
        sold = self.sold_cheap(45).lines
        order = self.make_quotation(45, user_id=self.peter.id)
        linked = {
            "sale_order_line_id": order.order_line.id,
            "sale_order_origin_id": order.id,
        }
        by_order = {"pos_order_line_ids": [Command.link(sold.id)]}
        self.assertNotBilled(
            order,
            ("pos.order.line", "write", sold.ids, {"vals": linked}),
            ("sale.order.line", "write", order.order_line.ids, {"vals": by_order}),
        )

    def test_a_line_added_to_what_was_sold(self):
        receipt = self.sold_cheap(1)
        order = self.make_quotation(45, user_id=self.peter.id)
        line = {
            "order_id": receipt.id,
            "product_id": self.product.id,
            "qty": 45,
            "price_unit": 0.01,
            "price_subtotal": 0.45,
            "price_subtotal_incl": 0.45,
            "sale_order_line_id": order.order_line.id,
        }
        sale = {
            "session_id": self.till_session.id,
            "company_id": self.company.id,
            "partner_id": self.buyer.id,
            "amount_tax": 0,
            "amount_total": 0.45,
            "amount_paid": 0.45,
            "amount_return": 0,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "state": "paid",
            "lines": [Command.create({**line, "order_id": False})],
        }
        self.assertNotBilled(
            order,
            ("pos.order.line", "create", (), {"vals_list": [line]}),
            ("pos.order", "create", (), {"vals_list": [sale]}),
        )

    def test_more_of_what_was_settled(self):
        """7 of 8 are settled at the till; the rest is not, by any number."""
        order = self.make_quotation(8, user_id=self.peter.id)
        line = order.order_line
        receipt = self.sold_cheap(
            7, sale_order_line_id=line.id, sale_order_origin_id=order.id
        )
        self.assertEqual(line.qty_invoiced, 7.0)
        status, answer = self.call(
            "pos.order.line", "write", receipt.lines.ids, vals={"qty": 8}
        )
        self.assertGreaterEqual(status, 400, answer)
        self.assertEqual(line.qty_invoiced, 7.0)

    def test_settled_at_the_till(self):
        """As ever: what is sold there is sold at its price, and its goods are gone."""
        order = self.make_quotation(8, user_id=self.peter.id)
        self.cash_up(self.settle(order, 8), user="doors-peter")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.qty_invoiced, 8.0)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)
