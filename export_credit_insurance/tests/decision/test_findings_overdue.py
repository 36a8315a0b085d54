from freezegun import freeze_time

from odoo.tests import tagged

from .findings_common import FindingsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestFindingsOverdue(FindingsCommon):
    """Late debts speak against an order, residues do not."""

    def test_overdue(self):
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 2000.0, day="2026-08-01", due="2026-09-11")
        found = self.assertFound(self.order_of(3000.0), overdue="warn")
        self.assertEqual(found["overdue"].amount, 2000.0)
        self.assertIn("20 days", found["overdue"].message)

    def test_residue_is_not_overdue(self):
        """POL-26 ignores less than 50: 49.99 are exposure, but no reason to collect;
        beside 50, overdue for 20 days, they are not counted either, though older."""
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 49.99, day="2026-08-01", due="2026-09-01")
        self.assertFound(self.order_of(3000.0))
        position = self.get_position(self.beta)
        self.assertEqual(position.overdue_amount, 49.99)
        self.assertEqual(position.exposure, 49.99)
        self.make_invoice(self.beta, 50.0, day="2026-08-01", due="2026-09-11")
        found = self.assertFound(self.order_of(3000.0), overdue="warn")["overdue"]
        self.assertEqual(found.amount, 50.0)
        self.assertIn("50.00", found.message)
        self.assertIn("20 days", found.message)
        self.assertEqual(self.get_position(self.beta).overdue_amount, 99.99)

    def test_residue_of_what_is_not_matched_yet(self):
        """2 000 less 1 950.01 received leave 49.99; less 1 950, 50."""
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 2000.0, day="2026-08-01", due="2026-09-11")
        receipt = self.make_receipt(self.beta, 1950.01)
        self.assertFound(self.order_of(3000.0))
        receipt.button_draft()
        self.make_receipt(self.beta, 1950.0)
        found = self.assertFound(self.order_of(3000.0), overdue="warn")["overdue"]
        self.assertEqual(found.amount, 50.0)

    def test_residue_as_a_share_of_the_invoice(self):
        """Less than 1 % of the invoice: 99 of 10 000 are left, paid and matched."""
        self.make_limit(self.beta, 50000.0)
        invoice = self.make_invoice(
            self.beta, 10000.0, day="2026-08-01", due="2026-09-11"
        )
        receipt = self.make_receipt(self.beta, 9901.0)
        (receipt.line_ids + invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 99.0)
        self.assertFound(self.order_of(3000.0))
