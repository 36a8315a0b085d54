from odoo.tests import tagged

from ..http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestReleaseTour(HttpCommon):
    """Blocked, asked for release, released, confirmed: in a real browser."""

    name = "Tour"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls.make_user(
            "tour-sales", "sales_team.group_sale_salesman_all_leads"
        )
        cls.quotation = cls.make_order(45000.0, user_id=cls.salesman.id)
        cls.controller = cls.make_user(
            "tour-controller",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_controller",
        )

    def test_refused_released_confirmed(self):
        order_url = f"/odoo/action-sale.action_quotations/{self.quotation.id}"
        self.start_tour(
            order_url,
            "credit_order_refused_and_release_asked",
            login="tour-sales",
        )
        self.assertEqual(self.quotation.state, "draft")
        hold = self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.quotation.id)]
        )
        self.assertEqual(hold.state, "open")
        self.assertEqual(hold.requested_by, self.salesman)
        self.start_tour(
            "/odoo/action-export_credit_insurance.action_credit_insurance_hold"
            f"/{hold.id}",
            "credit_hold_released",
            login="tour-controller",
        )
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.decided_by, self.controller)
        self.assertEqual(hold.release_kind, "own_risk")
        self.start_tour(
            order_url, "credit_released_order_confirmed", login="tour-sales"
        )
        self.assertEqual(self.quotation.state, "sale")
