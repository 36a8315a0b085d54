from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestExposureCurrency(PositionCommon):
    """Amounts in the limit's currency are never converted (DESIGN 4, DOMAIN 1.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.set_rate(cls.dollar, 1.10)

    def test_dollar_limit(self):
        self.make_limit(self.alfa, 100000.0, currency_id=self.dollar.id)
        position = self.get_position(self.alfa)
        self.assertEqual(position.limit, 100000.0)
        self.assertEqual(position.limit_currency, self.dollar)
        self.assertEqual(position.headroom_limit_currency, 100000.0)
        # USD 100 000 / 1.10
        self.assertEqual(position.headroom, 90909.09)

    def test_same_currency_is_not_converted(self):
        self.make_limit(self.alfa, 100000.0, currency_id=self.dollar.id)
        self.make_invoice(self.alfa, 33333.33, currency_id=self.dollar.id)
        self.make_invoice(self.alfa, 1000.0)
        position = self.get_position(self.alfa)
        # USD 33 333.33 as it is + EUR 1 000 × 1.10
        self.assertEqual(position.exposure_limit_currency, 34433.33)
        self.assertEqual(position.headroom_limit_currency, 65566.67)
        # USD 33 333.33 / 1.10 = 30 303.03 + 1 000
        self.assertEqual(position.exposure, 31303.03)
        totals = self.get_totals(self.alfa)
        self.assertEqual(float(totals["eligible"]), 31303.03)
        # USD 33 333.33 × 90 % = 30 000.00, / 33 333.33 × 30 303.03 = 27 272.73; + 900
        self.assertEqual(float(totals["covered"]), 28172.73)

    def test_documents_follow_todays_rate(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 11000.0, currency_id=self.dollar.id)
        self.set_rate(self.dollar, 1.25, day="2026-09-30")
        # USD 11 000 / 1.25, whatever the books say
        self.assertEqual(self.get_position(self.alfa).exposure, 8800.0)
        self.assertEqual(self.get_position(self.alfa, "2026-09-29").exposure, 10000.0)

    def test_rate_of_the_invoice_date(self):
        self.policy.rate_rule = "invoice_date"
        self.make_limit(self.alfa, 9000.0)
        self.make_invoice(self.alfa, 11000.0, currency_id=self.dollar.id)
        self.set_rate(self.dollar, 1.25, day="2026-09-30")
        (row,) = self.get_cover(self.alfa)
        # USD 11 000 / 1.10 of 1 September = 10 000 against 9 000: 90 % of the debt,
        # which is EUR 8 800 today
        self.assertCover(
            row, open_amount=8800.0, base_amount=7920.0, covered_amount=7128.0
        )

    def test_order_in_another_currency(self):
        self.make_limit(self.alfa, 1000.0)
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.dollar.id}
        )
        order = self.make_order(
            self.alfa, 110.0, pricelist_id=pricelist.id, confirm=False
        )
        self.assertEqual(order.currency_id, self.dollar)
        position = self.get_position(self.alfa, orders=order)
        self.assertEqual(position.order_amount(order).limit_currency, 100.0)
        order.action_confirm()
        self.assertExposure(self.alfa, ordered=100.0)

    def test_next_years_currency_does_not_count_yet(self):
        self.policy.renewal = "tacit"
        self.make_limit(self.alfa, 50000.0, date_to="2026-12-31")
        self.make_limit(
            self.alfa, 70000.0, date_from="2027-01-01", currency_id=self.dollar.id
        )
        position = self.get_position(self.alfa)
        self.assertEqual(
            (position.limit, position.limit_currency.name), (50000.0, "EUR")
        )
        later = self.get_position(self.alfa, "2027-01-02")
        self.assertEqual((later.limit, later.limit_currency.name), (70000.0, "USD"))

    def test_receipt_in_another_currency_pays_the_oldest(self):
        self.make_limit(self.alfa, 100000.0)
        old = self.make_invoice(self.alfa, 1000.0)
        self.make_receipt(self.alfa, 550.0, currency=self.dollar, rate=1.10)
        # USD 550 / 1.10 = 500
        row = self.rows(self.alfa)[old.id]
        self.assertCover(row, received_amount=500.0, eligible_amount=500.0)

    def test_whole_debt_is_covered_to_the_cent_in_every_currency(self):
        self.policy.insured_pct_named = 100.0
        self.make_limit(self.alfa, 100000.0, currency_id=self.dollar.id)
        for amount in (0.01, 33.33, 777.77):
            self.make_invoice(self.alfa, amount)
        for row in self.get_cover(self.alfa):
            self.assertEqual(row["covered_amount"], row["open_amount"])
        # 0.01 + 33.33 + 777.77
        totals = self.get_totals(self.alfa)
        self.assertEqual(float(totals["covered"]), 811.11)
        self.assertEqual(float(totals["uncovered"]), 0.0)
