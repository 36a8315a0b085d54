from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestManufacturing(PositionCommon):
    """Costs before the shipment, where the policy covers that risk (DOMAIN 1.15).

    POL-26 insures them at 80 %; ALFA has its 130 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.policy.manufacturing_cover = True
        cls.policy.percentage_ids = [
            Command.create({"cover_kind": "manufacturing", "percentage": 80.0}),
            Command.create(
                {
                    "cover_kind": "manufacturing",
                    "cause": "political",
                    "percentage": 95.0,
                }
            ),
        ]
        cls.pumps = cls.make_delivered_product()
        cls.order = cls.make_order(cls.alfa, 100000.0, product=cls.pumps)

    def spend(self, amount, day="2026-09-25", order=None):
        (order or self.order).write(
            {"credit_costs_incurred": amount, "credit_costs_date": day}
        )

    def assertTotals(self, partner=None, **expected):
        totals = self.get_totals(partner or self.alfa)
        found = {name: float(totals[name]) for name in expected}
        self.assertEqual(found, expected)

    def explain(self, partner=None):
        found = self.position._explain(partner or self.alfa, self.company, self.today)
        return found, {section["key"]: section for section in found["sections"]}

    def test_domain_example(self):
        """Costs of 60 000 at 80 %: 48 000; the exposure has the whole order."""
        self.assertTotals(exposure=100000.0, eligible=0.0, covered=0.0)
        self.spend(60000.0)
        self.assertTotals(
            exposure=100000.0,
            eligible=60000.0,
            covered=48000.0,
            # 60 000 × 95 %
            covered_political=57000.0,
            # 100 000 − 48 000
            uncovered=52000.0,
        )
        # 130 000 − 100 000: what is made uses the limit already
        position = self.get_position(self.alfa)
        self.assertEqual(position.headroom_limit_currency, 30000.0)

    def test_buyers_and_lists_have_it(self):
        self.spend(60000.0)
        self.assertEqual(
            (self.alfa.credit_eligible, self.alfa.credit_covered), (60000.0, 48000.0)
        )
        row = self.env["credit.insurance.exposure"].browse(self.alfa.id)
        self.assertEqual(row.covered, 48000.0)
        found = self.env["res.partner"].search([("credit_covered", "=", 48000.0)])
        self.assertEqual(found, self.alfa)
        self.order.credit_costs_incurred = 50000.0
        row.invalidate_recordset()
        # 50 000 × 80 %
        self.assertEqual(row.covered, 40000.0)

    def test_only_where_the_policy_covers_it(self):
        self.spend(60000.0)
        self.policy.manufacturing_cover = False
        self.assertTotals(exposure=100000.0, eligible=0.0, covered=0.0)

    def test_without_a_percentage_of_its_own(self):
        self.policy.percentage_ids.unlink()
        self.spend(60000.0)
        # 60 000 × 90 %
        self.assertTotals(eligible=60000.0, covered=54000.0)

    def test_no_more_than_what_is_still_to_be_delivered(self):
        """70 000 have left: 70 000 × 90 %, and of the 60 000 spent 30 000 × 80 %."""
        self.spend(60000.0)
        line = self.order.order_line
        line.qty_delivered = 70000.0
        line.insured_shipment_date = "2026-09-28"
        self.assertTotals(exposure=100000.0, eligible=100000.0, covered=87000.0)
        line.qty_delivered = 100000.0
        # 100 000 × 90 %
        self.assertTotals(eligible=100000.0, covered=90000.0)

    def test_price_without_tax(self):
        """100 and 20 % tax: of 110 spent 100 count."""
        buyer = self.make_buyer("BETA")
        self.make_limit(buyer, 1000.0)
        order = self.make_order(
            buyer, 100.0, product=self.pumps, taxes=self.make_tax(20.0)
        )
        self.spend(110.0, order=order)
        self.assertTotals(buyer, exposure=120.0, eligible=100.0, covered=80.0)

    def test_limit_serves_what_came_first(self):
        """Limit 130 000, 90 000 shipped before: of 60 000 spent 40 000 fit."""
        self.make_invoice(self.alfa, 90000.0, day="2026-09-01")
        self.spend(60000.0)
        # 90 000 × 90 % + 40 000 × 80 %
        self.assertTotals(eligible=150000.0, covered=113000.0)

    def test_limit_of_the_day(self):
        """Spent before there was a limit: not covered."""
        self.spend(60000.0, day="2025-12-31")
        self.assertTotals(covered=0.0)

    def test_spent_before_cover_stopped(self):
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-20"}
        )
        self.spend(60000.0, day="2026-09-19")
        self.assertTotals(eligible=60000.0, covered=48000.0)
        self.spend(60000.0, day="2026-09-20")
        self.assertTotals(eligible=0.0, covered=0.0)

    def test_money_settles_debts_first(self):
        """25 000 received: 20 000 pay the invoice, though it is younger, 5 000 come
        off what was spent."""
        self.make_invoice(self.alfa, 20000.0, day="2026-09-28")
        self.spend(60000.0)
        self.make_receipt(self.alfa, 25000.0)
        # 100 000 + 20 000 − 25 000; (60 000 − 5 000) × 80 %
        self.assertTotals(exposure=95000.0, eligible=55000.0, covered=44000.0)

    def test_explained_to_the_cent(self):
        self.make_invoice(self.alfa, 20000.0, day="2026-09-28")
        self.make_receipt(self.alfa, 25000.0)
        self.spend(60000.0)
        found, sections = self.explain()
        # 95 000 − 100 000 not delivered + 60 000 spent
        self.assertEqual(
            [row["amount"] for row in sections["eligible"]["rows"]],
            [95000.0, -100000.0, 60000.0],
        )
        self.assertEqual(sections["eligible"]["amount"], 55000.0)
        self.assertEqual(found["eligible"], 55000.0)
        (row,) = sections["covered"]["rows"]
        self.assertEqual(
            (row["label"], row["insured_pct"], row["amount"]),
            (self.order.name, 80.0, 44000.0),
        )
        self.assertIn("Costs incurred before shipment", row["note"])
        self.assertEqual(found["covered"], sections["covered"]["amount"])

    def test_in_the_orders_currency(self):
        """USD 1 100 spent at 1.10: EUR 1 000, × 80 %."""
        self.clear_rates()
        self.set_rate(self.dollar, 1.1)
        buyer = self.make_buyer("BETA")
        self.make_limit(buyer, 5000.0)
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.dollar.id}
        )
        order = self.make_order(
            buyer, 2200.0, product=self.pumps, pricelist_id=pricelist.id
        )
        self.assertEqual(order.currency_id, self.dollar)
        self.spend(1100.0, order=order)
        self.assertTotals(buyer, exposure=2000.0, eligible=1000.0, covered=800.0)

    def test_not_on_quotations_nor_on_orders_closed_short(self):
        self.spend(60000.0)
        self.order.action_close_credit_remainder()
        self.assertTotals(exposure=0.0, covered=0.0)
        quotation = self.make_order(self.alfa, 100000.0, confirm=False)
        self.spend(60000.0, order=quotation)
        self.assertTotals(exposure=0.0, covered=0.0)

    def test_beyond_the_horizon_neither_exposure_nor_cover(self):
        self.spend(60000.0)
        self.order.commitment_date = "2027-09-01"
        self.assertTotals(exposure=0.0, covered=0.0)

    def test_dated_by_itself_and_not_copied(self):
        self.order.credit_costs_incurred = 100.0
        self.assertEqual(self.order.credit_costs_date, self.today)
        self.assertFalse(self.order.copy().credit_costs_incurred)
        order = self.make_order(self.alfa, 10.0, credit_costs_incurred=5.0)
        self.assertEqual(order.credit_costs_date, self.today)

    def test_corrected_they_keep_their_day(self):
        self.spend(60000.0, day="2026-09-19")
        self.order.credit_costs_incurred = 60001.0
        self.assertEqual(str(self.order.credit_costs_date), "2026-09-19")
        self.order.credit_costs_date = False
        self.assertEqual(self.order.credit_costs_date, self.today)

    def test_no_security_pays_for_what_has_not_left(self):
        """A guarantee of 100 000 for the order: the insurer bears 80 % of 60 000."""
        security = self.env["credit.insurance.security"].create(
            {
                "name": "SEC",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 100000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "order_ids": [Command.set(self.order.ids)],
            }
        )
        security.action_activate()
        self.spend(60000.0)
        self.assertTotals(eligible=60000.0, covered=48000.0)

    def test_bad_input_changes_nothing(self):
        self.spend(100.0)
        for values, message in (
            ({"credit_costs_incurred": -0.01}, "cannot be negative"),
            ({"credit_costs_date": "2026-10-02"}, "yet to come"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self.order.write(values)
        self.assertEqual(self.order.credit_costs_incurred, 100.0)

    def test_salespeople_enter_none(self):
        seller = new_test_user(
            self.env, "cost_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        with self.assertRaises(AccessError):
            self.order.with_user(seller).credit_costs_incurred = 5.0
