from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .till_account_common import TillAccountCommon


@tagged("post_install", "-at_install")
class TestHostileTillGoods(TillAccountCommon):
    """A cashier who ships, too, has the till's sales stand for what leaves.

    8 000 of 130 000 are free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Crates",
                "type": "consu",
                "list_price": 1000.0,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
            }
        )

    def ship(self, receipt, quantity, partner=None):
        """A transfer of the warehouse's own, as if the till had sold its goods."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        picking = (
            self.env["stock.picking"]
            .with_user(self.cashier)
            .create(
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "partner_id": (partner or self.buyer).id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": self.buyer.property_stock_customer.id,
                    "pos_order_id": receipt.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": quantity,
                                "quantity": quantity,
                                "picked": True,
                                "location_id": warehouse.lot_stock_id.id,
                                "location_dest_id": (
                                    self.buyer.property_stock_customer.id
                                ),
                            }
                        )
                    ],
                }
            )
        )
        picking._action_done()
        self.assertEqual(picking.state, "done")
        return picking

    def sell_goods(self, quantity, **values):
        """Paid in cash, and shipped later."""
        line = self.pos_line(self.goods, quantity, 1000.0)
        day = fields.Date.to_string(fields.Date.today())
        return self.cash_up(line, shipping_date=day, **values)

    def test_goods_that_the_till_did_not_sell(self):
        """A receipt of 1 000, and 45 pieces leave with it."""
        receipt = self.sell(1, method=self.cash)
        picking = self.ship(receipt, 45)
        self.assertRecordValues(
            self.listed("transfer"),
            [{"picking_id": picking.id, "undelivered_amount": 45000.0}],
        )

    def test_more_than_the_till_sold(self):
        receipt = self.sell_goods(2)
        shipped = receipt.picking_ids
        shipped.move_ids.write({"quantity": 45, "picked": True})
        shipped.with_user(self.cashier)._action_done()
        self.assertEqual(shipped.state, "done")
        self.assertEqual(self.listed("transfer").undelivered_amount, 45000.0)

    def test_what_the_till_sold(self):
        """Shipped in two parts: nobody is told anything."""
        receipt = self.sell_goods(2)
        shipped = receipt.picking_ids
        self.assertTrue(shipped)
        shipped.move_ids.write({"quantity": 1, "picked": True})
        shipped.with_user(self.cashier)._action_done()
        rest = receipt.picking_ids - shipped
        rest.move_ids.write({"quantity": 1, "picked": True})
        rest.with_user(self.cashier)._action_done()
        self.assertEqual(receipt.picking_ids.mapped("state"), ["done", "done"])
        self.assertFalse(self.listed("transfer"))

    def test_to_somebody_else(self):
        receipt = self.sell_goods(2, partner=self.buyer.copy({"name": "BETA"}))
        receipt.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        receipt.picking_ids.partner_id = self.buyer
        receipt.picking_ids.with_user(self.cashier)._action_done()
        self.assertEqual(self.listed("transfer").undelivered_amount, 2000.0)

    def test_what_nobody_has_paid_yet(self):
        """45 pieces on a ticket that is kept open, and left with it."""
        line = self.pos_line(self.goods, 45, 1000.0)
        receipt = self.cash_up(line, pay=False, state="draft")
        self.assertEqual(receipt.state, "draft")
        self.ship(receipt, 45)
        self.assertEqual(self.listed("transfer").undelivered_amount, 45000.0)

    def test_ticket_that_was_cancelled(self):
        line = self.pos_line(self.goods, 45, 1000.0)
        receipt = self.cash_up(line, pay=False, state="draft")
        receipt.with_user(self.cashier).action_pos_order_cancel()
        self.assertEqual(receipt.state, "cancel")
        self.ship(receipt, 45)
        self.assertEqual(self.listed("transfer").undelivered_amount, 45000.0)

    def test_sale_made_in_a_closed_session(self):
        """Said to be booked, by who calls the server: it is in no entry."""
        other = self.env["pos.config"].create({"name": "Other Till"})
        other.open_ui()
        closed = other.current_session_id
        closed.state = "closed"
        values = {
            "session_id": closed.id,
            "company_id": self.company.id,
            "partner_id": self.buyer.id,
            "amount_tax": 0.0,
            "amount_total": 45000.0,
            "amount_paid": 45000.0,
            "amount_return": 0.0,
            "state": "done",
            "lines": [self.pos_line(self.goods, 45, 1000.0)],
        }
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["pos.order"].with_user(self.cashier).create(values)

    def sell_a_kit(self, quantity):
        """A kit of two bolts, at the till."""
        bolt, kit = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "list_price": 1000.0,
                    "available_in_pos": True,
                    "taxes_id": [Command.clear()],
                }
                for name in ("Bolt", "Kit")
            ]
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": bolt.id, "product_qty": 2.0})
                ],
            }
        )
        day = fields.Date.to_string(fields.Date.today())
        line = self.pos_line(kit, quantity, 1000.0)
        return bolt, self.cash_up(line, shipping_date=day)

    def test_other_goods_with_a_kit(self):
        _bolt, receipt = self.sell_a_kit(1)
        self.ship(receipt, 45)
        self.assertEqual(self.listed("transfer").undelivered_amount, 45000.0)

    def test_parts_of_a_kit(self):
        """4 bolts of 2 kits are sold; a fifth is not."""
        bolt, receipt = self.sell_a_kit(2)
        self.goods = bolt
        receipt.picking_ids.action_cancel()
        self.ship(receipt, 4)
        self.assertFalse(self.listed("transfer"))
        self.ship(receipt, 1)
        self.assertEqual(self.listed("transfer").undelivered_amount, 1000.0)

    def test_sale_on_account_said_to_be_cancelled(self):
        """Or never paid: Odoo refuses, a refund gives the goods back."""
        receipt = self.sell(8)
        for state in ("cancel", "draft"):
            with self.subTest(state=state):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    receipt.with_user(self.cashier).state = state
        self.assertUsedUp()
