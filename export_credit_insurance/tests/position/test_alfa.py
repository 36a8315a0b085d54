from odoo.tests import freeze_time, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestAlfa(CreditInsuranceCommon):
    """The worked example of DOMAIN 1.15 and 1.16, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        # 40 000 + 35 000 of receivables − 5 000 received = 70 000
        cls.first = cls.make_invoice(cls.alfa, 40000.0, day="2026-09-01")
        cls.second = cls.make_invoice(cls.alfa, 35000.0, day="2026-09-10")
        cls.make_receipt(cls.alfa, 5000.0)
        # 12 000 delivered not invoiced and 20 000 ordered not delivered
        cls.delivered = cls.make_order(cls.alfa, 12000.0, delivered=12000.0)
        cls.delivered.order_line.insured_shipment_date = "2026-09-20"
        cls.ordered = cls.make_order(cls.alfa, 20000.0)

    def test_exposure_by_component(self):
        position = self.get_position(self.alfa)
        self.assertEqual(position.receivable, 75000.0)
        self.assertEqual(position.unallocated, -5000.0)
        self.assertEqual(position.delivered, 12000.0)
        self.assertEqual(position.ordered, 20000.0)
        # 75 000 − 5 000 + 12 000 + 20 000
        self.assertEqual(position.exposure, 102000.0)

    def test_limit_and_headroom(self):
        position = self.get_position(self.alfa)
        self.assertEqual(position.limit, 130000.0)
        self.assertEqual(position.limit_currency, self.euro)
        self.assertEqual(position.limit_state, "in_force")
        # 130 000 − 102 000
        self.assertEqual(position.headroom_limit_currency, 28000.0)
        self.assertEqual(position.headroom, 28000.0)
        self.assertEqual(position.cover_state, "ok")

    def test_order_amount_is_apart_from_the_exposure(self):
        order = self.make_order(self.alfa, 45000.0, confirm=False)
        position = self.get_position(self.alfa, orders=order)
        self.assertEqual(position.exposure, 102000.0)
        self.assertEqual(position.order_amount(order).limit_currency, 45000.0)
        # over by 102 000 + 45 000 − 130 000 = 17 000
        self.assertEqual(
            position.headroom_limit_currency
            - position.order_amount(order).limit_currency,
            -17000.0,
        )

    def test_confirmed_order_is_not_counted_twice(self):
        position = self.get_position(self.alfa, orders=self.ordered)
        self.assertEqual(position.exposure, 82000.0)
        self.assertEqual(position.order_amount(self.ordered).limit_currency, 20000.0)

    def test_exposure_eligible_covered(self):
        self.second.credit_dispute_amount = 10000.0
        totals = self.get_totals(self.alfa)
        self.assertEqual(totals["exposure"], 102000.0)
        # 102 000 − 20 000 undelivered − 10 000 disputed
        self.assertEqual(totals["eligible"], 72000.0)
        # all under the limit of 130 000: 72 000 × 90 %
        self.assertEqual(totals["covered"], 64800.0)
        # own share of what is eligible: 72 000 × 10 %
        self.assertEqual(totals["eligible"] - totals["covered"], 7200.0)
        self.assertEqual(totals["uncovered"], 37200.0)

    def test_cover_rows_sum_to_the_totals(self):
        self.second.credit_dispute_amount = 10000.0
        rows = self.get_cover(self.alfa)
        self.assertEqual(sum(row["open_amount"] for row in rows), 87000.0)
        self.assertEqual(sum(row["received_amount"] for row in rows), 5000.0)
        self.assertEqual(sum(row["disputed_amount"] for row in rows), 10000.0)
        self.assertEqual(sum(row["eligible_amount"] for row in rows), 72000.0)
        self.assertEqual(sum(row["covered_amount"] for row in rows), 64800.0)

    def test_receipt_goes_to_the_oldest_debt(self):
        (oldest,) = [
            row for row in self.get_cover(self.alfa) if row["move_id"] == self.first.id
        ]
        self.assertEqual(oldest["received_amount"], 5000.0)
        self.assertEqual(oldest["eligible_amount"], 35000.0)

    def test_receipt_stays_apart_where_the_policy_says_as_matched(self):
        self.policy.receipt_imputation = "as_matched"
        totals = self.get_totals(self.alfa)
        self.assertEqual(totals["exposure"], 102000.0)
        # 40 000 + 35 000 + 12 000: the receipt lowers no debt
        self.assertEqual(totals["eligible"], 87000.0)
