from datetime import timedelta

from odoo.tests import tagged

from ..http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestLimitImportTour(HttpCommon):
    """A controller uploads, checks, settles, checks again and applies, in a browser.

    The buyer's limit of 130 000 falls to 90 000; its order of 102 000 was shipped
    nowhere yet and cannot go on.
    """

    name = "Tour"

    def test_controller(self):
        self.limit.insurer_buyer_ref = "T-1"
        controller = self.make_user(
            "tour-controller",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_controller",
        )
        self.env.ref(
            "export_credit_insurance.credit_insurance_limit_profile_canonical"
        ).policy_id = self.policy
        self.start_tour(
            "/odoo/credit-limit-imports", "credit_limit_import", login=controller.login
        )
        run = self.env["credit.insurance.limit.import"].search([])
        self.assertEqual((run.state, run.applied_by_id), ("applied", controller))
        self.assertEqual(run.held_count, 1)
        lines = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.buyer.id)], order="id"
        )
        self.assertEqual(lines.mapped("amount"), [130000.0, 90000.0])
        yesterday = self.today - timedelta(days=1)
        self.assertEqual(lines[0].date_to, yesterday)
