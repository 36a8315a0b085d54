from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBranch(DecisionCommon):
    """A branch of the insured company is no other legal person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids += cls.branch
        cls.salesman.company_ids += cls.branch
        cls.make_alfa_debt()

    def test_policies_insure_branches(self):
        """Those that were there before the branch, and those made after it."""
        self.assertEqual(self.policy.company_ids, self.company | self.branch)
        other = self.make_policy(name="POL-27", number="POL-27", state="draft")
        self.assertEqual(other.company_ids, self.company | self.branch)
        below = self.env["res.company"].create(
            {"name": "Below", "parent_id": self.branch.id}
        )
        self.assertIn(below, self.policy.company_ids & other.company_ids)
        other.company_ids = self.company
        self.assertEqual(other.company_ids, self.company | self.branch | below)

    def test_sold_by_a_branch(self):
        """28 000 are left, whichever branch sells 45 000; 20 000 leave 8 000."""
        order = self.make_branch_order(45000.0)
        with self.assertRaises(RedirectWarning):
            self.confirm(order)
        self.assertEqual(order.state, "draft")
        passes = self.make_branch_order(20000.0)
        self.confirm(passes)
        self.assertEqual(passes.state, "sale")
        self.env.invalidate_all()
        position = self.get_position(self.alfa)
        self.assertAlmostEqual(position.headroom_limit_currency, 8000.0, 2)

    def make_branch_order(self, amount):
        line = {
            "product_id": self.product.id,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
        }
        orders = self.env["sale.order"].with_company(self.branch)
        return orders.create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.branch.id,
                "user_id": self.salesman.id,
                "order_line": [Command.create(line)],
            }
        )

    def confirm(self, order):
        companies = (self.branch | self.company).ids
        order = order.with_user(self.salesman)
        order.with_context(allowed_company_ids=companies).action_confirm()
