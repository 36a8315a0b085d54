from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestExposureOrder(PositionCommon):
    """Orders: (the larger of ordered and delivered) − invoiced (DESIGN 4)."""

    def test_quotation_is_no_exposure(self):
        self.make_order(self.alfa, 1000.0, confirm=False)
        self.assertExposure(self.alfa)

    def test_partial_delivery_and_partial_invoice(self):
        product = self.make_delivered_product()
        order = self.make_order(self.alfa, 1000.0, delivered=600.0, product=product)
        self.assertExposure(self.alfa, delivered=600.0, ordered=400.0)
        self.invoice_order(order)
        # invoiced what was delivered
        self.assertExposure(self.alfa, receivable=600.0, ordered=400.0)
        order.order_line.qty_delivered = 750.0
        # 750 − 600 delivered; 1 000 − 750 to deliver
        self.assertExposure(self.alfa, receivable=600.0, delivered=150.0, ordered=250.0)

    def test_invoiced_before_delivery(self):
        order = self.make_order(self.alfa, 1000.0)
        self.invoice_order(order)
        self.assertExposure(self.alfa, receivable=1000.0)
        order.order_line.qty_delivered = 1000.0
        self.assertExposure(self.alfa, receivable=1000.0)

    def test_billed_on_delivery_and_not_delivered(self):
        """Odoo's ``credit_to_invoice`` forgets these: ours must not."""
        product = self.make_delivered_product()
        self.make_order(self.alfa, 1000.0, product=product)
        self.assertExposure(self.alfa, ordered=1000.0)

    def test_both_parts_of_a_line_add_up_to_the_cent(self):
        # 33 × 3.333 = 109.99; half of it, 54.995, is 55.00, and 54.99 are left
        order = self.make_order(self.alfa, 33.0, confirm=False)
        order.order_line.price_unit = 3.333
        order.action_confirm()
        order.order_line.qty_delivered = 16.5
        self.assertEqual(order.amount_total, 109.99)
        self.assertExposure(self.alfa, delivered=55.0, ordered=54.99, exposure=109.99)

    def test_over_delivery(self):
        product = self.make_delivered_product()
        order = self.make_order(self.alfa, 1000.0, delivered=1200.0, product=product)
        self.assertExposure(self.alfa, delivered=1200.0)
        self.invoice_order(order)
        self.assertExposure(self.alfa, receivable=1200.0)

    def test_closed_short(self):
        order = self.make_order(self.alfa, 1000.0, delivered=600.0)
        self.assertExposure(self.alfa, delivered=600.0, ordered=400.0)
        order.action_close_credit_remainder()
        self.assertExposure(self.alfa, delivered=600.0)
        order.action_reopen_credit_remainder()
        self.assertExposure(self.alfa, delivered=600.0, ordered=400.0)

    def test_only_controllers_close_short(self):
        order = self.make_order(self.alfa, 1000.0)
        seller = new_test_user(
            self.env,
            "short_seller",
            groups="sales_team.group_sale_manager,"
            "export_credit_insurance.group_credit_user",
        )
        for change in (
            lambda own: own.action_close_credit_remainder(),
            lambda own: own.write({"credit_remainder_closed": True}),
            lambda own: own.create(
                {"partner_id": self.alfa.id, "credit_remainder_closed": True}
            ),
        ):
            with self.assertRaises(AccessError):
                change(order.with_user(seller))
        self.assertFalse(order.credit_remainder_closed)

    def test_beyond_the_horizon(self):
        self.make_order(self.alfa, 1000.0, commitment_date="2027-03-30 10:00:00")
        # 180 days from 1 October 2026: 30 March 2027 still counts
        self.assertExposure(self.alfa, ordered=1000.0)
        later = self.make_order(self.alfa, 500.0, commitment_date="2027-03-31 10:00:00")
        self.assertExposure(self.alfa, ordered=1000.0, deferred=500.0)
        self.company.credit_order_horizon_days = 0
        self.assertExposure(self.alfa, ordered=1500.0)
        self.company.credit_order_horizon_days = 180
        later.order_line.qty_delivered = 500.0
        # what has left is owed, whatever was planned
        self.assertExposure(self.alfa, ordered=1000.0, delivered=500.0)

    def test_deferred_order_uses_no_headroom(self):
        self.make_limit(self.alfa, 10000.0)
        self.make_order(self.alfa, 4000.0, commitment_date="2028-01-01")
        self.assertEqual(self.get_position(self.alfa).headroom, 10000.0)

    def test_discount_line_lowers_the_order(self):
        order = self.make_order(self.alfa, 1000.0, confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "name": "Discount",
                    "product_uom_qty": 1,
                    "price_unit": -100.0,
                    "tax_ids": False,
                }
            )
        ]
        order.action_confirm()
        # 1 000 − 100
        self.assertExposure(self.alfa, ordered=900.0)
        order.order_line[0].qty_delivered = 1000.0
        # the discount goes with the goods
        self.assertExposure(self.alfa, delivered=900.0)
        self.make_limit(self.alfa, 10000.0)
        self.assertEqual(float(self.get_totals(self.alfa)["eligible"]), 900.0)

    def test_returned_line_lowers_its_own_order_only(self):
        order = self.make_order(self.alfa, 1000.0, confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "product_uom_qty": -300,
                    "price_unit": 1.0,
                    "tax_ids": False,
                }
            )
        ]
        order.action_confirm()
        # 1 000 − 300
        self.assertExposure(self.alfa, ordered=700.0)
        returned = self.make_order(self.alfa, -5000.0)
        self.assertEqual(returned.amount_total, -5000.0)
        # no credit note yet: other debts stay as they are
        self.assertExposure(self.alfa, ordered=700.0)

    def test_sections_and_notes_are_nothing(self):
        order = self.make_order(self.alfa, 1000.0)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Part one"})
        ]
        self.assertExposure(self.alfa, ordered=1000.0)

    def test_cancelled_order(self):
        order = self.make_order(self.alfa, 1000.0)
        order._action_cancel()
        self.assertExposure(self.alfa)

    def test_invoiced_entity_bears_the_exposure(self):
        payer = self.make_buyer("PAYER")
        self.make_order(self.alfa, 1000.0, partner_invoice_id=payer.id)
        self.assertExposure(self.alfa)
        self.assertExposure(payer, ordered=1000.0)

    def test_order_is_left_out_of_its_own_exposure(self):
        first = self.make_order(self.alfa, 1000.0)
        second = self.make_order(self.alfa, 200.0, confirm=False)
        position = self.get_position(self.alfa, orders=first + second)
        self.assertEqual(position.exposure, 0.0)
        self.assertEqual(position.order_amount(first).company_currency, 1000.0)
        self.assertEqual(position.order_amount(second).company_currency, 200.0)

    def test_order_positions_of_several_buyers(self):
        beta = self.make_buyer("BETA")
        self.make_limit(self.alfa, 1000.0)
        orders = self.make_order(self.alfa, 10.0, confirm=False) + self.make_order(
            beta, 20.0, confirm=False
        )
        found = self.position._get_order_positions(orders, self.today)
        self.assertEqual(found[orders[0]].headroom, 1000.0)
        self.assertEqual(found[orders[1]].headroom, 0.0)
        self.assertEqual(found[orders[1]].partner, beta)

    def test_discounted_line_is_worth_its_discounted_price(self):
        order = self.make_order(self.alfa, 1000.0)
        order.order_line.discount = 15.0
        order.order_line.qty_delivered = 400.0
        # 85 % of 400 and of 600
        self.assertExposure(self.alfa, delivered=340.0, ordered=510.0)
