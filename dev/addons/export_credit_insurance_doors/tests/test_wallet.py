from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestWallet(CheckedCommon):
    """A wallet that is topped up on credit, and buys goods for nothing.

    28 000 are left, and go into the wallet: 130 000 of 130 000. The goods' own order
    costs 0, so the debt stands in that of the top-up alone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "trigger": "auto",
                "applies_on": "future",
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_mode": "money",
                            "reward_point_amount": 1,
                            "product_ids": [Command.set(cls.product.ids)],
                        }
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        cls.product.type = "service"
        # Odoo lets nobody else cancel an order of vouchers
        groups = cls.env.ref("purchase.group_purchase_user") + cls.env.ref(
            "sales_team.group_sale_manager"
        )
        for user in cls.seller + cls.controller:
            user.group_ids += groups
        cls.gold = cls.env["product.product"].create(
            {
                "name": "Gold",
                "type": "consu",
                "list_price": 28000.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.topped = cls.make_quotation(28).with_user(cls.seller)
        cls.topped._update_programs_and_rewards()
        cls.topped.action_confirm()
        cls.card = cls.env["loyalty.card"].search([("program_id", "=", cls.program.id)])

    def buy(self):
        order = self.make_quotation(
            1, order_line=[Command.create({"product_id": self.gold.id})]
        ).with_user(self.seller)
        order._update_programs_and_rewards()
        order._apply_program_reward(self.program.reward_ids, self.card)
        order.action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 0.0))
        return order

    def exposure(self):
        self.env.flush_all()
        self.env.invalidate_all()
        engine = self.env["credit.insurance.position"].sudo()
        position = engine._get_credit_position(self.buyer, self.company)
        return position[self.buyer].exposure

    def test_the_debt_counts_once(self):
        self.assertEqual((self.card.points, self.exposure()), (28000.0, 130000.0))
        self.buy()
        self.assertEqual((self.card.points, self.exposure()), (0.0, 130000.0))

    def test_what_was_spent_is_not_cancelled(self):
        self.buy()
        for state in ("cancel", "draft", "sent"):
            with (
                self.subTest(state=state),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self.topped.write({"state": state})
        with self.assertRaises(UserError):
            self.topped.action_cancel()
        self.assertEqual(self.exposure(), 130000.0)

    def test_unspent_it_may_be(self):
        self.topped.action_cancel()
        self.assertEqual((self.topped.state, self.card.points), ("cancel", 0.0))
        self.assertEqual(self.exposure(), 102000.0)

    def test_invoiced_it_is_owed_by_its_invoice(self):
        self.product.invoice_policy = "order"
        self.topped.sudo()._create_invoices().action_post()
        self.buy()
        self.topped.action_cancel()
        self.assertEqual(self.exposure(), 130000.0)

    def test_credit_control_may_cancel_it(self):
        self.buy()
        self.topped.with_user(self.controller).action_cancel()
        self.assertEqual(self.topped.state, "cancel")

    def test_the_reward_taken_off_is_growth(self):
        order = self.buy()
        with self.assertRaises(RedirectWarning):
            order.order_line.filtered("is_reward_line").price_unit = 0.0
            self.env.flush_all()
