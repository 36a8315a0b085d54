from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CreditInsuranceCommon

MANAGERS = "export_credit_insurance.group_credit_manager,base.group_system"


@tagged("post_install", "-at_install")
class TestOnboarding(CreditInsuranceCommon, HttpCase):
    """A company without a policy is set up, by who never saw credit insurance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.action_close()
        cls.admin = new_test_user(
            cls.env,
            "set-up",
            MANAGERS,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def start(self):
        setups = self.env["credit.insurance.onboarding"].with_user(self.admin)
        return setups.browse(setups.sudo(False).action_start()["res_id"])

    def policies(self):
        return self.env["credit.insurance.policy"].search(
            [("company_ids", "in", self.company.ids), ("state", "!=", "closed")]
        )

    def enter_policy(self, setup, **values):
        setup.write({"insurer_id": self.insurer.id, "number": "POL-NEW", **values})
        return setup.action_next()

    def test_policy_of_usual_terms(self):
        """What is not asked for is as the policy's own form would have it."""
        setup = self.start()
        self.assertEqual((setup.step, setup.insured_pct_named), ("policy", 90.0))
        self.enter_policy(setup, mep_days=45)
        self.assertRecordValues(
            self.policies(),
            [
                {
                    "name": "POL-NEW",
                    "insurer_id": self.insurer.id,
                    "state": "active",
                    "observation": True,
                    "mep_days": 45,
                    "notification_days": 30,
                    "max_payment_days": 180,
                    "minimum_premium": 15000.0,
                    "currency_id": self.euro.id,
                }
            ],
        )
        self.assertEqual(setup.step, "limits")

    def test_not_put_into_force(self):
        self.enter_policy(self.start(), is_activated=False)
        self.assertEqual(self.policies().state, "draft")

    def test_incomplete_policy_is_refused(self):
        setup = self.start()
        with self.assertRaises(UserError):
            setup.action_next()
        self.assertEqual(setup.step, "policy")

    def test_left_and_resumed(self):
        """It begins where the data say; going back makes no second policy."""
        setup = self.start()
        self.enter_policy(setup)
        again = self.start()
        self.assertEqual(again.step, "limits")
        again.action_back()
        again.action_next()
        self.assertEqual(len(self.policies()), 1)
        self.make_limit(self.alfa, 1000.0, policy=self.policies())
        self.assertIn(self.start().step, ("countries", "deciders"))

    def test_countries_without_a_rating(self):
        """France is the company's own; a country that nobody rated is to be checked."""
        brazil = self.env.ref("base.br")
        self.env["credit.insurance.country.rating"].search(
            [("country_id", "=", brazil.id)]
        ).unlink()
        self.alfa.customer_rank = 1
        self.make_buyer("Domestic", "fr", customer_rank=1)
        setup = self.start()
        self.assertIn(brazil, setup.country_ids)
        self.assertNotIn(self.env.ref("base.fr"), setup.country_ids)
        self.assertEqual(
            setup.action_open_countries()["domain"],
            [("id", "in", setup.country_ids.ids)],
        )

    def test_who_decides_and_follow_up(self):
        colleague = new_test_user(
            self.env,
            "colleague",
            "base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        setup = self.start()
        setup.step = "deciders"
        setup.write({"user_ids": [Command.link(colleague.id)], "ceiling": 7000.0})
        setup.action_next()
        self.assertTrue(
            colleague.has_group("export_credit_insurance.group_credit_controller")
        )
        self.assertEqual(self.company.credit_controller_ceiling, 7000.0)
        setup.action_back()
        setup.user_ids -= colleague
        setup.action_next()
        self.assertFalse(
            colleague.has_group("export_credit_insurance.group_credit_controller")
        )
        setup.is_daily = True
        self.assertEqual(setup.action_next(), {"type": "ir.actions.act_window_close"})
        self.assertTrue(self.company.credit_followup_daily)

    def test_managers_alone(self):
        for group in ("controller", "user"):
            user = new_test_user(
                self.env,
                f"set-up-{group}",
                f"export_credit_insurance.group_credit_{group}",
            )
            setups = self.env["credit.insurance.onboarding"].with_user(user)
            with self.subTest(group=group), self.assertRaises(AccessError):
                setups.sudo(False).action_start()

    def test_tour(self):
        """From the menu to the last step in a real browser."""
        self.start_tour(
            "/odoo/action-export_credit_insurance.credit_insurance_onboarding_action",
            "credit_onboarding",
            login=self.admin.login,
        )
        policy = self.policies()
        self.assertEqual((policy.number, policy.state), ("TOUR-1", "active"))
        self.assertEqual(policy.date_start, fields.Date.today())
        self.assertEqual(policy.mep_days, 75)
        self.assertTrue(self.company.credit_followup_daily)
