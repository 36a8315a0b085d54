from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestRemainder(ReviewCommon):
    """What closing an order short sets free is not used twice.

    ALFA has a limit of 50 000. An order of 40 000 is closed with nothing delivered, so
    that another one of 45 000 fits.
    """

    def setUp(self):
        super().setUp()
        self.closed = self.order(40000.0, delivered=0.0)
        self.closed.with_user(self.controller).action_close_credit_remainder()
        self.other = self.make_quotation(45000.0)
        self.other.action_confirm()

    def hold(self):
        return self.holds_of(self.closed).filtered(lambda hold: hold.state == "open")

    def test_reopened_it_is_held(self):
        """40 000 + 45 000 - 50 000: 35 000 too much."""
        self.closed.with_user(self.controller).action_reopen_credit_remainder()
        hold = self.hold()
        self.assertEqual((hold.kind, hold.missing_amount), ("review", 35000.0))
        self.assertEqual(hold.requested_by, self.controller)
        with self.assertRaises(AccessError):
            self.release(hold)
        self.release(hold, user=self.manager)
        self.assertEqual(hold.state, "released")

    def press(self, name, user):
        """Choose an entry of the menu of actions on the order."""
        action = self.env.ref(f"export_credit_insurance.sale_order_action_{name}")
        bound = self.env["ir.actions.actions"].get_bindings("sale.order")["action"]
        self.assertIn(action.id, [each["id"] for each in bound])
        told = (
            action.with_user(user)
            .with_context(active_model="sale.order", active_ids=self.closed.ids)
            .run()
        )
        return told["params"]

    def test_closed_and_reopened_on_the_screen(self):
        """By credit controllers alone: 40 000 are exposure, are not, and are again."""

        def ordered():
            return self.get_position(self.alfa).ordered

        self.other._action_cancel()
        self.press("reopen_remainder", self.controller)
        self.assertEqual(ordered(), 40000.0)
        with self.assertRaises(AccessError):
            self.press("close_remainder", self.salesman)
        self.press("close_remainder", self.controller)
        self.assertEqual(ordered(), 0.0)
        with self.assertRaises(AccessError):
            self.press("reopen_remainder", self.salesman)

    def test_the_screen_says_what_became_of_it(self):
        """Reopened beside the 45 000, it is held: who reopens is told at once."""
        banner = self.closed.with_user(self.salesman).credit_check_summary
        self.assertIn("Closed short: what is not delivered uses no credit.", banner)
        told = self.press("reopen_remainder", self.controller)
        self.assertEqual(told["type"], "warning")
        self.assertIn(f"On hold: {self.closed.name}.", told["message"])
        banner = self.closed.with_user(self.salesman).credit_check_summary
        self.assertNotIn("Closed short", banner)
        with self.assertRaisesRegex(UserError, "All that is not delivered counts"):
            self.press("reopen_remainder", self.controller)
        told = self.press("close_remainder", self.controller)
        self.assertIn(f"Closed short: {self.closed.name}.", told["message"])

    def test_those_that_are_closed_are_counted_again(self):
        """Of several chosen, the others count already and are not held."""
        other = self.make_order(self.gamma, 400.0)
        told = (
            (self.closed + other)
            .with_user(self.controller)
            .action_reopen_credit_remainder()
        )
        self.assertIn(f"On hold: {self.closed.name}.", told["params"]["message"])
        self.assertFalse(other.credit_hold_ids)

    def test_a_quotation_is_not_closed_short(self):
        quotation = self.make_quotation(1000.0)
        with self.assertRaisesRegex(UserError, "cancel it if it will not be ordered"):
            quotation.with_user(self.controller).action_close_credit_remainder()

    def test_reopened_with_room_nothing_is_held(self):
        self.limit._record_decision("raised", amount=90000.0)
        self.closed.with_user(self.controller).action_reopen_credit_remainder()
        self.assertFalse(self.hold())

    def test_rendered_all_the_same(self):
        """A tenth of it, 4 000, still fits beside the 45 000; of three tenths, 12 000,
        7 000 do not."""
        line = self.closed.order_line
        ordered = line.product_uom_qty
        line.with_user(self.salesman).qty_delivered = ordered / 10
        self.env.flush_all()
        self.assertFalse(self.hold())
        line.with_user(self.salesman).qty_delivered = ordered * 3 / 10
        self.env.flush_all()
        hold = self.hold()
        self.assertEqual((hold.kind, hold.missing_amount), ("review", 7000.0))
        self.assertEqual(hold.requested_by, self.salesman)
