from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestTaxBasis(PositionCommon):
    """What a limit is compared with is in the policy's tax basis (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 10000.0)
        cls.tax = cls.make_tax(20.0)
        cls.invoice = cls.make_invoice(cls.alfa, 1000.0, taxes=cls.tax)

    def test_tax_is_exposure_and_not_eligible(self):
        self.assertExposure(self.alfa, receivable=1200.0)
        position = self.get_position(self.alfa)
        # without tax: 10 000 − 1 000
        self.assertEqual(position.headroom_limit_currency, 9000.0)
        (row,) = self.get_cover(self.alfa)
        self.assertCover(row, eligible_amount=1000.0, covered_amount=900.0)

    def test_tax_included_policy(self):
        self.policy.cover_tax_basis = "tax_included"
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 8800.0)
        (row,) = self.get_cover(self.alfa)
        # 1 200 × 90 %
        self.assertCover(row, eligible_amount=1200.0, covered_amount=1080.0)

    def test_order_with_tax(self):
        order = self.make_order(self.alfa, 500.0, taxes=self.tax, confirm=False)
        amount = self.get_position(self.alfa, orders=order).order_amount(order)
        self.assertEqual(amount.company_currency, 600.0)
        self.assertEqual(amount.limit_currency, 500.0)

    def test_partial_payment_pays_tax_in_proportion(self):
        self._register_payment(self.invoice, amount=600.0)
        (row,) = self.get_cover(self.alfa)
        # 600 left, 1/6 of it tax
        self.assertCover(row, open_amount=600.0, eligible_amount=500.0)

    def test_money_not_matched_pays_tax_too(self):
        self.make_receipt(self.alfa, 1200.0)
        position = self.get_position(self.alfa)
        self.assertEqual(position.exposure, 0.0)
        # paid in full: nothing uses the limit, and nothing is lent to it
        self.assertEqual(position.exposure_limit_currency, 0.0)
        self.assertEqual(position.headroom_limit_currency, 10000.0)
