from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationRates(DeclarationCommon):
    """Which rate makes the premium of a document."""

    def test_rates_of_the_contract(self):
        """Dollars at 1.25 in July, 1.60 from September: 1 000 are 800 or 625."""
        self.set_rates(d2026_07_01=1.25, d2026_09_01=1.6)
        self.policy.rate_rule = "invoice_date"
        july = self.make_invoice(
            self.alfa, 1000.0, "2026-07-10", currency_id=self.dollar.id
        )
        september = self.make_invoice(
            self.alfa, 1000.0, "2026-09-10", currency_id=self.dollar.id
        )
        declaration = self.make_declaration()
        self.assertEqual(self.line_of(declaration, july).amount, 800.0)
        self.assertEqual(self.line_of(declaration, september).amount, 625.0)
        self.assertEqual(self.line_of(declaration, july).amount_currency, 1000.0)
        # 1 425 × 0.45 % = 6.4125
        self.assertEqual(declaration.premium_amount, 6.41)
        self.assertIn("each invoice's day", declaration.rate_note)
        self.policy.rate_rule = "today"  # of the period's last day
        declaration.action_bring_up_to_date()
        self.assertEqual(declaration.amount, 1250.0)
        self.assertEqual(
            declaration.rate_note, "Other currencies at the rate of 09/30/2026"
        )

    def test_a_running_period_takes_the_latest_rate(self):
        """1 000 $ of October: 500 at 2.00 on the 5th, 400 at 2.50 once it is over."""
        self.set_rates(d2026_07_01=1.25, d2026_10_04=2.0)
        self.make_invoice(self.alfa, 1000.0, "2026-10-01", currency_id=self.dollar.id)
        declaration = self.make_declaration("2026-10-01", "2026-10-31")
        self.assertEqual(declaration.amount, 500.0)
        self.assertIn("latest rate", declaration.rate_note)
        self.assertIn("10/31/2026", declaration.rate_note)
        self.set_rates(d2026_07_01=1.25, d2026_10_04=2.0, d2026_10_31=2.5)
        with freeze_time("2026-11-01 09:00:00"):
            self.env.invalidate_all()
            declaration.action_bring_up_to_date()
            self.assertEqual(declaration.amount, 400.0)
            self.assertEqual(
                declaration.rate_note, "Other currencies at the rate of 10/31/2026"
            )

    def test_country_schedule_has_rates_of_its_own(self):
        """Brazil at 0.60 %: 10 000 × 0.60 % = 60."""
        self.policy.country_term_ids = [
            Command.create({"country_id": self.alfa.country_id.id, "premium_rate": 0.6})
        ]
        self.make_invoice(self.alfa, 10000.0)
        group = self.make_declaration().group_ids
        self.assertRecordValues(
            group,
            [
                {
                    "kind": "place",
                    "country_id": self.alfa.country_id.id,
                    "rate": 0.6,
                    "premium_amount": 60.0,
                }
            ],
        )

    def test_rate_of_a_country_from_a_day_on(self):
        """10 000 × 0.60 % = 60 until 15 August, 20 000 × 0.80 % = 160 after it."""
        brazil = self.alfa.country_id
        self.policy.country_term_ids = [
            Command.create(
                {
                    "country_id": brazil.id,
                    "premium_rate": 0.6,
                    "date_to": "2026-08-15",
                }
            ),
            Command.create(
                {
                    "country_id": brazil.id,
                    "premium_rate": 0.8,
                    "date_from": "2026-08-16",
                }
            ),
        ]
        self.make_invoice(self.alfa, 10000.0, "2026-08-15")
        self.make_invoice(self.alfa, 20000.0, "2026-08-16")
        declaration = self.make_declaration()
        self.assertRecordValues(
            declaration.group_ids.sorted("rate"),
            [
                {"kind": "place", "rate": 0.6, "premium_amount": 60.0},
                {"kind": "place", "rate": 0.8, "premium_amount": 160.0},
            ],
        )
        self.assertEqual(declaration.premium_amount, 220.0)
