from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestStressAccess(CreditInsuranceCommon):
    """Controllers and managers test the cover; nobody else does; it prints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.make_order(cls.alfa, 20000.0)

    def user_of(self, group):
        return new_test_user(
            self.env,
            f"stress-{group.split('.')[1]}",
            groups=group,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def suppose(self, user):
        test = self.env["credit.insurance.stress.test"].with_user(user)
        test = test.create({"insurer_id": self.insurer.id})
        test.action_work_out()
        return test

    def test_salespeople_and_readers_may_not(self):
        for group in (
            "sales_team.group_sale_manager",
            "export_credit_insurance.group_credit_user",
        ):
            user = self.user_of(group)
            with self.assertRaises(AccessError):
                self.suppose(user)

    def test_controllers_and_managers_may(self):
        """20 000 at 90 % under a limit of 130 000: 18 000 would be lost."""
        for role in ("controller", "manager"):
            user = self.user_of(f"export_credit_insurance.group_credit_{role}")
            test = self.suppose(user)
            self.assertEqual(test.lost, 18000.0)
            domain = test.action_open_lines()["domain"]
            found = test.line_ids.search(domain)
            self.assertEqual(found, test.line_ids)
            action = found.action_open_orders()
            self.assertTrue(self.env["sale.order"].search_count(action["domain"]))

    def test_it_prints(self):
        test = self.suppose(
            self.user_of("export_credit_insurance.group_credit_controller")
        )
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "export_credit_insurance.credit_insurance_stress_test_report", test.ids
        )
        self.assertIn("ALFA", html.decode())
        self.assertIn("18,000.00", html.decode())
