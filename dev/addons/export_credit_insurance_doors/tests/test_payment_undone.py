from contextlib import suppress
from datetime import timedelta

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

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

    def test_an_older_debt_is_nothing_paid_back(self):
        """Opening entries of the books: the order is paid all the same."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        debt = self.payment.destination_account_id
        bank = self.payment.journal_id.default_account_id
        self.env["account.move"].create(
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
        ).action_post()
        self.test_still_there_it_leaves()

    def test_still_there_it_leaves(self):
        picking = self.order.picking_ids.with_user(self.worker)
        picking.move_ids.write({"quantity": 45, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
