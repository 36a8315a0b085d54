from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import TODAY
from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceBeyondOrder(InvoiceCommon):
    """Billed at more, sooner or for longer than its order: credit control sees it."""

    def test_billed_at_a_higher_price(self):
        """1 000 ordered, 46 000 billed: 45 000 that nobody ordered."""
        self.bill(self.ordered(1000.0), price_unit=46.0)
        # 102 000 + 46 000 - 130 000
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 45000.0, "missing_amount": 18000.0}]
        )

    def test_billed_in_a_larger_quantity(self):
        self.bill(self.ordered(1000.0), quantity=46000.0)
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 45000.0, "missing_amount": 18000.0}]
        )

    def test_billed_without_its_discount(self):
        """45 000 less 44 000 ordered, 45 000 billed: 44 000 that nobody ordered."""
        self.product.invoice_policy = "order"
        order = self.make_quotation(45000.0)
        self.add_line(order, 1.0)
        order.order_line[1].write({"product_uom_qty": 1.0, "price_unit": -44000.0})
        self.assertEqual(order.amount_total, 1000.0)
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        discount = invoice.invoice_line_ids.filtered(lambda line: line.price_total < 0)
        invoice.invoice_line_ids = [Command.delete(discount.id)]
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 45000.0)
        self.assertEqual(self.listed().undelivered_amount, 44000.0)

    def test_services_beyond_the_order_with_tax(self):
        """Rendered and billed although none were ordered, with 20 % of tax."""
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "delivery"
        order = self.make_quotation(1000.0)
        order.action_confirm()
        line = order.sudo().order_line
        line.write({"tax_ids": [Command.set(tax.ids)], "product_uom_qty": 0.0})
        line.price_unit = 1.0
        line.qty_delivered = 1000.0
        self.make_invoice(self.alfa, 30000.0)  # nothing is left
        self.listed().sudo().unlink()
        self.bill(order)
        self.assertEqual(order.invoice_ids.amount_total, 1200.0)
        self.assertFalse(self.listed())

    def test_billed_at_longer_terms(self):
        """181 days where the policy allows 180: nothing of it is insured."""
        self.policy.max_payment_days = 180
        for header in (
            {"invoice_payment_term_id": self.make_term(181).id},
            {"invoice_payment_term_id": False, "invoice_date_due": "2027-03-31"},
        ):
            with self.subTest(**header):
                order = self.ordered(1000.0)
                invoice = self.bill(order, header={"invoice_date": TODAY, **header})
                line = self.listed().filtered(
                    lambda line, invoice=invoice: line.invoice_id == invoice
                )
                self.assertRecordValues(
                    line,
                    [{"main_code": "terms_too_long", "undelivered_amount": 1000.0}],
                )

    def test_due_later_than_its_own_terms(self):
        """30 days it says; its debt is due in 400, as was written of the draft."""
        self.policy.max_payment_days = 180
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0, payment_term_id=self.make_term(30).id)
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        invoice.invoice_date = TODAY
        debt = invoice.line_ids - invoice.invoice_line_ids
        debt.date_maturity = "2027-11-05"
        invoice.action_post()
        self.assertEqual(str(debt.date_maturity), "2027-11-05")
        self.assertRecordValues(
            self.listed(),
            [{"main_code": "terms_too_long", "undelivered_amount": 1000.0}],
        )

    def test_billed_at_the_orders_terms(self):
        """Long as they are: they were released."""
        self.policy.max_payment_days = 180
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0, payment_term_id=self.make_term(181).id)
        self.release(self.ask_release(order))
        order.action_confirm()
        self.bill(order, header={"invoice_date": TODAY})
        self.assertFalse(self.listed())

    def make_term(self, days):
        return self.env["account.payment.term"].create(
            {
                "name": f"{days} days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": days}
                    )
                ],
            }
        )

    def test_deposit_is_not(self):
        order = self.ordered(28000.0)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 50})
        )
        wizard.create_invoices()
        order.invoice_ids.with_user(self.clerk).action_post()
        self.assertEqual(order.invoice_ids.amount_total, 14000.0)
        self.assertFalse(self.listed())

    def test_deposits_without_end(self):
        """28 000 ordered, and 16 800 (60 %) billed as a deposit, twice."""
        order = self.ordered(28000.0)
        for amount in (0.0, 5600.0):
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_model="sale.order", active_ids=order.ids)
                .create({"advance_payment_method": "percentage", "amount": 60})
            )
            invoice = wizard._create_invoices(order.sudo())
            invoice.with_user(self.clerk).action_post()
            self.assertEqual(invoice.amount_total, 16800.0)
            # 33 600 - 28 000
            self.assertEqual(sum(self.listed().mapped("undelivered_amount")), amount)

    def test_a_cheap_credit_note_makes_no_room(self):
        """28 000 pieces are billed, credited for 0.01 each, and billed once more."""
        order = self.ordered(28000.0)
        note = self.bill(order)._reverse_moves()
        note.invoice_line_ids.price_unit = 0.01
        note.with_user(self.clerk).action_post()
        self.assertEqual(note.amount_total, 280.0)
        self.assertFalse(self.listed())
        self.bill(order)
        # 28 000 - 280 + 28 000 of 28 000
        self.assertEqual(self.listed().undelivered_amount, 27720.0)

    def test_rounded_up_to_the_next_hundred_thousand(self):
        """Clerks make roundings of cash: 1 000 are ordered, 100 000 billed."""
        account = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        rounding = (
            self.env["account.cash.rounding"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "Coins",
                    "rounding": 100000.0,
                    "rounding_method": "UP",
                    "profit_account_id": account.id,
                    "loss_account_id": account.id,
                }
            )
        )
        order = self.ordered(1000.0)
        invoice = self.bill(order, header={"invoice_cash_rounding_id": rounding.id})
        self.assertEqual(invoice.amount_total, 100000.0)
        # 102 000 + 100 000 - 130 000
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 99000.0, "missing_amount": 72000.0}]
        )

    def test_rounded_to_coins(self):
        """1 000.03 become 1 000.05, which nobody has to order; 1 005.00 they have."""
        account = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        for coin, total, unordered in (
            (0.05, 1000.05, 0.0),
            (5.0, 1005.0, 4.97),
        ):
            with self.subTest(coin=coin):
                rounding = self.env["account.cash.rounding"].create(
                    {
                        "name": "Coins",
                        "rounding": coin,
                        "rounding_method": "UP",
                        "profit_account_id": account.id,
                        "loss_account_id": account.id,
                    }
                )
                invoice = self.bill(
                    self.ordered(1000.0),
                    price_unit=1.00003,
                    header={"invoice_cash_rounding_id": rounding.id},
                )
                self.assertEqual(invoice.amount_total, total)
                amounts = invoice.sudo()._credit_unordered_amounts()
                self.assertAlmostEqual(amounts.get(invoice, 0.0), unordered)

    def test_taxes_entered_by_hand(self):
        """1 000 ordered with 20 % of tax; 45 000 of tax are billed."""
        self.policy.cover_tax_basis = "tax_included"
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0)
        order.sudo().order_line.tax_ids = tax
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        (taxed,) = invoice.line_ids.filtered("tax_line_id")
        taxed.amount_currency = -45000.0
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 46000.0)
        # 46 000 - 1 200
        self.assertEqual(self.listed().undelivered_amount, 44800.0)

    def test_taxes_corrected_by_cents(self):
        """20 % of 1 000.00: 200.10 are a correction, 200.11 nobody has ordered."""
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "order"
        for entered, unordered in ((200.10, 0.0), (200.11, 0.11)):
            with self.subTest(entered=entered):
                order = self.make_quotation(1000.0)
                order.sudo().order_line.tax_ids = tax
                order.action_confirm()
                invoice = order.sudo()._create_invoices()
                (taxed,) = invoice.line_ids.filtered("tax_line_id")
                taxed.amount_currency = -entered
                invoice.action_post()
                self.assertAlmostEqual(invoice.amount_total, 1000.0 + entered)
                amounts = invoice._credit_unordered_amounts()
                self.assertAlmostEqual(amounts.get(invoice, 0.0), unordered)

    def test_copied_with_its_links(self):
        """As debit notes are: 28 000 of 28 000 are billed twice."""
        invoice = self.bill(self.ordered(28000.0))
        again = invoice.with_context(include_business_fields=True).copy()
        self.assertTrue(again.invoice_line_ids.sale_line_ids)
        again.action_post()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_credited_and_billed_again(self):
        order = self.ordered(28000.0)
        self.bill(order)._reverse_moves()._post()
        self.bill(order)
        self.assertFalse(self.listed())

    def test_a_hundredth_is_another_price(self):
        """26 000 at 1.009: 234 more, where rounding comes to 5 at most."""
        invoice = self.bill(self.ordered(1000.0), price_unit=1.004).sudo()
        self.assertFalse(invoice._credit_unordered_amounts())
        invoice = self.bill(self.ordered(26000.0), price_unit=1.009).sudo()
        self.assertEqual(invoice.amount_total, 26234.0)
        amounts = invoice._credit_unordered_amounts()
        self.assertAlmostEqual(amounts[invoice], 234.0)

    def test_terms_of_a_tiny_quotation(self):
        """Its line, billed along, brings its longer terms for the order of 1 000."""
        self.policy.max_payment_days = 180
        term = self.make_term(181)
        tiny = self.make_quotation(1.0, payment_term_id=term.id)
        order = self.ordered(1000.0)
        line = {
            "product_id": self.product.id,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(tiny.sudo().order_line.ids)],
        }
        self.bill(
            order,
            header={
                "invoice_payment_term_id": term.id,
                "invoice_date": TODAY,
                "invoice_line_ids": [Command.create(line)],
            },
        )
        self.assertRecordValues(
            self.listed(),
            [{"main_code": "terms_too_long", "undelivered_amount": 1001.0}],
        )

    def test_dated_ahead(self):
        """30 days from a day one year ahead: 395 where the policy allows 180."""
        self.policy.max_payment_days = 180
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0, payment_term_id=self.make_term(30).id)
        order.action_confirm()
        self.bill(order, header={"invoice_date": "2027-10-01"})
        self.assertRecordValues(
            self.listed(),
            [{"main_code": "terms_too_long", "undelivered_amount": 1000.0}],
        )

    def test_billed_ahead_of_plan(self):
        """28 000 for 2028, 28 000 for now: both passed, then the far one is billed.

        158 000 are owed of 130 000: 28 000 too much, and nobody has decided on it.
        """
        self.product.invoice_policy = "order"
        far = self.make_quotation(28000.0, commitment_date="2028-01-01")
        far.action_confirm()
        self.make_quotation(28000.0).action_confirm()
        invoice = self.bill(far)
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "invoice_id": invoice.id,
                    "undelivered_amount": 28000.0,
                    "missing_amount": 28000.0,
                }
            ],
        )

    def test_billed_ahead_of_plan_once_it_is_delivered(self):
        """What was delivered early was looked at then."""
        self.product.invoice_policy = "order"
        far = self.make_quotation(28000.0, commitment_date="2028-01-01")
        far.action_confirm()
        far.order_line.qty_delivered = 28000.0
        self.bill(far)
        self.assertFalse(self.listed())
