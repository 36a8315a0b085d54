from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .limit_common import LimitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestLimitLifeCycle(LimitCommon):
    """Asked for, answered, changed, ended; and nothing overwritten (DOMAIN 1.4)."""

    def test_request_takes_the_policys_currency(self):
        limit = self.ask(100000.0)
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "requested",
                    "request_date": date(2026, 10, 1),
                    "request_type": "new",
                    "currency_id": self.euro.id,
                    "insurer_id": self.insurer.id,
                    "amount": 0.0,
                    "date_from": False,
                }
            ],
        )

    def test_full_answer(self):
        limit = self.ask(100000.0)
        result = limit._record_decision(
            "approved", date_from="2026-10-05", insurer_reference="D-1"
        )
        self.assertEqual(result, limit)
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "approved",
                    "amount": 100000.0,
                    "requested_amount": 100000.0,
                    "date_from": date(2026, 10, 5),
                    "date_to": False,
                    "decided_by_id": self.env.uid,
                }
            ],
        )

    def test_less_than_asked_is_a_partial_answer(self):
        limit = self.ask(100000.0)
        limit._record_decision("approved", amount=60000.0, reason_code="13")
        self.assertEqual((limit.state, limit.amount), ("partial", 60000.0))

    def test_partly_approved_is_less_than_requested(self):
        limit = self.ask(100000.0)
        for amount in (100000.0, 100000.01, 120000.0):
            with self.subTest(amount), self.assertRaises(UserError) as refusal:
                limit._record_decision("partial", amount=amount)
            self.assertIn("100,000.00", str(refusal.exception))
            self.assertIn(f"{amount:,.2f}", str(refusal.exception))
        with self.assertRaises(UserError):
            limit._record_decision("partial")  # no amount: all that was requested
        self.assertEqual(limit.state, "requested")
        limit._record_decision("partial", amount=99999.99)
        self.assertEqual((limit.state, limit.amount), ("partial", 99999.99))

    def test_form_refuses_a_partial_answer_of_all(self):
        limit = self.ask(100000.0)
        action = limit.action_record_decision()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.answer = "partial"
        form.amount = 120000.0
        with self.assertRaisesRegex(UserError, "less than"):
            form.save().action_record()

    def test_insurer_may_grant_more_than_requested(self):
        limit = self.ask(100000.0)
        limit._record_decision("approved", amount=120000.0)
        self.assertEqual((limit.state, limit.amount), ("approved", 120000.0))

    def test_smaller_reduction_than_requested(self):
        # 100 000 to be lowered to 40 000; the insurer keeps 60 000
        line = self.make_limit(self.alfa, 100000.0)
        request = self.ask(40000.0, request_type="reduce", previous_id=line.id)
        request._record_decision("partial", amount=60000.0)
        self.assertEqual(request.amount, 60000.0)
        self.assertEqual(line.state, "reduced")

    def test_imported_lines_say_what_the_insurer_says(self):
        line = self.make_limit(
            self.alfa, 60000.0, state="partial", requested_amount=0.0, source="import"
        )
        self.assertEqual((line.state, line.amount), ("partial", 60000.0))

    def test_notice_does_not_come_before_the_decision(self):
        limit = self.ask(100000.0)
        with self.assertRaisesRegex(UserError, "cannot have been received"):
            limit._record_decision(
                "approved", decision_date="2026-09-30", notified_on="2026-09-29"
            )
        limit._record_decision(
            "approved", decision_date="2026-09-30", notified_on="2026-09-30"
        )
        self.assertEqual(limit.state, "approved")

    def test_refused_new_limit(self):
        limit = self.ask(100000.0)
        limit._record_decision("refused", reason_code="12", decision_date="2026-10-01")
        self.assertEqual((limit.state, limit.amount), ("refused", 0.0))
        self.assertEqual(limit.request_type, "new")

    def test_conditional_answer_waits_for_its_proof(self):
        first = self.make_limit(self.alfa, 50000.0)
        second = self.ask(80000.0)
        second._record_decision(
            "conditional",
            amount=80000.0,
            date_from="2026-09-01",
            conditions="Parent's guarantee",
        )
        self.assertEqual(first.state, "approved")
        with self.assertRaises(UserError):
            second.action_conditions_met()
        second.proof_ids = self.env["ir.attachment"].create(
            {"name": "guarantee.pdf", "raw": b"x"}
        )
        second.action_conditions_met()
        self.assertRecordValues(
            first + second,
            [
                {
                    "state": "closed",
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 9, 30),
                    "conditions_met": False,
                    "conditions_met_on": False,
                },
                {
                    "state": "conditional",
                    "date_from": date(2026, 10, 1),
                    "date_to": False,
                    "conditions_met": True,
                    "conditions_met_on": date(2026, 10, 1),
                },
            ],
        )

    def test_no_second_request_while_one_is_pending(self):
        self.ask(100000.0)
        with self.assertRaisesRegex(UserError, "pending"):
            self.ask(120000.0)
        temporary = self.ask(20000.0, "temporary", date_to="2026-12-31")
        self.assertEqual(temporary.state, "requested")

    def test_withdrawn_request_can_be_changed_and_asked_again(self):
        limit = self.ask(100000.0)
        limit.action_withdraw()
        limit.requested_amount = 120000.0
        limit.action_request()
        self.assertEqual(limit.state, "requested")

    def test_night_marks_what_has_expired(self):
        line = self.make_limit(
            self.alfa, 30000.0, kind="temporary", date_to="2026-09-30"
        )
        last_day = self.make_limit(
            self.alfa, 10000.0, kind="temporary", date_to="2026-10-01"
        )
        unmet = self.make_limit(
            self.make_buyer("BETA"),
            10000.0,
            state="conditional",
            conditions="Guarantee",
            date_to="2026-09-30",
        )
        self.expire_limits()
        self.assertEqual(line.state, "expired")
        self.assertEqual(line.date_to, date(2026, 9, 30))
        self.assertEqual(last_day.state, "approved")
        self.assertEqual(unmet.state, "expired")
        self.assertFalse(unmet._is_effective())

    def test_decided_figures_cannot_be_written(self):
        line = self.make_limit(self.alfa, 100000.0)
        for values in (
            {"amount": 200000.0},
            {"date_from": "2025-01-01"},
            {"date_to": "2026-12-31"},
            {"state": "draft"},
            {"currency_id": self.dollar.id},
            {"partner_id": self.make_buyer("BETA").id},
            {"cancelled_by": "insurer"},
            {"conditions_met": True},
            {"insured_pct": 100.0},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                line.write(values)
        line.insurer_buyer_ref = "4711"

    def test_a_draft_is_not_decided_by_write(self):
        limit = self.ask(100000.0)
        for values in ({"state": "approved"}, {"amount": 1.0}):
            with self.subTest(values=values), self.assertRaises(UserError):
                limit.write(values)

    def test_only_drafts_are_deleted(self):
        with self.assertRaises(UserError):
            self.ask(100000.0).unlink()
        self.lines().action_withdraw()
        self.lines().unlink()

    def test_decisions_fit_the_state(self):
        limit = self.ask(100000.0)
        with self.assertRaises(UserError):
            limit._record_decision("cancelled")
        limit._record_decision("approved")
        with self.assertRaises(UserError):
            limit._record_decision("refused")
        with self.assertRaises(UserError):
            limit._record_decision("reduced", amount=100000.0)

    def test_form_records_a_decision(self):
        limit = self.ask(100000.0)
        action = limit.action_record_decision()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.amount, 100000.0)
        form.answer = "partial"
        form.amount = 70000.0
        form.date_from = "2026-10-03"
        form.insurer_buyer_ref = "4711"
        form.save().action_record()
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "partial",
                    "amount": 70000.0,
                    "date_from": date(2026, 10, 3),
                    "insurer_buyer_ref": "4711",
                }
            ],
        )

    def test_a_limit_granted_before_it_was_entered_here(self):
        """The only policy is proposed; what was granted is recorded at once."""
        limits = self.env["credit.insurance.limit"].with_company(self.company)
        form = Form(limits)
        self.assertEqual(form.policy_id, self.policy)
        form.partner_id = self.alfa
        form.requested_amount = 45000.0
        limit = form.save()
        decisions = self.env["credit.insurance.limit.decision"]
        decision = Form(decisions.with_context(default_limit_id=limit.id))
        decision.save().action_record()
        self.assertRecordValues(
            limit,
            [{"state": "approved", "amount": 45000.0, "requested_amount": 45000.0}],
        )

    def test_several_policies_are_chosen_from(self):
        self.make_policy(name="Second")
        form = Form(self.env["credit.insurance.limit"].with_company(self.company))
        self.assertFalse(form.policy_id)

    def test_form_records_a_reduction(self):
        limit = self.make_limit(self.alfa, 100000.0)
        action = limit.action_record_decision()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.change = "reduced"
        form.amount = 40000.0
        result = form.save().action_record()
        line = self.env["credit.insurance.limit"].browse(result["res_id"])
        self.assertEqual(line.previous_id, limit)
        self.assertEqual(line.amount, 40000.0)

    def test_request_form(self):
        form = Form(self.env["credit.insurance.limit"])
        form.policy_id = self.policy
        form.partner_id = self.alfa
        form.requested_amount = 25000.0
        limit = form.save()
        limit.action_request()
        self.assertEqual(limit.state, "requested")
