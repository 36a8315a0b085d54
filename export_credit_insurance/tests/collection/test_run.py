from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestRun(FollowupCommon):
    """Prepare and review: one reminder per buyer, currency and language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_step(5)
        cls.second = cls.make_step(15)

    def overdue(self, days=20, amount=1000.0, buyer=None, **values):
        due = date.fromordinal(self.today.toordinal() - days)
        return self.make_invoice(
            buyer or self.alfa, amount, day="2026-07-01", due=due, **values
        )

    def test_one_reminder_lists_all_at_their_highest_step(self):
        old, young = self.overdue(20), self.overdue(6, 500.0)
        self.overdue(2)  # not yet due a step
        reminder = self.prepare().reminder_ids
        self.assertRecordValues(
            reminder.line_ids,
            [
                {"move_id": old.id, "step_id": self.second.id, "amount": 1000.0},
                {"move_id": young.id, "step_id": self.first.id, "amount": 500.0},
            ],
        )
        self.assertRecordValues(
            reminder,
            [
                {
                    "partner_id": self.alfa.id,
                    "contact_id": self.alfa.id,
                    "step_id": self.second.id,
                    "state": "draft",
                    "channel": "mail",
                    "amount_due": 1500.0,
                    "amount_overdue": 1500.0,
                    "unallocated_amount": 0.0,
                }
            ],
        )
        self.assertEqual(reminder.move_line_ids.move_id, old + young)

    def test_one_per_currency(self):
        self.overdue()
        self.overdue(currency_id=self.dollar.id)
        reminders = self.prepare().reminder_ids
        self.assertEqual(len(reminders), 2)
        self.assertEqual(reminders.currency_id, self.euro + self.dollar)

    def test_one_per_language(self):
        """A branch that is invoiced in French gets its own reminder, in French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        branch = self.make_buyer(
            "Branch", parent_id=self.alfa.id, is_company=False, lang="fr_FR"
        )
        self.alfa.lang = "en_US"
        self.overdue()
        self.overdue(buyer=branch)
        reminders = self.prepare().reminder_ids.sorted("lang")
        self.assertRecordValues(
            reminders,
            [
                {"lang": "en_US", "contact_id": self.alfa.id},
                {"lang": "fr_FR", "contact_id": branch.id},
            ],
        )

    def test_invoice_address(self):
        accounts = self.make_buyer(
            "Accounts", parent_id=self.alfa.id, is_company=False, type="invoice"
        )
        self.overdue()
        self.assertEqual(self.prepare().reminder_ids.contact_id, accounts)

    def test_unallocated_money_is_shown(self):
        self.overdue()
        self.make_receipt(self.alfa, 300.0)
        run = self.prepare()
        self.assertEqual(run.reminder_ids.unallocated_amount, 300.0)
        self.assertEqual(run.unallocated_count, 1)
        self.assertEqual(run.last_bank_date, date(2026, 9, 15))

    def test_filters(self):
        beta = self.make_buyer("BETA", "fr")
        other = self.env["credit.followup.plan"].create(
            {
                "name": "France",
                "currency_id": self.euro.id,
                "zone_ids": beta.credit_zone_id.ids,
            }
        )
        self.make_step(5, plan=other)
        beta.user_id = self.accountant
        self.overdue()
        self.overdue(buyer=beta)
        for name, values, buyers in (
            ("all", {}, self.alfa + beta),
            ("zone", {"zone_ids": beta.credit_zone_id.ids}, beta),
            ("plan", {"plan_ids": self.plan.ids}, self.alfa),
            ("responsible", {"user_ids": self.accountant.ids}, beta),
            ("buyers", {"partner_ids": self.alfa.ids}, self.alfa),
        ):
            with self.subTest(name):
                run = self.prepare(**values)
                self.assertEqual(run.reminder_ids.partner_id, buyers)
                run.reminder_ids.sudo().unlink()

    def test_other_companys_debts_are_not_of_this_run(self):
        self.overdue()
        other = self.env["res.company"].create({"name": "Other"})
        run = self.env["credit.followup.run"].create(
            {"company_id": other.id, "date": self.today}
        )
        run.action_prepare()
        self.assertFalse(run.reminder_ids)
        self.assertEqual(run.state, "prepared")

    def test_prepared_twice_reminds_once(self):
        self.overdue()
        self.assertTrue(self.prepare().reminder_ids)
        self.assertFalse(self.prepare().reminder_ids)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_time(self):
        """Whatever happens above it: same instalment, same step, once."""
        invoice = self.overdue()
        sent = self.take(invoice, self.second)
        values = sent.line_ids.copy_data()[0]
        Line = self.env["credit.followup.reminder.line"].sudo()
        for state in ("pending", "taken"):
            with self.subTest(state), self.assertRaises(UniqueViolation):
                with self.cr.savepoint():
                    Line.create({**values, "state": state})
        Line.create({**values, "state": "dropped"})
        Line.create({**values, "state": "pending", "step_id": self.first.id})
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            third = self.make_step(40)
            Line.create({**values, "state": "pending", "step_id": third.id})

    def test_skip_leaves_the_step_to_be_taken(self):
        invoice = self.overdue()
        run = self.prepare(user=self.accountant)
        run.reminder_ids.action_skip()
        self.assertRecordValues(
            run.reminder_ids, [{"state": "skipped", "skip_reason": "user"}]
        )
        self.assertDue(invoice, self.today, self.second)
        again = self.prepare().reminder_ids
        self.assertEqual(again.move_line_ids.move_id, invoice)

    def test_unskip(self):
        self.overdue()
        reminder = self.prepare(user=self.accountant).reminder_ids
        reminder.action_skip()
        reminder.action_unskip()
        self.assertEqual(reminder.state, "draft")
        self.assertEqual(reminder.line_ids.state, "pending")

    def test_unskip_leaves_out_what_was_left_out_before(self):
        """1 000 excluded by hand, 300 paid since: the other 500 come back."""
        old, young = self.overdue(20), self.overdue(6, 500.0)
        third = self.overdue(6, 300.0)
        reminder = self.prepare(user=self.accountant).reminder_ids
        by_move = {line.move_id: line for line in reminder.line_ids}
        by_move[old].action_exclude()
        self.pay(third, 300.0)
        reminder.action_skip()
        reminder.action_unskip()
        self.assertEqual(
            {move: line.state for move, line in by_move.items()},
            {old: "dropped", third: "dropped", young: "pending"},
        )
        self.assertRecordValues(
            reminder,
            [{"state": "draft", "amount_due": 500.0, "step_id": self.first.id}],
        )
        self.assertFalse(any(reminder.line_ids.mapped("is_skipped")))

    def test_unskip_what_was_left_out_one_by_one(self):
        self.overdue(20)
        self.overdue(6, 500.0)
        reminder = self.prepare(user=self.accountant).reminder_ids
        for line in reminder.line_ids:
            line.action_exclude()
        self.assertEqual(reminder.skip_reason, "excluded")
        reminder.action_unskip()
        self.assertEqual(set(reminder.line_ids.mapped("state")), {"pending"})
        self.assertEqual(reminder.amount_due, 1500.0)

    def test_exclude_one_invoice(self):
        old, young = self.overdue(20), self.overdue(6, 500.0)
        reminder = self.prepare(user=self.accountant).reminder_ids
        lines = reminder.line_ids
        lines[0].action_exclude()
        self.assertEqual((reminder.amount_due, reminder.step_id), (500.0, self.first))
        self.assertDue(old, self.today, self.second)
        lines[0].action_include()
        self.assertEqual((reminder.amount_due, reminder.step_id), (1500.0, self.second))
        lines.action_exclude()
        self.assertEqual(reminder.skip_reason, "excluded")
        self.assertDue(young, self.today, self.first)

    def test_change_step(self):
        self.overdue()
        reminder = self.prepare(user=self.accountant).reminder_ids
        reminder.step_id = self.first
        self.assertEqual(reminder.line_ids.step_id, self.first)
        self.assertEqual(reminder.text_step_id, self.first)

    def test_step_to_approve(self):
        """A formal notice waits for a credit controller, who signs it."""
        notice = self.make_step(18, is_formal_notice=True)
        self.overdue()
        run = self.prepare(user=self.accountant)
        reminder = run.reminder_ids
        self.assertEqual(
            (reminder.step_id, reminder.needs_approval, reminder.channel),
            (notice, True, "mail_letter"),
        )
        self.assertEqual(run.approval_count, 1)
        run.action_send()
        self.assertEqual(reminder.state, "draft")
        self.assertEqual(run.state, "sending")
        with self.assertRaises(AccessError):
            reminder.action_approve()
        reminder.with_user(self.controller).action_approve()
        self.assertRecordValues(
            reminder, [{"state": "queued", "approved_by": self.controller.id}]
        )

    def test_server_writes_reminders(self):
        """Neither accountants nor controllers forge states, amounts or approvals."""
        self.overdue()
        run = self.prepare(user=self.accountant)
        reminder = run.reminder_ids
        for user in (self.accountant, self.controller):
            mine = reminder.with_user(user)
            for values in (
                {"state": "sent"},
                {"amount_due": 1.0},
                {"approved_by": user.id},
                {"needs_approval": False},
                {"lang": "fr_FR"},
            ):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.line_ids.write({"amount": 1.0})
            with self.assertRaises(AccessError):
                mine.copy()

    def test_runs_are_the_servers_once_prepared(self):
        """A script hears that nothing was changed, instead of thinking it was."""
        self.overdue()
        for values in ({"state": "done"}, {"is_automatic": True}, {"buyer_done": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.make_run(user=self.accountant, **values)
        run = self.make_run(user=self.accountant)
        run.date = "2026-09-30"
        run.action_prepare()
        with self.assertRaises(AccessError):
            run.write({"state": "done", "name": "Mine"})
        with self.assertRaises(UserError):
            run.write({"date": "2026-10-01", "name": "Mine"})
        self.assertNotEqual(run.name, "Mine")
        run.name = "Mine"
        self.assertRecordValues(
            run, [{"state": "prepared", "name": "Mine", "date": date(2026, 9, 30)}]
        )

    def test_form_of_a_run(self):
        """What the web client saves names nothing of the server's."""
        runs = self.env["credit.followup.run"].with_user(self.accountant)
        with Form(runs) as form:
            form.name = "Mine"
        run = form.record
        with Form(run) as form:
            form.partner_ids.add(self.alfa)
        run.action_prepare()
        self.assertRecordValues(
            run,
            [{"state": "prepared", "name": "Mine", "partner_ids": self.alfa.ids}],
        )

    def test_prepare_needs_the_right(self):
        with self.assertRaises(AccessError):
            self.make_run(user=self.env.ref("base.public_user"))
        run = self.make_run()
        user = self.controller.copy({"login": "credit-user"})
        user.group_ids = self.env.ref("export_credit_insurance.group_credit_user")
        with self.assertRaises(AccessError):
            run.with_user(user).action_prepare()

    def test_order_of_buttons(self):
        self.overdue()
        run = self.make_run()
        with self.assertRaises(UserError):
            run.action_send()
        run.action_prepare()
        with self.assertRaises(UserError):
            run.action_prepare()
        run.action_draft()
        self.assertEqual((run.state, len(run.reminder_ids)), ("draft", 0))

    def test_cancel(self):
        invoice = self.overdue()
        run = self.prepare()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(run.reminder_ids.skip_reason, "cancelled")
        self.assertDue(invoice, self.today, self.second)

    def test_sent_run_is_kept(self):
        run = self.take(self.overdue(), self.second).run_id
        with self.assertRaises(UserError):
            run.unlink()

    def test_constant_queries(self):
        """Preparing one buyer or fifty takes the same number of queries, but for the
        insertions, which Odoo makes in batches."""
        buyers = self.env["res.partner"]
        for number in range(52):
            buyer = self.make_buyer(f"B{number}", email=f"b{number}@example.com")
            self.overdue(buyer=buyer)
            buyers += buyer
        counts = []
        for some in (buyers[:1], buyers[1:2], buyers[2:]):
            run = self.make_run().sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run._prepare_buyers(some)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(run.reminder_ids), len(some))
        self.assertEqual(counts[1], counts[2])
