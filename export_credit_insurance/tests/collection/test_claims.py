from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestClaims(FollowupCommon):
    """Interest and fixed fees in reminders, by the law of the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.make_step(30, show_interest=True, show_fees=True)
        # DOMAIN 3.3: 20 000 due 31 July 2025, looked at 60 days later
        cls.day = date(2025, 9, 29)
        cls.invoice = cls.make_invoice(
            cls.alfa, 20000.0, day="2025-07-01", due="2025-07-31"
        )

    def claimed(self, **values):
        reminder = self.prepare(day=self.day, **values).reminder_ids
        return reminder.interest_amount, reminder.fee_amount

    def test_sellers_law(self):
        """A French seller: 399.45 of interest and 40.00."""
        self.assertEqual(self.claimed(), (399.45, 40.0))

    def test_law_of_the_buyers_contract(self):
        """German law, for which the directive's minimum is recorded: 333.70."""
        self.alfa.credit_governing_law_id = self.env.ref("base.de")
        self.assertEqual(self.claimed(), (333.70, 40.0))

    def bill_order(self, law):
        """An order that names a law, and whose line the invoice bills."""
        order = self.make_order(
            self.alfa,
            20000.0,
            confirm=False,
            credit_governing_law_id=self.env.ref(f"base.{law}").id,
        )
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.sale_line_ids += order.order_line
        self.invoice.action_post()

    def test_law_of_the_order(self):
        """It goes before the buyer's: German law, 333.70 instead of 399.45."""
        self.alfa.credit_governing_law_id = self.env.ref("base.sa")
        self.bill_order("de")
        self.assertEqual(self.claimed(), (333.70, 40.0))

    def test_orders_of_two_laws(self):
        """One invoice of two orders that name two laws: the buyer's decides."""
        self.bill_order("de")
        self.bill_order("sa")
        self.assertEqual(self.claimed(), (399.45, 40.0))

    def test_off_elsewhere(self):
        self.alfa.credit_governing_law_id = self.env.ref("base.sa")
        self.assertEqual(self.claimed(), (0.0, 0.0))

    def test_private_persons(self):
        self.alfa.credit_party_kind = "private"
        self.assertEqual(self.claimed(), (0.0, 0.0))

    def test_after_insolvency(self):
        """Nothing is claimed, since nothing is chased."""
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2025-09-01"}
        )
        self.assertFalse(self.prepare(day=self.day).reminder_ids)

    def test_no_mention(self):
        """Where interest offends, the step says so."""
        self.step.show_interest = False
        self.assertEqual(self.claimed(), (0.0, 40.0))

    def test_disputed_part_bears_none(self):
        """10 000 undisputed: half of 399.45 is 199.73 (199.726)."""
        self.invoice.credit_dispute_amount = 10000.0
        self.assertEqual(self.claimed(), (199.73, 40.0))

    def test_fee_once_per_invoice(self):
        """Two instalments late, then both again at the next step: 40 each time, not 80;
        the fee stays with the first instalment."""
        self.invoice.button_draft()
        self.invoice.button_cancel()
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 10}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 20}),
                ],
            }
        )
        self.make_invoice(
            self.alfa,
            1000.0,
            day="2025-06-01",
            due=False,
            invoice_payment_term_id=term.id,
        )
        run = self.prepare(day=self.day)
        self.assertEqual(run.reminder_ids.line_ids.mapped("fee_amount"), [40.0, 0.0])
        run.reminder_ids.sudo().line_ids.write({"state": "taken", "date": self.day})
        run.reminder_ids.sudo().state = "sent"
        self.make_step(40, show_interest=True, show_fees=True)
        again = self.prepare(day=self.day)
        self.assertEqual(again.reminder_ids.line_ids.mapped("fee_amount"), [40.0, 0.0])

    def test_total_claimed_in_the_text(self):
        """20 000.00 + 399.45 + 40.00 = 20 439.45."""
        self.step.subject = "{{ total_claimed }}"
        reminder = self.prepare(day=self.day).reminder_ids
        self.assertIn("20,439.45", reminder.preview_subject)
        self.assertIn("399.45", reminder.preview_body)

    def test_paid_in_part_before_it_leaves(self):
        """8 000 of 20 000 came after 40 days, matched when the reminder was queued.

        12 000 × 12.15 % × 60 / 365 = 239.67; 8 000 × 12.15 % × 40 / 365 = 106.52;
        together 346.19, as preparing anew would say, and not 399.45. 12 000 + 346.19
        + 40 = 12 386.19.
        """
        self.step.subject = "{{ total_claimed }}"
        with freeze_time(self.day):
            run = self.prepare(day=self.day)
            self.assertEqual(run.reminder_ids.interest_amount, 399.45)
            run.action_send()
            self.match(self.make_receipt(self.alfa, 8000.0, day="2025-09-09"))
            self.send_queued()
        reminder = run.reminder_ids
        self.assertRecordValues(
            reminder,
            [
                {
                    "state": "sent",
                    "amount_due": 12000.0,
                    "interest_amount": 346.19,
                    "fee_amount": 40.0,
                }
            ],
        )
        self.assertEqual(reminder.line_ids.interest_amount, 346.19)
        self.assertIn("12,386.19", reminder.sudo().mail_id.subject)

    def test_paid_late_by_credit_card(self):
        """A receipt as any other: 8 000 of 20 000 after 40 days, 239.67 + 106.52."""
        card = self.company_data["default_journal_credit"]
        self.match(self.make_receipt(self.alfa, 8000.0, day="2025-09-09", journal=card))
        self.assertEqual(self.claimed(), (346.19, 40.0))

    def test_disputed_before_it_leaves(self):
        """Half of it is disputed when it is queued: half of 399.45, 199.73."""
        with freeze_time(self.day):
            run = self.prepare(day=self.day)
            run.action_send()
            self.invoice.credit_dispute_amount = 10000.0
            self.send_queued()
        reminder = run.reminder_ids
        self.assertEqual(
            (reminder.amount_due, reminder.interest_amount), (10000.0, 199.73)
        )

    def test_claims_of_a_batch(self):
        """Interest worked out anew: as many queries for 10 buyers as for one."""
        counts = [self.count_refresh(number) for number in (1, 10)]
        self.assertEqual(*counts)

    def count_refresh(self, number):
        for index in range(number):
            buyer = self.make_buyer(f"B{number}-{index}")
            self.make_invoice(buyer, 100.0, day="2025-07-01", due="2025-07-31")
        reminders = self.prepare(day=self.day).reminder_ids.sudo()
        reminders.line_ids.amount = 50.0
        reminders = reminders.browse(reminders.ids)  # as the job finds them
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        reminders._refresh_claims()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def match(self, receipt):
        lines = receipt.line_ids + self.invoice.line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
