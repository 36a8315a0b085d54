from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestRepair(CheckedCommon):
    """Parts of a repair are lines of its confirmed order.

    103 000 of 130 000 are used, the repair's order of 1 000 among them; a part of
    45 000 is 18 000 too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fitter = cls.make_user(
            "doors-fred",
            "stock.group_stock_user,sales_team.group_sale_salesman_all_leads",
        )
        cls.part = cls.env["product.product"].create(
            {
                "name": "Rotor",
                "type": "consu",
                "list_price": 45000.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.order = cls.make_quotation(1)
        cls.order.action_confirm()
        cls.repair = cls.env["repair.order"].create(
            {
                "product_id": cls.product.id,
                "partner_id": cls.buyer.id,
                "sale_order_id": cls.order.id,
            }
        )

    def add_part(self, **values):
        part = {
            "product_id": self.part.id,
            "product_uom_qty": 1,
            "repair_line_type": "add",
            **values,
        }
        self.repair.with_user(self.fitter).move_ids = [Command.create(part)]
        self.env.flush_all()

    def test_part_beyond_the_credit(self):
        with self.assertRaises(RedirectWarning):
            self.add_part()

    def test_free_of_charge_until_it_is_there(self):
        """Under warranty it costs nothing; out of it, the price is the order's."""
        repair = self.repair.with_user(self.fitter)
        repair.under_warranty = True
        self.add_part()
        self.assertEqual(self.order.amount_total, 1000.0)
        with self.assertRaises(RedirectWarning):
            repair.under_warranty = False
            self.env.flush_all()

    def test_more_of_a_part(self):
        self.part.list_price = 1000.0
        self.add_part()
        self.assertEqual(self.order.amount_total, 2000.0)
        with self.assertRaises(RedirectWarning):
            self.repair.move_ids.with_user(self.fitter).product_uom_qty = 45
            self.env.flush_all()

    def test_added_by_a_job(self):
        """Nobody is there to refuse it to: it grows, and is held."""
        self.repair.sudo().move_ids = [
            Command.create(
                {
                    "product_id": self.part.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        self.repair.action_validate()
        self.assertEqual(self.order.amount_total, 46000.0)
        self.assertRecordValues(
            self.hold_of(self.order), [{"kind": "growth", "state": "open"}]
        )
