from contextlib import suppress
from datetime import timedelta

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .payment_common import PaymentDoors


@tagged("post_install", "-at_install")
class TestPaymentUndone(PaymentDoors):
    """Money that was paid online for an order, and is taken back in the books.

    102 000 of 130 000 have left. 45 000 are paid, so the order passes although 28 000
    are left. Then the bank takes the payment back, or the books use it for another
    debt: 17 000 are too much, the goods stay.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_quotation(
            45, require_signature=False, require_payment=True
        )
        sold = cls.env["sale.order"].search(
            [("partner_id", "=", cls.buyer.id), ("state", "=", "sale")]
        )
        sold.picking_ids.move_ids.write({"quantity": 102, "picked": True})
        sold.picking_ids._action_done()
        cls.clerk = cls.make_user("doors-clerk", "account.group_account_invoice")
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user")

    def setUp(self):
        super().setUp()
        self.visit()
        transaction = self.pay(self.order, 45000.0)
        self.assertConfirmed(self.order)
        self.payment = transaction.payment_id
        # an hour ago: the server's thread, which made it, has a clock of its own
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_payment SET create_date = create_date - interval '1h'"
                " WHERE id = %s",
                self.payment.id,
            )
        )
        self.env.invalidate_all()

    def assertStays(self):
        """The goods stay where they are, or somebody has to decide."""
        picking = self.order.picking_ids.with_user(self.worker)
        picking.move_ids.quantity = 45
        picking.move_ids.picked = True
        with suppress(RedirectWarning, UserError), self.env.cr.savepoint():
            picking.with_context(skip_backorder=True).button_validate()
        self.assertNotEqual(picking.state, "done")

    def test_cancelled(self):
        payment = self.payment.with_user(self.clerk)
        payment.action_draft()
        payment.action_cancel()
        self.assertStays()

    def test_draft(self):
        self.payment.with_user(self.clerk).action_draft()
        self.assertStays()

    def test_deleted(self):
        payment = self.payment.with_user(self.clerk)
        payment.action_draft()
        payment.unlink()
        self.assertStays()

    def test_entry_reversed(self):
        move = self.payment.move_id
        move._reverse_moves(cancel=True)
        self.assertStays()

    def test_used_for_another_debt(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    (0, 0, {"name": "Old", "price_unit": 45000.0, "tax_ids": [(5,)]})
                ],
            }
        )
        invoice.action_post()
        lines = (invoice | self.payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.with_user(self.clerk).reconcile()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertStays()

    def test_paid_back_by_hand(self):
        """Odoo links what is paid back with what was received by their match."""
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 45000.0,
            }
        )
        back.action_post()
        lines = (back.move_id | self.payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.with_user(self.clerk).reconcile()
        self.assertStays()

    def test_paid_back_and_matched_with_nothing(self):
        """By a payment, or by an entry: nothing says for which order it was."""
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 45000.0,
            }
        )
        back.with_user(self.clerk).action_post()
        self.assertStays()
        back.action_draft()
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        bank = self.payment.journal_id.default_account_id
        debt = self.payment.destination_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": debt.id,
                            "partner_id": self.buyer.id,
                            "debit": 45000.0,
                        }
                    ),
                    Command.create({"account_id": bank.id, "credit": 45000.0}),
                ],
            }
        )
        entry.action_post()
        self.assertStays()
        entry.button_draft()
        self.test_still_there_it_leaves()

    def pay_out(self, **values):
        """45 000 go to the buyer, matched with nothing."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 45000.0,
                **values,
            }
        )
        payment.with_user(self.clerk).action_post()
        return payment

    def test_paid_back_in_other_words(self):
        """Dated the day before, as if to a supplier, or on another account."""
        account = self.env["account.account"].create(
            {"name": "Loans", "code": "LOANS9", "account_type": "asset_current"}
        )
        for values in (
            {"date": self.today - timedelta(days=1)},
            {"partner_type": "supplier"},
            {"destination_account_id": account.id},
            {"partner_id": self.contact.id},
        ):
            with self.subTest(**values):
                back = self.pay_out(**values)
                self.assertStays()
                back.action_draft()
        self.test_still_there_it_leaves()

    def test_paid_back_elsewhere_and_confirmed_again(self):
        """102 000 and the 45 000 that went back, of 130 000: 17 000 are missing."""
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.order.action_draft()
        order = self.order.with_user(self.seller)
        self.pay_out(partner_type="supplier")
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            order.action_confirm()
        self.assertIn("17,000.00", refusal.exception.args[0])
        self.assertEqual(order.state, "draft")

    def test_more_is_paid_out_than_came_in(self):
        """60 000 as to a supplier, of 45 000: no more than these were for the order."""
        self.pay_out(partner_type="supplier", amount=60000.0)
        self.assertEqual(
            self.order._credit_paid_away(self.order.browse()),
            {self.order: (0.0, 45000.0)},
        )

    def test_paid_back_by_a_draft_of_old(self):
        """Written and dated before the money came in; posted since."""
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 45000.0,
                "date": self.today - timedelta(days=9),
            }
        )
        self.made_days_ago(9, back.move_id)
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        back.with_user(self.clerk).action_post()
        self.assertStays()

    def made_days_ago(self, days, moves):
        """Have entries and their items be as old as they say."""
        self.env.flush_all()
        for table, column in (("account_move", "id"), ("account_move_line", "move_id")):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s, write_date = %s"
                    " WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    self.today - timedelta(days=days),
                    self.today - timedelta(days=days),
                    SQL.identifier(column),
                    moves.ids,
                )
            )
        self.env.invalidate_all()

    def test_invoiced_credited_and_paid_back(self):
        """The order can be billed once more then, and nobody has paid for it."""
        self.product.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_residual, 0.0)  # Odoo matches it by itself
        note = invoice._reverse_moves()
        note.action_post()
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        self.match(note, self.pay_out().move_id)
        self.assertEqual(note.amount_residual, 0.0)
        self.assertStays()

    def match(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").with_user(
            self.clerk
        ).reconcile()

    def test_what_was_paid_too_much_goes_back(self):
        """50 000 for 45 000: 5 000 go back, by hand; 5 001 are too many."""
        self.visit()
        other = self.make_quotation(45, require_signature=False, require_payment=True)
        transaction = self.pay(other, 50000.0)
        self.assertEqual(transaction.amount, 50000.0)
        back = self.pay_out(amount=5000.0)
        # whosever it is: 95 000 came in for 90 000, and 90 000 are left
        both = other + self.order
        self.assertEqual(both._credit_prepaid_orders(), both)
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        back.action_draft()
        back.amount = 5001.0
        back.action_post()
        self.assertFalse(both._credit_prepaid_orders())
        self.assertFalse(other._credit_prepaid_orders())

    def test_paid_for_an_order_that_was_cancelled(self):
        """45 000 of 90 000 go back; until the order is confirmed after all."""
        self.visit()
        other = self.make_quotation(45, require_signature=False, require_payment=True)
        self.pay(other, 45000.0)
        self.pay_out()
        self.assertFalse(self.order._credit_prepaid_orders())
        other.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        other.action_draft()
        # as a quotation that shall be confirmed it counts
        self.assertFalse(other._credit_prepaid_orders())
        # 45 000 + 102 000 + 45 000 - 45 000 - 130 000: paid once, for two orders
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            other.with_user(self.seller).action_confirm()
        self.assertIn("17,000.00", refusal.exception.args[0])

    def test_refund_matched_with_its_payment(self):
        """15 000 of 45 000 are given back, which the books match: counted once."""
        self.order.order_line.product_uom_qty = 30
        transaction = self.payment.payment_transaction_id
        transaction.action_refund(15000.0)
        refund = transaction.child_transaction_ids
        refund._post_process()
        self.assertEqual(self.order._credit_received(), 30000.0)
        self.match(self.payment.move_id, refund.payment_id.move_id)
        self.assertEqual(self.order._credit_received(), 30000.0)
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)

    def test_refund_of_another_payment(self):
        """5 000 too much, which the provider gives back: they count once."""
        self.visit()
        other = self.make_quotation(45, require_signature=False, require_payment=True)
        transaction = self.pay(other, 50000.0)
        transaction.action_refund(5000.0)
        refund = transaction.child_transaction_ids
        refund._post_process()
        self.assertEqual(refund.payment_id.state, "in_process")
        both = other + self.order
        self.assertEqual(both._credit_prepaid_orders(), both)

    def test_refund_matched_with_its_credit_note(self):
        """45 000 paid, 15 of 45 pieces credited and given back: 30 000 of 30 000."""
        self.product.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves()
        note.invoice_line_ids.quantity = 15
        note.action_post()
        self.order.order_line.product_uom_qty = 30
        transaction = self.payment.payment_transaction_id
        transaction.action_refund(15000.0)
        refund = transaction.child_transaction_ids
        refund._post_process()
        self.assertEqual(self.order.amount_total, 30000.0)
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        self.match(note, refund.payment_id.move_id)
        self.assertEqual(note.amount_residual, 0.0)
        self.assertEqual(self.order._credit_received(), 30000.0)
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)

    def test_refunds_of_old_are_not_looked_for(self):
        """What was given back 300 days before the first payment."""
        transaction = self.payment.payment_transaction_id
        transaction.action_refund(1.0)
        refund = transaction.child_transaction_ids
        refund._post_process()
        found = self.order._credit_refunds_since
        self.assertEqual(found(self.payment), refund)
        refund.payment_id.action_draft()
        refund.payment_id.date = self.today - timedelta(days=300)
        refund.payment_id.action_post()
        self.assertEqual(found(self.payment), refund)  # posted since
        self.made_days_ago(300, refund.payment_id.move_id)
        self.assertFalse(found(self.payment))

    def test_a_supplier_who_buys_too(self):
        """His bill of 45 000 is paid, before it is matched: nothing went back."""
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": 45000.0, "tax_ids": [(5,)]}
                    )
                ],
            }
        )
        bill.action_post()
        back = self.pay_out(partner_type="supplier")
        self.assertEqual(self.order._credit_prepaid_orders(), self.order)
        (bill | back.move_id).line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        ).reconcile()
        self.test_still_there_it_leaves()

    def test_a_supplier_who_is_paid_more_than_billed(self):
        """45 000 where 44 000 are owed: 1 000 went back, and 28 000 are free for it."""
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": 44000.0, "tax_ids": [(5,)]}
                    )
                ],
            }
        )
        bill.action_post()
        self.pay_out(partner_type="supplier")
        self.assertFalse(self.order._credit_prepaid_orders())
        self.assertEqual(
            self.order._credit_paid_away(self.order.browse()),
            {self.order: (0.0, 1000.0)},
        )
        self.test_still_there_it_leaves()

    def test_an_older_debt_is_nothing_paid_back(self):
        """Opening entries of the books: the order is paid all the same."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        debt = self.payment.destination_account_id
        bank = self.payment.journal_id.default_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": self.today - timedelta(days=300),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": debt.id,
                            "partner_id": self.buyer.id,
                            "debit": 45000.0,
                        }
                    ),
                    Command.create({"account_id": bank.id, "credit": 45000.0}),
                ],
            }
        )
        entry.action_post()
        self.made_days_ago(300, entry)
        self.test_still_there_it_leaves()

    def test_still_there_it_leaves(self):
        picking = self.order.picking_ids.with_user(self.worker)
        picking.move_ids.write({"quantity": 45, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
