from odoo.tests import tagged

from .checked_common import ALFA
from .till_common import TillCommon


@tagged("post_install", "-at_install")
class TestTill(TillCommon):
    """Quotations that are settled at the till.

    20 000 are ordered, 8 000 are free: of a quotation of 45 000 there are 37 000 too
    much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fits = cls.make_quotation(8)
        cls.waits = cls.make_quotation(45)

    def test_deposit_on_what_fits_confirms_it(self):
        receipt = self.cash_up(self.deposit(self.fits, 1000.0))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(self.fits.state, "sale")

    def test_deposit_on_what_does_not_fit_is_taken(self):
        """It is counted once it is invoiced: till then 45 000 - 8 000 are missing."""
        receipt = self.cash_up(self.deposit(self.waits, 1000.0))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(receipt.amount_paid, 1000.0)
        self.assertWaits(self.waits, missing=37000.0)
        self.assertTold(self.waits)

    def test_paid_at_the_till_it_passes(self):
        receipt = self.cash_up(self.settle(self.waits, 45))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(self.waits.state, "sale")
        self.assertFalse(self.hold_of(self.waits))

    def test_paid_in_part_the_rest_waits(self):
        # 45 000 - 36 000 - 8 000
        receipt = self.cash_up(self.settle(self.waits, 36))
        self.assertEqual(receipt.state, "paid")
        self.assertWaits(self.waits, missing=1000.0)

    def test_cashier_of_the_warehouse(self):
        """Who may not sell: Odoo lets them read what they hand out."""
        user = self.make_user(
            "doors-tim",
            "base.group_user,point_of_sale.group_pos_user,stock.group_stock_user",
        )
        self.assertFalse(user.has_group("sales_team.group_sale_salesman"))
        receipt = self.cash_up(self.settle(self.waits, 36), user="doors-tim")
        self.assertEqual(receipt.state, "paid")
        self.assertWaits(self.waits, missing=1000.0)

    def test_released_it_is_confirmed(self):
        self.cash_up(self.deposit(self.waits, 1000.0))
        with self.mock_mail_gateway():
            self.release(self.waits)
        self.assertEqual(self.waits.state, "sale")
        self.assertFalse(self.mails_to(ALFA))

    def test_sent_again_nothing_happens_twice(self):
        line = self.deposit(self.waits, 1000.0)
        receipt = self.cash_up(line)
        self.assertEqual(self.cash_up(line), receipt)
        self.assertWaits(self.waits, missing=37000.0)
        self.assertTold(self.waits)


@tagged("post_install", "-at_install")
class TestTillGrowth(TillCommon):
    """What the till adds to a confirmed order of 20 000, of which 28 000 were free."""

    def test_more_than_ordered_and_paid_uses_no_credit(self):
        """30 of 20 are taken home: paid at the till, they use no credit."""
        receipt = self.cash_up(self.settle(self.order, 30))
        self.assertEqual(receipt.state, "paid")
        self.assertFalse(self.growth())
