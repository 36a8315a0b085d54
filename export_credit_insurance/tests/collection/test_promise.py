from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestPromise(FollowupCommon):
    """A promise pauses, is kept or broken by itself, and ends before the stop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.step = cls.make_step(5)
        # due 20 September, extension until 19 November, stop on 20 November 2026
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due="2026-09-20"
        )
        cls.plan.accelerate_days = 0

    @classmethod
    def instalments(cls, *invoices):
        lines = cls.env["account.move.line"].union(*(i.line_ids for i in invoices))
        return lines.filtered(lambda line: line.account_type == "asset_receivable")

    def promise(self, *payments, invoices=None, user=None, start=True):
        """A promise of (day, amount) pairs, recorded by the accountant."""
        promise = (
            self.env["credit.followup.promise"]
            .with_user(user or self.accountant)
            .create(
                {
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "currency_id": self.euro.id,
                    "move_line_ids": [
                        Command.set(self.instalments(*(invoices or [self.invoice])).ids)
                    ],
                    "payment_ids": [
                        Command.create({"date": day, "amount": amount})
                        for day, amount in payments
                    ],
                }
            )
        )
        if start:
            promise.action_start()
        return promise

    def pay(self, amount, invoice=None):
        receipt = self.make_receipt(self.alfa, amount)
        self.instalments(receipt, invoice or self.invoice).reconcile()
        return receipt

    def judge(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_judge_promises"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_pauses_its_invoices(self):
        other = self.make_invoice(self.alfa, 500.0, day="2026-07-01", due="2026-09-20")
        self.promise(("2026-10-15", 1000.0))
        self.assertEqual(self.item(self.invoice).exclusion, "promise")
        self.assertDue(other, self.today, self.step)

    def test_draft_pauses_nothing(self):
        self.promise(("2026-10-15", 1000.0), start=False)
        self.assertDue(self.invoice, self.today, self.step)

    def test_kept_when_the_money_is_matched(self):
        promise = self.promise(("2026-10-15", 1000.0))
        self.pay(400.0)
        self.assertEqual((promise.state, promise.paid_amount), ("running", 400.0))
        self.pay(600.0)
        self.assertEqual((promise.state, promise.paid_amount), ("kept", 1000.0))

    def test_kept_in_part_of_the_debt(self):
        """600 of 1 000 promised and received: kept, the rest is followed up again."""
        promise = self.promise(("2026-10-15", 600.0))
        self.pay(600.0)
        self.assertEqual(promise.state, "kept")
        self.assertDue(self.invoice, self.today, self.step)

    def test_broken_the_day_after(self):
        promise = self.promise(("2026-10-15", 1000.0))
        self.judge("2026-10-15")
        self.assertEqual(promise.state, "running")
        self.judge("2026-10-16")
        self.assertEqual(promise.state, "broken")
        self.assertDue(self.invoice, "2026-10-16", self.step)
        self.assertEqual(promise.activity_ids.user_id, self.accountant)

    def test_one_that_cannot_be_judged_keeps_no_other_waiting(self):
        others = [
            self.make_invoice(self.alfa, 500.0, day="2026-07-01", due="2026-09-20")
            for _number in range(2)
        ]
        first = self.promise(("2026-10-15", 1000.0))
        second, third = (
            self.promise(("2026-10-15", 500.0), invoices=[other]) for other in others
        )
        judge = type(first)._judge

        def failing(promise, day):
            if promise == second:
                raise ValueError("broken")
            return judge(promise, day)

        with (
            patch.object(type(first), "_judge", failing),
            mute_logger("odoo.addons.export_credit_insurance.models.job"),
        ):
            self.judge("2026-10-16")
        states = [promise.state for promise in (first, second, third)]
        self.assertEqual(states, ["broken", "running", "broken"])

    def test_owner_is_told_in_own_language(self):
        """A job breaks it, in no language; the accountant reads French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        kind = self.env.ref("export_credit_insurance.mail_activity_type_promise_broken")
        kind.with_context(lang="fr_FR").summary = "Promesse non tenue"
        promise = self.promise(("2026-10-15", 1000.0))
        self.judge("2026-10-16")
        self.assertEqual(promise.activity_ids.summary, "Promesse non tenue")

    def test_plan_of_instalments(self):
        """300 on the 5th and 700 on the 20th: 300 received by the 5th keep it running,
        nothing more by the 21st breaks it."""
        promise = self.promise(("2026-10-05", 300.0), ("2026-10-20", 700.0))
        self.assertEqual(
            (promise.amount, promise.date_end), (1000.0, date(2026, 10, 20))
        )
        self.pay(300.0)
        self.judge("2026-10-06")
        self.assertEqual(promise.state, "running")
        self.judge("2026-10-21")
        self.assertEqual(promise.state, "broken")

    def test_first_instalment_missed(self):
        promise = self.promise(("2026-10-05", 300.0), ("2026-10-20", 700.0))
        self.pay(299.99)
        self.judge("2026-10-06")
        self.assertEqual(promise.state, "broken")

    def test_pause_ends_15_days_before_the_stop(self):
        """Cover stops on 20 November: the pause ends on 5 November in any case."""
        self.promise(("2026-11-15", 1000.0))
        self.assertEqual(self.item(self.invoice, "2026-11-04").exclusion, "promise")
        self.assertDue(self.invoice, "2026-11-05", self.step)

    def test_beyond_the_stop_needs_a_controller(self):
        promise = self.promise(("2026-11-20", 1000.0), start=False)
        self.assertEqual(promise.cover_stop_date, date(2026, 11, 20))
        self.assertTrue(promise.is_beyond_stop)
        with self.assertRaises(AccessError):
            promise.action_start()
        self.assertEqual(promise.state, "draft")
        promise.with_user(self.controller).action_start()
        self.assertRecordValues(
            promise, [{"state": "running", "started_by": self.controller.id}]
        )
        prolong = "export_credit_insurance.mail_activity_type_prolongation"
        self.assertEqual(promise.activity_ids.activity_type_id, self.env.ref(prolong))
        # the insurer is to be asked; nothing moves before it agrees
        request = self.env["credit.insurance.extension"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertRecordValues(
            request, [{"state": "requested", "requested_until": date(2026, 11, 20)}]
        )
        self.assertEqual(request.move_id, self.invoice)
        self.assertEqual(self.invoice.cover_stop_date, date(2026, 11, 20))

    def test_before_the_stop_needs_none(self):
        promise = self.promise(("2026-11-19", 1000.0))
        self.assertFalse(promise.is_beyond_stop)
        self.assertEqual(promise.state, "running")
        self.assertFalse(
            self.env["credit.insurance.extension"].search(
                [("partner_id", "=", self.alfa.id)]
            )
        )

    def test_withdraws_what_waits(self):
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.promise(("2026-10-15", 1000.0))
        self.assertRecordValues(
            run.reminder_ids, [{"state": "skipped", "skip_reason": "promise"}]
        )

    def test_one_promise_at_a_time(self):
        self.promise(("2026-10-15", 1000.0))
        with self.assertRaises(UserError):
            self.promise(("2026-10-16", 1000.0))

    def test_stays_as_given(self):
        promise = self.promise(("2026-10-15", 1000.0))
        with self.assertRaises(UserError):
            promise.payment_ids.date = "2026-12-31"
        with self.assertRaises(UserError):
            promise.payment_ids = [
                Command.create({"date": "2026-12-31", "amount": 1.0})
            ]
        with self.assertRaises(AccessError):
            promise.state = "kept"
        with self.assertRaises(AccessError):
            promise.copy({"state": "running"})
        with self.assertRaisesRegex(UserError, "is recorded already"):
            promise.action_start()
        with self.assertRaises(UserError):
            promise.move_line_ids = False
        promise.note = "Phone"

    def test_invoices_of_the_buyer_only(self):
        other = self.make_invoice(
            self.make_buyer("BETA"), 500.0, day="2026-07-01", due="2026-09-20"
        )
        with self.assertRaises(ValidationError):
            self.promise(("2026-10-15", 500.0), invoices=[other])

    def test_from_invoice_and_buyer(self):
        for action in (
            self.invoice.action_record_promise(),
            self.alfa.with_company(self.company).action_credit_promise(),
        ):
            context = action["context"]
            self.assertEqual(context["default_partner_id"], self.alfa.id)
            self.assertEqual(
                context["default_move_line_ids"],
                [Command.set(self.instalments(self.invoice).ids)],
            )

    def test_a_new_one_proposes_what_is_late_and_not_disputed(self):
        """1 000 late, of which 250 disputed; 400 not due yet: 750 are proposed."""
        late = self.make_buyer("LATE")
        invoice = self.make_invoice(late, 1000.0, day="2026-07-01", due="2026-09-01")
        invoice.credit_dispute_amount = 250.0
        self.make_invoice(late, 400.0, day="2026-09-20", due="2026-12-20")
        context = late.with_company(self.company).action_credit_promise()["context"]
        self.assertEqual(
            context["default_move_line_ids"],
            [Command.set(self.instalments(invoice).ids)],
        )
        self.assertEqual(context["default_payment_ids"][0][2]["amount"], 750.0)

    def test_cancelled_pauses_no_more(self):
        promise = self.promise(("2026-10-15", 1000.0))
        promise.action_cancel()
        self.assertDue(self.invoice, self.today, self.step)
