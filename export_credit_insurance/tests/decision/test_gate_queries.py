from freezegun import freeze_time

from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestGateQueries(DecisionCommon):
    """What the gate costs, against Odoo's own confirmation in the same test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"]
        for number in range(51):
            buyer = cls.make_buyer(f"Buyer {number}")
            cls.make_limit(buyer, 10000.0)
            cls.buyers += buyer

    def make_orders(self, number):
        orders = self.env["sale.order"]
        for buyer in self.buyers[:number]:
            orders += self.make_order(buyer, 1000.0, confirm=False)
        return orders

    def count(self, orders):
        """Queries to confirm the orders, with warm registry caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        orders.browse().check_access("read")  # what access rules read of the user
        self.env.user.mapped("login")
        before = self.env.cr.sql_log_count
        orders.action_confirm()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def switch_off(self):
        self.policy.action_close()
        self.assertFalse(self.env["res.company"]._credit_check_modes())

    def test_switched_off_costs_nothing(self):
        """The gate's method itself runs no query where nothing is checked."""
        self.switch_off()
        orders = self.make_orders(3)
        orders.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["res.company"]._credit_check_modes()
        with self.assertQueryCount(0):
            orders._check_credit()
        orders.mapped("name")
        with self.assertQueryCount(0):
            orders.mapped("credit_check_state")
            orders.mapped("credit_check_summary")
            orders.mapped("credit_hold_state")
            orders.mapped("credit_gauge")

    def test_settings_are_not_read_with_the_company(self):
        self.env.invalidate_all()
        self.company.name  # noqa: B018
        with self.assertQueryCount(1):
            self.assertEqual(self.company.credit_release_days, 30)
            self.assertEqual(self.company.credit_release_max_days, 180)

    def test_partners_are_read_ahead_once_and_as_they_are_in_memory(self):
        buyer = self.buyers[0]
        self.env.flush_all()
        self.env.invalidate_all()
        buyer.city = "Lyon"  # not written yet
        buyer.sudo()._credit_read_ahead()
        with self.assertQueryCount(0):
            buyer.sudo()._credit_read_ahead()
            self.assertEqual(buyer.name, "Buyer 0")
            self.assertEqual(buyer.city, "Lyon")
            self.assertEqual(buyer.commercial_partner_id, buyer)
            self.assertFalse(buyer.credit_party_kind)
            self.assertFalse(buyer.parent_id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(buyer.city, "Lyon")

    def test_one_order_at_most_six_more(self):
        self.make_orders(1).action_confirm()  # warms caches up
        with_gate = self.count(self.make_orders(1))
        self.switch_off()
        self.make_orders(1).action_confirm()
        without = self.count(self.make_orders(1))
        self.assertLessEqual(with_gate - without, 6)

    def test_fifty_orders_cost_as_much_as_one(self):
        self.make_orders(1).action_confirm()
        self.make_orders(2).action_confirm()
        one, fifty = self.count(self.make_orders(1)), self.count(self.make_orders(50))
        self.switch_off()
        self.make_orders(2).action_confirm()
        plain_one = self.count(self.make_orders(1))
        plain_fifty = self.count(self.make_orders(50))
        # more than one debtor: one query says who shares a limit with whom
        self.assertLessEqual(fifty - plain_fifty, one - plain_one + 1)
