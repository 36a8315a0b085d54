from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestPolicyLifeCycle(CreditInsuranceCommon):
    """Draft, observation, active, renewed or ended, closed."""

    def draft(self, **values):
        return self.make_policy(
            **{"name": "POL-27", "number": "POL-27", "state": "draft", **values}
        )

    @freeze_time("2026-10-01 08:00:00")
    def test_activation_starts_in_observation_with_its_first_year(self):
        policy = self.draft()
        self.assertFalse(policy.year_ids)
        policy.action_activate()
        self.assertEqual(policy.state, "active")
        self.assertTrue(policy.observation)
        self.assertRecordValues(
            policy.year_ids,
            [
                {
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 12, 31),
                    "rate_domestic": 0.15,
                    "rate_eu": 0.20,
                    "rate_other": 0.45,
                    "minimum_premium": 15000.0,
                    "aggregate_first_loss": 10000.0,
                    "max_liability_multiple": 30.0,
                }
            ],
        )
        policy.action_end_observation()
        self.assertFalse(policy.observation)

    def test_created_active_is_in_observation_too(self):
        policy = self.draft(state="active")
        self.assertEqual(policy.state, "active")
        self.assertTrue(policy.observation)

    def test_only_a_manager_ends_the_observation(self):
        policy = self.draft(state="active")
        controller = new_test_user(
            self.env,
            "policy_controller",
            "export_credit_insurance.group_credit_controller",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            policy.with_user(controller).action_end_observation()
        self.assertTrue(policy.observation)

    def test_currency_of_a_contract_stays(self):
        policy = self.draft()
        policy.currency_id = self.dollar
        policy.currency_id = self.euro
        self.make_limit(self.alfa, 50000.0, policy=policy)
        active, closed = self.draft(state="active", number="A"), self.draft(number="C")
        closed.action_activate()
        closed.action_close()
        manager = new_test_user(
            self.env,
            "policy_manager",
            "export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for refused in (policy, active, closed):
            with (
                self.subTest(refused.number),
                self.assertRaisesRegex(
                    UserError, f"{refused.number}.*is in EUR and stays so"
                ),
            ):
                refused.with_user(manager).write({"currency_id": self.dollar.id})
            self.assertEqual(refused.currency_id, self.euro)
            refused.with_user(manager).write({"currency_id": self.euro.id})
        draft = self.draft()
        with self.assertRaises(UserError):  # together: none changes
            (draft + active).write({"currency_id": self.dollar.id})
        self.assertEqual(draft.currency_id, self.euro)

    def test_activation_and_another_currency_in_one_go(self):
        policy = self.draft()
        policy.write({"currency_id": self.dollar.id, "state": "active"})
        self.assertRecordValues(
            policy, [{"currency_id": self.dollar.id, "state": "active"}]
        )

    def test_single_transaction_needs_its_orders(self):
        policy = self.draft(kind="single")
        with self.assertRaises(UserError):
            policy.action_activate()
        self.assertEqual(policy.state, "draft")
        policy.order_ids = self.make_order(self.alfa, 50000.0, confirm=False)
        policy.action_activate()
        self.assertEqual(policy.state, "active")

    def test_two_active_policies_with_the_same_number_are_refused(self):
        twin = self.draft(number="POL-26")
        with self.assertRaisesRegex(ValidationError, "POL-26"):
            twin.action_activate()
        self.assertEqual(twin.state, "draft")
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Other", "code": "OTHER"}
        )
        twin.insurer_id = other
        twin.action_activate()
        self.assertEqual(twin.state, "active")
        with self.assertRaisesRegex(ValidationError, "POL-26"):
            twin.insurer_id = self.insurer

    def test_number_is_free_again_once_closed(self):
        self.policy.action_close()
        twin = self.draft(number="POL-26")
        twin.action_activate()
        self.assertEqual(twin.state, "active")

    def test_tacit_renewal_makes_the_next_year_at_the_anniversary(self):
        with freeze_time("2026-10-01 08:00:00"):
            policy = self.draft(renewal="tacit", state="active")
            policy.year_ids.write({"rate_other": 0.5, "minimum_premium": 16000.0})
        with freeze_time("2026-12-31 22:00:00"):
            self.renew_policies()
            self.assertEqual(len(policy.year_ids), 1)
        with freeze_time("2027-01-01 08:00:00"):
            self.renew_policies()
            self.renew_policies()
        self.assertRecordValues(
            policy.year_ids.sorted("date_from"),
            [
                {
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 12, 31),
                    "rate_other": 0.5,
                    "minimum_premium": 16000.0,
                },
                {
                    "date_from": date(2027, 1, 1),
                    "date_to": date(2027, 12, 31),
                    "rate_other": 0.5,
                    "minimum_premium": 16000.0,
                },
            ],
        )
        self.assertEqual(policy.state, "active")
        self.assertEqual(policy.date_end, date(2027, 12, 31))
        self.assertEqual(policy.notice_date, date(2027, 9, 30))

    @freeze_time("2027-03-01 08:00:00")
    def test_amounts_entered_later_are_the_years(self):
        """In force without amounts, as after the set-up; then they are entered. The
        year that is over keeps 0, the one with a first loss of its own keeps it:
        30 x 20 000 = 600 000 of liability, 5 000 of first loss."""
        amounts = ("minimum_premium", "aggregate_first_loss", "max_liability_multiple")
        policy = self.draft(renewal="tacit", **dict.fromkeys(amounts, 0.0))
        policy.action_activate()
        over, year = policy.year_ids.sorted("date_from")
        self.assertEqual(policy._claim_counters(date(2027, 3, 1)), (0.0, None))
        year.aggregate_first_loss = 5000.0
        policy.write(
            {
                "minimum_premium": 20000.0,
                "aggregate_first_loss": 8000.0,
                "max_liability_multiple": 30.0,
            }
        )
        self.assertEqual(policy._claim_counters(date(2027, 3, 1)), (5000.0, 600000.0))
        self.assertEqual([over[name] for name in amounts], [0.0, 0.0, 0.0])
        # what followed follows; what the same save says of the year goes before
        policy.minimum_premium = 25000.0
        self.assertEqual(year.max_liability, 750000.0)
        policy.write(
            {
                "minimum_premium": 30000.0,
                "year_ids": [Command.update(year.id, {"minimum_premium": 26000.0})],
            }
        )
        self.assertEqual(year.minimum_premium, 26000.0)
        policy.minimum_premium = 31000.0
        self.assertEqual(year.minimum_premium, 26000.0)

    def test_notice_keeps_the_terms_that_have_begun(self):
        """Notice in 2028, the job never ran: covered to the end of 2028."""
        with freeze_time("2026-10-01 08:00:00"):
            policy = self.draft(renewal="tacit", state="active")
        with freeze_time("2028-03-01 08:00:00"):
            policy.renewal = "none"
        self.assertEqual(policy.date_end, date(2028, 12, 31))
        self.assertEqual(len(policy.year_ids), 3)

    def test_without_renewal_it_closes_after_its_end(self):
        with freeze_time("2026-12-31 08:00:00"):
            self.renew_policies()
            self.assertEqual(self.policy.state, "active")
        with freeze_time("2027-01-01 08:00:00"):
            self.renew_policies()
        self.assertEqual(self.policy.state, "closed")
        self.assertEqual(self.policy.date_end, date(2026, 12, 31))

    @freeze_time("2026-10-01 08:00:00")
    def test_closing_ends_cover_today(self):
        policy = self.draft(renewal="tacit", state="active")
        policy.action_close()
        self.assertRecordValues(
            policy,
            [
                {
                    "state": "closed",
                    "renewal": "none",
                    "date_end": date(2026, 10, 1),
                    "observation": False,
                }
            ],
        )
        with self.assertRaises(UserError):
            policy.action_activate()

    def test_history_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.policy.unlink()
        self.draft().unlink()

    def test_overlapping_years_are_refused(self):
        with self.assertRaises(ValidationError):
            self.policy.year_ids.create(
                {
                    "policy_id": self.policy.id,
                    "date_from": "2026-12-31",
                    "date_to": "2027-12-30",
                }
            )
        with self.assertRaises(ValidationError):
            self.policy.year_ids.date_to = "2025-12-31"
