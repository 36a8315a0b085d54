import doctest
from datetime import date

from odoo.tests import tagged

from ...models.indemnity import claim_indemnity, claim_recovery, premium
from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimFormula(ClaimCommon):
    """The indemnity to the cent, and why each other euro is not paid (DOMAIN 1.13)."""

    def test_formulas_as_documented(self):
        for module in (claim_indemnity, claim_recovery, premium):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed, module.__name__)

    def test_beta(self):
        """140 000 − 15 000 − 5 000 = 120 000; limit 100 000 × 90 % = 90 000;
        − 1 000 − 10 000 = 79 000; maximum 30 × 18 500 = 555 000."""
        claim = self.prepare()
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "draft",
                    "partner_id": self.beta.id,
                    "policy_id": self.policy.id,
                    "policy_year_id": self.policy.year_ids.id,
                    "cause": "commercial",
                    "gross_amount": 140000.0,
                    "tax_amount": 0.0,
                    "net_amount": 140000.0,
                    "eligible_amount": 120000.0,
                    "base_amount": 100000.0,
                    "covered_amount": 90000.0,
                    "first_loss_left": 10000.0,
                    "liability_left": 555000.0,
                    "expected_amount": 79000.0,
                    # due 2 April + 60 + 30 days
                    "filing_deadline": date(2026, 7, 1),
                }
            ],
        )
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    "move_id": self.first.id,
                    "eligible_amount": 100000.0,
                    "ineligible_amount": 0.0,
                    "ineligible_reason": False,
                    "base_amount": 100000.0,
                    "covered_amount": 90000.0,
                },
                {
                    "move_id": self.second.id,
                    "eligible_amount": 20000.0,
                    "ineligible_amount": 15000.0,
                    "ineligible_reason": "dispute",
                    "base_amount": 0.0,
                    "covered_amount": 0.0,
                },
                {
                    "move_id": self.third.id,
                    "eligible_amount": 0.0,
                    "ineligible_amount": 5000.0,
                    "ineligible_reason": "shipped_after_stop",
                    "base_amount": 0.0,
                    "covered_amount": 0.0,
                },
            ],
        )
        # 61 000 = 20 000 + 10 000 + 20 000 + 11 000
        self.assertUnpaid(
            claim,
            dispute=15000.0,
            shipped_after_stop=5000.0,
            over_limit=20000.0,
            coinsurance=10000.0,
            deductible=1000.0,
            first_loss=10000.0,
        )

    def test_deductible_first(self):
        """(100 000 − 1 000) × 90 % = 89 100, − 10 000 = 79 100."""
        self.policy.deductible_before_pct = True
        claim = self.prepare()
        self.assertEqual(claim.expected_amount, 79100.0)
        # own share 99 000 × 10 %
        self.assertUnpaid(
            claim,
            dispute=15000.0,
            shipped_after_stop=5000.0,
            over_limit=20000.0,
            coinsurance=9900.0,
            deductible=1000.0,
            first_loss=10000.0,
        )
