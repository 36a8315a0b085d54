from datetime import date

from odoo.tests import Form, new_test_user, tagged

from ...hooks import pre_init_hook
from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestOriginalDueDate(CreditInsuranceCommon):
    """The due date at first posting: the insurer's clock starts there (DOMAIN 1.8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-09-01", due="2026-10-01"
        )

    def test_kept_at_first_posting(self):
        draft = self.make_invoice(self.alfa, 10.0, post=False)
        self.assertFalse(draft.insured_due_date)
        self.assertEqual(self.invoice.insured_due_date, date(2026, 10, 1))

    def test_reposting_keeps_it(self):
        self.invoice.button_draft()
        self.assertEqual(self.invoice.insured_due_date, date(2026, 10, 1))
        self.invoice.invoice_date_due = "2026-12-31"
        self.invoice.action_post()
        self.assertEqual(self.invoice.insured_due_date, date(2026, 10, 1))

    def test_copy_starts_anew(self):
        copy = self.invoice.copy({"invoice_date": "2026-09-20"})
        self.assertFalse(copy.insured_due_date)
        copy.invoice_date_due = "2026-11-15"
        copy.action_post()
        self.assertEqual(copy.insured_due_date, date(2026, 11, 15))

    def test_only_customer_documents(self):
        bill = self.init_invoice("in_invoice", amounts=[100.0], post=True)
        self.assertFalse(bill.insured_due_date)

    def test_instalment_moved_by_hand(self):
        line = self.invoice.line_ids.filtered("date_maturity")
        line.date_maturity = "2026-11-30"
        self.assertEqual(line.credit_original_due_date, date(2026, 10, 1))
        line.date_maturity = "2026-12-31"
        self.assertEqual(line.credit_original_due_date, date(2026, 10, 1))

    def test_accountant_without_credit_group_may_move_it(self):
        user = new_test_user(
            self.env,
            "plain_accountant",
            groups="account.group_account_manager",
            company_ids=[(6, 0, self.company.ids)],
            company_id=self.company.id,
        )
        line = self.invoice.line_ids.filtered("date_maturity")
        line.with_user(user).date_maturity = "2026-11-30"
        self.assertEqual(line.credit_original_due_date, date(2026, 10, 1))
        draft = self.make_invoice(self.alfa, 10.0, post=False)
        draft.with_user(user).action_post()
        self.assertEqual(draft.insured_due_date, draft.invoice_date_due)

    def test_replacing_invoice_inherits_it(self):
        """A credit note with a new invoice never moves the clock."""
        user = new_test_user(
            self.env,
            "replacing_accountant",
            groups="account.group_account_manager",
            company_ids=[(6, 0, self.company.ids)],
            company_id=self.company.id,
        )
        second = self.make_invoice(self.alfa, 500.0, day="2026-09-05", due="2026-10-20")
        both = self.invoice + second
        wizard = (
            self.env["account.move.reversal"]
            .with_user(user)
            .with_context(active_ids=both.ids, active_model="account.move")
            .create({"journal_id": self.invoice.journal_id.id, "date": "2026-09-20"})
        )
        wizard.modify_moves()
        new = wizard.new_move_ids.sudo().sorted("id")
        self.assertEqual(new.mapped("amount_total"), [1000.0, 500.0])
        new.write({"invoice_date": "2026-09-20", "invoice_date_due": "2027-01-20"})
        new.action_post()
        self.assertEqual(
            new.mapped("insured_due_date"), [date(2026, 10, 1), date(2026, 10, 20)]
        )

    def test_refund_takes_its_own(self):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_ids=self.invoice.ids, active_model="account.move")
            .create({"journal_id": self.invoice.journal_id.id, "date": "2026-09-20"})
        )
        wizard.refund_moves()
        self.assertFalse(wizard.new_move_ids.insured_due_date)

    def test_install_fills_open_invoices(self):
        paid = self.make_invoice(self.alfa, 50.0, day="2026-09-01", due="2026-10-01")
        self._register_payment(paid)
        draft = self.make_invoice(self.alfa, 50.0, post=False)
        moves = self.invoice + paid + draft
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET insured_due_date = NULL WHERE id = ANY(%s)",
            [moves.ids],
        )
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(
            moves.mapped("insured_due_date"), [date(2026, 10, 1), False, False]
        )
        # twice is once
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.invoice.insured_due_date, date(2026, 10, 1))

    def test_posting_costs_no_query_more_per_invoice(self):
        counts = []
        for number in (1, 4):
            drafts = self.env["account.move"]
            for _index in range(number):
                drafts += self.make_invoice(self.alfa, 10.0, post=False)
            drafts.action_post()
            self.env.flush_all()
            with self.assertQueryCount(0):
                drafts._compute_insured_due_date()
            counts.append(drafts.mapped("insured_due_date"))
        self.assertTrue(all(map(all, counts)))

    def test_form_of_an_invoice(self):
        with Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        ) as form:
            form.partner_id = self.alfa
            with form.invoice_line_ids.new() as line:
                line.product_id = self.product
        self.assertFalse(form.record.insured_due_date)
