from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestPaymentExperience(CreditInsuranceCommon):
    """How buyers pay, read from the books once a month, is a score of the grid."""

    def setUp(self):
        super().setUp()
        self.Experience = self.env["credit.insurance.payment.experience"]

    def invoice(self, amount, due, buyer=None):
        return self.make_invoice(buyer or self.alfa, amount, "2026-03-01", due)

    def pay(self, invoice, day, amount=None):
        receipt = self.make_receipt(
            invoice.partner_id, amount or invoice.amount_residual, day
        )
        (invoice + receipt).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def behaviour(self, buyer=None, day="2026-10-01"):
        buyer = buyer or self.alfa
        return self.Experience._behaviours(
            self.company, date.fromisoformat(day), buyer
        ).get(buyer.id)

    def test_delays_are_weighted_by_amount(self):
        """9 000 in time, 3 000 paid 40 days late: 3 000 x 40 / 12 000 = 10 days; a
        quarter late. 80 - 10 x 10 / 15 = 73.33."""
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-01")
        self.pay(self.invoice(3000.0, "2026-05-01"), "2026-06-10")
        found = self.behaviour()
        self.assertEqual(
            (found.amount, found.instalments, found.days_late, found.share_late),
            (12000.0, 2, 10.0, 0.25),
        )
        self.assertEqual(found.worst_delay, 40)
        self.assertAlmostEqual(found.score, 73.33, 2)
        self.assertEqual(found.reliability, "low")

    def test_early_payment_counts_where_nothing_was_late(self):
        """20 days early: 80 + 20 x 20 / 30 = 93.33. 60 days early count as 30."""
        self.pay(self.invoice(1000.0, "2026-06-21"), "2026-06-01")
        self.assertEqual(self.behaviour().days_late, -20.0)
        self.assertAlmostEqual(self.behaviour().score, 93.33, 2)
        self.pay(self.invoice(1000.0, "2026-07-31"), "2026-06-01")
        self.assertEqual(self.behaviour().days_late, -25.0)
        # one day late on another 2 000: the early days no longer count
        self.pay(self.invoice(2000.0, "2026-06-01"), "2026-06-02")
        self.assertEqual(self.behaviour().days_late, 0.5)

    def test_parts_paid_count_each_for_itself(self):
        """4 000 in time, 6 000 thirty days late: 18 days."""
        invoice = self.invoice(10000.0, "2026-05-01")
        self.pay(invoice, "2026-05-01", 4000.0)
        self.pay(invoice, "2026-05-31")
        found = self.behaviour()
        self.assertEqual((found.days_late, found.instalments), (18.0, 1))

    def test_what_is_overdue_counts_as_late_as_it_is(self):
        """1 000 due on 1 June, open on 1 October: 122 days. 20 - 2 x 20 / 60 = 19.33,
        less 5 for a delay above 90 days."""
        self.invoice(1000.0, "2026-06-01")
        found = self.behaviour()
        self.assertEqual((found.days_late, found.worst_delay), (122.0, 122))
        self.assertAlmostEqual(found.score, 14.33, 2)

    def test_disputed_amount_is_not_late(self):
        """Of 1 000 open 400 are disputed: 600 are overdue."""
        invoice = self.invoice(1000.0, "2026-06-01")
        invoice.credit_dispute_amount = 400.0
        self.assertEqual(self.behaviour().amount, 600.0)
        invoice.credit_dispute_amount = 1000.0
        self.assertIsNone(self.behaviour())

    def test_what_is_not_due_yet_says_nothing(self):
        self.invoice(1000.0, "2026-10-01")
        self.assertIsNone(self.behaviour())

    def test_credit_notes_are_no_payments(self):
        invoice = self.invoice(1000.0, "2026-05-01")
        refund = self.make_invoice(
            self.alfa, 1000.0, "2026-08-01", move_type="out_refund"
        )
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertIsNone(self.behaviour())

    def test_twelve_months(self):
        """Paid on 1 October 2025, twelve months ago: no more; a day later: still."""
        early = self.make_invoice(self.alfa, 500.0, "2025-07-01", "2025-09-01")
        self.pay(early, "2025-10-01")
        self.assertIsNone(self.behaviour())
        late = self.make_invoice(self.alfa, 700.0, "2025-07-01", "2025-09-01")
        self.pay(late, "2025-10-02")
        self.assertEqual(self.behaviour().amount, 700.0)

    def test_contacts_pay_for_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": self.alfa.id, "type": "invoice"}
        )
        self.pay(self.invoice(1000.0, "2026-05-01", contact), "2026-05-11")
        self.assertEqual(self.behaviour().days_late, 10.0)

    def test_date_moved_by_hand_does_not_help(self):
        invoice = self.invoice(1000.0, "2026-05-01")
        invoice.line_ids.filtered("date_maturity").date_maturity = "2026-09-01"
        self.pay(invoice, "2026-05-31")
        self.assertEqual(self.behaviour().days_late, 30.0)

    # === RECORDING === #

    def record_all(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_record_payment_experience"
            ).method_direct_trigger()
        return self.Experience.search([("company_id", "=", self.company.id)])

    def test_recorded_once_a_month_with_its_rating(self):
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        row = self.record_all()
        # 15 days late: 70
        self.assertEqual((row.partner_id, row.score), (self.alfa, 70.0))
        self.assertEqual(row.date, date(2026, 10, 1))
        self.assertEqual(row.rating_id.score, 70.0)
        self.assertEqual(row.rating_id.company_id, self.company)
        self.assertEqual(
            row.rating_id.source_id, self.env.ref(SOURCE % "measured_payments")
        )
        # Brazil 42.857 x 40 and 70 x 25: 3 464.29 / 65 = 53.30
        self.assertAlmostEqual(self.alfa.credit_grid_score, 53.30, 2)
        self.assertEqual(self.alfa.buyer_credit_score, 70.0)
        self.assertEqual(self.record_all(), row)
        with freeze_time("2026-10-31 12:00:00"):
            self.assertEqual(self.record_all(), row)
        with freeze_time("2026-11-02 12:00:00"):
            self.assertEqual(len(self.record_all()), 2)

    def test_each_company_has_its_own_experience(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        self.record_all()
        alfa = self.alfa.with_company(other)
        self.assertEqual(alfa.buyer_credit_score, 0.0)
        self.assertAlmostEqual(alfa.credit_grid_score, 42.86, 2)
        band = alfa.credit_band_id
        found = alfa.search([("id", "=", alfa.id), ("credit_band_id", "=", band.id)])
        self.assertEqual(found, alfa)

    def test_own_judgment_counts_beside(self):
        """A person's own judgment has a source of its own: (10 + 70) / 2 = 40."""
        self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": self.alfa.id,
                "source_id": self.env.ref(SOURCE % "own_experience").id,
                "value": 10.0,
                "date": "2026-10-01",
            }
        )
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        self.assertEqual(self.record_all().score, 70.0)
        self.assertEqual(self.alfa.buyer_credit_score, 40.0)

    def test_nobody_records_what_is_measured(self):
        controller = self.make_controller()
        with self.assertRaises(AccessError):
            self.env["credit.insurance.buyer.rating"].with_user(controller).create(
                {
                    "partner_id": self.alfa.id,
                    "source_id": self.env.ref(SOURCE % "measured_payments").id,
                    "value": 100.0,
                    "date": "2026-10-01",
                }
            )

    def test_write_off_is_no_payment(self):
        """9 000 written off to a loss account: nothing is known of the buyer."""
        invoice = self.invoice(9000.0, "2026-05-01")
        receivable = invoice.line_ids.filtered("date_maturity")
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-05-11",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.alfa.id,
                            "credit": 9000.0,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 9000.0,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        (receivable + entry.line_ids[0]).reconcile()
        self.assertTrue(receivable.reconciled)
        self.assertIsNone(self.behaviour())

    def test_residue_is_no_debt(self):
        """9 995 of 10 000 paid in time: the 5 left are bank fees. 101 are not."""
        self.pay(self.invoice(10000.0, "2026-05-01"), "2026-05-01", 9995.0)
        self.assertEqual(
            (self.behaviour().score, self.behaviour().worst_delay), (80.0, 0)
        )
        self.pay(self.invoice(10000.0, "2026-05-01"), "2026-05-01", 9899.0)
        self.assertEqual(self.behaviour().worst_delay, 153)

    def test_reliability_is_told(self):
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        self.record_all()
        self.assertIn("70 (reliability: low)", self.alfa.credit_score_detail)

    def test_controller_measures_now(self):
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        controller = self.make_controller()
        action = self.alfa.with_user(controller).action_record_payment_experience()
        rows = self.Experience.with_user(controller).search(action["domain"])
        self.assertEqual(rows.mapped("score"), [70.0])
        self.alfa.with_user(controller).action_record_payment_experience()
        self.assertEqual(len(rows.search(action["domain"])), 1)
        with self.assertRaises(AccessError):
            rows.write({"score": 100.0})

    def make_controller(self):
        return new_test_user(
            self.env,
            "experience_controller",
            groups="export_credit_insurance.group_credit_controller",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_persons_are_not_measured(self):
        """How natural persons pay is personal data."""
        person = self.make_buyer("ANA", is_company=False)
        self.pay(self.invoice(9000.0, "2026-05-01", person), "2026-05-16")
        self.assertFalse(self.record_all())
        self.alfa.credit_party_kind = "private"
        self.pay(self.invoice(9000.0, "2026-05-01"), "2026-05-16")
        self.assertFalse(self.record_all())

    def test_user_measures_nothing(self):
        user = new_test_user(
            self.env,
            "experience_user",
            groups="export_credit_insurance.group_credit_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.alfa.with_user(user).action_record_payment_experience()

    def test_as_many_queries_for_many_buyers(self):
        buyers = self.env["res.partner"]
        for number in range(50):
            buyers += self.make_buyer(f"B{number}")
        for buyer in buyers:
            self.invoice(1000.0, "2026-06-01", buyer)
        self.env.flush_all()
        day = date(2026, 10, 1)
        self.count_queries(buyers, day)
        one = self.count_queries(buyers[:1], day)
        self.assertEqual(self.count_queries(buyers, day), one)

    def count_queries(self, buyers, day):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        found = self.Experience._behaviours(self.company, day, buyers)
        self.assertEqual(len(found), len(buyers))
        return self.cr.sql_log_count - before
