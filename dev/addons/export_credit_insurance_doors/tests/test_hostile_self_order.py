from odoo import Command, fields
from odoo.tests import tagged

from .test_leaks_rpc import OURS
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
        cls.till.write(
            {
                "self_ordering_mode": "mobile",
                "self_ordering_service_mode": "counter",
                "self_ordering_default_user_id": cls.cashier.id,
            }
        )
        cls.product.self_order_available = True

    def send(self, *lines, payments=(), device="mobile", **values):
        """Order by one's phone, without a login, whatever it says; return the sale."""
        first = lines[0] if lines[0][2] else self.for_nothing()
        sent = self.receipt(first, self.cash, pay=False, state="draft", **values)
        sent["lines"] = list(lines)
        sent["uuid"] = values.get("uuid", "phone")
        sent["payment_ids"] = sent["payment_ids"] or [
            Command.create(
                {"amount": amount, "name": "Paid", "payment_method_id": method.id}
            )
            for method, amount in payments
        ]
        self.authenticate(None, None)
        answer = self.make_jsonrpc_request(
            f"/pos-self-order/process-order/{device}/",
            {
                "order": sent,
                "access_token": self.till.access_token,
                "table_identifier": None,
            },
        )
        self.env.invalidate_all()
        self.assertNeutral(str(answer))
        return self.env["pos.order"].browse(answer["pos.order"][0]["id"])

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
            self.for_nothing(),
            payments=[(self.account, 50000.0), (self.cash, -50000.0)],
        )
        self.assertFalse(receipt.payment_ids)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_given_back_on_account(self):
        """50 000 taken off ALFA's account, so that the next order has the room."""
        receipt = self.send(
            self.for_nothing(),
            payments=[(self.account, -50000.0), (self.cash, 50000.0)],
        )
        self.assertFalse(receipt.payment_ids)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    # === WHAT HANGS ON SOMETHING ELSE === #

    def test_settles_an_order(self):
        """20 000 of a confirmed order, settled for nothing: they are owed as before."""
        line = self.order.order_line[0]
        self.send(
            self.pos_line(
                self.product,
                20,
                1000.0,
                price_subtotal=0.0,
                price_subtotal_incl=0.0,
                sale_order_line_id=line.id,
                sale_order_origin_id=self.order.id,
            )
        )
        self.assertEqual(line.qty_invoiced, 0.0)
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_confirms_a_quotation(self):
        """There is credit for it, but nobody has accepted it."""
        quotation = self.make_quotation(5)
        self.send(
            self.pos_line(
                self.product,
                5,
                1000.0,
                price_subtotal=0.0,
                price_subtotal_incl=0.0,
                sale_order_line_id=quotation.order_line.id,
                sale_order_origin_id=quotation.id,
            )
        )
        self.assertEqual(quotation.state, "sent")

    def test_deposit_of_an_order(self):
        """20 000 that nobody has paid: the order has no deposit."""
        self.send(self.deposit(self.order, 20000.0))
        self.assertFalse(self.order.order_line.filtered("is_downpayment"))
        self.assertEqual(self.position().headroom_limit_currency, 8000.0)

    def test_credit_note(self):
        """45 000 given back by an invoice of what was never sold."""
        receipt = self.send(self.for_nothing(), to_invoice=True, is_refund=True)
        self.assertNotEqual(receipt.account_move.move_type, "out_refund")
        self.assertLessEqual(self.position().headroom_limit_currency, 8000.0)

    def test_gives_back_what_others_bought(self):
        """8 000 on ALFA's account are no more to be given back by a phone."""
        owed = self.sell(8)
        self.send(
            self.pos_line(
                self.product,
                -8,
                1000.0,
                price_subtotal=0.0,
                price_subtotal_incl=0.0,
                refunded_orderline_id=owed.lines.id,
            )
        )
        self.assertEqual(owed.lines.refunded_qty, 0.0)
        self.assertEqual(self.position().headroom_limit_currency, 0.0)

    def test_records_of_others(self):
        """A line, an invoice or a transfer that the phone changes by its number."""
        owed = self.sell(8)
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.buyer.id}
        )
        delivery = self.order.picking_ids
        receipt = self.send(
            self.for_nothing(),
            Command.update(owed.lines.id, {"price_unit": 1.0}),
            Command.link(owed.lines.id),
            reversed_move_ids=[Command.update(invoice.id, {"ref": "forged"})],
            picking_ids=[Command.update(delivery.id, {"origin": "forged"})],
        )
        self.assertEqual(len(receipt.lines), 1)
        self.assertEqual(owed.lines.price_unit, 1000.0)
        self.assertFalse(invoice.ref)
        self.assertEqual(delivery.origin, self.order.name)

    # === WHAT IS THEIR OWN === #

    def test_ordered_some_more(self):
        """Another line, and more of the first one, as long as nobody has paid."""
        receipt = self.send(self.pos_line(self.product, 1, 1000.0, uuid="first"))
        first = receipt.lines
        again = self.send(
            Command.update(first.id, {"qty": 2, "price_subtotal_incl": 2000.0}),
            self.pos_line(self.product, 1, 1000.0, uuid="second"),
            uuid=receipt.uuid,
            access_token=receipt.access_token,
            relations_uuid_mapping={
                "pos.order.line": {"second": {"combo_parent_id": "first"}}
            },
        )
        self.assertEqual(again, receipt)
        self.assertEqual(first.qty, 2)
        self.assertEqual((receipt.lines - first).combo_parent_id, first)
        last = self.send(
            Command.delete((receipt.lines - first).id),
            uuid=receipt.uuid,
            access_token=receipt.access_token,
        )
        self.assertEqual((last, last.lines), (receipt, first))

    def test_what_the_phone_is_told(self):
        """Not a word of ours in what Odoo hands to whoever has the link."""
        self.authenticate(None, None)
        for asked in ("data", "relations"):
            told = self.make_jsonrpc_request(
                f"/pos-self/{asked}/{self.till.id}",
                {"access_token": self.till.access_token},
            )
            self.assertIn("pos.order", told)
            self.assertFalse(OURS.findall(str(told)))

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
