from odoo import Command
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestHours(CheckedCommon):
    """Services that timesheets or milestones say are rendered, and then no more.

    102 000 of 130 000 are used, 10 000 more by an order of ten hours at 1 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user(
            "doors-hal",
            "sales_team.group_sale_salesman_all_leads,"
            "hr_timesheet.group_hr_timesheet_user,project.group_project_user",
            name="Hal",
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Hal", "user_id": cls.worker.id, "company_id": cls.company.id}
        )

    @classmethod
    def make_service(cls, policy):
        product = cls.env["product.product"].create(
            {
                "name": "Service",
                "type": "service",
                "service_policy": policy,
                "service_tracking": "task_in_project",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
            }
        )
        order = cls.make_quotation(0)
        order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": 10})
        ]
        order.action_confirm()
        return order.order_line.filtered(lambda line: line.product_id == product)

    def listed(self):
        # Odoo computes for whoever sent the request
        self.env(user=self.worker).flush_all()
        self.env.cr.flush()
        lines = self.env["credit.insurance.review.line"].search(
            [("stage", "=", "taken_back")], order="id"
        )
        return [(line.sold_by, line.undelivered_amount) for line in lines]

    def record(self, line, hours):
        return (
            self.env["account.analytic.line"]
            .with_user(self.worker)
            .create(
                {
                    "name": "Work",
                    "project_id": line.project_id.id,
                    "task_id": line.task_id.id,
                    "unit_amount": hours,
                    "employee_id": self.employee.id,
                }
            )
        )

    def test_hours_taken_back(self):
        line = self.make_service("delivered_timesheet")
        self.assertEqual(line.qty_delivered_method, "timesheet")
        hours = self.record(line, 8.0)
        self.assertEqual(self.listed(), [])
        self.assertEqual(line.qty_delivered, 8.0)
        hours.unit_amount = 6.0
        self.assertEqual(self.listed(), [(self.worker, 2000.0)])
        hours.unlink()
        self.assertEqual(self.listed(), [(self.worker, 2000.0), (self.worker, 6000.0)])
        self.assertEqual(line.qty_delivered, 0.0)

    def test_hours_of_another_order(self):
        """They are moved to a line of another order: that is no delivery of this."""
        line, other = (self.make_service("delivered_timesheet") for _n in range(2))
        hours = self.record(line, 8.0)
        self.assertEqual(self.listed(), [])
        hours.so_line = other
        self.assertEqual(self.listed(), [(self.worker, 8000.0)])
        self.assertEqual((line.qty_delivered, other.qty_delivered), (0.0, 8.0))

    def test_credit_control_corrects_them(self):
        line = self.make_service("delivered_timesheet")
        hours = self.record(line, 8.0)
        self.assertEqual(self.listed(), [])
        self.controller.group_ids += self.env.ref(
            "hr_timesheet.group_hr_timesheet_approver"
        )
        hours.with_user(self.controller).unit_amount = 1.0
        self.env(user=self.controller).flush_all()
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(self.listed(), [])

    def test_a_milestone_not_reached_after_all(self):
        line = self.make_service("delivered_milestones")
        milestone = self.env["project.milestone"].create(
            {
                "name": "Half",
                "project_id": line.project_id.id,
                "sale_line_id": line.id,
                "quantity_percentage": 0.5,
                "is_reached": True,
            }
        )
        self.env.flush_all()
        self.assertEqual(line.qty_delivered, 5.0)
        milestone.with_user(self.worker).is_reached = False
        self.assertEqual(self.listed(), [(self.worker, 5000.0)])
