from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:30:00")
class TestContractDays(CreditInsuranceCommon):
    """What ends by itself ends with its company's day, whoever's job ends it.

    At 12:30 UTC on 1 October it is 01:30 on 2 October in Auckland, where the company
    is, and 1 October where the job runs and where the other company is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Elsewhere")["company"]
        cls.company.partner_id.tz = "Pacific/Auckland"
        cls.other.partner_id.tz = "UTC"
        cls.env.user.company_ids |= cls.other
        cls.env.registry.clear_cache()
        cls.env.ref("base.user_root").write(
            {"company_ids": [(4, cls.other.id)], "company_id": cls.other.id}
        )

    def from_elsewhere(self, records):
        """The same for a user who works in the other company, and for this one too."""
        companies = self.other + self.company
        return records.with_context(allowed_company_ids=companies.ids)

    def both(self, make):
        """The same for the company in Auckland and for the other one."""
        return make(self.company), make(self.other)

    def make_ending(self, company):
        return self.make_policy(
            company,
            name=f"Of {company.name}",
            date_start="2025-10-02",
            date_end="2026-10-01",
        )

    def test_policies_end(self):
        here, there = self.both(self.make_ending)
        self.renew_policies()
        self.assertEqual((here.state, there.state), ("closed", "active"))

    def test_policies_are_renewed(self):
        """The year from 2 October 2026 begins in Auckland alone."""
        here, there = self.both(self.make_ending)
        (here + there).renewal = "tacit"
        self.renew_policies()
        self.assertEqual((len(here.year_ids), len(there.year_ids)), (2, 1))

    def test_a_policy_is_closed_today(self):
        self.from_elsewhere(self.policy).action_close()
        self.assertEqual(self.policy.date_end, date(2026, 10, 2))

    def test_limits_expire(self):
        policy = self.make_policy(self.other, name="Elsewhere")
        here = self.make_limit(self.alfa, 1000.0, date_to="2026-10-01")
        there = self.make_limit(self.alfa, 1000.0, date_to="2026-10-01", policy=policy)
        self.expire_limits()
        self.assertEqual((here.state, there.state), ("expired", "approved"))

    def test_limits_do_not_expire_ahead_of_their_company(self):
        """At 02:00 UTC on 1 October it is 30 September in Los Angeles."""
        self.company.partner_id.tz = "America/Los_Angeles"
        self.env.registry.clear_cache()
        line = self.make_limit(self.alfa, 1000.0, date_to="2026-09-30")
        with freeze_time("2026-10-01 02:00:00"):
            self.expire_limits()
            self.assertEqual(line.state, "approved")
        self.expire_limits()
        self.assertEqual(line.state, "expired")

    def test_decisions_are_of_the_companys_day(self):
        limit = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "requested_amount": 1000.0,
            }
        )
        self.from_elsewhere(limit)._record_decision("approved")
        self.assertRecordValues(
            limit,
            [
                {
                    "request_date": date(2026, 10, 2),
                    "decision_date": date(2026, 10, 2),
                    "date_from": date(2026, 10, 2),
                }
            ],
        )

    def test_a_discretionary_limit_is_dismissed_today(self):
        """Twelve months from 2 October 2026: until 1 October 2027."""
        draft = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "kind": "discretionary",
                "amount": 1000.0,
            }
        )
        self.from_elsewhere(draft).action_dismiss()
        self.assertRecordValues(
            draft,
            [{"decision_date": date(2026, 10, 2), "date_to": date(2027, 10, 1)}],
        )

    def test_securities_expire(self):
        def make(company):
            security = self.env["credit.insurance.security"].create(
                {
                    "partner_id": self.alfa.id,
                    "company_id": company.id,
                    "name": "Guarantee",
                    "kind": "bank_guarantee",
                    "amount": 1000.0,
                    "date_from": "2026-01-01",
                    "date_to": "2026-10-01",
                }
            )
            security.action_activate()
            return security

        here, there = self.both(make)
        self.expire_securities()
        self.assertEqual((here.state, there.state), ("closed", "active"))

    def test_own_risk_ends(self):
        row = self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": 1000.0,
                "date_from": "2026-01-01",
                "reason": "Strategic customer",
            }
        )
        self.from_elsewhere(row).action_end()
        self.assertEqual(row.date_to, date(2026, 10, 2))
