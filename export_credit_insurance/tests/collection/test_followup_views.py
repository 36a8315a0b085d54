from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupViews(FollowupCommon):
    """Screens open and work for who runs follow-up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.step = cls.make_step(5)
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due="2026-09-20"
        )

    def test_run_form(self):
        form = Form(self.env["credit.followup.run"].with_user(self.accountant))
        form.zone_ids.add(self.alfa.credit_zone_id)
        form.date = self.today
        run = form.save()
        run.action_prepare()
        self.assertEqual(run.reminder_ids.partner_id, self.alfa)
        action = run.action_open_reminders()
        self.assertEqual(action["domain"], [("run_id", "=", run.id)])

    def test_reminder_form(self):
        reminder = self.prepare(user=self.accountant).reminder_ids
        other = self.make_step(1)
        with Form(reminder) as form:
            self.assertIn("1,000.00", form.preview_subject)
            form.step_id = other
        self.assertEqual(reminder.line_ids.step_id, other)

    def test_promise_form(self):
        model = self.env["credit.followup.promise"].with_user(self.accountant)
        action = self.invoice.with_user(self.accountant).action_record_promise()
        form = Form(model.with_context(**action["context"]))
        promise = form.save()
        self.assertEqual(promise.amount, 1000.0)
        promise.action_start()
        self.assertEqual(promise.state, "running")

    def test_dispute_form(self):
        model = self.env["credit.followup.dispute"].with_user(self.accountant)
        form = Form(model.with_context(default_move_id=self.invoice.id))
        self.assertEqual(form.amount, 1000.0)
        form.amount = 250.0
        form.save()
        self.assertEqual(self.invoice.credit_dispute_amount, 250.0)

    def test_plan_and_step_forms(self):
        with Form(self.env["credit.followup.plan"]) as form:
            form.name = "Gulf"
            with form.step_ids.new() as step:
                step.name = "First"
                step.days = 5
                step.subject = "{{ company }}"
        self.assertEqual(form.record.step_count, 1)

    def test_partner_and_invoice_forms(self):
        with Form(self.alfa) as form:
            self.assertEqual(form.credit_followup_applied_plan_id, self.plan)
            self.assertEqual(form.credit_followup_due_count, 1)
        self.due._refresh_moves(self.alfa, self.company)
        with Form(self.invoice) as form:
            self.assertTrue(form.credit_followup_next_date)

    def test_law_forms(self):
        with Form(self.env["credit.followup.late.payment.rule"]) as form:
            form.name = "Brazil"
            form.country_id = self.env.ref("base.br")
            form.date_from = "2026-01-01"
            form.margin = 12.0
            form.currency_id = self.euro
        with Form(self.env["credit.followup.reference.rate"]) as form:
            form.name, form.code = "SNB", "SNB"

    def test_remind_one_buyer(self):
        action = self.alfa.with_user(self.accountant).action_credit_remind()
        run = self.env["credit.followup.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.partner_ids), ("prepared", self.alfa))
