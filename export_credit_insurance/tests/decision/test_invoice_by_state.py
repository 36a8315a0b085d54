from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .invoice_common import InvoiceCommon

LOGGER = (
    "odoo.addons.export_credit_insurance.models.decision"
    ".review.credit_insurance_review_unchecked"
)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceByState(InvoiceCommon):
    """Scripts post by writing the state, past what Odoo asks of an invoice."""

    def draft(self, amount, **values):
        values.setdefault("day", TODAY)
        return self.make_invoice(self.alfa, amount, post=False, **values).with_user(
            self.clerk
        )

    def test_posted_by_its_state_without_a_date(self):
        """45 000 of 28 000: 17 000 more, whether it says its day or not."""
        invoice = self.draft(45000.0, day=False)
        invoice.write({"state": "posted"})
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "invoice_id": invoice.id,
                    "undelivered_amount": 45000.0,
                    "missing_amount": 17000.0,
                    "main_code": "over_limit",
                }
            ],
        )

    def test_posted_by_its_state_without_a_buyer(self):
        """Whose debt it is nobody could say: Odoo refuses it, so does its state."""
        invoice = self.draft(45000.0)
        invoice.partner_id = False
        with self.assertRaises(UserError):
            invoice.write({"state": "posted"})

    def test_credit_note_that_charges(self):
        """A credit note of minus 45 000 is a debt of 45 000."""
        note = self.draft(
            0.0,
            move_type="out_refund",
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "quantity": 1,
                        "price_unit": -45000.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        with self.assertRaises(UserError):
            note.write({"state": "posted"})

    def test_receipt_that_names_nobody(self):
        """Sold for cash to whoever came by: nobody's debt, and in nobody's way."""
        receipt = self.draft(45000.0, move_type="out_receipt")
        receipt.partner_id = False
        other = self.draft(45000.0)
        with self.assertNoLogs(LOGGER):
            (receipt | other).action_post()
        self.assertEqual(self.listed().invoice_id, other.sudo())
