from odoo import Command
from odoo.tests import tagged

from .checked_common import ALFA, CheckedCommon


@tagged("post_install", "-at_install")
class TestProject(CheckedCommon):
    """Tasks, projects and mappings of employees confirm the order of their item.

    28 000 are free; an order of 45 000 is 17 000 too much. Who saves a task shall not
    lose it for that.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.make_user(
            "doors-lea",
            "sales_team.group_sale_salesman_all_leads,project.group_project_manager",
            name="Lea",
        )
        cls.project = cls.make_project()
        # each hour at 1 000; the order makes a task of its own in this project
        cls.product = cls.service = cls.env["product.product"].create(
            {
                "name": "Assembly",
                "type": "service",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
                "service_tracking": "task_global_project",
                "service_policy": "ordered_prepaid",
                "project_id": cls.project.id,
            }
        )

    @classmethod
    def make_project(cls):
        return cls.env["project.project"].create(
            {
                "name": "Assembly",
                "allow_billable": True,
                "partner_id": cls.buyer.id,
                "pricing_type": "task_rate",
            }
        )

    def new_quotation(self, quantity, **context):
        """An order as the dialogue of another record makes it, for Lea."""
        return (
            self.env["sale.order"]
            .with_user(self.leader)
            .with_context(**context)
            .create(
                {
                    "partner_id": self.buyer.id,
                    "user_id": self.seller.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.service.id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
            )
            .with_context(**dict.fromkeys(context))
        )

    def make_task(self, **values):
        return (
            self.env["project.task"]
            .with_user(self.leader)
            .create({"name": "Mount", "project_id": self.project.id, **values})
        )

    def tasks_of(self, order):
        return self.env["project.task"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )

    # === A TASK OF AN ORDER === #

    def test_task_confirms_what_fits(self):
        order = self.new_quotation(28)
        task = self.make_task(sale_line_id=order.order_line.id)
        self.assertEqual(order.state, "sale")
        self.assertEqual(task.sale_order_id, order)

    def test_task_is_kept_and_its_order_waits(self):
        order = self.new_quotation(45)
        task = self.make_task(sale_line_id=order.order_line.id)
        self.assertWaits(order)
        self.assertTold(order)
        self.assertEqual(task.sale_line_id, order.order_line)
        self.assertEqual(self.tasks_of(order), task)

    def test_task_is_moved_and_its_order_waits(self):
        order = self.new_quotation(45)
        task = self.make_task()
        task.sale_line_id = order.order_line
        self.assertWaits(order)
        self.assertEqual(task.sale_line_id, order.order_line)

    def test_project_is_kept_and_its_order_waits(self):
        order = self.new_quotation(45)
        project = (
            self.env["project.project"]
            .with_user(self.leader)
            .create(
                {
                    "name": "Site",
                    "allow_billable": True,
                    "partner_id": self.buyer.id,
                    "sale_line_id": order.order_line.id,
                }
            )
        )
        self.assertWaits(order)
        self.assertEqual(project.sale_line_id, order.order_line)

    # === AN ORDER MADE FROM A TASK === #

    def assertAsked(self, order):
        """The order waits as if Lea had asked for it: no customer has accepted it."""
        self.assertEqual(order.state, "sent")
        self.assertRecordValues(
            self.hold_of(order),
            [
                {
                    "state": "open",
                    "accepted_by_customer": False,
                    "requested_by": self.leader.id,
                    "missing_amount": 17000.0,
                }
            ],
        )

    def test_order_for_a_task_is_confirmed_without_another_task(self):
        task = self.make_task()
        order = self.new_quotation(28, create_for_task_id=task.id)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.tasks_of(order), task)

    def test_order_for_a_task_waits(self):
        task = self.make_task()
        order = self.new_quotation(45, create_for_task_id=task.id)
        self.assertAsked(order)
        self.assertEqual(task.sale_line_id, order.order_line)

    def test_released_it_is_confirmed_without_another_task(self):
        task = self.make_task()
        order = self.new_quotation(45, create_for_task_id=task.id)
        self.release(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.tasks_of(order), task)

    def test_released_no_mail_is_sent_as_none_would_have_been(self):
        order = self.new_quotation(45, create_for_task_id=self.make_task().id)
        with self.mock_mail_gateway():
            self.release(order)
        self.assertFalse(self.mails_to(ALFA))

    # === AN ORDER MADE FOR AN EMPLOYEE'S RATE === #

    def test_order_for_an_employee_is_confirmed(self):
        order = self.new_quotation(28, create_for_employee_mapping=True)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.tasks_of(order))

    def test_order_for_an_employee_waits(self):
        order = self.new_quotation(45, create_for_employee_mapping=True)
        self.assertAsked(order)

    def test_released_order_for_an_employee_makes_no_task(self):
        order = self.new_quotation(45, create_for_employee_mapping=True)
        self.release(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.tasks_of(order))
