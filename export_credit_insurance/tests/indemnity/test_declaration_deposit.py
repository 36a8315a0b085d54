from freezegun import freeze_time

from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationDeposit(DeclarationCommon):
    """A deposit is declared with the period in which its goods leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.alfa, 100000.0)
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .with_context(active_ids=cls.order.ids, active_model="sale.order")
            .create({"advance_payment_method": "fixed", "fixed_amount": 30000.0})
        )
        cls.deposit = wizard._create_invoices(cls.order)
        cls.deposit.invoice_date = "2026-09-01"
        cls.deposit.action_post()

    def ship(self, day="2026-10-10"):
        with freeze_time(f"{day} 09:00:00"):
            self.order.order_line.filtered(
                lambda line: not line.is_downpayment
            ).qty_delivered = 100000.0

    def pay(self, day):
        receipt = self.make_receipt(self.alfa, 30000.0, day)
        (self.deposit | receipt).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()

    def next_quarter(self):
        """Return the fourth quarter, as it is declared by what is booked so far."""
        with freeze_time("2027-01-05 09:00:00"):
            self.env.invalidate_all()
            found = self.declarations.search(
                [("policy_id", "=", self.policy.id), ("state", "=", "draft")]
            )
            if not found:
                return self.make_declaration("2026-10-01", "2026-12-31")
            found.action_bring_up_to_date()
            return found

    def test_unpaid_it_is_declared_once_its_goods_have_left(self):
        """Nothing in September; in October 30 000 × 0.45 % = 135, of September."""
        third = self.declare()
        self.assertFalse(third.line_ids)
        self.assertFalse(self.next_quarter().line_ids)
        self.ship()
        fourth = self.next_quarter()
        self.assertRecordValues(
            self.line_of(fourth, self.deposit),
            [{"kind": "late", "base_amount": 30000.0, "exclusion_reason": False}],
        )
        self.assertEqual(fourth.premium_amount, 135.0)

    def test_paid_before_the_shipment_it_is_no_credit(self):
        """Paid on 5 September, shipped on 10 October: prepaid, without premium."""
        self.pay("2026-09-05")
        self.declare()
        self.ship()
        fourth = self.next_quarter()
        self.assertEqual(self.reason_of(fourth, self.deposit), ("prepaid", 30000.0))
        self.assertEqual(fourth.premium_amount, 0.0)

    def test_taken_back_before_anything_left(self):
        """Its credit note waits with it: neither is ever declared."""
        self.make_refund(self.alfa, 30000.0, "2026-09-20", self.deposit)
        self.assertFalse(self.make_declaration().line_ids)

    def test_a_balance_leaves_it_out_until_then(self):
        self.policy.write(
            {"declaration_basis": "balance", "declaration_period": "month"}
        )
        september = self.make_declaration("2026-09-01")
        self.assertEqual(
            self.reason_of(september, self.deposit), ("not_shipped", 30000.0)
        )
        self.ship("2026-09-25")
        self.env.invalidate_all()
        september.action_bring_up_to_date()
        self.assertEqual(self.reason_of(september, self.deposit), (False, 0.0))

    def test_a_letter_of_credit_pays_for_what_was_shipped(self):
        """The deposit of 1 September takes nothing of its 1 000 before it leaves."""
        self.make_letter_of_credit(self.alfa, 1000.0)
        shipped = self.make_invoice(self.alfa, 1000.0, "2026-09-02")
        third = self.make_declaration()
        self.assertEqual(self.reason_of(third, shipped), ("lc", 1000.0))
        self.assertFalse(self.line_of(third, self.deposit))
