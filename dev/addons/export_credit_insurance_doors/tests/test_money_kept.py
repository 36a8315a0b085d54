from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .money_common import MoneyKept


@tagged("post_install", "-at_install")
class TestMoneyKept(MoneyKept):
    """What was paid for one order makes no room for another one.

    102 000 of 130 000 are used: 28 000 are free. 45 000 are paid for an order of as
    much. Were another one of 73 000 sold on that money, both would pass: 175 000 owed.
    Found at random.
    """

    def test_of_an_order_that_waits(self):
        """A payment of half of it lowers the debt to 79 500, and makes no room."""
        self.pay_for(self.order, 22500.0)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.headroom(self.other), 28000.0)
        self.refuse(self.other, "45,000.00")
        # its own order has the money: 22 500 of 28 000
        self.confirm(self.order)

    def test_of_an_order_that_is_cancelled_and_comes_back(self):
        self.pay_for(self.order, 45000.0)
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.headroom(self.other), 28000.0)
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self.headroom(self.other), 28000.0)
        self.refuse(self.other, "45,000.00")
        self.order.action_draft()
        self.confirm(self.order)

    def test_of_an_order_that_is_lowered_and_grows_again(self):
        self.pay_for(self.order, 45000.0)
        line = self.order.order_line.with_user(self.seller)
        line.product_uom_qty = 10
        self.assertEqual(self.headroom(self.other), 28000.0)
        self.refuse(self.other, "45,000.00")
        line.product_uom_qty = 45
        self.env.flush_all()
        self.assertFalse(self.hold_of(self.order))

    def test_paid_for_two(self):
        """118 000 for both of them: each has its own, and both pass."""
        self.pay_for(self.order + self.other, 118000.0)
        self.confirm(self.order)
        self.confirm(self.other)

    def test_paid_too_much_and_confirmed_together(self):
        """60 000 for 45 000: the other 15 000 make no room for 43 000 of one call."""
        self.pay_for(self.order, 60000.0)
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.order.action_draft()
        other = self.make_quotation(43)
        self.refuse(self.order + other, "15,000.00")
        self.order.order_line.product_uom_qty = 60
        self.confirm(self.order)
        self.assertEqual(self.headroom(other), 28000.0)

    def test_billed_and_not_matched_yet(self):
        """The bill of 45 000 takes its money, matched or not: 28 000 are free."""
        self.pay_for(self.order, 45000.0)
        self.product.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(self.headroom(self.other), 28000.0)
        receipts = self.order.transaction_ids.payment_id.move_id
        (invoice | receipts).line_ids.remove_move_reconcile()
        self.env.invalidate_all()
        self.assertEqual(invoice.amount_residual, 45000.0)
        self.assertEqual(self.headroom(self.other), 28000.0)

    def test_of_an_order_that_is_to_be_delivered(self):
        """What has left alone counts then: 28 000, and no more on its money."""
        sold = self.buyer.sale_order_ids - self.order - self.other
        self.ship(sold.picking_ids, 102)
        self.pay_for(self.order, 45000.0)
        small = self.make_quotation(28)
        self.confirm(small)
        picking = small.picking_ids
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.ship(picking, 29)
        self.env.invalidate_all()
        self.ship(picking, 28)
        self.assertEqual(picking.state, "done")
        self.ship(self.order.picking_ids, 45)
        self.assertEqual(self.order.picking_ids.state, "done")

    def test_of_an_invoice_without_an_order(self):
        """45 000 of 28 000: the 22 500 that are kept make no room for it either.

        By the books 102 000 - 22 500 + 45 000 are 124 500, of 130 000.
        """
        self.pay_for(self.order, 22500.0)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 45000.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        listed = self.env["credit.insurance.review.line"].search(
            [("invoice_id", "=", invoice.id)]
        )
        self.assertEqual(listed.missing_amount, 17000.0)

    def test_within_the_ceiling_of_a_group(self):
        """ALFA's 22 500 are no room for BETA: 102 000 + 50 000 of 130 000."""
        beta = self.buyer.copy({"name": "BETA"})
        self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": beta.id,
                "kind": "named",
                "state": "approved",
                "amount": 500000.0,
                "currency_id": self.policy.currency_id.id,
                "date_from": self.policy.date_start,
                "decision_date": self.policy.date_start,
            }
        )
        group = self.env["credit.insurance.buyer.group"].create(
            {
                "name": "Alfabeta",
                "member_ids": [
                    Command.create(
                        {"partner_id": buyer.id, "date_from": self.policy.date_start}
                    )
                    for buyer in (self.buyer, beta)
                ],
            }
        )
        self.env["credit.insurance.buyer.group.ceiling"].create(
            {
                "group_id": group.id,
                "company_id": self.company.id,
                "amount": 130000.0,
                "currency_id": self.company.currency_id.id,
                "reason": "One owner.",
            }
        )
        self.pay_for(self.order, 22500.0)
        order = self.make_quotation(50, partner_id=beta.id, partner_invoice_id=beta.id)
        engine = self.env["credit.insurance.position"].sudo()
        positions = engine._get_order_positions(order)
        # 79 500 by the books
        self.assertEqual(positions[order].joint.exposure, 102000.0)
        checks = self.env["credit.insurance.check"].sudo()
        found = checks._get_findings(order.sudo(), positions)[order.sudo()]
        self.assertEqual(
            {finding.code: finding.amount for finding in found},
            {"over_group_ceiling": 22000.0},
        )

    def test_money_that_nobody_paid_for_an_order_makes_room(self):
        """A receipt of 45 000 by the bank: 73 000 may be sold."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 45000.0,
            }
        )
        payment.action_post()
        self.assertEqual(self.headroom(self.other), 73000.0)
        self.confirm(self.other)

    def test_a_total_that_a_discount_on_delivery_lowers(self):
        """73 000 less 45 000 that are billed once they are delivered: 28 000 are paid.

        Goods of 73 000 may leave, and 102 000 + 73 000 - 28 000 are 17 000 too much.
        Found at random.
        """
        discount = self.env["product.product"].create(
            {"name": "Rebate", "type": "service", "invoice_policy": "delivery"}
        )
        self.other.order_line = [
            Command.create(
                {
                    "product_id": discount.id,
                    "name": "Rebate",
                    "product_uom_qty": 1,
                    "price_unit": -45000.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self.assertEqual(self.other.amount_total, 28000.0)
        self.pay_for(self.other, 28000.0)
        self.assertEqual(self.other.state, "sent")
        self.refuse(self.other, "17,000.00")
