from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .invoice_common import InvoiceCommon

NOTICE = "odoo.addons.export_credit_insurance.models.decision"
LOGGER = f"{NOTICE}.credit_insurance_review_facts"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceUnchecked(InvoiceCommon):
    """An invoice that cannot be looked at is none that was looked at.

    Scripts post by writing the state, past what Odoo asks of an invoice; and a fault of
    one keeps no other from being listed.
    """

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

    def test_a_fault_of_one(self):
        """Posted in one go: the other one is listed as ever, the faulty one, too.

        30 000 and 45 000 of 28 000: 2 000 and 47 000 more.
        """
        faulty, other = self.draft(30000.0), self.draft(45000.0)
        amounts = type(faulty)._credit_unordered_amount

        def fail(invoice):
            if invoice.id == faulty.id:
                raise ZeroDivisionError
            return amounts(invoice)

        with (
            patch.object(type(faulty), "_credit_unordered_amount", fail),
            mute_logger(LOGGER),
        ):
            (faulty | other).action_post()
        self.assertEqual((faulty | other).mapped("state"), ["posted", "posted"])
        lines = self.listed().grouped("invoice_id")
        self.assertRecordValues(
            lines[other.sudo()],
            [{"undelivered_amount": 45000.0, "main_code": "over_limit"}],
        )
        self.assertRecordValues(
            lines[faulty.sudo()],
            [
                {
                    "undelivered_amount": 30000.0,
                    "missing_amount": 0.0,
                    "main_code": False,
                    "sold_by": self.clerk.id,
                    "is_open": True,
                }
            ],
        )
        notes = "".join(self.listed().review_id.activity_ids.mapped("note"))
        self.assertIn("could not be checked", notes)

    def test_receipt_that_names_nobody(self):
        """Sold for cash to whoever came by: nobody's debt, and in nobody's way."""
        receipt = self.draft(45000.0, move_type="out_receipt")
        receipt.partner_id = False
        other = self.draft(45000.0)
        with self.assertNoLogs(LOGGER):
            (receipt | other).action_post()
        self.assertEqual(self.listed().invoice_id, other.sudo())
