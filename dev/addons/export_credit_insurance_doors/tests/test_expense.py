from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .growth_common import GrowthCommon


@tagged("post_install", "-at_install")
class TestReinvoiced(GrowthCommon):
    """Vendor bills and expenses that are invoiced to the customer again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.make_user(
            "doors-ada",
            "sales_team.group_sale_salesman_all_leads,account.group_account_manager,"
            "hr_expense.group_hr_expense_manager",
            name="Ada",
        )
        cls.travel = cls.env["product.product"].create(
            {
                "name": "Travel",
                "type": "service",
                "can_be_expensed": True,
                "expense_policy": "cost",
                "invoice_policy": "order",
                "standard_price": 0.0,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        plan, _others = cls.env["account.analytic.plan"]._get_all_plans()
        cls.account = cls.env["account.analytic.account"].create(
            {"name": "ALFA's site", "plan_id": plan.id}
        )
        cls.order.project_id = cls.env["project.project"].create(
            {"name": "ALFA's site", "account_id": cls.account.id}
        )

    def post_bill(self, amount):
        bill = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.contact.id,
                    "invoice_date": self.today,
                    "ref": f"Airline {amount}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.travel.id,
                                "quantity": 1,
                                "price_unit": amount,
                                "analytic_distribution": {str(self.account.id): 100},
                            }
                        )
                    ],
                }
            )
        )
        bill.action_post()
        return bill

    def post_expense(self, amount):
        employee = self.env["hr.employee"].create(
            {"name": "Ada", "user_id": self.accountant.id, "work_email": "a@b.example"}
        )
        employee.work_contact_id = self.accountant.partner_id
        expense = (
            self.env["hr.expense"]
            .with_user(self.accountant)
            .create(
                {
                    "name": "Flight",
                    "employee_id": employee.id,
                    "product_id": self.travel.id,
                    "total_amount_currency": amount,
                    "sale_order_id": self.order.id,
                    "payment_mode": "own_account",
                }
            )
        )
        expense.action_submit()
        expense._do_approve()
        action = expense.action_post()
        wizard = self.env["hr.expense.post.wizard"].with_user(self.accountant)
        wizard = wizard.with_context(**action["context"])
        wizard.browse(action["res_id"]).action_post_entry()
        return expense

    def test_bill_that_fits_opens_nothing(self):
        self.assertEqual(self.post_bill(8000.0).state, "posted")
        self.env.flush_all()
        self.assertEqual(self.order.amount_total, 28000.0)
        self.assertFalse(self.growth())

    def test_bill_is_posted_and_its_growth_held(self):
        # 20 000 + 10 000 - 28 000
        self.assertEqual(self.post_bill(10000.0).state, "posted")
        self.assertEqual(self.order.amount_total, 30000.0)
        self.assertGrown("reinvoiced")

    def test_second_bill_renews_the_hold(self):
        self.post_bill(10000.0)
        self.post_bill(500.0)
        self.assertGrown("reinvoiced", missing=2500.0)

    def test_released_it_is_allowed(self):
        self.post_bill(10000.0)
        self.release(self.order)
        self.assertEqual(self.growth().state, "released")
        self.assertFalse(self.env["credit.insurance.hold"]._get_stops(self.order))

    def test_expense_that_fits_opens_nothing(self):
        self.post_expense(8000.0)
        self.env.flush_all()
        self.assertEqual(self.order.amount_total, 28000.0)
        self.assertFalse(self.growth())

    def test_expense_is_posted_and_its_growth_held(self):
        expense = self.post_expense(10000.0)
        self.assertEqual(expense.account_move_id.state, "posted")
        self.assertEqual(self.order.amount_total, 30000.0)
        self.assertGrown("reinvoiced")

    def test_accountant_who_adds_a_line_is_refused(self):
        with self.assertRaises(RedirectWarning):
            self.env["sale.order.line"].with_user(self.accountant).create(
                {
                    "order_id": self.order.id,
                    "product_id": self.product.id,
                    "product_uom_qty": 10,
                    "price_unit": 1000.0,
                }
            )


@tagged("post_install", "-at_install")
class TestDeliveredMore(GrowthCommon):
    """Hours and goods beyond what was ordered are with the buyer already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hour = cls.env.ref("uom.product_uom_hour")
        cls.project = cls.env["project.project"].create(
            {"name": "Site", "allow_billable": True, "partner_id": cls.buyer.id}
        )
        # 20 hours at 1 000
        cls.product = cls.env["product.product"].create(
            {
                "name": "Assembly by the hour",
                "type": "service",
                "uom_id": hour.id,
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
                "service_policy": "delivered_timesheet",
                "service_tracking": "task_global_project",
                "project_id": cls.project.id,
            }
        )

    def make_hours(self):
        """Another order of 20 000 in place of the first; return its task."""
        self.order.action_cancel()
        self.order = self.make_quotation(20)
        self.order.action_confirm()
        return self.order.order_line.task_id

    def log_hours(self, task, hours):
        worker = self.make_user("doors-wim", "hr_timesheet.group_hr_timesheet_user")
        employee = self.env["hr.employee"].create(
            {"name": "Wim", "user_id": worker.id, "hourly_cost": 10}
        )
        return (
            self.env["account.analytic.line"]
            .with_user(worker)
            .create(
                {
                    "name": "Mounted",
                    "project_id": task.project_id.id,
                    "task_id": task.id,
                    "employee_id": employee.id,
                    "unit_amount": hours,
                }
            )
        )

    def test_hours_that_were_ordered_open_nothing(self):
        self.log_hours(self.make_hours(), 20.0)
        self.env.flush_all()
        self.assertEqual(self.order.order_line.qty_delivered, 20.0)
        self.assertFalse(self.growth())

    def test_hours_beyond_are_logged_and_held(self):
        # 30 hours of 20: 30 000 - 28 000
        timesheet = self.log_hours(self.make_hours(), 30.0)
        self.env.flush_all()
        self.assertEqual(timesheet.unit_amount, 30.0)
        self.assertEqual(self.order.order_line.qty_delivered, 30.0)
        self.assertGrown("delivered")
