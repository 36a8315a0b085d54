from odoo import Command, fields
from odoo.tests import tagged

from .till_account_common import TillAccountCommon


@tagged("post_install", "-at_install")
class TestHostileSelfOrder(TillAccountCommon):
    """Somebody with the link of a till where customers order for themselves.

    Odoo takes in what their phone or a kiosk sends as superuser, as a draft, and calls
    it paid where it comes to nothing, by what the phone says. 8 000 are free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the module that adds these is no neighbour here: it changes the till's screens
        cls.classPatch(
            cls.env["pos.order"]._fields["source"],
            "_selection",
            {"pos": "Till", "mobile": "Phone", "kiosk": "Kiosk"},
        )

    def send(self, line, payments=(), **values):
        """What ``/pos-self-order/process-order`` does with what was sent."""
        sent = self.receipt(line, self.cash, pay=False, state="draft", **values)
        sent["source"] = "mobile"
        sent["payment_ids"] = sent["payment_ids"] or [
            Command.create(
                {"amount": amount, "name": "Paid", "payment_method_id": method.id}
            )
            for method, amount in payments
        ]
        # sudo: as that route, in the name of the till's default user
        receipts = self.env["pos.order"].with_user(self.cashier).sudo()
        answer = receipts.sync_from_ui([sent])
        receipt = receipts.browse(answer["pos.order"][0]["id"])
        total = sum(receipt.lines.mapped("price_subtotal_incl"))
        receipt.write({"state": "draft" if total else "paid", "amount_total": total})
        if not total:
            receipt._process_saved_order(False)
        self.env.flush_all()
        return receipt

    def for_nothing(self):
        """45 pieces at 1 000, which come to nothing."""
        return self.pos_line(
            self.product, 45, 1000.0, price_subtotal=0.0, price_subtotal_incl=0.0
        )

    def listed(self, stage):
        return self.env["credit.insurance.review.line"].search(
            [("partner_id", "=", self.buyer.id), ("stage", "=", stage)]
        )

    def test_with_an_invoice_of_somebody(self):
        """A draft that a clerk will post: it was as if the till had sold it."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": fields.Date.today(),
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
        line = self.pos_line(self.product, 1, 1.0)
        receipt = self.send(line, account_move=invoice.id)
        self.assertFalse(receipt.account_move)
        invoice.action_post()
        self.assertEqual(self.listed("invoice").undelivered_amount, 45000.0)

    def test_for_nothing_and_billed(self):
        """Odoo bills the prices: 45 000 are owed, as if sold on account."""
        receipt = self.send(self.for_nothing(), to_invoice=True)
        self.assertEqual(receipt.account_move.amount_residual, 45000.0)
        self.assertRecordValues(
            self.listed("till"),
            [{"undelivered_amount": 45000.0, "missing_amount": 37000.0}],
        )

    def test_paid_on_account(self):
        """50 000 on ALFA's account, as if the till gave them out of its cash."""
        receipt = self.send(
            self.for_nothing(), [(self.account, 50000.0), (self.cash, -50000.0)]
        )
        self.assertFalse(receipt.payment_ids)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_given_back_on_account(self):
        """50 000 taken off ALFA's account, so that the next order has the room."""
        receipt = self.send(
            self.for_nothing(), [(self.account, -50000.0), (self.cash, 50000.0)]
        )
        self.assertFalse(receipt.payment_ids)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_payment_of_another_sale(self):
        """8 000 of ALFA's on account, which the phone says are 1."""
        owed = self.sell(8)
        self.send(
            self.for_nothing(),
            payment_ids=[Command.update(owed.payment_ids.id, {"amount": 1.0})],
        )
        self.assertEqual(owed.payment_ids.amount, 8000.0)
        self.assertEqual(self.position().headroom_limit_currency, 0.0)

    def test_settled_at_the_till(self):
        """The till takes the phone's sale up, and an employee takes cash for it."""
        receipt = self.send(self.pos_line(self.product, 1, 1000.0))
        paid = self.cash_up(
            Command.update(receipt.lines.id, {"price_subtotal_incl": 1000.0}),
            uuid=receipt.uuid,
            access_token=receipt.access_token,
            source="mobile",
        )
        self.assertEqual(paid, receipt)
        self.assertEqual((paid.state, paid.amount_paid), ("paid", 1000.0))

    def test_paid_at_the_till_afterwards(self):
        """What was sent as a draft, and an employee has put on the account."""
        receipt = self.send(self.pos_line(self.product, 10, 1000.0))
        receipt.add_payment(
            {
                "pos_order_id": receipt.id,
                "amount": 10000.0,
                "payment_method_id": self.account.id,
            }
        )
        receipt._process_saved_order(False)
        self.assertRecordValues(
            self.listed("till"),
            [{"undelivered_amount": 10000.0, "missing_amount": 2000.0}],
        )
