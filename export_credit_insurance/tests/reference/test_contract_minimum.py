from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon

ADDON = "export_credit_insurance"


@tagged("post_install", "-at_install")
@freeze_time("2025-10-15")
class TestContractMinimum(CreditInsuranceCommon):
    """L441-10: contracts fix at least three times the legal rate (DOMAIN 3.3)."""

    def contract(self, margin, country="fr", **values):
        return self.env["credit.followup.late.payment.rule"].create(
            {
                "name": "Contract",
                "sequence": 1,
                "country_id": self.env.ref(f"base.{country}").id,
                "date_from": "2025-07-01",
                "margin": margin,
                "currency_id": self.euro.id,
                **values,
            }
        )

    def test_three_times_the_legal_rate(self):
        """Second half of 2025: 3 x 2.76 = 8.28 %."""
        self.assertTrue(self.contract(8.28))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.contract(8.27)

    def test_the_message_says_how_much(self):
        with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
            self.contract(5.0)
        message = str(caught.exception)
        for words in ("5 % a year on 07/01/2025", "8.28 %", "L441-10", "3 times"):
            self.assertIn(words, message)

    def test_each_half_year(self):
        """First half of 2025: 3 x 3.71 = 11.13 %; a contract from March needs it."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.contract(11.12, date_from="2025-03-01")
        self.assertTrue(self.contract(11.13, date_from="2025-03-01"))

    def test_ended_before(self):
        """It ended in June 2020, when 3 x 0.87 = 2.61 % was enough."""
        self.assertTrue(
            self.contract(2.61, date_from="2020-01-01", date_to="2020-06-30")
        )

    def test_reference_and_margin(self):
        """ECB on 1 July 2025: 2.15 %; 6.13 points above are 8.28 %, 6.12 are not."""
        ecb = self.env.ref(f"{ADDON}.credit_followup_reference_rate_ecb")
        self.assertTrue(self.contract(6.13, reference_id=ecb.id))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.contract(6.12, reference_id=ecb.id)

    def test_changed_by_hand(self):
        rule = self.contract(9.0)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            rule.margin = 3.0

    def test_the_law_itself_is_not_bound(self):
        """First half of 2024: ECB 4.5 + 10 = 14.5 %, less than 3 x 5.07 = 15.21 %."""
        law = self.env.ref(f"{ADDON}.credit_followup_late_payment_rule_fr")
        law.margin = 10.0
        [part] = law._segments_between(date(2024, 1, 1), date(2024, 6, 30))
        self.assertEqual(part.rate, 14.5)

    def test_an_archived_law_is_the_law(self):
        law = self.env.ref(f"{ADDON}.credit_followup_late_payment_rule_fr")
        law.active = False
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.contract(5.0)

    def test_elsewhere_and_nothing_claimed(self):
        self.assertTrue(self.contract(5.0, country="ch"))
        self.assertTrue(self.contract(0.0))
