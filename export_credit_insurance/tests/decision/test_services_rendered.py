from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestServicesRendered(DecisionCommon):
    """A service rendered is a fact: recorded, put on hold, told with its amount.

    An order of 20 000 for ALFA at 1.00 a unit, with 28 000 free (DOMAIN 1.16).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def setUp(self):
        super().setUp()
        self.order = self.make_quotation(20000.0)
        self.order.action_confirm()

    def render(self, quantity, user=None):
        """Record services by hand, as the salesperson does."""
        self.order.with_user(user or self.salesman).order_line.qty_delivered = quantity
        self.env.flush_all()

    def stop_cover(self):
        """Stop ALFA's cover; what the stop itself puts on hold is taken off."""
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": date(2026, 9, 1),
                "cause": "insurer",
            }
        )
        self.holds()._set_obsolete(lambda env: "", tell=False)

    def holds(self, **domain):
        domain = [(name, "=", value) for name, value in domain.items()]
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.order.id), *domain]
        )

    def test_with_cover_nothing_happens(self):
        self.render(20000.0)
        self.assertFalse(self.holds())

    def test_without_cover_it_is_held_and_told(self):
        self.stop_cover()
        self.render(4000.0)
        self.assertEqual(self.order.order_line.qty_delivered, 4000.0)
        hold = self.holds(state="open")
        self.assertRecordValues(
            hold,
            [
                {
                    "kind": "review",
                    "main_code": "cover_stopped",
                    "requested_by": self.salesman.id,
                }
            ],
        )
        # 4 000 at 1.00, nothing invoiced, no tax
        self.assertIn("4,000.00", hold.request_reason)
        self.assertIn(self.controller, hold.activity_ids.user_id)
        told = self.order.activity_ids.filtered(lambda a: a.user_id == self.salesman)
        self.assertTrue(told)
        for secret in ("insur", "stopped", "limit"):
            self.assertNotIn(secret, " ".join(told.mapped("summary")).lower())

    def test_more_while_it_waits_is_noted(self):
        self.stop_cover()
        self.render(4000.0)
        hold = self.holds(state="open")
        told = len(self.env["mail.activity"].search([("res_id", "=", hold.id)]))
        self.render(9000.0)
        self.assertEqual(self.holds(state="open"), hold)
        self.assertIn("9,000.00", hold.message_ids[0].body)
        self.assertEqual(
            len(self.env["mail.activity"].search([("res_id", "=", hold.id)])), told
        )

    def test_more_after_a_refusal_asks_again(self):
        self.stop_cover()
        self.render(4000.0)
        first = self.holds(state="open")
        first.with_user(self.controller)._refuse("Stop at once")
        self.render(5000.0)
        self.assertEqual(first.state, "refused")
        self.assertIn("5,000.00", self.holds(state="open").request_reason)

    def test_released_it_goes_on(self):
        self.stop_cover()
        self.render(4000.0)
        self.release(self.holds(state="open"), release_amount=20000.0)
        self.render(9000.0)
        self.assertFalse(self.holds(state="open"))

    def test_who_recorded_it_does_not_grant(self):
        self.stop_cover()
        self.render(4000.0, self.controller)
        with self.assertRaises(AccessError):
            self.release(self.holds(state="open"), release_amount=20000.0)

    def test_a_limit_that_was_cut_is_no_lost_cover(self):
        """What was cleared runs off: over the limit, it is still insured in part."""
        self.env["credit.insurance.limit"].flush_model()
        self.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 50000 WHERE partner_id = %s",
            [self.alfa.id],
        )
        self.env.invalidate_all()
        self.render(4000.0)
        self.assertFalse(self.holds())

    def test_taken_back_nothing_is_said(self):
        self.render(4000.0)
        self.stop_cover()
        self.render(0.0)
        self.assertFalse(self.holds(state="open"))

    def test_fifty_orders_cost_as_much_as_one(self):
        """Where cover is there, however many people record their work."""
        orders = self.env["sale.order"]
        for _number in range(51):
            orders += self.make_order(self.alfa, 10.0)
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            some.order_line.mapped("qty_delivered")
            before = self.env.cr.sql_log_count
            some.sudo()._hold_rendered()
            return self.env.cr.sql_log_count - before

        count(orders[:1])
        self.assertEqual(count(orders[1:]), count(orders[:1]))
