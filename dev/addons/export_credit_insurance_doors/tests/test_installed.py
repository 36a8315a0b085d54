from odoo.modules.module import Manifest
from odoo.tests import tagged

from .common import DoorsCommon


@tagged("post_install", "-at_install")
class TestInstalled(DoorsCommon):
    """Beside all the neighbours, with no active policy, Odoo works as before."""

    def test_neighbours_are_installed(self):
        depends = Manifest.for_addon("export_credit_insurance_doors")["depends"]
        found = self.env["ir.module.module"].search(
            [("name", "in", depends), ("state", "=", "installed")]
        )
        self.assertEqual(set(found.mapped("name")), set(depends))
        self.assertFalse(self.env["res.company"]._credit_check_modes())

    def test_shop_order_of_a_visitor_is_confirmed(self):
        """The way of the shop and of the portal: sudo, and a mail to the customer."""
        order = self.make_order(website_id=self.website.id)
        order.with_user(self.visitor).sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.picking_ids, "nothing is delivered")
        self.assertFalse(order.credit_hold_id)

    def test_shop_order_costs_no_query_of_ours(self):
        self.make_order(website_id=self.website.id).action_confirm()  # warms caches up
        order = self.make_order(website_id=self.website.id)
        with self.queries_of_ours() as ours:
            order.with_user(self.visitor).sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertFalse(ours)

    def test_checked_order_asks_tables_of_ours(self):
        """Or the test before would see nothing, whatever was asked."""
        order = self.make_order()
        self.company.credit_check_enabled = True
        with self.queries_of_ours() as ours:
            order.action_confirm()
        self.assertTrue(ours)
