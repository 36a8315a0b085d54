import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationLater(DeclarationCommon):
    """What is booked, taken back or corrected after it was declared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls.make_controller()

    def test_late_documents_come_next_and_once(self):
        """Invoiced for September after it was declared; a credit note to August."""
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-08-10")
        self.declare()
        late = self.make_invoice(self.alfa, 400.0, "2026-09-20")
        note = self.make_refund(self.alfa, 100.0, "2026-10-02", invoice)
        with freeze_time("2027-01-05 09:00:00"):
            second = self.declare("2026-10-01", "2026-12-31")
        self.assertEqual(second.line_ids.move_id, late | note)
        self.assertEqual(self.line_of(second, late).kind, "late")
        self.assertEqual(self.line_of(second, note).kind, "document")
        self.assertEqual(second.amount, 300.0)

    def test_never_in_two_drafts(self):
        self.declare()
        late = self.make_invoice(self.alfa, 400.0, "2026-09-20")
        first = self.make_declaration("2026-10-01", "2026-10-31")
        second = self.make_declaration("2026-11-01", "2026-11-30")
        self.assertEqual(first.line_ids.move_id, late)
        self.assertFalse(second.line_ids)

    def test_what_was_taken_back_is_declared_back(self):
        """1 000 told, cancelled: − 1 000; drawn up anew at 700: + 700."""
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-08-10")
        self.declare()
        invoice.button_draft()
        october = self.make_declaration("2026-10-01", "2026-10-31")
        self.assertRecordValues(
            october.line_ids,
            [{"move_id": invoice.id, "kind": "change", "amount": -1000.0}],
        )
        # October × 0.45 %: − 4.50
        self.assertEqual(october.premium_amount, -4.5)
        with self.assertRaises(UserError):
            october.action_declare()  # it is not over
        with freeze_time("2026-11-01 09:00:00"):
            october.action_declare()
        invoice.invoice_line_ids.price_unit = 700.0
        invoice.action_post()
        with freeze_time("2026-12-01 09:00:00"):
            november = self.declare("2026-11-01", "2026-11-30")
        self.assertEqual(november.line_ids.amount, 700.0)
        december = self.make_declaration("2026-12-01", "2026-12-31")
        self.assertFalse(december.line_ids)

    def test_a_difference_at_the_rate_it_was_told_at(self):
        """1 000 $ told as 800; now 900 $: − 80, whatever the rate of today."""
        self.set_rates(d2026_07_01=1.25, d2026_10_01=2.0)
        invoice = self.make_invoice(
            self.alfa, 1000.0, "2026-08-10", currency_id=self.dollar.id
        )
        self.declare()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 900.0
        invoice.action_post()
        self.assertEqual(
            self.make_declaration("2026-10-01", "2026-10-31").line_ids.amount, -80.0
        )

    def test_a_correction_follows(self):
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-08-10")
        declaration = self.declare()
        with self.assertRaises(UserError), self.cr.savepoint():
            declaration.action_correct()  # nothing has changed
        late = self.make_invoice(self.alfa, 400.0, "2026-09-20")
        invoice.button_draft()
        own = declaration.with_user(self.controller)
        action = own.action_correct()
        correction = own.browse(action["res_id"])
        self.assertEqual(own.action_correct()["res_id"], correction.id)
        self.assertEqual(
            {line.move_id: (line.kind, line.amount) for line in correction.line_ids},
            {late: ("late", 400.0), invoice: ("change", -1000.0)},
        )
        self.assertFalse(correction.deadline)
        correction.action_declare()
        self.assertEqual(declaration.state, "corrected")
        self.assertEqual(declaration.amount, 1000.0)
        self.assertFalse(self.make_declaration("2026-10-01", "2026-10-31").line_ids)

    def test_a_declared_document_is_not_deleted(self):
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-08-10")
        draft = self.make_declaration()
        other = self.make_invoice(self.alfa, 1.0, "2026-08-10")
        draft.action_bring_up_to_date()
        other.button_draft()
        other.with_context(force_delete=True).unlink()
        self.assertEqual(draft.line_ids.move_id, invoice)
        draft.action_bring_up_to_date()
        draft.action_declare()
        invoice.button_draft()
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            invoice.with_context(force_delete=True).unlink()
