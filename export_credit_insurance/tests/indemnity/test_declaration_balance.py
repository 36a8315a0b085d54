from freezegun import freeze_time

from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationBalance(DeclarationCommon):
    """A declaration of what is owed: what was paid before is no part of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {"declaration_basis": "balance", "declaration_period": "month"}
        )

    def pay(self, invoice, amount, day):
        receipt = self.make_receipt(invoice.partner_id, amount, day)
        (invoice | receipt).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()

    def balance(self):
        """Return September, as it is declared by what is booked so far."""
        found = self.declarations.search([("policy_id", "=", self.policy.id)])
        if not found:
            return self.make_declaration("2026-09-01")
        found.action_bring_up_to_date()
        return found

    def test_what_was_prepaid_is_not_owed(self):
        """1 000 shipped on 10 September, 400 received on the 5th: 600 are owed, and
        all of them are declared; they are not 600 − 40 % = 360."""
        invoice = self.make_invoice(self.domestic, 1000.0, "2026-09-10")
        self.pay(invoice, 400.0, "2026-09-05")
        line = self.line_of(self.balance(), invoice)
        self.assertRecordValues(
            line,
            [
                {
                    "amount": 600.0,
                    "excluded_amount": 0.0,
                    "base_amount": 600.0,
                    "exclusion_reason": False,
                }
            ],
        )

    def test_a_letter_of_credit_bears_what_it_has_not_paid(self):
        """It bears 600 of 1 000: nothing paid, 400 are declared. It pays 450: of the
        550 that are owed it still bears 150, 400 are declared. It pays all 600: the
        400 that are owed are declared, not 400 − 60 % = 160."""
        self.make_letter_of_credit(self.alfa, 600.0)
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-09-10")
        self.assertEqual(self.reason_of(self.balance(), invoice), ("lc", 600.0))
        for paid, owed, borne in ((450.0, 550.0, 150.0), (150.0, 400.0, 0.0)):
            self.pay(invoice, paid, "2026-09-20")
            line = self.line_of(self.balance(), invoice)
            with self.subTest(owed):
                self.assertEqual(line.amount, owed)
                self.assertEqual(line.excluded_amount, borne)
                self.assertEqual(line.base_amount, 400.0)

    def test_a_letter_of_credit_with_a_prepayment(self):
        """400 came before the shipment, the letter of credit bears the 600 that are
        owed: nothing is declared. What is paid in October counts from October on."""
        self.make_letter_of_credit(self.alfa, 600.0)
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-09-10")
        self.pay(invoice, 400.0, "2026-09-05")
        self.assertEqual(self.reason_of(self.balance(), invoice), ("lc", 600.0))
        self.pay(invoice, 500.0, "2026-10-02")
        self.assertEqual(self.reason_of(self.balance(), invoice), ("lc", 600.0))

    def test_a_letter_of_credit_and_the_tax(self):
        """It bears 600 of 1 200 with the tax, 300 of them are paid: of the 900 that
        are owed it bears 300, a third. Without tax 250 of 750: 500 are declared."""
        self.make_letter_of_credit(self.domestic, 600.0)
        invoice = self.make_invoice(
            self.domestic, 1000.0, "2026-09-10", taxes=self.make_tax()
        )
        self.pay(invoice, 300.0, "2026-09-20")
        line = self.line_of(self.balance(), invoice)
        self.assertEqual((line.amount, line.excluded_amount), (750.0, 250.0))
