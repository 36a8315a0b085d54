from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestPolicyTerms(CreditInsuranceCommon):
    """The terms of a policy: usual ones by default, percentages by place and kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.zone = cls.env["credit.insurance.zone"].create(
            {
                "name": "Test zone",
                "code": "test_zone",
                "country_ids": [Command.set(cls.env.ref("base.ar").ids)],
            }
        )

    def test_defaults_are_those_of_pol_26(self):
        """DOMAIN 0: the fixture's figures are the ones a new policy starts with."""
        policy = self.env["credit.insurance.policy"].create(
            {
                "name": "New",
                "number": "N-1",
                "insurer_id": self.insurer.id,
                "date_start": "2026-01-01",
            }
        )
        self.assertRecordValues(
            policy,
            [
                {
                    "date_end": date(2026, 12, 31),
                    "state": "draft",
                    "company_ids": self.env.company.ids,
                    "insured_pct_named": 90.0,
                    "insured_pct_unnamed": 70.0,
                    "dcl_amount": 10000.0,
                    "max_payment_days": 180,
                    "mep_days": 60,
                    "mep_base": "due_date",
                    "notification_days": 30,
                    "notification_base": "mep_end",
                    "collection_days": 30,
                    "collection_base": "mep_end",
                    "waiting_days": 150,
                    "waiting_base": "claim_received",
                    "claim_threshold": 300.0,
                    "deductible": 1000.0,
                    "aggregate_first_loss": 10000.0,
                    "max_liability_multiple": 30.0,
                    "minimum_premium": 15000.0,
                    "residue_amount": 50.0,
                    "limit_basis": "gross",
                    "cover_tax_basis": "ex_tax",
                    "excess_uses_limit": True,
                    "receipt_imputation": "oldest_first",
                }
            ],
        )

    def test_percentage_without_rows_is_the_policys(self):
        self.assertEqual(self.policy._insured_percentage("named"), 90.0)
        self.assertEqual(self.policy._insured_percentage("express"), 90.0)
        self.assertEqual(self.policy._insured_percentage("discretionary"), 70.0)

    def test_percentage_most_specific_row_wins(self):
        self.policy.percentage_ids = [
            Command.create({"cover_kind": "named", "percentage": 85.0}),
            Command.create({"percentage": 80.0, "zone_id": self.zone.id}),
            Command.create({"percentage": 75.0, "country_id": self.brazil.id}),
            Command.create(
                {"percentage": 60.0, "cause": "political", "zone_id": self.zone.id}
            ),
        ]
        percentage = self.policy._insured_percentage
        self.assertEqual(percentage("named"), 85.0)
        self.assertEqual(percentage("named", zone=self.zone), 80.0)
        self.assertEqual(percentage("named", self.brazil, self.zone), 75.0)
        self.assertEqual(
            percentage("named", self.brazil, self.zone, cause="political"), 60.0
        )
        self.assertEqual(percentage("discretionary", self.brazil, self.zone), 70.0)

    def test_percentage_of_country_terms(self):
        """A figure of 0 in the country schedule is as the policy says."""
        self.policy.country_term_ids = [
            Command.create(
                {
                    "country_id": self.brazil.id,
                    "insured_pct_named": 80.0,
                    "insured_pct_political": 65.0,
                }
            )
        ]
        percentage = self.policy._insured_percentage
        self.assertEqual(percentage("named", self.brazil), 80.0)
        self.assertEqual(percentage("named", self.brazil, cause="political"), 65.0)
        self.assertEqual(percentage("discretionary", self.brazil), 70.0)

    def test_percentage_of_the_policy_year(self):
        self.policy.year_ids.insured_pct_named = 88.0
        percentage = self.policy._insured_percentage
        self.assertEqual(percentage("named", day=date(2026, 10, 1)), 88.0)
        self.assertEqual(percentage("named", day=date(2027, 1, 1)), 90.0)

    def test_percentage_political_only_where_covered(self):
        self.policy.political_cover = False
        self.assertEqual(
            self.policy._insured_percentage("named", cause="political"), 0.0
        )

    def test_maximum_liability_follows_the_premium(self):
        """DOMAIN 1.11: 30 × the minimum of 15 000 = 450 000; 30 × 18 500 = 555 000."""
        year = self.policy.year_ids
        self.assertEqual(year.max_liability, 450000.0)
        year.premium_amount = 18500.0
        self.assertEqual(year.max_liability, 555000.0)
        year.write({"liability_used": 79000.0, "first_loss_used": 4000.0})
        self.assertEqual(year.liability_left, 476000.0)
        self.assertEqual(year.first_loss_left, 6000.0)

    def test_bad_figures_are_refused(self):
        for values in (
            {"insured_pct_named": 101.0},
            {"insured_pct_unnamed": -1.0},
            {"stop_min_pct": 100.5},
            {"mep_days": -1},
            {"notice_months": -1},
            {"deductible": -0.01},
            {"date_end": "2025-12-31"},
            {"company_ids": [Command.clear()]},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.policy.write(values)

    def test_country_terms_are_for_a_country_or_a_zone(self):
        for values in (
            {},
            {"country_id": self.brazil.id, "zone_id": self.zone.id},
            {"country_id": self.brazil.id, "insured_pct_named": 120.0},
            {"country_id": self.brazil.id, "max_payment_days": -5},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.policy.country_term_ids = [Command.create(values)]

    def test_percentage_rows_are_checked(self):
        for values in (
            {"percentage": 0.0},
            {"percentage": 100.1},
            {
                "percentage": 90.0,
                "country_id": self.brazil.id,
                "zone_id": self.zone.id,
            },
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.policy.percentage_ids = [Command.create(values)]

    def test_policies_are_found_by_number(self):
        found = self.env["credit.insurance.policy"].name_search("POL-2")
        self.assertIn(self.policy.id, [record_id for record_id, _name in found])
