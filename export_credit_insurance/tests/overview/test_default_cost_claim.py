from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..indemnity.claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestDefaultCostOfAClaim(ClaimCommon):
    """What BETA's default costs once its claim is made (DOMAIN 1.13)."""

    def calculate(self, claim):
        action = claim.action_credit_default_cost()
        defaults = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        costs = self.env["credit.insurance.default.cost"].with_user(self.controller)
        return costs.create(defaults)

    def test_the_indemnity_is_the_claims(self):
        """140 000 owed, 100 000 within the limit at 90 % = 90 000, less 1 000 and the
        first loss of 10 000: 79 000. Own share 61 000."""
        claim = self.prepare()
        cost = self.calculate(claim)
        self.assertRecordValues(
            cost,
            [
                {
                    "partner_id": self.beta.id,
                    "at_risk": 140000.0,
                    "tax": 0.0,
                    "covered": 90000.0,
                    "insured_share": 0.9,
                    "deductible": 1000.0,
                    "first_loss_left": 10000.0,
                    "indemnity": 79000.0,
                    "own_share": 61000.0,
                    "waiting_days": 150,
                }
            ],
        )
        self.assertEqual(cost.indemnity, claim.expected_amount)

    def test_the_claims_terms_stay_as_filed(self):
        claim = self.file()
        self.policy.deductible = 7000.0
        self.assertEqual(self.calculate(claim).indemnity, 79000.0)

    def test_vat_is_that_of_the_claims_invoices(self):
        """24 000 owed with 20 % of VAT, 4 000; 20 000 without it are claimed."""
        tax = self.env["account.tax"].create(
            {"name": "VAT 20", "amount": 20.0, "company_id": self.company.id}
        )
        claim = self.lose("VATTED", 20000.0, limit=50000.0, taxes=tax)
        cost = self.calculate(claim)
        self.assertEqual((cost.at_risk, cost.tax), (24000.0, 4000.0))
        self.assertEqual(cost.covered, claim.covered_amount)

    def test_what_was_entered_stays(self):
        cost = self.calculate(self.prepare())
        cost.write({"at_risk": 150000.0, "legal_share": 0.2})
        self.env.invalidate_all()
        cost._compute_stake()
        self.assertEqual((cost.at_risk, cost.legal_share), (150000.0, 0.2))

    def test_print(self):
        cost = self.calculate(self.prepare())
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "export_credit_insurance.credit_insurance_default_cost_report", cost.ids
            )[0]
            .decode()
        )
        self.assertIn(cost.claim_id.display_name, html)
        self.assertIn("79,000.00", html)
        # 90 000 of 140 000
        self.assertIn("64.29 %", html)

    def test_company_of_the_claim(self):
        """Opened while another company is the current one: still the claim's."""
        other = self.env["res.company"].create({"name": "Other"})
        self.controller.company_ids += other
        claim = self.prepare().with_user(self.controller)
        action = claim.with_context(
            allowed_company_ids=[other.id, self.company.id]
        ).action_credit_default_cost()
        costs = self.env["credit.insurance.default.cost"].with_user(self.controller)
        cost = costs.with_context(
            action["context"], allowed_company_ids=[other.id, self.company.id]
        ).create({})
        self.assertEqual(cost.company_id, self.company)
        self.assertEqual(cost.indemnity, 79000.0)

    def test_only_controllers_calculate(self):
        user = new_test_user(
            self.env,
            "cost_reader",
            groups="export_credit_insurance.group_credit_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["credit.insurance.default.cost"].with_user(user).create(
                {"partner_id": self.beta.id, "claim_id": self.prepare().id}
            )
