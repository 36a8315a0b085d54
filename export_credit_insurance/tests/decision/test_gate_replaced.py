from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestGateReplaced(DecisionCommon):
    """Lines that are delivered or invoiced give way to others: the exposure grows.

    28 000 are left of 130 000. An order of 20 000 uses 20 000 of it, invoiced or not,
    so that 8 000 remain.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def confirmed(self, amount=20000.0, invoiced=True, **values):
        order = self.make_quotation(amount, **values)
        order.action_confirm()
        if invoiced:
            order.sudo()._create_invoices().action_post()
        self.env.flush_all()
        return order

    def invoice_part(self, order, quantity):
        """Invoice so much of the order's only line."""
        invoice = order.sudo()._create_invoices()
        invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()
        self.env.flush_all()

    def replace(self, order, left, added, **values):
        """In one save: leave so much of the first line, add a line of so much."""
        values = {"product_uom_qty": left, "price_unit": 1.0, **values}
        order.write(
            {
                "order_line": [
                    Command.update(order.order_line[0].id, values),
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": added,
                            "price_unit": 1.0,
                            "tax_ids": [Command.clear()],
                        }
                    ),
                ]
            }
        )
        self.env.flush_all()

    def assertRefused(self, change, *args, **kwargs):
        with self.assertRaises(RedirectWarning) as refusal:
            change(*args, **kwargs)
        return refusal.exception.args

    def ask_for_exchange(self, order):
        """Be refused 20 000 of other goods, and ask for their release."""
        context = self.assertRefused(self.replace, order, 0.0, 20000.0)[3]
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        form = Form(requests.with_context(**context))
        form.reason = "Other valves instead."
        form.save().action_send()

    def stop_cover(self):
        """From now on every full check of ALFA is refused."""
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-10-01", "cause": "insurer"}
        )

    # ----------------------------------------------------------------- invoiced

    def test_invoiced_line_gives_way_at_the_same_total(self):
        # 20 000 invoiced, 20 000 open: 12 000 more than is left
        order = self.confirmed(user=self.user)
        message = self.assertRefused(self.replace, order, 0.0, 20000.0)[0]
        self.assertIn("8,000.00", message)
        self.assertIn("12,000.00", message)
        self.assertEqual(order.order_line.product_uom_qty, 20000.0)
        self.assertEqual(self.clearance_of(order).replaced_amount, 0.0)

    def test_what_is_left_may_be_used(self):
        order = self.confirmed()
        self.assertRefused(self.replace, order, 0.0, 8001.0)
        self.replace(order, 0.0, 8000.0)
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "amount": 8000.0,
                    "replaced_amount": 0.0,
                    "exposure": 122000.0,
                    "headroom_after": 0.0,
                }
            ],
        )

    def test_form_of_the_salesperson(self):
        order = self.confirmed()
        form = Form(order)
        with form.order_line.edit(0) as line:
            line.product_uom_qty = 0.0
        with form.order_line.new() as line:
            line.product_id = self.product
            line.product_uom_qty = 20.0
            line.price_unit = 1000.0
        self.assertRefused(form.save)

    def test_anchor_is_written_at_the_same_total(self):
        """Two people who do it at once: the second waits and is checked again."""
        order = self.confirmed(4000.0)
        revisions = self.env["credit.insurance.anchor"].sudo()
        anchor = revisions.search([("partner_id", "=", self.alfa.id)])
        before = anchor.revision
        self.replace(order, 0.0, 4000.0)
        anchor.invalidate_recordset()
        self.assertEqual(anchor.revision, before + 1)

    def test_lowering_alone_needs_no_check(self):
        order = self.confirmed()
        self.stop_cover()
        order.order_line.product_uom_qty = 15000.0
        self.env.flush_all()
        self.assertRecordValues(
            self.clearance_of(order), [{"amount": 15000.0, "replaced_amount": 0.0}]
        )
        order.order_line.product_uom_qty = 0.0
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 0.0)
        self.assertRefused(self.add_line, order, 600.0)

    def test_what_is_not_invoiced_may_be_exchanged(self):
        # 12 000 of 20 000 invoiced: the other 8 000 are open before and after
        order = self.confirmed(invoiced=False)
        self.invoice_part(order, 12000.0)
        self.stop_cover()
        self.replace(order, 12000.0, 8000.0)
        self.assertRecordValues(
            self.clearance_of(order), [{"amount": 20000.0, "replaced_amount": 0.0}]
        )

    def test_one_more_than_that_is_checked(self):
        order = self.confirmed(invoiced=False)
        self.invoice_part(order, 12000.0)
        self.stop_cover()
        self.assertRefused(self.replace, order, 11999.0, 8001.0)

    def test_price_of_an_invoiced_line(self):
        # 20 000 at 1.00 invoiced; at 0.50 the order has room for 10 000 more: no
        order = self.confirmed()
        self.assertRefused(self.replace, order, 20000.0, 10000.0, price_unit=0.5)
        self.assertRefused(self.replace, order, 20000.0, 10000.0, discount=50.0)
        self.replace(order, 20000.0, 8000.0, price_unit=0.5)
        self.assertEqual(self.clearance_of(order).amount, 18000.0)

    def test_several_lines_at_once(self):
        order = self.make_quotation(10000.0)
        self.add_line(order, 10000.0)
        order.action_confirm()
        order.sudo()._create_invoices().action_post()
        self.env.flush_all()
        commands = [
            Command.update(line.id, {"product_uom_qty": 5000.0})
            for line in order.order_line
        ]

        def change(amount):
            values = {
                "product_id": self.product.id,
                "product_uom_qty": amount,
                "price_unit": 1.0,
                "tax_ids": [Command.clear()],
            }
            order.write({"order_line": [*commands, Command.create(values)]})
            self.env.flush_all()

        # 2 x 5 000 taken out, 10 000 in: 2 000 more than is left
        self.assertRefused(change, 10000.0)
        change(8000.0)
        self.assertEqual(self.clearance_of(order).amount, 18000.0)

    def test_line_moved_to_another_order(self):
        order = self.confirmed()
        other = self.confirmed(8000.0, invoiced=False)
        moved = order.order_line
        with self.assertRaisesRegex(UserError, "stays with"), self.cr.savepoint():
            moved.order_id = other

        def change():
            moved.sudo().order_id = other  # as other code may
            self.add_line(order, 20000.0)
            self.env.flush_all()

        self.assertRefused(change)

    # ---------------------------------------------------------------- delivered

    def test_delivered_line_gives_way_at_the_same_total(self):
        order = self.confirmed(invoiced=False)
        order.order_line.qty_delivered = 20000.0
        self.env.flush_all()
        self.assertRefused(self.replace, order, 0.0, 20000.0)
        self.replace(order, 0.0, 8000.0)
        self.assertEqual(self.clearance_of(order).exposure, 102000.0)

    def test_delivery_recorded_by_mistake_is_taken_back(self):
        # nothing was delivered: 20 000 are open before and after
        order = self.confirmed(invoiced=False)
        order.order_line.qty_delivered = 20000.0
        self.stop_cover()
        self.replace(order, 0.0, 20000.0, qty_delivered=0.0)
        self.assertEqual(self.clearance_of(order).amount, 20000.0)

    def test_price_of_what_is_delivered_only_is_open_still(self):
        # 20 000 at 1.00 delivered, now at 0.75: 15 000 + 5 000 are open, as before
        order = self.confirmed(invoiced=False)
        order.order_line.qty_delivered = 20000.0
        self.stop_cover()
        self.replace(order, 20000.0, 5000.0, price_unit=0.75)
        self.assertEqual(self.clearance_of(order).amount, 20000.0)

    # ------------------------------------------------------------------ rounding

    def test_taxes_rounded_per_order_are_no_growth(self):
        """33 lines of 3 x 0.37 with 20 % tax, a third of each taken out again."""
        self.company.tax_calculation_rounding_method = "round_globally"
        tax = self.percent_tax(20.0)
        line = {
            "product_id": self.product.id,
            "product_uom_qty": 3.0,
            "price_unit": 0.37,
            "tax_ids": [Command.set(tax.ids)],
        }
        order = self.make_quotation(1000.0)
        order.order_line = [Command.create(line) for _number in range(33)]
        order.action_confirm()
        order.sudo()._create_invoices().action_post()
        self.env.flush_all()
        self.stop_cover()
        order.order_line[1:].product_uom_qty = 2.0
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, order.amount_total)
        order.write(
            {
                "order_line": [
                    Command.update(line.id, {"product_uom_qty": 1.0})
                    for line in order.order_line[1:]
                ]
            }
        )
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, order.amount_total)

    def test_taxes_are_part_of_what_is_taken_out(self):
        # 20 000 + 20 % = 24 000 invoiced; 20 % on the new line too
        tax = self.percent_tax(20.0)
        order = self.confirmed(taxes=tax)
        self.assertEqual(order.amount_total, 24000.0)
        line = {"tax_ids": [Command.set(tax.ids)], "product_id": self.product.id}

        def change(amount):
            order.write(
                {
                    "order_line": [
                        Command.update(order.order_line[0].id, {"product_uom_qty": 0}),
                        Command.create(
                            {**line, "product_uom_qty": amount, "price_unit": 1.0}
                        ),
                    ]
                }
            )
            self.env.flush_all()

        # the policy counts without tax, the receipt too: 5 000 x 95 000 / 99 000 =
        # 4 797.98; 95 000 - 4 797.98 + 32 000 = 122 202.02 used, 7 797.98 left
        self.assertRefused(change, 7798.0)
        change(7797.0)
        self.assertEqual(self.clearance_of(order).amount, 9356.4)

    # ------------------------------------------------------------------- release

    def test_exchange_by_release(self):
        order = self.confirmed()
        self.ask_for_exchange(order)
        hold = order.sudo().credit_hold_id
        # 20 000 more (a cent less, for rounding) against 8 000 left
        self.assertRecordValues(
            hold,
            [
                {
                    "amount": 20000.0,
                    "exposure": 122000.0,
                    "order_amount": 19999.99,
                    "missing_amount": 11999.99,
                    "main_code": "over_limit",
                }
            ],
        )
        self.release(hold)
        self.replace(order, 0.0, 20000.0)
        self.assertRecordValues(
            self.clearance_of(order),
            [{"amount": 20000.0, "replaced_amount": 0.0, "hold_id": hold.id}],
        )

    def test_a_release_is_used_up_by_the_goods_that_are_gone(self):
        order = self.confirmed()
        self.ask_for_exchange(order)
        self.release(order.sudo().credit_hold_id)
        self.replace(order, 0.0, 20000.0)
        order.sudo()._create_invoices().action_post()
        self.env.flush_all()
        second = order.order_line[1]

        def exchange_again():
            order.write(
                {
                    "order_line": [
                        Command.update(second.id, {"product_uom_qty": 0.0}),
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 20000.0,
                                "price_unit": 1.0,
                                "tax_ids": [Command.clear()],
                            }
                        ),
                    ]
                }
            )
            self.env.flush_all()

        # released for 20 000; 20 000 of it are invoiced, 20 000 more would follow
        self.assertRefused(exchange_again)

    def test_money_for_goods_that_are_gone_pays_for_no_others(self):
        # 50 000 paid in advance are more than the 28 000 left: the order passes
        order = self.make_quotation(50000.0)
        self.pay(order, 50000.0)
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        order.sudo().transaction_ids.payment_id = self._register_payment(invoice)
        self.env.flush_all()
        # other goods of 50 000 against 28 000: what was paid went with the first ones
        self.assertRefused(self.replace, order, 0.0, 50000.0)

    def test_growth_of_a_paid_order_can_be_asked_for(self):
        order = self.make_quotation(1000.0)
        self.pay(order, 1000.0)
        order.action_confirm()
        self.stop_cover()
        order.action_request_credit_release("More", amounts={order.id: 3000.0})
        self.assertEqual(order.sudo().credit_hold_id.amount, 3000.0)

    def test_growth_of_a_small_order_can_be_asked_for(self):
        # 400 are below the rule's minimum of 500, the 5 000 wanted are not
        order = self.make_quotation(400.0)
        order.action_confirm()
        self.stop_cover()
        order.action_request_credit_release("More", amounts={order.id: 5000.0})
        self.assertEqual(order.sudo().credit_hold_id.amount, 5000.0)

    def test_delivered_and_taken_out_in_one_change(self):
        # in one save: delivered, and no longer ordered; 20 000 more against 8 000 left
        order = self.confirmed(invoiced=False)
        self.assertRefused(self.replace, order, 0.0, 20000.0, qty_delivered=20000.0)

    # -------------------------------------------------------------------- queries

    def test_lines_cost_nothing_where_nothing_is_checked(self):
        order = self.confirmed()
        lines = order.order_line
        self.assertEqual(lines._credit_settled_lines(), lines)
        self.policy.action_close()
        self.env["res.company"]._credit_check_modes()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.assertFalse(lines._credit_settled_lines())

    def test_form_that_is_not_saved_notes_nothing(self):
        order = self.confirmed()
        line = order.new(origin=order).order_line
        line.write({"product_uom_qty": 0.0})
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).replaced_amount, 0.0)
        self.assertEqual(self.clearance_of(order).amount, 20000.0)
