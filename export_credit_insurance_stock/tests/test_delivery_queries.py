from contextlib import contextmanager

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryQueries(DeliveryCommon):
    """What the gate costs a warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"]
        for number in range(50):
            buyer = cls.make_buyer(f"Buyer {number}")
            cls.make_limit(buyer, 10000.0)
            cls.buyers += buyer

    def switch_off(self):
        self.policy.action_close()
        self.assertFalse(self.env["res.company"]._credit_check_modes())

    def test_switched_off_costs_nothing(self):
        orders = self.make_many_sold(self.buyers[:2])
        pickings = orders.picking_ids
        pickings.move_ids.picked = True
        self.switch_off()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["res.company"]._credit_check_modes()
        moves = pickings.move_ids
        moves.mapped("state")
        with self.assertQueryCount(0):
            self.assertFalse(moves._pass_credit_check())
            self.assertFalse(moves._credit_checked())
            self.env["account.move"]._date_credit_shipments()
        pickings.mapped("name")
        with self.assertQueryCount(0):
            pickings.mapped("credit_hold_state")
            pickings.mapped("credit_delivery_state")
            pickings.mapped("credit_delivery_summary")

    def test_fifty_checks_cost_as_much_as_one(self):
        """The check of a delivery, anchors included, of 1 buyer and of 50."""
        orders = self.make_many_sold(self.buyers)
        moves = orders.picking_ids.move_ids
        moves.picked = True
        self.env.flush_all()

        def count(some):
            some._credit_goods()  # reads the moves themselves
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(some._check_credit_goods(some._credit_goods()))
            return self.env.cr.sql_log_count - before

        count(moves[:2])
        one = count(moves[:1])
        # more than one debtor: one query says who shares a limit with whom
        self.assertLessEqual(count(moves), one + 1)
        self.assertLessEqual(one, 10)

    def test_fifty_requests_are_written_as_one(self):
        """Asking for the release of 1 delivery and of 50, each of another order.

        Besides, Odoo notifies everybody who decides of each of them.
        """
        orders = self.make_many_sold(self.buyers, 1000.0)
        self.env["credit.insurance.limit"].flush_model()
        self.env.cr.execute("UPDATE credit_insurance_limit SET amount = 1.0")
        self.env.invalidate_all()

        def count(pickings):
            deliveries = pickings._credit_deliveries()
            checks = self.env["credit.insurance.check"]
            found = checks._assess_deliveries(deliveries)
            holds = self.env["credit.insurance.hold"]
            self.env.flush_all()
            queries = []
            with contextmanager(self._patchExecute)(queries):
                asked = holds._request_deliveries(deliveries, found, "They wait")
                self.env.flush_all()
            self.assertEqual(len(asked), len(pickings))
            written = "\n".join(queries)
            notes = pickings.message_ids.filtered(
                lambda message: "They wait" in message.body
            )
            self.assertEqual(len(notes), len(pickings))
            return [
                written.count(f'INSERT INTO "{table}"')
                for table in ("credit_insurance_hold", "credit_insurance_hold_finding")
            ]

        pickings = orders.picking_ids
        self.assertEqual(count(pickings[:1]), [1, 1])
        self.assertEqual(count(pickings[1:]), [1, 1])
