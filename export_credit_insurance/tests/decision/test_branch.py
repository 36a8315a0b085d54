import unittest

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

    @unittest.expectedFailure  # open, see docs/security.md
    def test_sold_by_a_branch(self):
        """28 000 are left, whichever branch sells 45 000."""
        line = {
            "product_id": self.product.id,
            "price_unit": 45000.0,
            "tax_ids": [Command.clear()],
        }
        orders = self.env["sale.order"].with_company(self.branch)
        order = orders.create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.branch.id,
                "user_id": self.salesman.id,
                "order_line": [Command.create(line)],
            }
        )
        with self.assertRaises(RedirectWarning):
            order.with_user(self.salesman).with_context(
                allowed_company_ids=(self.branch | self.company).ids
            ).action_confirm()
