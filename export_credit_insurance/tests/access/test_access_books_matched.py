from odoo import Command
from odoo.tests import tagged

from .books_common import BooksCommon


@tagged("post_install", "-at_install")
class TestAccessBooksMatched(BooksCommon):
    """What a clerk matches with a debt pays it only as far as it is worth."""

    def debt_of(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def draft_note(self):
        """A credit note of 102 000 that nobody posts."""
        return self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Gesture",
                            "quantity": 1.0,
                            "price_unit": 102000.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def receive(self, amount, partner=None):
        receipt = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.buyer).id,
                "amount": amount,
            }
        )
        receipt.action_post()
        return self.debt_of(receipt.move_id)

    def match(self, items, **arguments):
        return self.call("account.move.line", "reconcile", items.ids, **arguments)

    def test_matched_with_a_draft(self):
        """Odoo 19 matches what is posted with what is not."""
        debt = self.debt_of(self.posted())
        answer = self.match(debt + self.debt_of(self.draft_note()))
        self.assertNoRoom(answer)

    def test_matched_as_drafts_one_of_which_is_posted(self):
        invoice = self.order._create_invoices()
        answer = self.match(self.debt_of(invoice) + self.debt_of(self.draft_note()))
        invoice.action_post()
        self.assertNoRoom(answer)

    def test_drafts_posted_together_pay_each_other(self):
        """A credit note that is posted, too, is one."""
        invoice, note = self.order._create_invoices(), self.draft_note()
        self.match(self.debt_of(invoice) + self.debt_of(note))
        (invoice | note).action_post()
        self.assertTrue(self.debt_of(invoice).matched_credit_ids)
        self.assertEqual(self.exposure(), 0.0)

    def forge(self, debt, credit, amount, of_debt, of_credit):
        return self.call(
            "account.partial.reconcile",
            "create",
            vals_list=[
                {
                    "debit_move_id": debt.id,
                    "credit_move_id": credit.id,
                    "amount": amount,
                    "debit_amount_currency": of_debt,
                    "credit_amount_currency": of_credit,
                }
            ],
        )

    def test_match_that_takes_more_than_it_gives(self):
        """1 of 102 001 is received, and said to pay 102 001."""
        self.make_order(1.0).action_confirm()
        debt = self.debt_of(self.posted())
        credit = self.receive(1.0)
        self.assertEqual(self.exposure(), 102000.0)
        for amounts in (
            (1.0, 102000.0, 1.0),
            (0.0, 102000.0, 0.0),
            (102000.0, 102000.0, 0.0),
        ):
            with self.subTest(amounts=amounts):
                answer = self.forge(debt, credit, *amounts)
                self.assertNoRoom(answer)

    def test_match_that_is_made_larger(self):
        self.make_order(1.0).action_confirm()
        debt = self.debt_of(self.posted())
        credit = self.receive(1.0)
        status, answer = self.match(debt + credit)
        self.assertEqual(status, 200, answer)
        self.assertEqual(debt.amount_residual, 101999.0)
        partial = debt.matched_credit_ids
        answer = self.say(partial, debit_amount_currency=102000.0)
        # have Odoo count the debt anew
        answer = self.say(partial, debit_move_id=debt.id, **{"amount": 102000.0})
        self.env.add_to_compute(debt._fields["amount_residual_currency"], debt)
        self.assertNoRoom(answer)

    def test_matched_at_a_rate_of_ones_own(self):
        """1 is received, and a context says that it is worth 102 000 crowns.

        Odoo books the rest as a loss by exchange, and gains it once it is unmatched.
        """
        crown = self.env["res.currency"].create({"name": "KRO", "symbol": "K"})
        self.env["res.currency.rate"].create(
            {"currency_id": crown.id, "name": "2020-01-01", "rate": 2.0}
        )
        invoice = self.order._create_invoices()
        self.say(invoice, currency_id=crown.id)
        invoice.invoice_line_ids.price_unit = 204000.0
        invoice.action_post()
        debt = self.debt_of(invoice)
        self.assertEqual((debt.amount_currency, debt.balance), (204000.0, 102000.0))
        answer = self.match(
            debt + self.receive(1.0),
            context={"forced_rate_from_register_payment": 204000.0},
        )
        if self.exposure() >= 101999.0:
            return  # it paid no more than it is worth
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale", answer)
        self.call("account.move.line", "remove_move_reconcile", debt.ids)
        self.assertLookedThrough(146999.0)

    def test_money_of_another_buyer_taken_back(self):
        """A domestic customer's 102 000 pay the debt, until others had the room."""
        debt = self.debt_of(self.posted())
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        credit = self.receive(102000.0, other)
        status, answer = self.match(debt + credit)
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.exposure(), 0.0)
        self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(self.quotation.state, "sale")
        self.call("account.move.line", "remove_move_reconcile", debt.ids)
        self.assertLookedThrough()
