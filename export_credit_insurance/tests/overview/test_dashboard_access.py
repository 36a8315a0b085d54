from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .dashboard_common import DashboardCommon

CREDIT = "export_credit_insurance.group_credit_%s"


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestDashboardAccess(DashboardCommon):
    """Credit users read it for their companies, nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_other_company()
        cls.make_policy(company=cls.other, name="POL-OTHER", kind="buyer")

    def as_user(self, groups, companies=None):
        companies = companies or self.company
        user = new_test_user(
            self.env,
            f"user of {groups}",
            groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )
        return self.dashboard.with_user(user)

    def test_credit_user_reads_all_of_it(self):
        dashboard = self.as_user(CREDIT % "user")
        board = dashboard.get_dashboard({})
        self.assertEqual(board["figures"][0]["amount"], 158000.0)
        self.assertEqual([each["id"] for each in board["companies"]], [self.company.id])
        opened = board["figures"][0]["open"]
        action = dashboard.get_action(**opened)
        rows = dashboard.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(rows.mapped("exposure")), 158000.0)

    def test_others_do_not(self):
        for groups in (
            "sales_team.group_sale_manager",
            "account.group_account_invoice",
            "base.group_portal",
            "base.group_public",
        ):
            with self.subTest(groups=groups):
                dashboard = self.as_user(groups)
                with self.assertRaises(AccessError):
                    dashboard.get_dashboard({})
                with self.assertRaises(AccessError):
                    dashboard.get_action("exposure", {})

    def test_company_of_others(self):
        dashboard = self.as_user(CREDIT % "manager")
        with self.assertRaises(AccessError):
            dashboard.get_dashboard({"company_id": self.other.id})
        with self.assertRaises(AccessError):
            dashboard.get_action("exposure", {"company_id": self.other.id})

    def test_another_company_of_mine(self):
        """The page of a company that is not the active one, and its lists."""
        dashboard = self.as_user(CREDIT % "user", self.company + self.other)
        board = dashboard.get_dashboard({"company_id": self.other.id})
        self.assertEqual(board["company"]["id"], self.other.id)
        self.assertEqual(board["figures"][0]["amount"], 0.0)
        self.assertEqual(len(board["companies"]), 2)
        self.assertEqual([each["name"] for each in board["policies"]], ["POL-OTHER"])
        opened = board["figures"][0]["open"]
        self.assertEqual(opened["params"]["company_id"], self.other.id)
        action = dashboard.get_action(**opened)
        self.assertEqual(action["context"]["allowed_company_ids"], self.other.ids)

    def test_only_figures_of_the_company(self):
        """158 000 €, whatever other company is active beside it."""
        dashboard = self.as_user(CREDIT % "user", self.company + self.other)
        both = dashboard.with_context(
            allowed_company_ids=(self.company + self.other).ids
        )
        self.assertEqual(both.get_dashboard({})["figures"][0]["amount"], 158000.0)
