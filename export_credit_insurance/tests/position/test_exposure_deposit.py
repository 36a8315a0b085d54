from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestExposureDeposit(PositionCommon):
    """Money asked or received for an order lowers that order, once (DESIGN 4)."""

    def make_deposit(self, order, amount):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = "2026-09-15"
        return invoice

    def make_transaction(self, orders, amount, state="done", **values):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "company_id": self.company.id}
        )
        method = self.env["payment.method"].create(
            {"name": "Transfer", "code": f"transfer_{provider.id}"}
        )
        # as providers do
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"TX-{orders.ids}-{amount}-{state}",
                    "amount": amount,
                    "currency_id": self.euro.id,
                    "partner_id": self.alfa.id,
                    "state": state,
                    "sale_order_ids": [Command.set(orders.ids)],
                    **values,
                }
            )
        )

    def make_child(self, transaction, amount, state="done", **values):
        """A capture, void or refund: no order names it."""
        return self.make_transaction(
            self.env["sale.order"],
            amount,
            state,
            source_transaction_id=transaction.id,
            reference=f"{transaction.reference}-{amount}-{state}",
            **values,
        )

    def test_deposit_is_never_counted_twice(self):
        order = self.make_order(self.alfa, 1000.0)
        deposit = self.make_deposit(order, 300.0)
        # a draft deposit is nothing yet
        self.assertExposure(self.alfa, ordered=1000.0)
        deposit.action_post()
        # unpaid: a receivable, and no longer part of the order
        self.assertExposure(self.alfa, receivable=300.0, ordered=700.0)
        self._register_payment(deposit)
        # paid: 1 000 − 300
        self.assertExposure(self.alfa, ordered=700.0)
        order.order_line.filtered(
            lambda line: not line.is_downpayment
        ).qty_delivered = 400.0
        # the deposit lowers what is undelivered first: 600 − 300
        self.assertExposure(self.alfa, delivered=400.0, ordered=300.0)
        final = order._create_invoices(final=True)
        final.invoice_date = "2026-09-20"
        self.assertEqual(final.amount_total, 700.0)
        self.assertExposure(self.alfa, delivered=400.0, ordered=300.0)
        final.action_post()
        self.assertExposure(self.alfa, receivable=700.0)

    def test_deposit_lowers_by_what_is_owed(self):
        """Another line of its invoice takes 299 of the 300 off again."""
        order = self.make_order(self.alfa, 1000.0)
        deposit = self.make_deposit(order, 300.0)
        other = {"name": "Other", "price_unit": -299.0, "tax_ids": [Command.clear()]}
        deposit.invoice_line_ids = [Command.create(other)]
        deposit.action_post()
        # 1 is owed, so 1 is taken off
        self.assertExposure(self.alfa, receivable=1.0, ordered=999.0)

    def test_deposit_in_a_weak_currency(self):
        weak = self.env["res.currency"].create({"name": "WEA", "symbol": "W"})
        self.env["res.currency.rate"].create(
            {"currency_id": weak.id, "name": "2026-01-01", "rate": 100.0}
        )
        order = self.make_order(self.alfa, 1000.0)
        deposit = self.make_deposit(order, 300.0)
        deposit.currency_id = weak
        deposit.action_post()
        # 300 of it are 3
        self.assertEqual(deposit.amount_total, 300.0)
        self.assertExposure(self.alfa, receivable=3.0, ordered=997.0)

    def test_credit_note_gives_back_no_deposit_that_was_none(self):
        """A deposit of 300 is invoiced; a note for 1 "gives back" another 500."""
        order = self.make_order(self.alfa, 1000.0)
        deposit = self.make_deposit(order, 300.0)
        deposit.action_post()
        note = self.make_invoice(self.alfa, 501.0, move_type="out_refund", post=False)
        flagged = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        given_back = {
            "name": "Deposit",
            "price_unit": -500.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(flagged.ids)],
        }
        note.invoice_line_ids = [Command.create(given_back)]
        note.action_post()
        self.assertEqual(note.amount_total, 1.0)
        # 1 000 - 300
        self.assertExposure(
            self.alfa, receivable=300.0, unallocated=-1.0, ordered=700.0
        )

    def test_draft_deposit_where_drafts_count(self):
        self.company.credit_count_draft_invoices = True
        order = self.make_order(self.alfa, 1000.0)
        self.make_deposit(order, 300.0)
        self.assertExposure(self.alfa, draft=300.0, ordered=700.0)
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 700.0)
        self.assertExposure(self.alfa, draft=1000.0)

    def test_deposit_with_tax(self):
        order = self.make_order(self.alfa, 1000.0, taxes=self.make_tax())
        deposit = self.make_deposit(order, 240.0)
        deposit.action_post()
        # 1 200 with tax − 240 with tax
        self.assertExposure(self.alfa, receivable=240.0, ordered=960.0)
        self.make_limit(self.alfa, 5000.0)
        # without tax: 5 000 − 200 − 800
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 4000.0)

    def test_payment_not_booked_lowers_its_order(self):
        order = self.make_order(self.alfa, 1000.0)
        self.make_order(self.alfa, 50.0)
        self.make_transaction(order, 250.0)
        self.make_transaction(order, 500.0, state="pending")
        # 1 000 − 250 + 50
        self.assertExposure(self.alfa, ordered=800.0)

    def test_capture_counts_instead_of_what_was_authorised(self):
        order = self.make_order(self.alfa, 1000.0)
        transaction = self.make_transaction(order, 1000.0)
        self.make_child(transaction, 250.0)
        self.make_child(transaction, 750.0, state="cancel")
        # 1 000 − 250, although the first one says that 1 000 are done
        self.assertExposure(self.alfa, ordered=750.0)

    def test_what_was_given_back_lowers_nothing(self):
        order = self.make_order(self.alfa, 1000.0)
        transaction = self.make_transaction(order, 400.0)
        self.make_child(transaction, -100.0, operation="refund")
        # 1 000 − (400 − 100)
        self.assertExposure(self.alfa, ordered=700.0)

    def test_capture_given_back_lowers_nothing(self):
        order = self.make_order(self.alfa, 1000.0)
        transaction = self.make_transaction(order, 1000.0)
        capture = self.make_child(transaction, 1000.0)
        self.assertExposure(self.alfa, ordered=0.0)
        self.make_child(capture, -1000.0, operation="refund")
        self.assertExposure(self.alfa, ordered=1000.0)

    def test_overpaid_order_lowers_no_other(self):
        order = self.make_order(self.alfa, 100.0)
        self.make_order(self.alfa, 500.0)
        self.make_transaction(order, 250.0)
        self.assertExposure(self.alfa, ordered=500.0)

    def test_one_payment_for_two_orders_counts_once(self):
        orders = self.make_order(self.alfa, 300.0) + self.make_order(self.alfa, 100.0)
        self.make_transaction(orders, 200.0)
        # 400 − 200
        self.assertExposure(self.alfa, ordered=200.0)

    def test_prepaid_quotation_adds_nothing(self):
        order = self.make_order(self.alfa, 1000.0, confirm=False)
        self.make_transaction(order, 1000.0)
        position = self.get_position(self.alfa, orders=order)
        self.assertEqual(position.order_amount(order).company_currency, 0.0)
        self.assertEqual(position.order_amount(order).limit_currency, 0.0)
        self.assertEqual(position.exposure, 0.0)

    def test_booked_prepayment_serves_the_order_asked_about(self):
        """A buyer far above the limit may still buy what is paid already."""
        self.make_limit(self.alfa, 1000.0)
        self.make_invoice(self.alfa, 5000.0)
        order = self.make_order(self.alfa, 800.0, confirm=False)
        transaction = self.make_transaction(order, 800.0)
        receipt = self.make_receipt(self.alfa, 800.0)
        method = self.company_data[
            "default_journal_bank"
        ].inbound_payment_method_line_ids[:1]
        payment = self.env["account.payment"].create(
            {
                "amount": 800.0,
                "partner_id": self.alfa.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "currency_id": self.euro.id,
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": method.id,
            }
        )
        payment.action_post()
        receipt.button_draft()
        receipt.button_cancel()
        transaction.payment_id = payment
        before = self.get_position(self.alfa)
        # 5 000 − 800
        self.assertEqual(before.exposure, 4200.0)
        position = self.get_position(self.alfa, orders=order)
        # the money is the order's: it adds nothing, and lowers nothing else
        self.assertEqual(position.order_amount(order).company_currency, 0.0)
        self.assertEqual(position.order_amount(order).limit_currency, 0.0)
        self.assertEqual(position.exposure, 5000.0)
        self.assertEqual(position.headroom_limit_currency, -4000.0)
