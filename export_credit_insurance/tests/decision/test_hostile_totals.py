from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileTotals(DecisionCommon):
    """The total of an order stays, what it owes grows.

    ALFA has 28 000 free (DOMAIN 1.16). A discount that is billed once it is delivered
    takes nothing off until then; the limit covers no tax.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        products = cls.env["product.product"]
        cls.late, cls.early = (
            products.create(
                {"name": f"By {policy}", "type": "service", "invoice_policy": policy}
            )
            for policy in ("delivery", "order")
        )

    def line(self, amount, product=None):
        return Command.create(
            {
                "product_id": (product or self.product).id,
                "product_uom_qty": 1.0,
                "price_unit": amount,
                "tax_ids": [Command.clear()],
            }
        )

    def confirmed(self, *lines):
        """An order of 1 000, and these lines."""
        order = self.make_quotation(1000.0)
        order.order_line = list(lines)
        order.action_confirm()
        return order

    def exposure(self):
        self.env.flush_all()
        return self.get_position(self.alfa).exposure

    def holds(self, order):
        return self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])

    def change(self, order, *commands):
        order.write({"order_line": list(commands)})
        self.env.flush_all()

    def assert_refused(self, order, *commands):
        with self.assertRaises(RedirectWarning) as caught, self.cr.savepoint():
            self.change(order, *commands)
        self.env.invalidate_all()
        return caught.exception.args[3]

    # === GOODS AND A DISCOUNT OF AS MUCH === #

    def test_goods_and_a_discount_of_as_much(self):
        """500 000 of goods less 500 000 once delivered: 500 000 are owed until then."""
        order = self.confirmed()
        self.assert_refused(order, self.line(500000.0), self.line(-500000.0, self.late))
        self.assertEqual(order.amount_total, 1000.0)
        self.assertEqual(self.exposure(), 103000.0)

    def test_both_made_larger(self):
        order = self.confirmed(self.line(-1000.0, self.late))
        goods, discount = order.order_line
        self.assertEqual(order.amount_total, 0.0)
        self.assert_refused(
            order,
            Command.update(goods.id, {"price_unit": 500.0}),
            Command.update(discount.id, {"price_unit": -500000.0}),
        )
        self.assertEqual(self.exposure(), 103000.0)

    def test_a_baseline_keeps_it(self):
        """An order from before the checks: 3 000 on paper, 5 000 until delivered."""
        self.policy.action_close()
        order = self.confirmed(self.line(4000.0), self.line(-2000.0, self.late))
        self.make_policy(name="POL-27", number="POL-27")
        row = self.clearance_of(order)
        self.assertTrue(row.baseline)
        self.assertEqual((row.amount, row.gross_amount), (3000.0, 5000.0))
        self.assertEqual(row.untaxed_amount, 5000.0)

    def test_what_fits_passes(self):
        """1 000 + 27 000 are the 28 000 that are left, whatever comes off later."""
        order = self.confirmed()
        self.change(order, self.line(27000.0), self.line(-27000.0, self.late))
        self.assertEqual(self.exposure(), 130000.0)
        row = self.clearance_of(order)
        self.assertEqual((row.amount, row.gross_amount), (1000.0, 28000.0))
        # and growing back is looked at again
        lines = order.order_line[1:]
        lines.write({"product_uom_qty": 0.0})
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).gross_amount, 1000.0)
        self.make_quotation(27000.0).action_confirm()
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            lines.write({"product_uom_qty": 1.0})
            self.env.flush_all()

    def test_a_discount_alone_is_not_looked_at(self):
        """It enlarges nothing, though ALFA is barred by now."""
        order = self.confirmed()
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "date_from": TODAY,
                "cause": "overdue",
            }
        )
        self.change(order, self.line(-100.0, self.late))
        self.assertEqual(order.amount_total, 900.0)

    def test_it_can_be_asked_for(self):
        """Refused, asked for, released: then it passes, up to what was released."""
        order = self.confirmed()
        commands = (self.line(40000.0), self.line(-40000.0, self.late))
        context = self.assert_refused(order, *commands)
        self.assertEqual(
            (context["credit_requested_amounts"], context["credit_requested_changes"]),
            ({str(order.id): 41000.0}, {str(order.id): {"growth": 40000.0}}),
        )
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        with Form(requests.with_context(**context)) as form:
            form.reason = "They pay on Friday."
        form.save().action_send()
        hold = self.holds(order)
        # 1 000 + 40 000 of 28 000
        self.assertEqual((hold.amount, hold.missing_amount), (41000.0, 13000.0))
        self.release(hold, release_kind="own_risk", release_amount=41000.0)
        more = (self.line(40000.01), self.line(-40000.01, self.late))
        self.assert_refused(order, *more)
        self.change(order, *commands)
        self.assertEqual(self.exposure(), 143000.0)
        self.assertEqual(self.clearance_of(order).hold_id, hold)

    def test_a_release_of_one_total_lets_no_other_goods_go(self):
        """30 000 were released; 530 000 less 500 000 later is as much on paper."""
        order = self.make_quotation(30000.0)
        hold = self.ask_release(order)
        self.release(hold, release_kind="own_risk", release_amount=30000.0)
        order.order_line = [self.line(500000.0), self.line(-500000.0, self.late)]
        self.assertEqual(order.amount_total, 30000.0)
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            order.action_confirm()
        # asked for anew, it says what it is about
        self.assertEqual(self.ask_release(order).amount, 530000.0)

    # === TAX === #

    def test_a_price_in_the_place_of_its_tax(self):
        """28 000 + 20 % are 33 600; 33 600 without tax are 5 600 more to be covered."""
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 20.0})
        order = self.make_quotation(28000.0)
        order.order_line.tax_ids = tax
        order.action_confirm()
        line = order.order_line
        untaxed = {"tax_ids": [Command.clear()], "price_unit": 1.2}
        self.assert_refused(order, Command.update(line.id, untaxed))
        self.assertEqual(order.amount_untaxed, 28000.0)
        self.policy.cover_tax_basis = "tax_included"
        order.order_line.write(untaxed)
        self.env.flush_all()
        self.assertEqual((order.amount_total, order.amount_untaxed), (33600.0,) * 2)

    # === PRODUCTS === #

    def test_a_product_that_is_billed_otherwise(self):
        """500 000 less 499 000; from now on the discount waits for its delivery."""
        order = self.confirmed(self.line(499000.0), self.line(-499000.0, self.early))
        self.assertEqual(self.exposure(), 103000.0)
        self.early.product_tmpl_id.invoice_policy = "delivery"
        self.assertEqual(self.exposure(), 602000.0)
        hold = self.holds(order)
        self.assertRecordValues(
            hold,
            [{"kind": "growth", "state": "open", "missing_amount": 472000.0}],
        )
        # with less of it again it is no new growth, and nobody is refused
        goods = order.order_line[1]
        goods.price_unit = 498000.0
        self.env.flush_all()
        self.assertEqual(self.exposure(), 601000.0)

    def test_a_discount_to_come_ends_no_hold(self):
        """40 000 come in the background: 13 000 too much, until they are taken out.

        A discount of as much brings the total back, and takes nothing off by now.
        """
        order = self.confirmed()
        goods = self.env["sale.order.line"].sudo()
        goods = goods.create({**self.line(40000.0)[2], "order_id": order.id})
        hold = self.holds(order)
        self.assertEqual((hold.state, hold.missing_amount), ("open", 13000.0))
        self.change(order, self.line(-40000.0, self.late))
        self.assertEqual(order.amount_total, 1000.0)
        self.assertEqual(self.exposure(), 143000.0)
        self.assertEqual(hold.state, "open")

    def test_goods_taken_out_again_end_it(self):
        order = self.confirmed()
        goods = self.env["sale.order.line"].sudo()
        goods = goods.create({**self.line(40000.0)[2], "order_id": order.id})
        hold = self.holds(order)
        self.change(order, Command.update(goods.id, {"product_uom_qty": 0.0}))
        self.assertEqual(hold.state, "obsolete")

    def test_a_product_whose_orders_fit(self):
        order = self.confirmed(self.line(9000.0), self.line(-9000.0, self.early))
        self.early.product_tmpl_id.invoice_policy = "delivery"
        self.assertFalse(self.holds(order))
        self.assertEqual(self.clearance_of(order).gross_amount, 10000.0)
