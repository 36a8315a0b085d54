from freezegun import freeze_time

from odoo.tests import tagged

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 12:00:00")
class TestDeciderQueries(DecisionCommon):
    """Who decides is found in as many queries for 50 holds as for one.

    With bounds of own risk per buyer and month, on buyers who have releases already:
    each has no limit, 1 000 released and 1 000 asked for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_id = cls.controller
        cls.row = cls.env["credit.insurance.release.authority"].create(
            {
                "group_id": cls.env.ref(CONTROLLERS).id,
                "own_risk_buyer": 1500.0,
                "own_risk_month": 90000.0,
            }
        )
        cls.holds = cls.env["credit.insurance.hold"]
        cls.released = cls.holds.browse()
        for number in range(52):
            buyer = cls.make_buyer(f"Buyer {number}")
            for group in ("released", "holds"):
                order = cls.make_order(
                    buyer, 1000.0, confirm=False, user_id=cls.salesman.id
                )
                order.action_request_credit_release(reason="Please")
                hold = cls.holds.search([("order_id", "=", order.id)])
                setattr(cls, group, getattr(cls, group) + hold)
        for hold in cls.released:
            cls.release(cls, hold)

    def count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def assertConstant(self, work):
        """The first call fills caches that outlive it."""
        work(self.holds[:1])
        one = self.count(lambda: work(self.holds[1:2]))
        self.assertEqual(self.count(lambda: work(self.holds[2:])), one)

    def test_who_decides(self):
        """1 000 used and 1 000 asked exceed 1 500: managers stand in."""
        self.assertConstant(lambda holds: holds._deciders())
        found = self.holds._deciders()
        self.assertEqual(len(found), 52)
        for first, further, able in found.values():
            self.assertEqual(first, self.controller)
            self.assertNotIn(self.controller, able)
            self.assertIn(self.manager, further & able)

    def test_who_decides_within_the_bounds(self):
        self.row.own_risk_buyer = 2000.0
        self.assertConstant(lambda holds: holds._deciders())
        for first, further, able in self.holds._deciders().values():
            self.assertIn(self.controller, first & able)
            self.assertFalse(further)

    def test_list_to_decide(self):
        self.row.own_risk_buyer = 2000.0
        self.assertConstant(
            lambda holds: holds.with_user(self.controller).mapped("can_decide")
        )

    def test_which_releases_are_in_use(self):
        """And which of them are about to expire, which is looked at every night."""
        self.released.sudo().write(
            {"release_until": "2026-10-16", "decided_on": "2026-10-10 12:00:00"}
        )

        def next_steps(holds):
            return holds._in_use().filtered(lambda hold: hold._next_step())

        next_steps(self.released[:1])
        one = self.count(lambda: next_steps(self.released[1:2]))
        self.assertEqual(self.count(lambda: next_steps(self.released[2:])), one)
        self.assertEqual(next_steps(self.released), self.released)

    def test_replaced_releases_are_not_in_use(self):
        first = self.released[0]
        order = first.order_id
        self.set_amount(order, 1200.0)
        second = self.ask_release(order)
        self.release(second, user=self.manager)
        self.assertEqual((first + second)._in_use(), second)
