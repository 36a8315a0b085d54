from odoo import Command
from odoo.tests import tagged

from .books_common import BooksCommon


@tagged("post_install", "-at_install")
class TestAccessBooksUndone(BooksCommon):
    """What made room for an order is taken back: the order is looked through again."""

    def receive(self):
        """102 000 are received, so 45 000 fit, and are confirmed."""
        self.posted()
        receipt = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 102000.0,
            }
        )
        receipt.action_post()
        self.assertEqual(self.exposure(), 0.0)
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        return receipt.move_id

    def test_posted_receipt_deleted(self):
        entry = self.receive()
        status, answer = self.call(
            "account.move", "unlink", entry.ids, context={"force_delete": True}
        )
        self.assertGreaterEqual(status, 400, answer)
        self.assertEqual(entry.state, "posted")
        self.assertEqual(self.exposure(), 45000.0)

    def test_posted_receipt_rewritten(self):
        """To nothing, item by item, which Odoo allows."""
        entry = self.receive()
        self.say(entry.line_ids, balance=0.0, amount_currency=0.0)
        self.assertLookedThrough()

    def test_statement_deleted(self):
        """Odoo deletes its posted entry with it."""
        self.posted()
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": self.today,
                "payment_ref": "ALFA",
                "partner_id": self.buyer.id,
                "amount": 102000.0,
                "counterpart_account_id": (
                    self.buyer.property_account_receivable_id.id
                ),
            }
        )
        self.assertEqual(self.exposure(), 0.0)
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        statement.unlink()
        self.assertLookedThrough()

    def bill_for_little(self, line=None, **header):
        """1 instead of 102 000; so 45 000 fit, and are confirmed."""
        invoice = self.order._create_invoices()
        (billed,) = invoice.invoice_line_ids
        command = Command.update(billed.id, {"price_unit": 1.0})
        if line or header:
            command = Command.create(line) if line else Command.update(billed.id, {})
        self.say(invoice, invoice_line_ids=[command], **header)
        self.call("account.move", "action_post", invoice.ids)
        self.assertEqual(self.exposure(), 1.0)
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        return invoice

    def test_billed_for_little_and_reset(self):
        invoice = self.bill_for_little()
        self.call("account.move", "button_draft", invoice.ids)
        self.assertLookedThrough()

    def test_billed_for_little_and_credited(self):
        invoice = self.bill_for_little()
        invoice._reverse_moves(cancel=True)
        self.assertLookedThrough()

    def credit_by_hand(self, move_type, quantity, *lines):
        """Credit the order's line by a document that reverses no invoice."""
        line = {
            "product_id": self.product.id,
            "quantity": quantity,
            "price_unit": 1.0,
            "tax_ids": [(5,)],
            "sale_line_ids": [Command.set(self.order.order_line.ids)],
        }
        values = {
            "move_type": move_type,
            "partner_id": self.buyer.id,
            "invoice_date": str(self.today),
            "invoice_line_ids": [Command.create(each) for each in (line, *lines)],
        }
        status, answer = self.call("account.move", "create", vals_list=[values])
        self.assertEqual(status, 200, answer)
        self.call("account.move", "action_post", answer)

    def test_billed_for_little_and_credited_by_hand(self):
        quantity = self.bill_for_little().invoice_line_ids.quantity
        self.credit_by_hand("out_refund", quantity)
        self.assertLookedThrough()

    def test_billed_for_little_and_less_than_nothing(self):
        """By an invoice of nothing in all: 1 of the first one is still owed."""
        quantity = self.bill_for_little().invoice_line_ids.quantity
        other = {"name": "Freight", "price_unit": quantity, "tax_ids": [(5,)]}
        self.credit_by_hand("out_invoice", -quantity, other)
        self.assertLookedThrough(147001.0)

    def test_billed_to_somebody_else_and_reset(self):
        """A private person, of whom nobody asks anything, is billed for the order."""
        person = self.env["res.partner"].create({"name": "Paula"})
        invoice = self.order._create_invoices()
        self.say(invoice, partner_id=person.id)
        self.call("account.move", "action_post", invoice.ids)
        self.assertEqual(self.exposure(), 0.0)
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        self.call("account.move", "button_draft", invoice.ids)
        self.say(invoice, partner_id=self.buyer.id)
        self.call("account.move", "action_post", invoice.ids)
        self.assertLookedThrough()

    def test_billed_less_another_line_and_reset(self):
        """102 000 less 101 999 that no order has."""
        discount = {"name": "Less", "price_unit": -101999.0, "tax_ids": [(5,)]}
        invoice = self.bill_for_little(line=discount)
        self.call("account.move", "button_draft", invoice.ids)
        self.assertLookedThrough()

    def test_billed_in_a_weak_currency_and_reset(self):
        """102 000 of a currency of which 102 000 are 1."""
        weak = self.env["res.currency"].create({"name": "WEA", "symbol": "W"})
        self.env["res.currency.rate"].create(
            {"currency_id": weak.id, "name": "2020-01-01", "rate": 102000.0}
        )
        invoice = self.bill_for_little(currency_id=weak.id)
        self.call("account.move", "button_draft", invoice.ids)
        self.assertLookedThrough()

    def test_one_line_bills_two_orders_and_reset(self):
        """102 000 and 28 000 by an invoice of 102 000: so 28 000 fit once more."""
        other = self.make_order(28000.0)
        other.action_confirm()
        invoice = self.order._create_invoices()
        link = [Command.link(other.order_line.id)]
        self.say(invoice.invoice_line_ids, sale_line_ids=link)
        self.call("account.move", "action_post", invoice.ids)
        self.assertEqual(self.exposure(), 102000.0)
        self.quotation.order_line.price_unit = 28000.0
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        self.call("account.move", "button_draft", invoice.ids)
        # 102 000 + 28 000 + 28 000
        self.assertLookedThrough(158000.0)

    # === DEBTS BY AN ENTRY, AS THE TILL BOOKS THEM === #

    def owed_by_an_entry(self):
        """25 000 besides, so that 3 000 are left of 130 000."""
        income = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.buyer.property_account_receivable_id.id,
                            "partner_id": self.buyer.id,
                            "balance": 25000.0,
                        }
                    ),
                    Command.create({"account_id": income.id, "balance": -25000.0}),
                ],
            }
        )
        entry.action_post()
        self.assertEqual(self.exposure(), 127000.0)
        self.env["credit.insurance.review"].search([]).unlink()
        return entry

    def confirm_on_25000(self):
        """28 000 fit while 25 000 are owed no more."""
        self.assertEqual(self.exposure(), 102000.0)
        self.quotation.order_line.price_unit = 28000.0
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")

    def test_entry_reset_and_posted_again(self):
        entry = self.owed_by_an_entry()
        self.call("account.move", "button_draft", entry.ids)
        self.confirm_on_25000()
        self.call("account.move", "action_post", entry.ids)
        # 102 000 + 28 000 + 25 000
        self.assertLookedThrough(155000.0)

    def test_entry_owed_by_somebody_else_for_a_while(self):
        entry = self.owed_by_an_entry()
        debt = entry.line_ids.filtered("partner_id")
        person = self.env["res.partner"].create({"name": "Paula"})
        self.say(debt, partner_id=person.id)
        self.confirm_on_25000()
        self.say(debt, partner_id=self.buyer.id)
        self.assertLookedThrough(155000.0)
