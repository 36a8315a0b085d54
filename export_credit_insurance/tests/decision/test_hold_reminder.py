from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DecisionCommon

CRON = "export_credit_insurance.ir_cron_remind_credit_holds"
LOGGER = "odoo.addons.export_credit_insurance.models.job"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHoldReminder(DecisionCommon):
    """Who does not decide is reminded, then managers are told; each once.

    Salespeople hear before a release expires unused, and when it has.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.controller

    def run_job(self, day):
        with freeze_time(f"{day} 12:00:00"), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def ask(self, amount=45000.0):
        return self.ask_release(self.make_quotation(amount))

    def summaries(self, record):
        return {a.user_id: a.summary for a in record.sudo().activity_ids}

    # ------------------------------------------------------------------ deciders

    def test_reminded_after_two_days_and_managers_after_five(self):
        hold = self.ask()
        self.run_job("2026-10-02")
        self.assertFalse(hold.reminded_on)
        self.assertNotIn("Not decided", self.summaries(hold)[self.controller])
        self.run_job("2026-10-03")
        self.assertEqual(str(hold.reminded_on), "2026-10-03")
        self.assertEqual(list(self.summaries(hold)), [self.controller])
        self.assertIn("2 days", self.summaries(hold)[self.controller])
        self.run_job("2026-10-05")
        self.assertEqual(str(hold.reminded_on), "2026-10-03")
        self.run_job("2026-10-06")
        self.assertEqual(str(hold.escalated_on), "2026-10-06")
        told = self.summaries(hold)
        self.assertIn(self.manager, told)
        for user in (self.controller, self.manager):
            self.assertIn("5 days", told[user])
            self.assertIn(hold.name, told[user])

    def test_each_step_is_taken_once(self):
        hold = self.ask()
        self.run_job("2026-10-03")
        before = hold.activity_ids
        self.run_job("2026-10-03")
        self.run_job("2026-10-04")
        self.assertEqual(hold.activity_ids, before)
        self.run_job("2026-10-10")
        before = hold.activity_ids
        self.run_job("2026-10-11")
        self.assertEqual(hold.activity_ids, before)

    def test_a_job_that_did_not_run_takes_both_steps_in_one(self):
        hold = self.ask()
        self.run_job("2026-10-20")
        self.assertEqual(str(hold.reminded_on), "2026-10-20")
        self.assertEqual(str(hold.escalated_on), "2026-10-20")
        self.assertEqual(len(hold.activity_ids.filtered(
            lambda activity: activity.user_id == self.controller
        )), 1)  # fmt: skip

    def test_zero_days_send_none(self):
        self.company.write({"credit_reminder_days": 0, "credit_escalation_days": 0})
        hold = self.ask()
        self.run_job("2026-12-01")
        self.assertFalse(hold.reminded_on or hold.escalated_on)

    def test_who_asked_is_not_reminded(self):
        hold = self.ask_release(self.make_quotation(45000.0, user=self.manager))
        self.run_job("2026-10-20")
        self.assertNotIn(self.manager, self.summaries(hold))

    def test_decided_holds_are_left_alone(self):
        hold = self.ask()
        hold.with_user(self.controller)._refuse("No")
        self.run_job("2026-10-20")
        self.assertFalse(hold.reminded_on)
        self.assertFalse(hold.activity_ids)

    def test_the_second_signature_is_waited_for_anew(self):
        self.env["credit.insurance.release.authority"].create(
            {"user_id": self.controller.id, "second_from": 1.0}
        )
        hold = self.ask()
        self.run_job("2026-10-03")
        with freeze_time("2026-10-04 12:00:00"):
            self.release(hold)
        self.run_job("2026-10-05")
        self.assertFalse(hold.reminded_on)
        self.run_job("2026-10-06")
        self.assertEqual(str(hold.reminded_on), "2026-10-06")
        self.assertIn(self.manager, self.summaries(hold))
        self.assertNotIn(self.controller, self.summaries(hold))

    def test_one_that_fails_stands_in_nobody_s_way(self):
        bad, good = self.ask(), self.ask(46000.0)
        remind = type(bad)._remind_deciders

        def failing(hold):
            if hold == bad:
                raise RuntimeError("Broken")
            return remind(hold)

        with (
            patch.object(type(bad), "_remind_deciders", failing),
            mute_logger(LOGGER),
        ):
            self.run_job("2026-10-03")
        self.assertFalse(bad.reminded_on)
        self.assertTrue(good.reminded_on)
        self.run_job("2026-10-04")
        self.assertEqual(str(bad.reminded_on), "2026-10-04")

    # -------------------------------------------------------------------- expiry

    def release_until(self, day, amount=45000.0):
        order = self.make_quotation(amount)
        hold = self.ask_release(order)
        self.release(hold, release_until=day)
        order.sudo().activity_unlink(
            ["export_credit_insurance.mail_activity_type_credit_decision"]
        )
        return order, hold

    def test_told_before_and_after_it_expires(self):
        order, hold = self.release_until("2026-10-10")
        self.run_job("2026-10-06")
        self.assertFalse(self.summaries(order))
        self.run_job("2026-10-07")
        self.assertIn("10/10/2026", self.summaries(order)[self.salesman])
        self.run_job("2026-10-08")
        self.assertEqual(len(order.sudo().activity_ids), 1)
        self.run_job("2026-10-10")
        self.assertFalse(hold.expiry_told_on)
        self.run_job("2026-10-11")
        self.assertEqual(str(hold.expiry_told_on), "2026-10-11")
        self.assertEqual(len(order.sudo().activity_ids), 2)
        self.assertIn("unused", order.sudo().activity_ids.sorted("id")[-1].summary)
        self.run_job("2026-10-12")
        self.assertEqual(len(order.sudo().activity_ids), 2)

    def test_without_notice_only_once_it_has_expired(self):
        self.company.credit_expiry_notice_days = 0
        order, hold = self.release_until("2026-10-10")
        self.run_job("2026-10-10")
        self.assertFalse(self.summaries(order))
        self.run_job("2026-10-11")
        self.assertTrue(self.summaries(order))
        self.assertTrue(hold.expiry_told_on)

    def test_a_short_release_says_itself_until_when(self):
        order, _hold = self.release_until("2026-10-02")
        self.run_job("2026-10-01")
        self.assertFalse(self.summaries(order))

    def test_used_or_replaced_releases_are_not_told(self):
        used, _hold = self.release_until("2026-10-10")
        used.action_confirm()
        order, first = self.release_until("2026-10-10", 46000.0)
        self.release(self.ask_released_again(order), release_until="2026-12-31")
        order.sudo().activity_ids.unlink()
        self.run_job("2026-10-11")
        self.assertFalse(self.summaries(used))
        self.assertFalse(self.summaries(order))
        self.assertFalse(first.expiry_told_on)

    def ask_released_again(self, order):
        self.set_amount(order, 47000.0)
        return self.ask_release(order)

    def test_expired_releases_are_found(self):
        _order, hold = self.release_until("2026-10-10")
        _other, later = self.release_until("2026-10-11", 46000.0)
        used, confirmed = self.release_until("2026-10-10", 47000.0)
        used.action_confirm()
        holds = self.env["credit.insurance.hold"].with_user(self.controller)
        mine = [("id", "in", (hold + later + confirmed).ids)]
        with freeze_time("2026-10-11 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(holds.search([("is_expired", "=", True), *mine]), hold)
            self.assertEqual(
                set(holds.search([("is_expired", "=", False), *mine])),
                set(later + confirmed),
            )
