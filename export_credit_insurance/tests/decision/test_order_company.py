from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestOrderCompany(DecisionCommon):
    """A confirmed order that moves to another company is checked there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Sister")["company"]
        cls.other.currency_id = cls.euro
        cls.other_policy = cls.make_policy(cls.other, name="POL-2")
        cls.make_limit(cls.alfa, 50000.0)
        cls.make_limit(cls.alfa, 10000.0, policy=cls.other_policy)
        cls.env.user.company_ids += cls.other

    def move(self, order):
        order.order_line.tax_ids = False
        order.company_id = self.other
        self.env.flush_all()

    def test_room_in_the_other_company(self):
        """8 000 of POL-2's 10 000: the clearance says so."""
        order = self.make_order(self.alfa, 8000.0)
        self.move(order)
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.company_id, self.other)
        self.assertEqual(clearance.policy_id, self.other_policy)
        self.assertEqual(clearance.headroom_after, 2000.0)

    def test_no_room_in_the_other_company(self):
        """12 000 fit 50 000 here, not 10 000 there: refused, it stays."""
        order = self.make_order(self.alfa, 12000.0)
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.move(order)
        self.assertIn("12,000.00", str(caught.exception))
        self.assertEqual(self.clearance_of(order).company_id, self.company)

    def test_archived_buyer_still_owes(self):
        """Archiving hides a buyer; its debt, its limit and its orders remain."""
        self.make_invoice(self.alfa, 40000.0)
        order = self.make_order(self.alfa, 8000.0)
        self.alfa.active = False
        self.env.invalidate_all()
        position = self.get_position(self.alfa)
        self.assertEqual(position.limit, 50000.0)
        self.assertEqual(position.exposure, 48000.0)  # 40 000 + 8 000
        with self.assertRaises(RedirectWarning):
            self.set_amount(order, 11000.0)  # 2 000 are left
