from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReviewUndone(ReviewCommon):
    """Money that made room and is gone again: what it let go is looked at.

    ALFA owes 40 000 of 50 000. 40 000 come in, so that an order of 45 000 fits; they
    are taken back: 40 000 + 45 000 - 50 000 = 35 000 are lacking.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.alfa, 40000.0)

    def confirm_on(self, move):
        order = self.order(45000.0, confirm=False)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        move.button_draft()
        self.run_reviews()
        return order

    def assertHeld(self, order):
        self.assertRecordValues(
            self.holds_of(order),
            [{"state": "open", "kind": "review", "missing_amount": 35000.0}],
        )
        line = self.lines_of(order)
        self.assertEqual(
            (line.cause, line.review_id.partner_ids), ("undone", self.alfa)
        )
        self.assertIn(self.controller, line.review_id.activity_ids.user_id)

    def test_receipt_undone(self):
        receipt = self.make_receipt(self.alfa, 40000.0)
        order = self.confirm_on(receipt)
        self.assertHeld(order)
        receipt.action_post()
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_refresh_credit_holds"
            ).method_direct_trigger()
        self.assertEqual(self.holds_of(order).state, "obsolete")

    def confirmed(self):
        order = self.order(45000.0, confirm=False)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def test_receipt_reversed(self):
        """Reverse Entry: the receipt stays posted, a debit takes it back."""
        receipt = self.make_receipt(self.alfa, 40000.0)
        order = self.confirmed()
        receipt._reverse_moves([{"date": "2026-10-01"}], cancel=True)
        self.assertEqual(receipt.state, "posted")
        self.run_reviews()
        self.assertHeld(order)

    def test_receipt_paid_back(self):
        """The receipt stays, and as much goes out again."""
        self.make_receipt(self.alfa, 40000.0)
        order = self.confirmed()
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.alfa.id,
                "amount": 40000.0,
            }
        )
        back.action_post()
        self.run_reviews()
        self.assertHeld(order)

    def test_receipt_that_bounces(self):
        """The bank says so on a statement, in suspense until somebody books it."""
        self.make_receipt(self.alfa, 40000.0)
        order = self.confirmed()
        journal = self.company_data["default_journal_bank"]
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": "2026-10-01",
                "payment_ref": "ALFA returned",
                "partner_id": self.alfa.id,
                "amount": -40000.0,
            }
        )
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
        suspense = line.move_id.line_ids.filtered(
            lambda each: each.account_id == journal.suspense_account_id
        )
        suspense.with_context(skip_readonly_check=True).account_id = self.company_data[
            "default_account_receivable"
        ]
        self.run_reviews()
        self.assertHeld(order)

    def test_credit_note_is_no_such_thing(self):
        self.make_note()
        self.assertFalse(
            self.env["credit.insurance.review"].search([("cause", "=", "undone")])
        )

    def test_reconciliation_undone(self):
        """The bank's entry stays posted, on the suspense account again."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": "2026-10-01",
                "payment_ref": "ALFA",
                "partner_id": self.alfa.id,
                "amount": 40000.0,
            }
        )
        suspense = line.move_id.line_ids.filtered(
            lambda each: each.account_id == journal.suspense_account_id
        )
        debt = self.invoice.line_ids.filtered(
            lambda each: each.account_type == "asset_receivable"
        )
        suspense.with_context(skip_readonly_check=True).account_id = debt.account_id
        (suspense + debt).reconcile()
        order = self.confirmed()
        line.action_undo_reconciliation()
        self.assertEqual(line.move_id.state, "posted")
        self.run_reviews()
        self.assertHeld(order)

    def make_note(self):
        """A credit note that is matched with the invoice at once."""
        note = self.invoice._reverse_moves([{"invoice_date": "2026-10-01"}])
        note.action_post()
        self.assertEqual(self.invoice.amount_residual, 0.0)
        return note

    def test_matched_and_reset(self):
        """Odoo would keep the match, and call the invoice paid by a draft."""
        note = self.make_note()
        order = self.confirm_on(note)
        self.assertEqual(note.state, "draft")
        self.assertEqual(self.invoice.amount_residual, 40000.0)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertHeld(order)

    def test_matched_and_cancelled(self):
        note = self.make_note()
        order = self.confirmed()
        note.button_cancel()
        self.run_reviews()
        self.assertHeld(order)

    def test_matched_and_deleted(self):
        note = self.make_note()
        order = self.confirm_on(note)
        note.unlink()
        self.run_reviews()
        self.assertHeld(order)
        self.assertEqual(self.invoice.amount_residual, 40000.0)

    def test_matched_since_before_anything_was_checked(self):
        """Reset then, it is matched still, and deleted now."""
        note = self.make_note()
        self.policy._write_state({"state": "closed"})
        note.button_draft()
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.policy._write_state({"state": "active"})
        order = self.confirmed()
        note.unlink()
        self.run_reviews()
        self.assertHeld(order)

    def pay_invoice(self):
        """40 000 by a payment that has an entry of its own."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"payment_date": "2026-10-01"})
        )
        wizard.payment_method_line_id.payment_account_id = self.outstanding_account
        payment = wizard._create_payments()
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(self.invoice.amount_residual, 0.0)
        return payment

    @property
    def outstanding_account(self):
        return self.env["account.account"].create(
            {
                "name": "Outstanding",
                "code": "101499",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    def clerk(self):
        return new_test_user(
            self.env,
            "credit-clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_payment_reset(self):
        payment = self.pay_invoice()
        order = self.confirmed()
        payment.with_user(self.clerk()).action_draft()
        self.run_reviews()
        self.assertEqual(self.invoice.amount_residual, 40000.0)
        self.assertHeld(order)

    def test_payment_rejected(self):
        """The bank sends it back: the entry is cancelled, not left as if money came."""
        payment = self.pay_invoice()
        order = self.confirmed()
        payment.with_user(self.clerk()).action_reject()
        self.run_reviews()
        self.assertEqual((payment.state, payment.move_id.state), ("rejected", "cancel"))
        self.assertEqual(self.invoice.amount_residual, 40000.0)
        self.assertHeld(order)

    def test_payment_rejected_after_the_period_was_closed(self):
        """What nobody may reset any more is reversed."""
        payment = self.pay_invoice()
        order = self.confirmed()
        with freeze_time("2026-11-02 12:00:00"):
            self.company.sudo().hard_lock_date = "2026-10-31"
            payment.with_user(self.clerk()).action_reject()
            self.run_reviews()
        self.assertEqual((payment.state, payment.move_id.state), ("rejected", "posted"))
        self.assertEqual(self.invoice.amount_residual, 40000.0)
        self.assertEqual(self.holds_of(order).kind, "review")

    def test_payment_of_a_vendor_rejected(self):
        """Not of a customer: as in Odoo."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.alfa.id,
                "amount": 10.0,
            }
        )
        payment.payment_method_line_id.payment_account_id = self.outstanding_account
        payment.action_post()
        payment.action_reject()
        self.assertEqual(payment.move_id.state, "posted")

    def test_unmatched_only(self):
        """The money is still there: nothing has changed."""
        note = self.make_note()
        note.line_ids.remove_move_reconcile()
        self.assertFalse(
            self.env["credit.insurance.review"].search([("cause", "=", "undone")])
        )

    def test_what_still_fits_goes_on(self):
        receipt = self.make_receipt(self.alfa, 1000.0)
        order = self.order(5000.0)
        receipt.button_draft()
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
        self.assertFalse(self.lines_of(order))

    def test_invoices_and_drafts_are_no_such_thing(self):
        self.invoice.button_draft()
        receipt = self.make_receipt(self.alfa, 1000.0)
        reviews = self.env["credit.insurance.review"]
        receipt.button_draft()
        self.assertEqual(len(reviews.search([("cause", "=", "undone")])), 1)
        receipt.button_cancel()
        self.assertEqual(len(reviews.search([("cause", "=", "undone")])), 1)

    def test_nothing_where_no_company_is_checked(self):
        receipt = self.make_receipt(self.alfa, 1000.0)
        self.policy._write_state({"state": "closed"})
        receipt.button_draft()
        self.assertFalse(
            self.env["credit.insurance.review"].search([("cause", "=", "undone")])
        )
