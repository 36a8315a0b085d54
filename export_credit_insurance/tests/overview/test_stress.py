import doctest
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...models.position import position_scenario
from ...wizard import credit_insurance_stress_test
from ..position.position_common import PositionCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestStress(PositionCommon):
    """What is lost if cover is, on ALFA (DOMAIN 0, 1.5, 1.16).

    Shipped: 40 000 + 35 000 - 5 000 received + 12 000 not invoiced = 82 000 under a
    limit of 130 000, at 90 %: 73 800. On order 20 000, which 130 000 - 82 000 = 48 000
    take: 18 000 once shipped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.make_invoice(cls.alfa, 40000.0, day="2026-09-01")
        cls.make_invoice(cls.alfa, 35000.0, day="2026-09-10")
        cls.make_receipt(cls.alfa, 5000.0)
        cls.delivered = cls.make_order(cls.alfa, 12000.0, delivered=12000.0)
        cls.delivered.order_line.insured_shipment_date = "2026-09-20"
        cls.ordered = cls.make_order(cls.alfa, 20000.0)

    def suppose(self, **values):
        test = self.env["credit.insurance.stress.test"].create(values)
        test.action_work_out()
        return test

    def assertLost(self, test, then, order_then, lost):
        self.assertRecordValues(
            test.line_ids,
            [
                {
                    "partner_id": self.alfa.id,
                    "country_id": self.alfa.country_id.id,
                    "exposure": 102000.0,
                    "covered_now": 73800.0,
                    "covered_then": then,
                    "order_now": 18000.0,
                    "order_then": order_then,
                    "lost": lost,
                    "order_count": 1 if order_then < 18000.0 else 0,
                }
            ],
        )
        self.assertEqual(test.lost, lost)
        self.assertEqual(test.covered_now, 73800.0)

    def test_examples_in_docstrings(self):
        result = doctest.testmod(position_scenario)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_insurer_withdraws(self):
        """What was shipped goes on in run-off; the order is no longer insurable."""
        test = self.suppose(kind="insurer", insurer_id=self.insurer.id)
        self.assertLost(test, 73800.0, 0.0, 18000.0)
        self.assertEqual(test.line_ids.order_ids, self.ordered)

    def test_country_goes_off_cover(self):
        brazil = self.alfa.country_id
        test = self.suppose(kind="country", country_ids=[(6, 0, brazil.ids)])
        self.assertLost(test, 73800.0, 0.0, 18000.0)
        other = self.suppose(
            kind="country", country_ids=[(6, 0, self.env.ref("base.in").ids)]
        )
        self.assertFalse(other.line_ids)
        self.assertTrue(other.is_worked_out)

    def test_archived_buyers_owe_too(self):
        self.alfa.active = False
        brazil = self.alfa.country_id
        test = self.suppose(kind="country", country_ids=[(6, 0, brazil.ids)])
        self.assertLost(test, 73800.0, 0.0, 18000.0)

    def test_who_shares_the_limit_is_asked_about(self):
        """ALFA's branch in India orders 5 000 under ALFA's number: 130 000 - 102 000
        take it, 4 500 are insurable, and ALFA's limits gone they are lost too."""
        branch = self.make_buyer("BRANCH", country_id=self.env.ref("base.in").id)
        limits = self.env["credit.insurance.limit"]
        limits.search([("partner_id", "=", self.alfa.id)]).insurer_buyer_ref = "A-1"
        self.make_limit(branch, 1000.0, date_to="2026-01-02", insurer_buyer_ref="A-1")
        self.make_order(branch, 5000.0)
        test = self.suppose(kind="insurer", insurer_id=self.insurer.id)
        self.assertEqual(
            {line.partner_id: line.lost for line in test.line_ids},
            {self.alfa: 18000.0, branch: 4500.0},
        )
        # the same where everybody is asked about
        with patch.object(credit_insurance_stress_test, "ASKED_AT_MOST", -1):
            whole = self.suppose(kind="insurer", insurer_id=self.insurer.id)
        self.assertEqual(
            {line.partner_id: line.lost for line in whole.line_ids},
            {self.alfa: 18000.0, branch: 4500.0},
        )

    def test_limits_of_a_policy_are_halved(self):
        """65 000 are less than the 82 000 that were shipped: nothing for the order."""
        test = self.suppose(kind="limit", policy_id=self.policy.id)
        self.assertLost(test, 73800.0, 0.0, 18000.0)

    def test_limits_of_a_zone_are_cut_by_a_quarter(self):
        """97 500 - 82 000 = 15 500 of the order, at 90 %: 13 950."""
        test = self.suppose(
            kind="limit", zone_id=self.alfa.credit_zone_id.id, remaining=0.75
        )
        self.assertLost(test, 73800.0, 13950.0, 4050.0)

    def test_one_limit_is_halved(self):
        """100 000 + 15 000 - 82 000 = 33 000: the order still fits, nothing lost."""
        limit = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "temporary")]
        )
        test = self.suppose(kind="limit", limit_id=limit.id)
        self.assertLost(test, 73800.0, 18000.0, 0.0)

    def test_run_off_ends_with_the_day(self):
        """From 15 September: the 12 000 of the 20th lose 10 800, the order 18 000;
        70 000 x 90 % = 63 000 stay."""
        test = self.suppose(
            kind="insurer", insurer_id=self.insurer.id, date="2026-09-15"
        )
        self.assertLost(test, 63000.0, 0.0, 28800.0)

    def test_order_of_another_policy_keeps_its_cover(self):
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Borealis", "code": "BOREALIS"}
        )
        self.make_policy(name="POL-B", insurer_id=other.id, sequence=99)
        with self.assertRaises(UserError):  # no limit is in force there
            self.suppose(kind="insurer", insurer_id=other.id)

    def test_insurer_of_all_buyers_is_proposed(self):
        """Not that of one transaction, although its policy comes first."""
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Borealis", "code": "BOREALIS"}
        )
        self.make_policy(
            name="POL-B",
            insurer_id=other.id,
            kind="single",
            order_ids=[Command.set(self.ordered.ids)],
            sequence=0,
        )
        test = self.env["credit.insurance.stress.test"].create({})
        self.assertEqual(test.insurer_id, self.insurer)

    def test_in_the_company_s_currency(self):
        """2 USD a euro. 20 000 EUR = 40 000 USD x 90 % = 18 000 EUR insurable; of a
        limit of 100 000 USD a quarter remains: 25 000 x 90 % = 22 500 USD = 11 250 EUR.
        """
        self.clear_rates()
        self.set_rate(self.dollar, 2.0)
        beta = self.make_buyer("BETA")
        limit = self.make_limit(beta, 100000.0, currency_id=self.dollar.id)
        self.make_order(beta, 20000.0)
        test = self.suppose(kind="limit", limit_id=limit.id, remaining=0.25)
        self.assertRecordValues(
            test.line_ids,
            [
                {
                    "partner_id": beta.id,
                    "order_now": 18000.0,
                    "order_then": 11250.0,
                    "lost": 6750.0,
                }
            ],
        )

    def test_company_without_the_policy_loses_nothing(self):
        company = self.env["res.company"].create({"name": "Sister"})
        self.env.user.company_ids |= company
        with self.assertRaises(UserError):
            self.suppose(
                kind="insurer", insurer_id=self.insurer.id, company_id=company.id
            )

    def test_nothing_changes(self):
        limits = self.env["credit.insurance.limit"].search([])
        before = limits.read(["state", "amount", "date_to"])
        self.suppose(kind="insurer", insurer_id=self.insurer.id)
        self.suppose(kind="country", country_ids=[(6, 0, self.alfa.country_id.ids)])
        self.env.invalidate_all()
        self.assertEqual(limits.read(["state", "amount", "date_to"]), before)
        self.assertEqual(self.alfa.country_id.credit_status, "open")
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 73800.0)
        # 130 000 - 102 000
        self.assertEqual(self.get_position(self.alfa).headroom, 28000.0)

    def test_hypothesis_must_be_told(self):
        for kind in ("insurer", "country", "limit"):
            with self.assertRaises(UserError):
                self.suppose(kind=kind, insurer_id=False)
        with self.assertRaises(ValidationError):
            self.suppose(kind="limit", policy_id=self.policy.id, remaining=1.5)

    def test_no_more_queries_for_many_buyers(self):
        few = self.count_queries()
        for number in range(50):
            buyer = self.make_buyer(f"Buyer {number}")
            self.make_limit(buyer, 1000.0)
            self.make_order(buyer, 500.0)
        self.assertLessEqual(self.count_queries(), few)

    def count_queries(self):
        values = {"kind": "insurer", "insurer_id": self.insurer.id}
        test = self.env["credit.insurance.stress.test"].create(values)
        for _each in range(2):  # caches of the contract, rights and views
            test.action_work_out()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        test.action_work_out()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
