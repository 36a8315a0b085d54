from odoo import Command, fields
from odoo.tests import tagged

from .books_common import BooksCommon

UNSYNCED = {"skip_invoice_sync": True, "skip_invoice_line_sync": True}


@tagged("post_install", "-at_install")
class TestAccessBooksDebt(BooksCommon):
    """An invoice owes what it comes to, in its currency, by who it bills."""

    def setUp(self):
        super().setUp()
        self.invoice = self.order._create_invoices()
        self.invoice.invoice_date = self.today
        self.debt = self.invoice.line_ids - self.invoice.invoice_line_ids

    def rewrite(self, context=UNSYNCED, **vals):
        answer = self.call(
            "account.move.line", "write", self.debt.ids, vals=vals, context=context
        )
        self.env.invalidate_all()
        return answer

    def post(self):
        """Post it, by the button and by its state; it is refused, or owed."""
        answers = [
            self.call(
                "account.move", "action_post", self.invoice.ids, context=UNSYNCED
            ),
            self.call(
                "account.move",
                "write",
                self.invoice.ids,
                vals={"state": "posted"},
                context=UNSYNCED,
            ),
        ]
        self.assertNoRoom(answers)
        return answers

    def test_on_an_account_of_no_receivable(self):
        """Where Odoo keeps the cost of goods: it balances, and nobody owes it."""
        account = self.env["account.account"].search(
            [("account_type", "=", "asset_current")], limit=1
        )
        answer = self.rewrite(display_type="cogs", account_id=account.id)
        self.assertEqual(self.debt.account_id, account, answer)
        self.assertEqual(self.debt.balance, 102000.0)
        self.post()

    def test_in_a_weak_currency(self):
        """102 000 of a currency of which 102 000 are 1."""
        weak = self.env["res.currency"].create({"name": "WEA", "symbol": "W"})
        self.env["res.currency.rate"].create(
            {"currency_id": weak.id, "name": "2020-01-01", "rate": 102000.0}
        )
        answer = self.rewrite(
            currency_id=weak.id, amount_currency=102000.0, balance=102000.0
        )
        self.assertEqual(self.debt.currency_id, weak, answer)
        self.post()

    def test_of_somebody_else(self):
        """Odoo's button puts the partner right, its state does not."""
        person = self.env["res.partner"].create({"name": "Paula"})
        answer = self.rewrite(partner_id=person.id)
        self.assertEqual(self.debt.partner_id, person, answer)
        answer = self.say(self.invoice, state="posted")
        self.assertNoRoom(answer)

    def test_moved_to_another_account_once_posted(self):
        account = self.env["account.account"].search(
            [("account_type", "=", "asset_current")], limit=1
        )
        self.invoice.action_post()
        moved = {"display_type": "cogs", "account_id": account.id}
        for context in ({}, UNSYNCED):
            status, answer = self.rewrite(context, **moved)
            self.assertGreaterEqual(status, 400, answer)
            self.assertEqual(self.debt.account_type, "asset_receivable", answer)
        self.assertNoRoom()

    def test_unit_taken_off_a_draft(self):
        """Odoo counts its pieces as invoiced all the same."""
        answer = self.say(self.invoice.invoice_line_ids, product_uom_id=False)
        self.assertEqual(self.order.order_line.qty_invoiced, 1.0)
        self.assertNoRoom(answer)

    def test_billed_by_another_company(self):
        """One that no policy insures, and whose books nobody here reads."""
        self.invoice.button_cancel()
        sister = self.env["res.company"].create({"name": "Sister"})
        self.clerk.company_ids += sister
        self.env.user.company_ids += sister
        chart = self.env["account.chart.template"].with_company(sister)
        chart.try_loading(
            self.company.chart_template, company=sister, install_demo=False
        )
        line = {
            "name": "Valves",
            "quantity": 1.0,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(self.order.order_line.ids)],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "company_id": sister.id,
            "invoice_date": str(self.today),
            "invoice_line_ids": [Command.create(line)],
        }
        both = {"allowed_company_ids": [sister.id, self.company.id]}
        answer = self.call("account.move", "create", vals_list=[values], context=both)
        self.assertNoRoom(answer)
        self.assertIn("bills orders of its own company", str(answer[1]))

    def test_many_roundings_of_a_draft(self):
        """Of a thousandth of a piece Odoo counts a hundredth."""
        self.invoice.button_cancel()
        thousandth = self.env["uom.uom"].create(
            {
                "name": "Thousandth",
                "relative_factor": 0.001,
                "relative_uom_id": self.product.uom_id.id,
            }
        )
        line = {
            "name": "Thousandth",
            "quantity": 1.0,
            "product_uom_id": thousandth.id,
            "price_unit": 0.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(self.order.order_line.ids)],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "invoice_date": str(self.today),
            "invoice_line_ids": [Command.create(line) for _number in range(100)],
        }
        answer = self.call("account.move", "create", vals_list=[values])
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.qty_invoiced, 1.0)
        self.assertNoRoom(answer)

    def test_called_a_legacy_by_a_default(self):
        """Odoo counts it as invoiced although it is cancelled."""
        self.invoice.button_cancel()
        line = {
            "product_id": self.product.id,
            "quantity": 1.0,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(self.order.order_line.ids)],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "invoice_date": str(self.today),
            "invoice_line_ids": [Command.create(line)],
        }
        status, answer = self.call(
            "account.move",
            "create",
            vals_list=[values],
            context={"default_payment_state": "invoicing_legacy"},
        )
        self.assertEqual(status, 200, answer)
        self.call("account.move", "button_cancel", answer)
        self.assertNoRoom(answer)

    def test_called_a_legacy_by_who_sells(self):
        """Salespeople make drafts by Odoo's dialogue, which runs as superuser."""
        self.invoice.button_cancel()
        seller = self.make_user("http-seller", "sales_team.group_sale_salesman")
        self.order.user_id = seller
        key = self.make_key(seller)
        status, made = self.json2(
            key,
            "sale.advance.payment.inv",
            "create",
            vals_list=[
                {
                    "advance_payment_method": "delivered",
                    "sale_order_ids": [Command.set(self.order.ids)],
                }
            ],
        )
        self.assertEqual(status, 200, made)
        answer = self.json2(
            key,
            "sale.advance.payment.inv",
            "create_invoices",
            made,
            context={
                "default_state": "cancel",
                "default_payment_state": "invoicing_legacy",
            },
        )
        self.assertNoRoom(answer)

    def test_entry_with_nothing_open_by_a_default(self):
        """A debt recorded by hand, of which defaults say that nothing is open."""
        account = self.buyer.property_account_receivable_id
        other = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        values = {
            "move_type": "entry",
            "date": str(self.today),
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": self.buyer.id,
                        "balance": 25000.0,
                    }
                ),
                Command.create({"account_id": other.id, "balance": -25000.0}),
            ],
        }
        defaults = {
            "default_amount_residual": 0.0,
            "default_amount_residual_currency": 0.0,
            "default_reconciled": True,
        }
        status, answer = self.call(
            "account.move", "create", vals_list=[values], context=defaults
        )
        self.assertEqual(status, 200, answer)
        self.call("account.move", "action_post", answer)
        self.assertEqual(self.exposure(), 127000.0)

    # === AS OF A FORMER DAY === #

    def credited(self):
        """Invoiced yesterday, credited by a draft of today."""
        yesterday = fields.Date.subtract(self.today, days=1)
        self.invoice.write({"invoice_date": yesterday, "date": yesterday})
        self.invoice.action_post()
        note = self.invoice._reverse_moves([{"invoice_date": self.today}])
        return note, {"accrual_entry_date": str(yesterday)}

    def test_credited_as_of_a_former_day(self):
        """Odoo counts invoices up to the day that a context says."""
        note, as_of = self.credited()
        answer = self.call("account.move", "action_post", note.ids, context=as_of)
        self.assertEqual(note.state, "posted", answer)
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.qty_invoiced, 0.0)
        self.assertNoRoom(answer)

    def test_cancelled_as_of_a_former_day(self):
        """What is delivered and was credited is owed by the order."""
        self.order.order_line.qty_delivered = 1.0
        note, as_of = self.credited()
        note.action_post()
        answer = self.call("sale.order", "action_cancel", self.order.ids, context=as_of)
        self.assertEqual(self.order.state, "sale", answer)
        self.assertNoRoom(answer)
