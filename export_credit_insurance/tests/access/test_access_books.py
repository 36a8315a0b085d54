from contextlib import contextmanager

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .books_common import BooksCommon


@tagged("post_install", "-at_install")
class TestAccessBooks(BooksCommon):
    """What invoices, entries and payments say of themselves makes no room."""

    @contextmanager
    def kept(self, record, names):
        """Undo what one attempt wrote before the next one."""
        columns = SQL(", ").join(map(SQL.identifier, names))
        table = SQL.identifier(record._table)
        self.env.flush_all()
        (former,) = self.env.execute_query(
            SQL("SELECT %s FROM %s WHERE id = %s", columns, table, record.id)
        )
        try:
            yield
        finally:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET (%s) = ROW(%s) WHERE id = %s",
                    table,
                    columns,
                    SQL(", ").join(SQL("%s", value) for value in former),
                    record.id,
                )
            )
            self.env.invalidate_all()

    def test_cancelled_invoice_of_former_days(self):
        """Odoo counts a cancelled invoice as billed that says it is a legacy."""
        invoice = self.order._create_invoices()
        answers = [
            self.say(invoice, payment_state="invoicing_legacy"),
            self.call("account.move", "button_cancel", invoice.ids),
        ]
        self.assertNoRoom(answers)
        forged = {"state": "cancel", "payment_state": "invoicing_legacy"}
        self.assertNoRoom(self.say(self.order._create_invoices(), **forged))

    def paid_online(self, **values):
        """A transaction for the quotation, as a provider makes it."""
        provider = self.env["payment.provider"].create({"name": "Pay", "code": "none"})
        methods = self.env["payment.method"].with_context(active_test=False)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "reference": f"PAY-{provider.id}",
                "amount": 45000.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.buyer.id,
                "sale_order_ids": [Command.set(self.quotation.ids)],
                **values,
            }
        )

    def test_what_a_pending_payment_says_of_itself(self):
        """Wired, so that nothing has come in yet."""
        forged = {"state": "done", "last_state_change": "2026-01-01 00:00:00"}
        pending = self.paid_online(state="pending")
        self.assertNoRoom(self.say(pending, **forged))
        self.assertEqual(pending.state, "pending")
        # 1 has come in for another order
        other = self.make_order(1.0)
        paid = self.paid_online(
            state="done", amount=1.0, sale_order_ids=[Command.set(other.ids)]
        )
        answer = self.say(
            paid, amount=45000.0, sale_order_ids=[Command.set(self.quotation.ids)]
        )
        self.assertNoRoom(answer)
        self.assertEqual((paid.amount, paid.sale_order_ids), (1.0, other))

    def test_payment_made_by_hand(self):
        """Odoo lets nobody but administrators make one."""
        admin = self.make_user(
            "http-admin", "base.group_system,sales_team.group_sale_manager"
        )
        source = self.paid_online(state="cancel", amount=1.0)
        vals = {
            "provider_id": source.provider_id.id,
            "payment_method_id": source.payment_method_id.id,
            "amount": 45000.0,
            "currency_id": source.currency_id.id,
            "partner_id": self.buyer.id,
        }
        forged = {
            "state": "done",
            "sale_order_ids": [Command.set(self.quotation.ids)],
        }
        defaults = {f"default_{name}": value for name, value in forged.items()}
        for said, context in (
            ({**vals, **forged}, {}),
            ({**vals, **forged, "source_transaction_id": source.id}, {}),
            (vals, defaults),
        ):
            with self.subTest(context=context):
                transactions = source.with_user(admin).with_context(**context)
                made = transactions.create(said)
                self.assertEqual(made.state, "draft")
                self.assertFalse(made.sale_order_ids)
                self.assertNoRoom()

    def test_payment_of_another_order(self):
        """45 000 have come in for what was delivered; the next order takes them."""
        other = self.make_order(45000.0)
        paid = self.paid_online(state="done", sale_order_ids=[Command.set(other.ids)])
        link = [Command.set(paid.ids)]
        self.assertNoRoom(self.say(self.quotation, transaction_ids=link))
        self.assertEqual(paid.sale_order_ids, other)
        status, answer = self.call(
            "sale.order",
            "copy",
            self.quotation.ids,
            context={"default_transaction_ids": link},
        )
        self.assertEqual(status, 200, answer)
        self.assertEqual(paid.sale_order_ids, other)

    def test_payment_of_somebody_else(self):
        """In the books the money is theirs: it lowers no debt of this buyer."""
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        payment = self.paid_online(state="done", partner_id=other.id)
        self.assertNoRoom()
        payment.partner_id = self.buyer
        status, answer = self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertEqual(status, 200, answer)

    def test_what_a_posted_debt_says_of_itself(self):
        invoice = self.posted()
        debt = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        for number, vals in enumerate(
            (
                {"reconciled": True},
                {"amount_residual": 0.0, "amount_residual_currency": 0.0},
                {"amount_residual_currency": 1.0},
                {"parent_state": "draft"},
                {"partner_id": other.id},
                {"company_id": False},
            )
        ):
            with self.subTest(number=number, vals=vals), self.kept(debt, vals):
                self.assertNoRoom(self.say(debt, **vals))

    def test_what_a_posted_invoice_says_of_itself(self):
        invoice = self.posted()
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        for number, vals in enumerate(
            (
                {"payment_state": "paid"},
                {"amount_residual": 0.0},
                {"partner_id": other.id},
                {"commercial_partner_id": other.id},
                {"move_type": "out_refund"},
                {"amount_total": 0.0},
            )
        ):
            with self.subTest(number=number, vals=vals), self.kept(invoice, vals):
                self.assertNoRoom(self.say(invoice, **vals))

    def test_what_is_posted_is_not_rewritten(self):
        """Odoo's own statements do so with a context that requests may send, too."""
        invoice = self.posted()
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        term = self.env["account.payment.term"].create(
            {
                "name": "400 days",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 400})],
            }
        )
        (billed,) = invoice.invoice_line_ids
        debt = invoice.line_ids - billed
        less = {"name": "Less", "price_unit": -101999.0, "tax_ids": [(5,)]}
        balances = [
            Command.update(debt.id, {"balance": 1.0, "amount_currency": 1.0}),
            Command.update(billed.id, {"balance": -1.0, "amount_currency": -1.0}),
        ]
        before = self.said(invoice)
        for vals in (
            {"invoice_date": "2020-01-01"},
            {"date": "2020-01-01"},
            {"invoice_payment_term_id": term.id},
            {"partner_id": other.id},
            {"currency_id": self.env.ref("base.VND").id},
            {"invoice_line_ids": [Command.update(billed.id, {"price_unit": 1.0})]},
            {"invoice_line_ids": [Command.create(less)]},
            {"line_ids": balances},
        ):
            with self.subTest(**vals):
                status, answer = self.call(
                    "account.move",
                    "write",
                    invoice.ids,
                    vals=vals,
                    context={"skip_readonly_check": True},
                )
                self.assertGreaterEqual(status, 400, answer)
                self.env.invalidate_all()
                self.assertEqual(self.said(invoice), before)
        self.assertNoRoom()

    def said(self, invoice):
        """What a posted invoice says of what is owed, by whom and when."""
        self.env.invalidate_all()
        return (
            invoice.invoice_date,
            invoice.invoice_date_due,
            invoice.commercial_partner_id,
            invoice.currency_id,
            invoice.amount_total,
            sorted(invoice.line_ids.mapped("balance")),
        )

    def test_items_of_what_is_posted(self):
        invoice = self.posted()
        (billed,) = invoice.invoice_line_ids
        debt = invoice.line_ids - billed
        before = self.said(invoice)
        for items, vals in (
            (billed, {"price_unit": 1.0}),
            (billed, {"quantity": 0.1}),
            (billed, {"discount": 99.0}),
            (billed + debt, {"balance": 0.0}),
            (billed + debt, {"amount_currency": 0.0}),
            (billed + debt, {"debit": 0.0, "credit": 0.0}),
            (billed, {"price_total": 1.0, "price_subtotal": 1.0}),
        ):
            with self.subTest(**vals):
                status, answer = self.say(items, **vals)
                self.assertGreaterEqual(status, 400, answer)
                self.assertEqual(self.said(invoice), before, answer)
        # what it says already is no change
        status, answer = self.say(
            billed, name="Goods", quantity=billed.quantity, price_unit=billed.price_unit
        )
        self.assertEqual((status, billed.name), (200, "Goods"), answer)
        self.assertEqual(self.said(invoice), before)
        less = {"name": "Less", "price_unit": -101999.0, "move_id": invoice.id}
        forced = {"force_delete": True, "dynamic_unlink": True}
        for model, method, ids, arguments in (
            ("account.move.line", "create", (), {"vals_list": [less]}),
            ("account.move.line", "unlink", (billed + debt).ids, {"context": forced}),
            ("account.move", "unlink", invoice.ids, {"context": forced}),
        ):
            with self.subTest(model=model, method=method):
                status, answer = self.call(model, method, ids, **arguments)
                self.assertGreaterEqual(status, 400, answer)
                self.assertEqual(self.said(invoice), before)
        self.assertNoRoom()

    def test_draft_that_does_not_balance(self):
        """Its debt is said to be 1 while it is a draft, so it is not posted."""
        invoice = self.order._create_invoices()
        debt = invoice.line_ids - invoice.invoice_line_ids
        unchecked = {"check_move_validity": False, "skip_invoice_sync": True}
        self.call(
            "account.move.line",
            "write",
            debt.ids,
            vals={"balance": 1.0, "amount_currency": 1.0},
            context=unchecked,
        )
        self.env.invalidate_all()
        self.assertEqual(debt.balance, 1.0)
        status, answer = self.call(
            "account.move", "action_post", invoice.ids, context=unchecked
        )
        self.assertGreaterEqual(status, 400)
        self.assertIn("debit and credit differ", str(answer))
        self.assertEqual(invoice.state, "draft")
        self.assertNoRoom()

    def test_line_of_another_invoice(self):
        """An old invoice's line, paid long ago, shall bill the order."""
        old = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 1.0,
                            "quantity": 1.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        old.action_post()
        answer = self.say(
            old.invoice_line_ids,
            sale_line_ids=[Command.link(self.order.order_line.id)],
        )
        self.assertNoRoom(answer)
        answer = self.say(
            old,
            invoice_line_ids=[
                Command.update(
                    old.invoice_line_ids.id,
                    {"sale_line_ids": [Command.link(self.order.order_line.id)]},
                )
            ],
        )
        self.assertNoRoom(answer)

    def test_matched_with_what_is_no_receivable(self):
        """A partial match of the debt with the invoice's own revenue."""
        invoice = self.posted()
        debt = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        amounts = {
            "amount": 102000.0,
            "debit_amount_currency": 102000.0,
            "credit_amount_currency": 102000.0,
        }
        answer = self.call(
            "account.partial.reconcile",
            "create",
            vals_list=[
                {
                    "debit_move_id": debt.id,
                    "credit_move_id": (invoice.line_ids - debt)[:1].id,
                    **amounts,
                }
            ],
        )
        self.assertNoRoom(answer)
