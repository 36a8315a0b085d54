from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestGrowthInBackground(DecisionCommon):
    """What enlarges a confirmed order by itself goes through and opens a hold.

    ALFA has 28 000 free (DOMAIN 1.16); an order of 20 000 leaves 8 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def setUp(self):
        super().setUp()
        self.order = self.make_quotation(20000.0)
        self.order.action_confirm()

    def grow(self, amount):
        """A line that other code adds as superuser."""
        self.env["sale.order.line"].sudo().create(
            {
                "order_id": self.order.id,
                "product_id": self.product.id,
                "product_uom_qty": amount,
                "price_unit": 1.0,
                "tax_ids": [Command.clear()],
            }
        )

    def deliver(self, quantity):
        self.order.sudo().order_line[:1].qty_delivered = quantity
        self.env.flush_all()

    def holds(self, **domain):
        domain = [(name, "=", value) for name, value in domain.items()]
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.order.id), *domain]
        )

    def stops(self):
        return self.env["credit.insurance.hold"]._get_stops(self.order)

    def test_what_fits_is_cleared(self):
        self.grow(8000.0)
        self.assertFalse(self.holds())
        self.assertEqual(self.clearance_of(self.order).amount, 28000.0)

    def test_what_does_not_fit_is_held(self):
        # 20 000 + 10 000 against 28 000: 2 000 are missing, 10 000 are not allowed
        self.grow(10000.0)
        self.assertEqual(self.order.amount_total, 30000.0)
        self.assertRecordValues(
            self.holds(),
            [
                {
                    "kind": "growth",
                    "growth_flow": "automatic",
                    "state": "open",
                    "missing_amount": 2000.0,
                    "amount": 30000.0,
                    "requested_by": False,
                }
            ],
        )
        self.assertRecordValues(
            self.clearance_of(self.order),
            [{"amount": 20000.0, "unallowed_amount": 10000.0}],
        )
        self.assertEqual(self.stops()[self.order.sudo()], self.holds())

    def test_the_order_says_so(self):
        self.grow(10000.0)
        order = self.order.with_user(self.salesman)
        order.invalidate_recordset()
        self.assertEqual(order.credit_check_state, "held")
        self.assertIn("nothing more of it is delivered", order.credit_check_summary)
        self.holds().with_user(self.controller)._refuse("Too much.")
        order.invalidate_recordset()
        self.assertIn("refused: Too much.", order.credit_check_summary)

    def test_the_seller_is_told_once(self):
        self.grow(10000.0)
        self.grow(1000.0)
        self.assertEqual(len(self.holds()), 1)
        self.assertEqual(self.holds().missing_amount, 3000.0)
        self.assertEqual(len(self.order.sudo().activity_ids), 1)
        self.assertEqual(self.clearance_of(self.order).unallowed_amount, 11000.0)

    def test_released_it_is_cleared(self):
        self.grow(10000.0)
        self.release(self.holds())
        self.assertRecordValues(
            self.clearance_of(self.order),
            [{"amount": 30000.0, "unallowed_amount": 0.0}],
        )
        self.assertFalse(self.stops())

    def test_refused_it_stays_stopped(self):
        self.grow(10000.0)
        self.holds().with_user(self.controller)._refuse("Too much")
        self.assertTrue(self.stops())

    def test_an_employee_may_lower_it(self):
        # 30 000 of which 10 000 are not allowed; 25 000 is less, not more
        self.grow(10000.0)
        self.set_amount_of_last_line(5000.0)
        self.assertEqual(self.order.amount_total, 25000.0)
        self.assertEqual(self.clearance_of(self.order).unallowed_amount, 5000.0)
        self.assertEqual(self.holds().state, "open")

    def test_lowered_to_what_was_allowed_it_goes_on(self):
        self.grow(10000.0)
        self.set_amount_of_last_line(0.0)
        self.assertEqual(self.holds().state, "obsolete")
        self.assertFalse(self.stops())
        self.assertRecordValues(
            self.clearance_of(self.order),
            [{"amount": 20000.0, "unallowed_amount": 0.0}],
        )

    def test_an_employee_may_not_enlarge_it_further(self):
        self.grow(10000.0)
        with self.assertRaises(RedirectWarning):
            self.set_amount_of_last_line(10001.0)

    def set_amount_of_last_line(self, amount):
        line = self.order.with_user(self.salesman).order_line[-1:]
        line.write({"product_uom_qty": amount, "price_unit": 1.0})
        self.env.flush_all()

    def test_delivered_more_within_the_limit(self):
        self.deliver(28000.0)
        self.assertFalse(self.holds())

    def test_delivered_more_than_ordered(self):
        # 30 000 delivered of 20 000 ordered: 2 000 more than the limit allows
        self.deliver(30000.0)
        self.assertRecordValues(
            self.holds(),
            [{"kind": "growth", "growth_flow": "delivered", "missing_amount": 2000.0}],
        )
        self.assertTrue(self.stops())

    def test_delivered_elsewhere_and_moved_here(self):
        """10 000 recorded on a quotation's line of nothing ordered: moved to the order,
        20 000 + 10 000 are owed, 2 000 more than the limit allows."""
        service = self.env["product.product"].create(
            {
                "name": "Hours",
                "type": "service",
                "service_type": "manual",
                "invoice_policy": "delivery",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
            }
        )
        quotation = self.make_quotation(0.0)
        line = self.env["sale.order.line"].create(
            {
                "order_id": quotation.id,
                "product_id": service.id,
                "product_uom_qty": 0.0,
                "price_unit": 1.0,
                "tax_ids": [Command.clear()],
            }
        )
        line.qty_delivered = 10000.0
        self.assertFalse(self.holds())
        with self.assertRaisesRegex(UserError, "stays with"), self.cr.savepoint():
            self.order.with_user(self.salesman).write(
                {"order_line": [Command.link(line.id)]}
            )
        self.order.sudo().write({"order_line": [Command.link(line.id)]})
        self.assertRecordValues(
            self.holds(), [{"kind": "growth", "missing_amount": 2000.0}]
        )

    def test_what_has_left_is_not_moved_away(self):
        """20 000 delivered, moved to a cancelled order: owed, and counted nowhere."""
        self.deliver(20000.0)
        cancelled = self.make_quotation(1000.0)
        cancelled.action_cancel()
        line = self.order.with_user(self.salesman).order_line
        for change in (
            lambda: line.write({"order_id": cancelled.id}),
            lambda: cancelled.with_user(self.salesman).write(
                {"order_line": [Command.link(line.id)]}
            ),
        ):
            with self.assertRaisesRegex(UserError, "stays with"), self.cr.savepoint():
                change()
        line.write({"order_id": self.order.id})  # where it is

    def test_released_as_proposed_it_goes_on(self):
        # what is delivered counts: 30 000 are proposed, not the total of 20 000
        self.deliver(30000.0)
        self.assertEqual(self.holds().amount, 30000.0)
        self.release(self.holds())
        self.assertFalse(self.stops())

    def test_refused_it_is_not_asked_again_for_no_more(self):
        self.deliver(30000.0)
        self.holds().with_user(self.controller)._refuse("Too much")
        self.deliver(29000.0)
        self.deliver(30000.0)
        self.assertEqual(len(self.holds()), 1)
        self.deliver(31000.0)
        self.assertEqual(self.holds(state="open").amount, 31000.0)

    def test_who_caused_it_is_not_asked_to_decide(self):
        self.deliver(30000.0)
        hold = self.holds()
        hold.sudo().caused_by = self.controller
        self.assertFalse(hold.with_user(self.controller).can_decide)
        self.assertNotIn(self.controller, hold.sudo()._deciders()[hold.sudo()].first)

    def test_a_release_covers_what_is_delivered(self):
        # a release of 30 000 does not cover 30 001 delivered
        self.deliver(30000.0)
        self.release(self.holds(), release_amount=30000.0)
        self.assertFalse(self.stops())
        self.deliver(30001.0)
        self.assertEqual(self.holds(state="open").kind, "growth")

    def test_no_hold_without_checks(self):
        self.policy.sudo().action_close()
        self.grow(100000.0)
        self.deliver(100000.0)
        self.assertFalse(self.holds())
