from freezegun import freeze_time

from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryBackground(DeliveryCommon):
    """Nobody is there to read a refusal: the transfer stays, on hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()

    def run_in_background(self, pickings):
        pickings.move_ids.picked = True
        return pickings.sudo().with_context(skip_backorder=True).button_validate()

    def test_some_go_the_others_wait(self):
        """5 000 are left: 4 000 leave, 20 000 wait, other buyers go."""
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 10000.0)
        small = self.make_sold(4000.0).picking_ids
        large = self.make_sold(20000.0).picking_ids
        other = self.make_sold(9000.0, beta).picking_ids
        self.set_limit(45000.0)
        self.run_in_background(small + large + other)
        self.assertEqual(small.state, "done")
        self.assertEqual(other.state, "done")
        self.assertEqual(large.state, "assigned")
        self.assertFalse(large.date_done)
        hold = self.holds_of(large)
        self.assertEqual(hold.amount, 20000.0)
        self.assertEqual(hold.missing_amount, 19000.0)
        self.assertFalse(hold.requested_by)
        self.assertLessEqual(self.controller | self.manager, hold.activity_ids.user_id)
        self.assertEqual(large.credit_hold_state, "open")
        summary = large.with_user(self.worker).credit_delivery_summary
        self.assertIn("On hold since", summary)

    def test_tried_again_tells_nobody_twice(self):
        picking = self.make_sold(20000.0).picking_ids
        self.set_limit(45000.0)
        self.run_in_background(picking)
        hold = self.holds_of(picking)
        self.run_in_background(picking)
        self.assertEqual(self.holds_of(picking), hold)
        self.release(hold)
        self.run_in_background(picking)
        self.assertEqual(picking.state, "done")

    def test_order_on_hold_waits_for_its_own_decision(self):
        order = self.make_sold(1000.0)
        found = self.env["credit.insurance.check"]._assess(order.sudo())
        self.env["credit.insurance.hold"]._request(found, "Grown", kind="growth")
        picking = order.picking_ids
        self.run_in_background(picking)
        self.assertEqual(picking.state, "assigned")
        self.assertFalse(self.holds_of(picking))

    def test_moves_done_one_by_one(self):
        picking = self.make_sold(20000.0).picking_ids
        self.set_limit(45000.0)
        picking.move_ids.picked = True
        picking.move_ids.sudo()._action_done()
        self.assertEqual(picking.state, "assigned")
        self.assertTrue(self.holds_of(picking))
