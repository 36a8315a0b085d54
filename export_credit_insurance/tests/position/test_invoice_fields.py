from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestInvoiceFields(PositionCommon):
    """What an invoice says of its cover and of its deadlines (DOMAIN 1.8, 1.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-01 08:00:00"))
        cls.policy.write(
            {
                "notification_base": "mep_end",
                "notification_days": 30,
                "collection_base": "mep_end",
                "collection_days": 30,
            }
        )
        cls.make_limit(cls.alfa, 1000.0)

    def test_deadlines(self):
        """Due 16 March: extension ends 15 May, stop 16 May, notice by 14 June."""
        invoice = self.make_invoice(
            self.alfa, 100.0, day="2026-01-15", due="2026-03-16"
        )
        self.assertEqual(invoice.insured_due_date, date(2026, 3, 16))
        self.assertEqual(invoice.cover_stop_date, date(2026, 5, 16))
        self.assertEqual(invoice.overdue_notice_deadline, date(2026, 6, 14))
        self.assertEqual(invoice.collection_deadline, date(2026, 6, 14))
        invoice.line_ids.filtered("date_maturity").date_maturity = "2026-12-31"
        self.env.invalidate_all()
        self.assertEqual(invoice.overdue_notice_deadline, date(2026, 6, 14))
        for base, expected in (
            # 16 March + 30, 15 January + 30, 15 January + 180 + 30
            ("due_date", date(2026, 4, 15)),
            ("invoice_date", date(2026, 2, 14)),
            ("max_terms_end", date(2026, 8, 13)),
        ):
            self.policy.notification_base = base
            self.env.invalidate_all()
            self.assertEqual(invoice.overdue_notice_deadline, expected)

    def test_earliest_open_instalment_counts(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/60",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50.0, "nb_days": days}
                    )
                    for days in (30, 60)
                ],
            }
        )
        invoice = self.make_invoice(
            self.alfa,
            100.0,
            day="2026-08-01",
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        # 31 August + 60 days = 30 October
        self.assertEqual(invoice.cover_stop_date, date(2026, 10, 31))
        self._register_payment(invoice, amount=50.0)
        self.env.invalidate_all()
        # 30 September + 60 days = 29 November
        self.assertEqual(invoice.cover_stop_date, date(2026, 11, 30))

    def test_insurability(self):
        whole = self.make_invoice(self.alfa, 600.0, day="2026-09-01")
        partly = self.make_invoice(self.alfa, 600.0, day="2026-09-02")
        none = self.make_invoice(self.alfa, 600.0, day="2026-09-03")
        self.assertRecordValues(
            whole + partly + none,
            [
                {
                    "insurability": "insurable",
                    "insurability_reason": False,
                    "insured_amount": 540.0,
                    "uninsured_amount": 60.0,
                    "insurance_policy_id": self.policy.id,
                },
                # 1 000 − 600 = 400 × 90 %
                {
                    "insurability": "partly",
                    "insurability_reason": "over_limit",
                    "insured_amount": 360.0,
                    "uninsured_amount": 240.0,
                    "insurance_policy_id": self.policy.id,
                },
                {
                    "insurability": "not_insurable",
                    "insurability_reason": "over_limit",
                    "insured_amount": 0.0,
                    "uninsured_amount": 600.0,
                    "insurance_policy_id": self.policy.id,
                },
            ],
        )

    def test_reasons(self):
        beta = self.make_buyer("BETA")
        self.assertEqual(self.make_invoice(beta, 1.0).insurability_reason, "no_limit")
        disputed = self.make_invoice(self.alfa, 100.0)
        disputed.credit_dispute_amount = 30.0
        self.assertEqual(disputed.insurability_reason, "dispute")
        self.assertEqual(disputed.insurability, "partly")
        taxed = self.make_invoice(self.alfa, 100.0, taxes=self.make_tax())
        self.assertEqual(taxed.insurability_reason, "vat")
        public = self.make_buyer("State", credit_party_kind="public")
        self.assertEqual(self.make_invoice(public, 1.0).insurability_reason, "public")

    def test_paid_drafts_and_bills_say_nothing(self):
        paid = self.make_invoice(self.alfa, 100.0)
        self._register_payment(paid)
        draft = self.make_invoice(self.alfa, 100.0, post=False)
        bill = self.init_invoice("in_invoice", amounts=[100.0], post=True)
        for move in paid + draft + bill + self.env["account.move"].new({}):
            self.assertFalse(move.insurability)
            self.assertEqual(move.insured_amount, 0.0)

    def test_sort_and_filter(self):
        moves = (
            self.make_invoice(self.alfa, 600.0, day="2026-09-01")
            + self.make_invoice(self.alfa, 600.0, day="2026-09-02")
            + self.make_invoice(self.alfa, 600.0, day="2026-09-03")
        )
        Move = self.env["account.move"]
        own = [("id", "in", moves.ids)]
        self.assertEqual(Move.search(own, order="insured_amount desc, id"), moves)
        self.assertEqual(
            Move.search(own, order="uninsured_amount desc, id"), moves[::-1]
        )
        self.assertEqual(Move.search([*own, ("insured_amount", "=", 0)]), moves[2])
        self.assertEqual(
            Move.search([*own, ("uninsured_amount", ">", 100)]), moves[2] + moves[1]
        )
        self.assertEqual(
            Move.search([*own, ("insured_shipment_date", "=", "2026-09-02")]), moves[1]
        )

    def test_invoice_of_another_company(self):
        other = self.setup_other_company()["company"]
        other.write(
            {"currency_id": self.euro.id, "country_id": self.env.ref("base.fr").id}
        )
        self.env.user.company_ids |= other
        self.policy.company_ids |= other
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.alfa.id,
                    "company_id": other.id,
                    "invoice_date": "2026-09-01",
                    "invoice_date_due": "2026-12-01",
                    "currency_id": self.euro.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": 100.0, "tax_ids": []}
                        )
                    ],
                }
            )
        )
        move.action_post()
        here = move.with_company(self.company)
        self.assertEqual(here.insured_amount, 90.0)
        both = self.env["account.move"].with_context(
            allowed_company_ids=(self.company + other).ids
        )
        self.assertEqual(
            both.search([("insured_amount", "=", 90.0), ("id", "=", move.id)]), move
        )

    def test_queries_do_not_depend_on_the_number_of_invoices(self):
        moves = self.env["account.move"]
        for number in range(12):
            moves += self.make_invoice(self.make_buyer(f"B{number}"), 10.0)
        counts = []
        for some in (moves[:1], moves):
            some.mapped("insured_amount")
            self.env.invalidate_all()
            some.mapped("name")
            self.env["res.currency"].search([]).mapped("rounding")
            before = self.cr.sql_log_count
            for name in ("insured_amount", "insurability", "overdue_notice_deadline"):
                some.mapped(name)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
