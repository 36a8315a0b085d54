from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .invoice_common import InvoiceCommon

FAULTS = "odoo.addons.export_credit_insurance.models.decision"
LOG = f"{FAULTS}.review.credit_insurance_review_unchecked"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestUnchecked(InvoiceCommon):
    """A fault, as another add-on's check may have: nobody waits, all is seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")

    def check_that_fails_for(self, buyer):
        checks = type(self.env["credit.insurance.check"])
        find = checks._find

        def find_or_fail(check, case):
            if case.debtor == buyer:
                raise ValueError("a fault of another add-on")
            return find(check, case)

        return patch.object(checks, "_find", find_or_fail)

    def unchecked(self):
        return self.env["credit.insurance.review.line"].search(
            [("stage", "=", "unchecked")]
        )

    @mute_logger(LOG)
    def test_listed_and_told(self):
        """The invoice is posted; all of its 600 are named to the controller."""
        with self.check_that_fails_for(self.beta):
            invoice = self.invoice(600.0, self.beta)
        self.assertRecordValues(
            self.unchecked(),
            [
                {
                    "cause": "unchecked",
                    "receipt_ref": invoice.name,
                    "invoice_id": invoice.id,
                    "partner_id": self.beta.id,
                    "sold_by": self.clerk.id,
                    "undelivered_amount": 600.0,
                    "main_code": False,
                    "is_open": True,
                }
            ],
        )
        activity = self.unchecked().review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        self.assertEqual(activity.summary, "Not checked, by a fault: 1")
        for text in (invoice.name, "600.00", "could not be checked"):
            self.assertIn(text, activity.note)

    @mute_logger(LOG)
    def test_one_keeps_no_other_from_being_checked(self):
        """ALFA's 45 000 of 28 000 are listed, beside BETA's that nobody could check."""
        invoices = self.make_invoice(self.alfa, 45000.0, day=TODAY, post=False)
        invoices |= self.make_invoice(self.beta, 600.0, day=TODAY, post=False)
        with self.check_that_fails_for(self.beta):
            invoices.with_user(self.clerk).action_post()
        self.assertEqual(self.listed().invoice_id, invoices[0])
        self.assertEqual(self.listed().missing_amount, 17000.0)
        self.assertEqual(self.unchecked().invoice_id, invoices[1])

    @mute_logger(LOG)
    def test_the_log_tells_the_fault(self):
        with self.check_that_fails_for(self.beta), self.assertLogs(LOG) as logs:
            self.invoice(600.0, self.beta)
        self.assertIn("a fault of another add-on", logs.output[0])

    @mute_logger(LOG)
    def test_listed_once(self):
        with self.check_that_fails_for(self.beta):
            invoice = self.invoice(600.0, self.beta)
            invoice.button_draft()
            invoice.action_post()
        self.assertEqual(len(self.unchecked()), 1)

    @mute_logger(LOG)
    def test_ticked_off_by_who_decides(self):
        with self.check_that_fails_for(self.beta):
            self.invoice(600.0, self.beta)
        line = self.unchecked().with_user(self.controller)
        line.action_reviewed()
        self.assertFalse(line.is_open)
