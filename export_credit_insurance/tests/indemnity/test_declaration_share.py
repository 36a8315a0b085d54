from freezegun import freeze_time

from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationShare(DeclarationCommon):
    """What letters of credit bear and what was prepaid is left out by its share."""

    def test_a_letter_of_credit_bears_its_amount(self):
        """1 500 in the order of shipment: 1 000, then 500 of 1 000, then nothing."""
        self.make_letter_of_credit(self.alfa, 1500.0)
        moves = [
            self.make_invoice(self.alfa, 1000.0, f"2026-09-0{day}") for day in (3, 2, 1)
        ]
        declaration = self.make_declaration()
        self.assertEqual(
            [self.reason_of(declaration, move) for move in reversed(moves)],
            [("lc", 1000.0), ("lc", 500.0), (False, 0.0)],
        )
        self.policy.exclude_confirmed_lc = False
        declaration.action_bring_up_to_date()
        self.assertEqual(declaration.excluded_amount, 0.0)

    def test_two_letters_of_credit_bear_one_after_the_other(self):
        """1 500 and 1 000 in the order of shipment: 1 000, 1 000, 500 of 1 000."""
        self.make_letter_of_credit(self.alfa, 1500.0)
        self.make_letter_of_credit(self.alfa, 1000.0)
        moves = [
            self.make_invoice(self.alfa, 1000.0, f"2026-09-0{day}") for day in (1, 2, 3)
        ]
        declaration = self.make_declaration()
        self.assertEqual(
            [self.reason_of(declaration, move) for move in moves],
            [("lc", 1000.0), ("lc", 1000.0), ("lc", 500.0)],
        )

    def test_a_letter_of_credit_bears_nothing_from_its_closing_on(self):
        """Closed on 2 September: of 1 500 it bore 1 000, what left that day is ours."""
        letter = self.make_letter_of_credit(self.alfa, 1500.0)
        with freeze_time("2026-09-02 12:00:00"):
            letter.action_close()
        before = self.make_invoice(self.alfa, 1000.0, "2026-09-01")
        after = self.make_invoice(self.alfa, 1000.0, "2026-09-02")
        declaration = self.make_declaration()
        self.assertEqual(self.reason_of(declaration, before), ("lc", 1000.0))
        self.assertEqual(self.line_of(declaration, after).base_amount, 1000.0)

    def test_what_was_paid_before_shipment(self):
        """300 of 1 200 with the tax: a quarter, 250 of 1 000 before tax."""
        invoice = self.make_invoice(
            self.domestic, 1000.0, "2026-09-10", taxes=self.make_tax()
        )
        receipt = self.make_receipt(self.domestic, 300.0, "2026-09-01")
        late = self.make_receipt(self.domestic, 400.0, "2026-09-20")
        lines = (invoice | receipt | late).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(
            self.reason_of(self.make_declaration(), invoice), ("prepaid", 250.0)
        )
