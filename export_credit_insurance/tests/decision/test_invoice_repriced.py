from freezegun import freeze_time

from odoo.tests import tagged

from ..common import TODAY
from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceRepriced(InvoiceCommon):
    """What was billed once is worth what it was billed for, whatever its order says.

    Such a line has nothing left to bill: at another price it adds no credit to its
    order, and what is billed on top of it, as a deposit, is ordered by nobody.
    """

    def deposit(self, order, **values):
        """An invoice of the clerk's for a part of the whole order, posted."""
        before = order.invoice_ids
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create(values).create_invoices()
        invoice = order.invoice_ids - before
        invoice.with_user(self.clerk).action_post()
        return invoice

    def half(self, order):
        return self.deposit(order, advance_payment_method="percentage", amount=50)

    def test_priced_up_once_it_is_billed(self):
        """1 000 are billed, then said to be 100 000, and half of that is a deposit.

        51 000 of 1 000; 102 000 + 1 000 + 50 000 - 130 000 are 23 000.
        """
        order = self.ordered(1000.0)
        self.bill(order)
        order.sudo().order_line.price_unit = 100.0
        self.assertEqual(order.amount_total, 100000.0)
        deposit = self.half(order)
        self.assertEqual(deposit.amount_total, 50000.0)
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "invoice_id": deposit.id,
                    "undelivered_amount": 50000.0,
                    "missing_amount": 23000.0,
                }
            ],
        )

    def test_billed_for_little(self):
        """20 000 are billed for 200, the room is sold, then half is a deposit.

        10 200 of 200; 102 000 + 200 + 27 000 + 10 000 - 130 000 are 9 200.
        """
        order = self.ordered(20000.0)
        self.bill(order, price_unit=0.01)
        self.make_invoice(self.alfa, 27000.0)
        self.assertFalse(self.listed())
        self.half(order)
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 10000.0, "missing_amount": 9200.0}]
        )

    def test_the_rest_of_an_order(self):
        """Half is billed for a tenth less, then a deposit of what is left.

        14 000 for 12 600, and 14 000 of 14 000.
        """
        order = self.ordered(28000.0)
        self.bill(order, quantity=14000.0, price_unit=0.9)
        self.half(order)
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), 26600.0)
        self.assertFalse(self.listed())

    def test_billed_for_less_after_its_deposit(self):
        """14 000 of 28 000, then the rest of 25 200."""
        order = self.ordered(28000.0)
        self.half(order)
        invoice = order.sudo()._create_invoices(final=True).with_user(self.clerk)
        invoice.invoice_line_ids.filtered(
            lambda line: line.quantity > 0 and line.price_unit
        ).price_unit = 0.9
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 11200.0)
        self.assertFalse(self.listed())
