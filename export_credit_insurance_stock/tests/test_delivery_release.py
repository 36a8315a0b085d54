from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryRelease(DeliveryCommon):
    """A release lets goods leave, up to its amount and until its day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()

    def make_blocked(self, amount=20000.0, limit=45000.0, **values):
        """An order whose limit is cut before it leaves: 75 000 - 70 000 are left."""
        order = self.make_sold(amount, **values)
        self.set_limit(limit)
        return order, order.picking_ids

    def test_a_request_for_another_debtor_is_asked_anew(self):
        """What waits on ALFA's account could not let BETA's goods leave."""
        beta = self.make_buyer("BETA", "br")
        order, picking = self.make_blocked()
        self.ask_delivery_release(picking)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking)
        open_request = "export_credit_insurance_stock.action_credit_request_open"
        self.assertEqual(caught.exception.args[1], self.env.ref(open_request).id)
        self.make_limit(beta, 20000.0)
        order.partner_invoice_id = beta
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": beta.id,
                "date_from": "2026-09-30",
                "cause": "other",
            }
        )
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking)
        self.assertIn("BETA", caught.exception.args[0])
        ask = "export_credit_insurance_stock.action_credit_delivery_request"
        self.assertEqual(caught.exception.args[1], self.env.ref(ask).id)
        self.assertFalse(picking._credit_is_waiting())

    def test_asked_for_and_released(self):
        order, picking = self.make_blocked()
        with self.assertRaises(RedirectWarning):
            self.ship(picking)
        hold = self.ask_delivery_release(picking)
        self.assertRecordValues(
            hold,
            [
                {
                    "kind": "delivery",
                    "order_id": order.id,
                    "picking_id": picking.id,
                    "name": f"{picking.name} ({order.name})",
                    "partner_id": self.alfa.id,
                    "amount": 20000.0,
                    "limit_amount": 75000.0,
                    "exposure": 70000.0,
                    "order_amount": 20000.0,
                    "missing_amount": 15000.0,
                    "insured_amount": 5000.0,
                    "own_risk_amount": 15000.0,
                    "requested_by": self.worker.id,
                }
            ],
        )
        self.assertLessEqual(self.controller | self.manager, hold.activity_ids.user_id)
        self.assertEqual(picking.credit_hold_state, "open")
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking)
        self.assertIn("Walt", caught.exception.args[0])
        self.release(hold, release_amount=20000.0, release_until="2026-10-10")
        self.assertEqual(picking.credit_hold_state, "released")
        told = picking.activity_ids.filtered(lambda a: a.user_id == self.worker)
        self.assertIn("20,000.00", told.summary)
        self.ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.activity_ids)

    def test_the_warehouse_reads_no_reason(self):
        """The reason of a refusal stands on the order, for who sells."""
        order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        hold.with_user(self.controller)._refuse("Atlas has cut the limit")
        told = picking.activity_ids.filtered(lambda a: a.user_id == self.worker)
        self.assertIn("was refused", told.summary)
        read = [*picking.message_ids.mapped("body"), told.summary, str(told.note)]
        self.assertNotIn("Atlas", " ".join(read))
        self.assertIn("Atlas has cut the limit", order.message_ids[:1].body)

    def test_release_covers_its_amount_only(self):
        order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        with self.assertRaises(ValidationError):
            self.release(hold, release_amount=19999.0)
        self.release(hold, release_amount=20000.0)
        with self.assertRaises(RedirectWarning):
            self.ship(picking, quantity=20001.0)
        self.ship(picking, quantity=20000.0)
        self.assertEqual(order.order_line.qty_delivered, 20000.0)

    def test_another_buyer_since(self):
        """A release of ALFA's delivery would not hold for BETA's."""
        order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        self.set_limit(200000.0)
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 50000.0)
        order.partner_invoice_id = beta
        with self.assertRaises(ValidationError):
            self.release(hold, release_amount=20000.0)

    def test_release_covers_backorders_for_what_is_left(self):
        """20 000 released; 12 000 leave, then 8 000; not 9 000."""
        order, picking = self.make_blocked()
        self.release(self.ask_delivery_release(picking), release_amount=20000.0)
        self.ship(picking, quantity=12000.0)
        backorder = order.picking_ids - picking
        with self.assertRaises(RedirectWarning):
            self.ship(backorder, quantity=9000.0)
        self.ship(backorder, quantity=8000.0)
        self.assertEqual(backorder.state, "done")

    def test_release_ends(self):
        _order, picking = self.make_blocked()
        self.release(self.ask_delivery_release(picking), release_until="2026-10-10")
        with freeze_time("2026-10-11 12:00:00"), self.assertRaises(RedirectWarning):
            self.ship(picking)
        with freeze_time("2026-10-10 12:00:00"):
            self.ship(picking)

    def test_release_of_the_order(self):
        """It lets every delivery go, until its day, then they are checked again."""
        order = self.make_quotation(90000.0, product=self.goods)
        hold = self.ask_release(order)
        self.release(
            hold, self.manager, release_amount=90000.0, release_until="2026-10-10"
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        picking = order.picking_ids
        self.ship(picking, quantity=70000.0)  # 60 000 would fit
        backorder = order.picking_ids - picking
        with freeze_time("2026-10-11 12:00:00"), self.assertRaises(RedirectWarning):
            self.ship(backorder)
        with self.assertRaises(RedirectWarning):
            self.ship(backorder, quantity=20001.0)  # more than was released
        self.ship(backorder, quantity=20000.0)

    def test_refused(self):
        _order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        decision = (
            self.env["credit.insurance.hold.decision"]
            .with_user(self.controller)
            .create({"hold_id": hold.id, "decision": "refuse", "reason": "No cash"})
        )
        decision.action_confirm()
        self.assertEqual(picking.credit_hold_state, "refused")
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking)
        self.assertIn("refused", caught.exception.args[0])
        self.assertNotIn("No cash", caught.exception.args[0])

    def test_who_asks_does_not_grant(self):
        _order, picking = self.make_blocked()
        self.controller.group_ids += self.env.ref("stock.group_stock_user")
        hold = self.ask_delivery_release(picking, self.controller)
        with self.assertRaises(AccessError):
            self.release(hold)

    def test_nothing_to_ask_for(self):
        order = self.make_sold(20000.0)
        with self.assertRaises(UserError):
            order.picking_ids.with_user(self.worker).action_request_credit_release()

    def test_asked_for_again_replaces(self):
        _order, picking = self.make_blocked()
        first = self.ask_delivery_release(picking)
        second = self.ask_delivery_release(picking)
        self.assertEqual(first.state, "obsolete")
        self.assertEqual(second.state, "open")

    def test_deliveries_of_one_order_wait_apart(self):
        order, picking = self.make_blocked()
        self.ship(picking, quantity=5000.0)  # what is left of the limit
        first = order.picking_ids - picking
        first.move_ids.quantity = 7000.0
        first.action_split_transfer()
        second = order.picking_ids - picking - first
        second.action_assign()
        holds = self.ask_delivery_release(first) + self.ask_delivery_release(second)
        self.assertEqual(holds.mapped("amount"), [7000.0, 8000.0])
        self.assertEqual(holds.mapped("state"), ["open", "open"])

    def test_credit_that_comes_back_closes_the_request(self):
        _order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        hold._refresh()
        self.assertEqual(hold.state, "open")
        self.set_limit(100000.0)
        hold._refresh()
        self.assertEqual(hold.state, "obsolete")
        self.assertIn("validated", hold.reason)

    def test_cancelled_transfer_closes_the_request(self):
        _order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        picking.action_cancel()
        self.assertEqual(hold.state, "obsolete")

    def test_passing_without_release_closes_the_request(self):
        _order, picking = self.make_blocked()
        hold = self.ask_delivery_release(picking)
        self.set_limit(100000.0)
        self.ship(picking)
        self.assertEqual(hold.state, "obsolete")

    # === HOLDS OF THE WHOLE ORDER === #

    def make_stop(self, order, kind="growth"):
        found = self.env["credit.insurance.check"]._assess(order.sudo())
        return self.env["credit.insurance.hold"]._request(found, "Grown", kind=kind)

    def test_holds_of_the_order_stop_its_deliveries(self):
        for kind in ("growth", "buyer", "review"):
            with self.subTest(kind):
                order = self.make_sold(1000.0)
                hold = self.make_stop(order, kind)
                picking = order.picking_ids
                self.assertEqual(picking.credit_hold_state, "open")
                with self.assertRaises(UserError) as caught:
                    self.ship(picking)
                self.assertIn("on hold", caught.exception.args[0])
                self.release(hold, release_amount=1000.0)
                self.ship(picking)

    def test_refused_growth_stops_too(self):
        order = self.make_sold(1000.0)
        hold = self.make_stop(order)
        hold.with_user(self.controller)._refuse("Too much")
        picking = order.picking_ids
        self.assertEqual(picking.credit_hold_state, "refused")
        with self.assertRaises(UserError):
            self.ship(picking)
        self.policy.observation = True
        self.ship(picking)

    def test_filter_finds_what_the_field_shows(self):
        """Held by itself, held with its order, released, and neither."""
        stopped = self.make_sold(1000.0)
        free = self.make_sold(1000.0).picking_ids
        _order, own = self.make_blocked()
        self.ask_delivery_release(own)
        self.make_stop(stopped)
        pickings = own + stopped.picking_ids + free
        search = self.env["stock.picking"].with_user(self.worker).search
        inside = ("id", "in", pickings.ids)
        found = search([inside, ("credit_hold_state", "=", "open")])
        self.assertEqual(found, own + stopped.picking_ids)
        found = search([inside, ("credit_hold_state", "=", False)])
        self.assertEqual(found, free)
        self.assertEqual(pickings.mapped("credit_hold_state"), ["open", "open", False])
