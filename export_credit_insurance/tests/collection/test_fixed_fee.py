from datetime import date

from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFixedFee(FollowupCommon):
    """British tiers: 40 below 1 000, 70 below 10 000, else 100, once per invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.make_step(30, show_fees=True)
        cls.later = cls.make_step(90)
        cls.day = date(2025, 9, 29)
        cls.pound = cls.env.ref("base.GBP")
        cls.pound.active = True
        cls.alfa.credit_governing_law_id = cls.env.ref("base.uk")
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 10}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 20}),
                ],
            }
        )

    def owe(self, amount, **values):
        return self.make_invoice(
            self.alfa,
            amount,
            day="2025-07-01",
            due=values.pop("due", "2025-07-31"),
            currency_id=self.pound.id,
            **values,
        )

    def in_halves(self, amount):
        return self.owe(amount, due=False, invoice_payment_term_id=self.term.id)

    def fees(self, reminders):
        lines = reminders.line_ids.filtered(lambda line: line.state == "pending")
        return lines.sorted("due_date").mapped("fee_amount")

    def test_tiers(self):
        for amount, fee in (
            (999.99, 40.0),
            (1000.0, 70.0),
            (9999.99, 70.0),
            (10000.0, 100.0),
        ):
            with self.subTest(amount):
                invoice = self.owe(amount)
                reminder = self.prepare(day=self.day).reminder_ids
                self.assertEqual(self.fees(reminder), [fee])
                reminder.sudo().run_id.action_draft()
                invoice.button_draft()
                invoice.button_cancel()

    def test_the_whole_invoice_decides(self):
        """Two halves of 600: one debt of 1 200, one fee of 70."""
        self.in_halves(1200.0)
        reminder = self.prepare(day=self.day).reminder_ids
        self.assertEqual(self.fees(reminder), [70.0, 0.0])

    def test_what_is_open_decides(self):
        """400 of 1 200 were received: 800 are open, 40."""
        invoice = self.owe(1200.0)
        self.pay(invoice, 400.0)
        reminder = self.prepare(day=self.day).reminder_ids
        self.assertEqual(self.fees(reminder), [40.0])

    def test_what_is_disputed_does_not(self):
        """300 of 1 200 are contested: 900, 40."""
        self.owe(1200.0).credit_dispute_amount = 300.0
        reminder = self.prepare(day=self.day).reminder_ids
        self.assertEqual(self.fees(reminder), [40.0])

    def test_moved_to_a_step_without_and_back(self):
        self.in_halves(1200.0)
        reminder = self.prepare(day=self.day).reminder_ids
        own = reminder.with_user(self.accountant)
        own.step_id = self.later
        self.assertEqual(self.fees(reminder), [0.0, 0.0])
        own.step_id = self.step
        self.assertEqual(self.fees(reminder), [70.0, 0.0])
        self.assertEqual(reminder.fee_amount, 70.0)

    def test_excluded_and_back(self):
        """The other half carries the fee of its invoice meanwhile: never two."""
        self.in_halves(1200.0)
        reminder = self.prepare(day=self.day).reminder_ids
        first = reminder.line_ids.sorted("due_date")[0].with_user(self.accountant)
        first.action_exclude()
        self.assertEqual(self.fees(reminder), [70.0])
        self.assertEqual(reminder.fee_amount, 70.0)
        first.action_include()
        self.assertEqual(self.fees(reminder), [70.0, 0.0])
        self.assertEqual(reminder.fee_amount, 70.0)
