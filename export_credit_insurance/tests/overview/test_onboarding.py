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
        """Terms that are not asked for are the usual ones; amounts are nobody's yet."""
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
                    "minimum_premium": 0.0,
                    "aggregate_first_loss": 0.0,
                    "deductible": 0.0,
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
        self.assertIn(self.start().step, ("countries", "followup"))

    def test_begins_where_the_dashboard_says(self):
        """Both go through the same steps, and call them done by the same data: a run
        prepared, a policy whose observation was ended."""
        self.env["res.partner"].search([]).customer_rank = 0
        self.alfa.customer_rank = 1
        dashboard = self.env["credit.insurance.dashboard"].with_user(self.admin)

        def first_open():
            self.env.flush_all()  # as between two requests
            board = dashboard.get_dashboard({"company_id": self.company.id})
            steps = board["setup"]["steps"]
            names = [step["key"] for step in steps]
            selection = self.env["credit.insurance.onboarding"]._fields["step"]
            self.assertEqual(names, selection.get_values(self.env))
            first = next((step["key"] for step in steps if not step["done"]), None)
            self.assertEqual(self.start().step, first or names[-1])
            return first

        self.assertEqual(first_open(), "policy")
        self.enter_policy(self.start())
        self.assertEqual(first_open(), "limits")
        self.make_limit(self.alfa, 1000.0, policy=self.policies())
        self.assertEqual(first_open(), "followup")
        run = self.env["credit.followup.run"].create({"company_id": self.company.id})
        run.sudo().state = "prepared"
        self.assertEqual(first_open(), "deciders")
        self.assertTrue(self.start().holds_nothing)
        self.policies().observation = False
        self.assertIsNone(first_open())
        self.assertFalse(self.start().holds_nothing)

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
        # who decides is shown; only new ones are asked for, nobody is taken out
        again = self.start()
        self.assertIn(colleague, again.controller_ids)
        self.assertIn(self.admin, again.controller_ids)  # managers decide too
        self.assertFalse(again.user_ids)
        again.step = "deciders"
        again.action_next()
        self.assertTrue(
            colleague.has_group("export_credit_insurance.group_credit_controller")
        )
        setup.write({"step": "followup", "is_daily": True})
        setup.action_next()
        self.assertTrue(self.company.credit_followup_daily)
        self.assertEqual(setup.step, "deciders")
        self.assertEqual(setup.action_next(), {"type": "ir.actions.act_window_close"})

    def make_manager(self):
        return new_test_user(
            self.env,
            "set-up-manager",
            "export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_manager_without_settings(self):
        """All five steps with the Manager group alone; users stay as they are."""
        manager = self.make_manager()
        self.assertFalse(manager.has_group("base.group_erp_manager"))
        setups = self.env["credit.insurance.onboarding"].with_user(manager).sudo(False)
        setup = setups.browse(setups.action_start()["res_id"])
        self.enter_policy(setup)
        for step in ("limits", "countries"):
            self.assertEqual(setup.step, step)
            setup.action_next()
        setup.is_daily = True
        setup.action_next()
        self.assertTrue(self.company.credit_followup_daily)
        self.assertTrue(self.admin in setup.controller_ids)
        self.assertFalse(setup.can_appoint)
        self.assertTrue(self.start().can_appoint)
        setup.ceiling = 8000.0
        setup.action_next()
        self.assertEqual(self.company.credit_controller_ceiling, 8000.0)

    def test_manager_appoints_nobody(self):
        manager = self.make_manager()
        setups = self.env["credit.insurance.onboarding"].with_user(manager).sudo(False)
        setup = setups.create({"step": "deciders"})
        setup.user_ids = new_test_user(self.env, "no-controller", "base.group_user")
        with self.assertRaises(AccessError):
            setup.action_next()

    def test_settings_of_another_company(self):
        """The company on the dialogue is no way to one where one does not work."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        manager = self.make_manager()
        setups = self.env["credit.insurance.onboarding"].with_user(manager).sudo(False)
        for step in ("deciders", "followup"):
            setup = setups.create({"step": step, "company_id": other.id})
            with self.subTest(step=step), self.assertRaises(AccessError):
                setup.action_next()

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
