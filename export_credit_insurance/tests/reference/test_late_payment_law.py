from datetime import date

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditInsuranceCommon

ADDON = "export_credit_insurance"


@tagged("post_install", "-at_install")
class TestLatePaymentLaw(CreditInsuranceCommon):
    """DOMAIN 3.3, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["credit.followup.late.payment.rule"]
        cls.pound = cls.env.ref("base.GBP")
        cls.pound.active = True

    def rule(self, name):
        return self.env.ref(f"{ADDON}.credit_followup_late_payment_rule_{name}")

    def rule_of(self, country, due="2025-07-31"):
        country = self.env.ref(f"base.{country}")
        pair = (country, date.fromisoformat(due))
        return self.Rule._get_rules([pair])[pair]

    def interest(self, rule, amount, due, until):
        return rule._get_interest(
            amount, date.fromisoformat(due), date.fromisoformat(until), self.euro
        )

    def test_domain_example(self):
        """20 000 due 31 July 2025, paid 29 September: 60 days late.

        France: 2.15 + 10 = 12.15 % x 60 / 365 = 399.45, + 40 = 439.45.
        EU: 2.15 + 8 = 10.15 % = 333.70, + 40 = 373.70.
        """
        for name, interest in (("fr", 399.45), ("eu", 333.70)):
            rule = self.rule(name)
            found = self.interest(rule, 20000.0, "2025-07-31", "2025-09-29")
            fee = rule._get_fee(20000.0, self.euro, self.company, self.today)
            with self.subTest(name):
                self.assertEqual((found, fee), (interest, 40.0))

    def test_segments_of_two_half_years(self):
        """Due 31 May 2025, paid 31 July 2025, France.

        1-30 June: 30 days at 3.15 + 10 = 13.15 % (reference of 1 January), 1-31 July:
        31 days at 12.15 %. 10 000 x (0.1315 x 30 + 0.1215 x 31) / 365
        = 10 000 x 7.7115 / 365 = 211.27.
        """
        rule = self.rule("fr")
        parts = rule._get_segments(date(2025, 5, 31), date(2025, 7, 31))
        self.assertEqual(
            [(part.days, round(part.rate, 2)) for part in parts],
            [(30, 13.15), (31, 12.15)],
        )
        found = self.interest(rule, 10000.0, "2025-05-31", "2025-07-31")
        self.assertEqual(found, 211.27)

    def test_uk_reads_the_day_before_the_half_year(self):
        """Bank rate 4.25 % on 30 June 2025 holds until 31 December: 12.25 %, although
        the rate fell on 7 August. 1 000 x 0.1225 x 60 / 365 = 20.14."""
        rule = self.rule("uk")
        found = self.interest(rule, 1000.0, "2025-07-31", "2025-09-29")
        self.assertEqual(found, 20.14)

    def test_uk_fees_in_tiers(self):
        """40 below 1 000, 70 below 10 000, 100 from there, in pounds."""
        rule = self.rule("uk")
        for amount, fee in ((999.99, 40), (1000, 70), (9999.99, 70), (10000, 100)):
            with self.subTest(amount=amount):
                found = rule._get_fee(amount, self.pound, self.company, self.today)
                self.assertEqual(found, fee)

    def test_switzerland(self):
        """5 % a year, no fee: 1 000 x 0.05 x 73 / 365 = 10.00."""
        rule = self.rule("ch")
        self.assertEqual(self.interest(rule, 1000.0, "2026-01-01", "2026-03-15"), 10.0)
        self.assertEqual(
            rule._get_fee(1000.0, self.euro, self.company, self.today), 0.0
        )

    def test_fee_in_the_invoices_currency(self):
        """EUR 40 at 2 USD for a euro are USD 80."""
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 2.0,
            }
        )
        fee = self.rule("fr")._get_fee(500.0, self.dollar, self.company, self.today)
        self.assertEqual(fee, 80.0)

    def test_nothing_before_the_day_after(self):
        rule = self.rule("fr")
        self.assertEqual(self.interest(rule, 1000.0, "2025-07-31", "2025-07-31"), 0.0)
        self.assertEqual(self.interest(rule, 1000.0, "2025-07-31", "2025-06-30"), 0.0)

    def test_national_law_before_the_directive(self):
        self.assertEqual(self.rule_of("fr"), self.rule("fr"))
        self.assertEqual(self.rule_of("de"), self.rule("eu"))
        self.assertEqual(self.rule_of("uk"), self.rule("uk"))

    def test_off_elsewhere(self):
        for country in ("sa", "br", "us"):
            rule = self.rule_of(country)
            self.assertFalse(rule)
            self.assertEqual(self.interest(rule, 1000.0, "2025-07-31", "2025-09-29"), 0)
            self.assertEqual(rule._get_fee(1000.0, self.euro, self.company, None), 0)

    def test_rules_have_dates(self):
        """A new law holds for debts due from its day, the former one until then."""
        former = self.rule("fr")
        former.date_to = "2026-12-31"
        new = former.copy({"date_from": "2027-01-01", "date_to": False, "margin": 12.0})
        self.assertEqual(self.rule_of("fr", "2026-12-31"), former)
        self.assertEqual(self.rule_of("fr", "2027-01-01"), new)
        self.assertEqual(new.fee_ids.mapped("fee"), [40.0])

    def test_users_add_rates(self):
        """A rate of 5 January 2027 counts from the half-year that begins in July; until
        then that of 1 July 2026, 2.40 % and 10 points in France."""
        ecb = self.env.ref(f"{ADDON}.credit_followup_reference_rate_ecb")
        ecb.value_ids = [(0, 0, {"date_from": "2027-01-05", "rate": 3.0})]
        parts = self.rule("fr")._get_segments(date(2027, 6, 29), date(2027, 7, 2))
        self.assertEqual(
            [(part.days, part.rate) for part in parts], [(1, 12.4), (2, 13.0)]
        )

    @mute_logger("odoo.sql_db")
    def test_law_of_one_country_or_group(self):
        with self.assertRaises(CheckViolation):
            self.rule("fr").copy({"country_group_id": self.env.ref("base.europe").id})

    def test_governing_law(self):
        """The buyer's contract, else the company's, else where the seller is."""
        law = self.company._credit_law
        self.assertEqual(law(self.alfa).code, "FR")
        self.company.credit_governing_law_id = self.env.ref("base.ch")
        self.assertEqual(law(self.alfa).code, "CH")
        self.alfa.credit_governing_law_id = self.env.ref("base.uk")
        self.assertEqual(law(self.alfa).code, "GB")
