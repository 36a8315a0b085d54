from freezegun import freeze_time

from odoo.tests import tagged

from .dashboard_common import DashboardCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestDashboardSetup(DashboardCommon):
    """The five steps are done as the data say, for the company asked about."""

    def done(self, company=None):
        company = company or self.company
        setup = self.get(company_id=company.id)["setup"]
        steps = {step["key"]: step["done"] for step in setup["steps"]}
        self.assertEqual(setup["done"], all(steps.values()))
        return steps

    def test_nothing_is_done_in_a_new_company(self):
        other = self.make_other_company()
        self.env["res.partner"].search([]).customer_rank = 0
        self.assertEqual(
            self.done(other),
            dict.fromkeys(
                ("policy", "limits", "countries", "followup", "deciders"), False
            ),
        )

    def test_step_by_step(self):
        steps = self.done()
        # the fixture's policy is active and observed, with limits
        self.assertTrue(steps["policy"])
        self.assertTrue(steps["limits"])
        self.assertFalse(steps["deciders"])
        self.assertFalse(steps["followup"])
        self.policy.observation = False
        self.assertTrue(self.done()["deciders"])
        run = self.env["credit.followup.run"].create({"company_id": self.company.id})
        self.assertFalse(self.done()["followup"])
        run.sudo().state = "prepared"
        self.assertTrue(self.done()["followup"])

    def test_customers_without_country(self):
        self.env["res.partner"].search([]).customer_rank = 0
        self.alfa.customer_rank = 1
        self.assertTrue(self.done()["countries"])
        nowhere = self.make_buyer("NOWHERE", country_id=False, customer_rank=1)
        self.assertFalse(self.done()["countries"])
        action = self.dashboard.get_action("setup_countries")
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), nowhere
        )
        nowhere.country_id = self.germany
        self.assertTrue(self.done()["countries"])
        self.env["credit.insurance.country.rating"].search(
            [("country_id", "=", self.germany.id)]
        ).sudo().unlink()
        self.assertFalse(self.done()["countries"])
        action = self.dashboard.get_action("setup_countries")
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self.germany
        )
        # at home there is no country risk to rate
        self.company.country_id = self.germany
        self.assertTrue(self.done()["countries"])

    def test_wizard_asks_the_same(self):
        """The step-by-step set-up and the page call the countries done alike."""
        self.env["res.partner"].search([]).customer_rank = 0
        self.alfa.customer_rank = 1
        setup = self.env["credit.insurance.onboarding"].create({})
        self.assertEqual((setup.placeless_count, setup.country_ids.ids), (0, []))
        self.make_buyer("NOWHERE", country_id=False, customer_rank=1)
        setup.invalidate_recordset()
        self.assertEqual(setup.placeless_count, 1)
        action = setup.action_open_placeless()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.name, "NOWHERE")

    def test_each_step_opens_where_it_is_done(self):
        for step in self.get()["setup"]["steps"]:
            action = self.dashboard.get_action(**step["open"])
            self.assertEqual(action["type"], "ir.actions.act_window", step["key"])
