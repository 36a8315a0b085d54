import json
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestExplanation(CreditInsuranceCommon):
    """Every figure says what it is made of, to the cent (ALFA of DOMAIN 1.15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.first = cls.make_invoice(cls.alfa, 40000.0, day="2026-09-01")
        cls.second = cls.make_invoice(cls.alfa, 35000.0, day="2026-09-10")
        cls.second.credit_dispute_amount = 10000.0
        cls.receipt = cls.make_receipt(cls.alfa, 5000.0)
        cls.delivered = cls.make_order(cls.alfa, 12000.0, delivered=12000.0)
        cls.delivered.order_line.insured_shipment_date = "2026-09-20"
        cls.ordered = cls.make_order(cls.alfa, 20000.0)
        cls.later = cls.make_order(cls.alfa, 7000.0, commitment_date="2027-06-01")

    def explain(self, partner=None):
        found = self.position._explain(partner or self.alfa, self.company, self.today)
        return found, {section["key"]: section for section in found["sections"]}

    def test_alfa_exposure(self):
        found, sections = self.explain()
        amounts = {key: section["amount"] for key, section in sections.items()}
        self.assertEqual(amounts["receivable"], 75000.0)
        self.assertEqual(amounts["unallocated"], -5000.0)
        self.assertEqual(amounts["draft"], 0.0)
        self.assertEqual(amounts["delivered"], 12000.0)
        self.assertEqual(amounts["ordered"], 20000.0)
        self.assertEqual(amounts["deferred"], 7000.0)
        self.assertFalse(sections["deferred"]["counted"])
        # 75 000 − 5 000 + 12 000 + 20 000
        self.assertEqual(found["exposure"], 102000.0)
        self.assertEqual(
            [row["res_id"] for row in sections["receivable"]["rows"]],
            (self.first + self.second).ids,
        )
        (row,) = sections["ordered"]["rows"]
        self.assertEqual(
            (row["model"], row["res_id"], row["label"], row["amount"]),
            ("sale.order", self.ordered.id, self.ordered.name, 20000.0),
        )

    def test_alfa_eligible_says_what_is_left_out(self):
        found, sections = self.explain()
        rows = {
            (row["label"], row["note"]): row["amount"]
            for row in sections["eligible"]["rows"]
        }
        # 102 000 − 20 000 not delivered − 10 000 disputed = 72 000
        self.assertEqual(
            rows,
            {
                ("Exposure", ""): 102000.0,
                (
                    self.ordered.name,
                    "Not delivered yet: cover begins at shipment",
                ): -20000.0,
                (self.second.name, "Disputed"): -10000.0,
            },
        )
        self.assertEqual(sections["eligible"]["amount"], 72000.0)
        self.assertEqual(found["eligible"], 72000.0)

    def test_alfa_covered_shows_limit_use_base_and_percentage(self):
        found, sections = self.explain()
        rows = sections["covered"]["rows"]
        # 35 000, 25 000 and 12 000 under 130 000, each × 90 %
        self.assertEqual(
            [
                (row["limit"], row["used_before"], row["base"], row["amount"])
                for row in rows
            ],
            [
                (130000.0, 0.0, 35000.0, 31500.0),
                (130000.0, 35000.0, 25000.0, 22500.0),
                (130000.0, 60000.0, 12000.0, 10800.0),
            ],
        )
        self.assertEqual({row["insured_pct"] for row in rows}, {90.0})
        self.assertEqual(sections["covered"]["amount"], 64800.0)
        self.assertEqual(found["covered"], 64800.0)

    def test_alfa_headroom(self):
        found, sections = self.explain()
        # 100 000 + 30 000 − 102 000
        self.assertEqual(
            [row["amount"] for row in sections["headroom"]["rows"]],
            [100000.0, 30000.0, -102000.0],
        )
        self.assertEqual(sections["headroom"]["amount"], 28000.0)
        self.assertEqual(found["headroom_limit_currency"], 28000.0)

    @freeze_time("2026-10-01 08:00:00")
    def test_sections_equal_the_fields_of_the_buyer(self):
        found = self.alfa.credit_explanation()
        json.dumps(found)
        self.assertEqual(found["day"], date(2026, 10, 1).isoformat())
        amounts = {s["key"]: s["amount"] for s in found["sections"]}
        counted = sum(
            s["amount"]
            for s in found["sections"]
            if s["group"] == "exposure" and s["counted"]
        )
        self.assertEqual(counted, self.alfa.credit_exposure)
        self.assertEqual(amounts["eligible"], self.alfa.credit_eligible)
        self.assertEqual(amounts["covered"], self.alfa.credit_covered)
        self.assertEqual(amounts["headroom"], self.alfa.credit_headroom_limit_currency)

    def test_tax_drafts_and_foreign_currency_add_up(self):
        self.company.credit_count_draft_invoices = True
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.dollar.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.1,
            }
        )
        buyer = self.make_buyer("BETA")
        self.make_limit(buyer, 1000.0)
        tax = self.tax_sale_a.copy({"amount": 20.0, "name": "20 %"})
        # 1 000 + 20 % = USD 1 200 / 1.1 = EUR 1 090.91
        self.make_invoice(buyer, 1000.0, currency_id=self.dollar.id, taxes=tax)
        self.make_invoice(buyer, 333.33, post=False)
        found, sections = self.explain(buyer)
        self.assertEqual(found["exposure"], 1090.91 + 333.33)
        self.assertEqual(sections["draft"]["amount"], 333.33)
        # without tax: USD 1 000 = EUR 909.09
        self.assertEqual(found["eligible"], 909.09)
        self.assertEqual(sections["eligible"]["amount"], 909.09)
        # 909.09 × 90 %
        self.assertEqual(sections["covered"]["amount"], 818.18)
        # 1 000 − 909.09 − 333.33
        self.assertEqual(sections["headroom"]["amount"], -242.42)
        self.assertEqual(found["headroom_limit_currency"], -242.42)

    def test_limits_of_two_currencies(self):
        """EUR 100 000, and USD 33 000 granted later, at 1.10: 130 000 to the cent."""
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.dollar.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.1,
            }
        )
        buyer, twin = self.make_buyer("BETA"), self.make_buyer("TWIN")
        # one buyer to the insurer, by a line that has ended
        self.make_limit(buyer, 1.0, date_to="2026-01-31", insurer_buyer_ref="4711")
        self.make_limit(twin, 100000.0, insurer_buyer_ref="4711")
        self.make_limit(
            buyer,
            33000.0,
            kind="temporary",
            currency_id=self.dollar.id,
            date_from="2026-06-01",
            date_to="2026-12-31",
        )
        found, sections = self.explain(buyer)
        rows = sections["headroom"]["rows"]
        self.assertEqual([row["amount"] for row in rows], [100000.0, 30000.0])
        self.assertIn("33,000.00", rows[1]["note"])
        self.assertEqual(sections["headroom"]["amount"], 130000.0)
        self.assertEqual(found["headroom_limit_currency"], 130000.0)

    def test_buyer_without_anything(self):
        found, sections = self.explain(self.make_buyer("NOBODY"))
        self.assertEqual({s["amount"] for s in sections.values()}, {0.0})
        self.assertEqual(found["exposure"], 0.0)

    def test_only_credit_users_may_ask(self):
        seller = new_test_user(
            self.env, "plain_seller", groups="sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.alfa.with_user(seller).credit_explanation()
