from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..common import TODAY
from .hostile_orders_common import HostileOrdersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileOrders(HostileOrdersCommon):
    """A salesperson writes what the exposure of his orders rests on."""

    # === MANY AT ONCE === #

    def test_prices_of_many_orders(self):
        """1 000 pieces at 28; the list says 100 now, and prices are updated.

        Another list for a confirmed order Odoo itself refuses.
        """
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "List",
                "currency_id": self.euro.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 28.0})
                ],
            }
        )
        orders = self.env["sale.order"].union(
            *(self.make_quotation(amount) for amount in (1000.0, 1.0))
        )
        orders.write({"pricelist_id": pricelist.id})
        orders.order_line.price_unit = 28.0
        orders[0].action_confirm()
        self.assertEqual(orders[0].amount_total, 28000.0)
        pricelist.item_ids.fixed_price = 100.0
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            for order in orders:
                order.action_update_prices()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(orders[0].amount_total, 28000.0)

    # === BEYOND THE HORIZON === #

    def test_a_far_order_does_not_come_nearer_unseen(self):
        for moved in ("commitment_date", "date_order"):
            with self.subTest(moved=moved):
                far = self.confirmed()
                far[moved] = "2028-01-01"
                self.assertEqual(self.exposure(), 102000.0)
                near = self.confirmed()
                with self.assertRaises(RedirectWarning), self.cr.savepoint():
                    far[moved] = "2026-11-01"
                near.action_cancel()
                far[moved] = "2026-11-01"
                self.assertEqual(self.exposure(), 130000.0)
                far.action_cancel()

    def test_a_far_line_does_not_come_nearer_unseen(self):
        far = self.confirmed()
        far.order_line.customer_lead = 400
        self.confirmed()
        with self.assertRaises(RedirectWarning):
            far.order_line.customer_lead = 1

    def test_the_release_of_a_far_order_lets_it_come_nearer(self):
        far = self.confirmed()
        far.commitment_date = "2028-01-01"
        self.confirmed()
        hold = self.ask_release(far)
        self.release(hold, release_amount=28000.0)
        far.commitment_date = "2026-11-01"
        self.assertEqual(self.clearance_of(far).hold_id, hold)

    def test_what_is_far_is_not_delivered_unseen(self):
        far = self.confirmed()
        far.commitment_date = "2028-01-01"
        self.confirmed()
        far.order_line.qty_delivered = 1000.0
        self.env.flush_all()
        self.assertEqual(self.holds(far).kind, "growth")

    def test_a_process_that_draws_it_nearer_opens_a_hold(self):
        far = self.confirmed()
        far.commitment_date = "2028-01-01"
        self.confirmed()
        far.sudo().commitment_date = "2026-11-01"
        self.assertEqual(self.holds(far).growth_flow, "automatic")

    def test_absurd_lead_times_break_no_query(self):
        order = self.confirmed(20000.0)
        for days in (1e300, -1e300, float("nan")):
            order.order_line.customer_lead = days
            self.assertIn(self.exposure(), (102000.0, 122000.0))
        with self.assertRaises(RedirectWarning):
            self.confirmed()
            order.order_line.customer_lead = 0

    # === FIELDS THAT ODOO COMPUTES === #

    def test_what_a_line_has_of_its_order_is_not_written(self):
        order = self.confirmed()
        line = order.order_line
        line.qty_delivered = 28000.0
        line.write(
            {
                "state": "draft",
                "company_id": self.env["res.company"].create({"name": "B"}).id,
                "currency_id": self.dollar.id,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(line.state, "sale")
        self.assertEqual(line.company_id, self.company)
        self.assertEqual(line.currency_id, self.euro)
        with self.assertRaises(UserError):
            order.order_line = [Command.delete(line.id)]

    def test_no_other_invoice_bills_the_order(self):
        order, other = self.confirmed(10000.0), self.confirmed(10000.0)
        invoice = other.sudo()._create_invoices()
        invoice.invoice_user_id = self.salesman
        invoice.action_post()
        order.order_line.invoice_lines = [Command.link(invoice.invoice_line_ids.id)]
        self.assertEqual(order.order_line.qty_invoiced, 0.0)
        self.assertEqual(self.exposure(), 122000.0)

    def test_no_total_given_by_hand(self):
        order = self.make_quotation(45000.0)
        data = {
            "manual_tax_amounts": {"0": {}},
            "manual_total_excluded_currency": 10.0,
            "manual_total_excluded": 10.0,
            "currency_id": self.euro.id,
            "price_unit": 1.0,
            "discount": 0.0,
            "quantity": 45000.0,
        }
        with self.assertRaises(ValidationError), self.cr.savepoint():
            order.order_line.extra_tax_data = data
        # what Odoo rounds passes, and counts as long as it is there
        cents = {"manual_total_excluded_currency": 44999.0}
        order.order_line.extra_tax_data = {**data, **cents}
        self.assertEqual(order.amount_total, 44999.0)
        order.order_line.extra_tax_data = False
        self.assertEqual(order.amount_total, 45000.0)

    def test_no_default_stands_for_a_sum(self):
        values = {
            "partner_id": self.alfa.id,
            "pricelist_id": False,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 45000.0,
                        "price_unit": 1.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        forged = {
            "amount_total": 1.0,
            "amount_untaxed": 1.0,
            "currency_rate": 1e9,
            "price_total": 0.5,
            "price_subtotal": 0.5,
            "qty_invoiced": 45000.0,
        }
        orders = self.env["sale.order"].with_user(self.salesman)
        defaults = self.env["ir.default"].with_user(self.salesman)
        for name in ("amount_total", "currency_rate"):
            defaults.set("sale.order", name, forged[name], user_id=self.salesman.id)
        context = {f"default_{name}": value for name, value in forged.items()}
        order = orders.with_context(**context).create(values)
        self.assert_refused(orders.browse(order.id))

    def test_a_discount_that_is_not_billed_takes_nothing_off(self):
        """An order of 400 on paper whose goods are invoiced at 45 000."""
        product = {"name": "Rebate", "type": "service", "taxes_id": [Command.clear()]}
        for policy, is_refused in (("delivery", True), ("order", False)):
            rebate = self.env["product.product"].create(
                {**product, "invoice_policy": policy}
            )
            order = self.make_quotation(45000.0)
            order.order_line = [
                Command.create({"product_id": rebate.id, "price_unit": -44600.0})
            ]
            self.assertEqual(order.amount_total, 400.0)
            if is_refused:
                self.assert_refused(order)
                order.order_line[1].qty_delivered = 1.0
            order.action_confirm()
            self.assertEqual(self.exposure(), 102400.0)
            invoice = order.sudo()._create_invoices()
            self.assertEqual(invoice.amount_total, 400.0)
            order.sudo()._action_cancel()

    # === CURRENCIES === #

    def test_a_currency_without_a_rate_counts(self):
        """One to one, as Odoo converts, where the finding is switched off."""
        self.set_rule("rate_unknown", "ignore")
        unrated = self.env["res.currency"].search(
            [("active", "=", False), ("rate_ids", "=", False)], limit=1
        )
        order = self.make_quotation(45000.0)
        order.currency_id = unrated
        self.assert_refused(order)
        order.order_line.write({"product_uom_qty": 28000.0, "price_unit": 1.0})
        order.action_confirm()
        self.assertEqual(self.exposure(), 130000.0)

    def test_the_rate_of_another_day_makes_no_small_order(self):
        rates = (("2000-01-01", 1000.0), ("2026-01-01", 1.0))
        for day, rate in rates:
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        order = self.make_quotation(45000.0)
        order.write({"currency_id": self.dollar.id, "date_order": "2000-06-01"})
        with self.assertRaises(RedirectWarning):
            order.state = "sale"  # action_confirm would write the date too

    # === UNDOING === #

    def test_an_order_with_goods_at_the_buyer_stays(self):
        order = self.confirmed()
        order.order_line.qty_delivered = 28000.0
        for undo in (
            order.action_cancel,
            lambda: order.write({"state": "draft"}),
            lambda: order.write({"state": "cancel"}),
            order.with_context(create_for_task_id=1).action_cancel,
            order.with_context(create_for_employee_mapping=True).action_cancel,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                undo()
        self.assertEqual(self.exposure(), 130000.0)
        order.order_line.qty_delivered = 0.0  # taken back
        order.action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_credit_control_may_undo_it(self):
        order = self.confirmed()
        order.order_line.qty_delivered = 28000.0
        order.with_user(self.controller).action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_a_draft_invoice_is_no_way_to_undo_it(self):
        order = self.confirmed()
        order.order_line.qty_delivered = 28000.0
        order.sudo()._create_invoices()
        with self.assertRaises(UserError):
            order.write({"state": "draft"})

    def test_decisions_outlive_their_quotation(self):
        order = self.make_quotation(45000.0)
        self.ask_release(order).with_user(self.controller)._refuse("Too much")
        with self.assertRaises(UserError):
            order.sudo().with_user(self.env.user).unlink()

    # === COMMANDS === #

    def test_a_command_on_the_line_of_another_order(self):
        order, draft = self.confirmed(), self.make_quotation(45000.0)
        line = order.order_line
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            draft.order_line = [Command.update(line.id, {"price_unit": 50.0})]
        with self.assertRaises(RedirectWarning):
            order.order_line = [Command.link(draft.order_line.id)]

    def test_dozens_in_place_of_pieces(self):
        """3 000 dozens at the price of a dozen: 36 000 of 28 000."""
        order = self.make_quotation(3000.0)
        order.action_confirm()
        dozen = self.env.ref("uom.product_uom_dozen")
        with self.assertRaises(RedirectWarning):
            order.order_line.write({"product_uom_id": dozen.id, "price_unit": 12.0})
            self.env.flush_all()

    def test_many_small_orders_count(self):
        # below the rule's minimum each passes, and the next large one finds less
        for _number in range(3):
            self.confirmed(499.0)
        self.assertEqual(self.exposure(), 103497.0)
        self.assert_refused(self.make_quotation(28000.0))
