from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestDispute(CreditInsuranceCommon):
    """The contested amount lies between 0 and the invoice's total."""

    def test_bounds(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        invoice.credit_dispute_amount = 1000.0
        for wrong in (1000.01, -0.01):
            with self.assertRaises(ValidationError):
                invoice.credit_dispute_amount = wrong
        self.assertEqual(invoice.credit_dispute_amount, 1000.0)
        invoice.credit_dispute_amount = 0.0

    def test_copy_is_not_disputed(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        invoice.credit_dispute_amount = 10.0
        self.assertEqual(invoice.copy().credit_dispute_amount, 0.0)
