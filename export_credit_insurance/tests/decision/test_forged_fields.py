from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestForgedFields(DecisionCommon):
    """What the gate rests on cannot be written by those it checks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def assert_still_refused(self, order):
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_totals_of_an_order(self):
        order = self.make_quotation(45000.0)
        order.write({"amount_total": 1.0, "currency_rate": 1e9})
        self.assertEqual(order.amount_total, 45000.0)
        self.assert_still_refused(order)

    def test_totals_and_quantities_of_a_line(self):
        order = self.make_quotation(45000.0)
        order.order_line.write(
            {"price_total": 0.0, "price_subtotal": 0.0, "qty_invoiced": 45000.0}
        )
        self.assertEqual(order.order_line.price_total, 45000.0)
        self.assert_still_refused(order)

    def test_a_line_is_no_deposit_by_its_flag(self):
        order = self.make_quotation(45000.0)
        order.order_line.is_downpayment = True
        self.assert_still_refused(order)

    def test_remainder_closed_by_a_default(self):
        with self.assertRaises(AccessError):
            self.make_order(
                self.alfa,
                45000.0,
                confirm=False,
            ).with_user(self.user).with_context(
                default_credit_remainder_closed=True
            ).copy()

    def test_closed_remainder_ends_with_growth(self):
        order = self.make_order(self.alfa, 20000.0)
        order.with_user(self.controller).action_close_credit_remainder()
        with self.assertRaises(RedirectWarning):
            self.add_line(order, 20000.0)

    def test_limit_granted_by_a_default(self):
        limits = self.env["credit.insurance.limit"].with_user(self.user)
        with self.assertRaises(AccessError):
            limits.with_context(
                default_state="approved",
                default_amount=1e7,
                default_date_from="2026-01-01",
            ).create({"policy_id": self.policy.id, "partner_id": self.alfa.id})

    def test_private_payee_does_not_free_the_order(self):
        payee = self.make_buyer("A friend", "fr", is_company=False)
        order = self.make_quotation(45000.0, partner_invoice_id=payee.id)
        self.assertIn("wrong_entity", self.find(order))

    def test_original_due_date(self):
        invoice = self.make_invoice(self.alfa, 100.0)
        with self.assertRaises(AccessError):
            invoice.with_user(self.env.user).insured_due_date = "2027-01-01"
