from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..common import TODAY
from .hostile_orders_common import HostileOrdersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileGoods(HostileOrdersCommon):
    """What is delivered, taken back or paid beyond the order counts all the same."""

    def test_goods_delivered_before_a_small_order_is_confirmed(self):
        order = self.make_quotation(1.0)
        order.order_line.qty_delivered = 100000.0
        self.assert_refused(order)

    def test_goods_delivered_on_an_order_of_nothing(self):
        order = self.make_quotation(0.0)
        order.order_line.qty_delivered = 100000.0
        self.assert_refused(order)

    def test_goods_delivered_beyond_a_small_order(self):
        order = self.confirmed(1.0)
        order.order_line.qty_delivered = 100000.0
        self.env.flush_all()
        self.assertEqual(self.holds(order).kind, "growth")

    def test_price_of_what_was_delivered_and_not_ordered(self):
        """A line of nothing, delivered for 0.01 each: its price is raised to 1.00."""
        order = self.make_quotation(1000.0)
        order.action_confirm()
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 0.0,
                    "price_unit": 0.01,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        line = order.order_line[-1]
        line.qty_delivered = 45000.0  # 450, which fit
        self.env.flush_all()
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            line.price_unit = 1.0
            self.env.flush_all()
        self.assertEqual(line.price_unit, 0.01)
        line.price_unit = 0.5  # 22 500 of the 27 000 that are left
        self.env.flush_all()

    def test_money_of_who_orders_pays_for_nobody_else(self):
        """ALFA pays what GAMMA, who has no limit, is billed for."""
        other = self.make_buyer("GAMMA")
        order = self.make_quotation(45000.0, partner_invoice_id=other.id)
        self.pay(order)
        self.assert_refused(order)
        order.partner_invoice_id = self.alfa
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_discount_that_is_delivered_and_taken_back(self):
        """20 000 of discount, once delivered, make room for 20 000 more."""
        order = self.confirmed()
        late = self.env["product.product"].create(
            {"name": "Late", "type": "service", "invoice_policy": "delivery"}
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": late.id,
                    "product_uom_qty": 20.0,
                    "price_unit": -1000.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self.assertEqual(self.exposure(), 130000.0)
        discount = order.order_line[-1]
        discount.qty_delivered = 20.0
        self.assertEqual(self.exposure(), 110000.0)
        other = self.confirmed(20000.0)
        self.assertEqual(other.state, "sale")
        self.assertFalse(self.holds(order))
        # a discount is a price: who lowers it is refused, perhaps the goods have left
        with self.assertRaises(UserError), self.cr.savepoint():
            discount.qty_delivered = 1.0
        self.env.invalidate_all()
        self.assertEqual(self.exposure(), 130000.0)
        # credit control corrects what was recorded, and hears of what it lacks
        discount.with_user(self.controller).qty_delivered = 1.0
        self.assertEqual(self.exposure(), 149000.0)
        self.assertRecordValues(
            self.holds(order),
            [{"kind": "growth", "state": "open", "missing_amount": 19000.0}],
        )

    def test_returns_at_a_negative_price(self):
        """-1 at -100 is 100 to pay; -450 come back: 45 000, of 27 900 that are left."""
        order = self.make_quotation(100.0)
        self.set_amount(order, -1)
        order.order_line.price_unit = -100.0
        order.action_confirm()
        self.assertEqual(order.amount_total, 100.0)
        order.order_line.qty_delivered = -450.0
        self.env.flush_all()
        self.assertEqual(self.exposure(), 102000.0 + 45000.0)
        self.assertEqual(self.holds(order).mapped("kind"), ["growth"])

    def test_returns_at_a_discount_beyond_the_price(self):
        """-1 at 200 less 150 % is 100 to pay, too."""
        order = self.make_quotation(100.0)
        self.set_amount(order, -1)
        order.order_line.write({"price_unit": 200.0, "discount": 150.0})
        order.action_confirm()
        self.assertEqual(order.amount_total, 100.0)
        order.order_line.qty_delivered = -450.0
        self.env.flush_all()
        self.assertEqual(self.exposure(), 102000.0 + 45000.0)
        self.assertEqual(self.holds(order).mapped("kind"), ["growth"])

    def test_a_paid_order_pays_for_no_more_than_itself(self):
        order = self.make_quotation(1000.0)
        self.pay(order)
        order.action_confirm()
        order.order_line.qty_delivered = 100000.0
        self.env.flush_all()
        self.assertEqual(self.holds(order).kind, "growth")

    def test_goods_are_no_deposit(self):
        order = self.confirmed(1000.0)
        order.order_line.is_downpayment = True
        self.assertFalse(order.order_line.is_downpayment)
        deposit = {
            "order_id": order.id,
            "product_id": self.product.id,
            "product_uom_qty": 0.0,
            "price_unit": 1.0,
            "is_downpayment": True,
        }
        line = order.order_line.create(deposit)
        for name in ("qty_delivered", "product_uom_qty"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                line.write({name: 100000.0})
        with self.assertRaises(ValidationError):
            order.order_line.create({**deposit, "qty_delivered": 100000.0})

    def test_whose_delivery_it_is_does_not_release_it(self):
        order = self.confirmed(1000.0).with_user(self.controller)
        order.order_line.qty_delivered = 100000.0
        self.env.flush_all()
        hold = self.holds(order)
        self.assertEqual(hold.caused_by, self.controller)
        with self.assertRaises(UserError):
            self.release(hold, self.controller, release_amount=50000.0)
