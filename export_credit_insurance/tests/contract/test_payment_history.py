from datetime import date

from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestPaymentHistory(CreditInsuranceCommon):
    """How a buyer paid, read from invoices and their reconciliations."""

    def pay(self, invoice, day, amount=None):
        receipt = self.make_receipt(
            invoice.partner_id, amount or invoice.amount_residual, day
        )
        lines = (invoice + receipt).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def history(self, partner=None, day="2026-10-01", months=12):
        partner = partner or self.alfa
        return self.env["credit.insurance.payment.history"]._get_payment_history(
            partner, self.company, date.fromisoformat(day), months
        )[partner]

    def test_highest_month_end_balance_paid_within_terms(self):
        """31 March 4 000; 30 April 4 000 + 2 000 = 6 000; 31 May 2 000. The 9 000
        paid late are in no balance."""
        first = self.make_invoice(self.alfa, 4000.0, "2026-03-10", "2026-05-09")
        second = self.make_invoice(self.alfa, 2000.0, "2026-04-15", "2026-06-14")
        late = self.make_invoice(self.alfa, 9000.0, "2026-04-20", "2026-07-15")
        self.pay(first, "2026-05-09")
        self.pay(second, "2026-06-10")
        self.pay(late, "2026-08-01")
        history = self.history()
        self.assertEqual(history.highest_balance, 6000.0)
        self.assertEqual(history.paid_on_time, 2)
        self.assertEqual(history.paid_late, 1)
        self.assertEqual(history.worst_delay, 17)
        self.assertEqual(history.overdue_days, 0)

    def test_paid_within_the_month_leaves_no_balance(self):
        invoice = self.make_invoice(self.alfa, 5000.0, "2026-03-02", "2026-03-31")
        self.pay(invoice, "2026-03-31")
        history = self.history()
        self.assertEqual((history.highest_balance, history.paid_on_time), (0.0, 1))

    def test_partial_payments_lower_the_balance(self):
        """31 March 5 000, 30 April 3 000: paid in two parts, both in time."""
        invoice = self.make_invoice(self.alfa, 5000.0, "2026-03-10", "2026-05-20")
        self.pay(invoice, "2026-04-10", 2000.0)
        self.pay(invoice, "2026-05-15")
        self.assertEqual(self.history().highest_balance, 5000.0)
        late = self.history(months=6, day="2026-10-10")
        self.assertEqual(late.highest_balance, 3000.0)

    def test_open_invoices_are_in_no_balance(self):
        self.make_invoice(self.alfa, 5000.0, "2026-03-10", "2026-05-20")
        history = self.history()
        self.assertEqual(history.highest_balance, 0.0)
        self.assertEqual(history.overdue_days, 134)
        self.assertEqual(history.worst_delay, 134)

    def test_credit_notes_pay_nothing(self):
        invoice = self.make_invoice(self.alfa, 5000.0, "2026-03-10", "2026-05-20")
        refund = self.make_invoice(
            self.alfa, 2000.0, "2026-04-02", move_type="out_refund"
        )
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.pay(invoice, "2026-05-10")
        self.assertEqual(self.history().highest_balance, 3000.0)

    def test_due_date_moved_by_hand_is_not_the_one_that_counts(self):
        invoice = self.make_invoice(self.alfa, 5000.0, "2026-03-10", "2026-05-20")
        line = invoice.line_ids.filtered("date_maturity")
        line.date_maturity = "2026-08-31"
        self.pay(invoice, "2026-08-15")
        history = self.history()
        self.assertEqual((history.paid_on_time, history.paid_late), (0, 1))

    def test_invoices_of_contacts_count(self):
        contact = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": self.alfa.id, "type": "invoice"}
        )
        invoice = self.make_invoice(contact, 5000.0, "2026-03-10", "2026-05-20")
        self.pay(invoice, "2026-05-20")
        self.assertEqual(self.history().highest_balance, 5000.0)

    def test_queries_do_not_depend_on_the_buyers(self):
        buyers = self.env["res.partner"]
        for index in range(50):
            buyers |= self.make_buyer(f"Buyer {index}")
        counts = []
        for number in (1, 50):
            for _warm_up in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.env["credit.insurance.payment.history"]._get_payment_history(
                    buyers[:number], self.company, self.today, 12
                )
                count = self.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)
