from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .limit_request_common import LimitRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestLimitRequestAnswer(LimitRequestCommon):
    """Answered, refused, withdrawn; cancelled, prolonged, reduced (DOMAIN 1.4)."""

    def test_answer_closes_and_tells(self):
        request = self.ask(self.alfa, 150000.0, user=self.user)
        request.action_send()
        self.answer(
            request,
            "partial",
            amount=120000.0,
            date_from="2026-10-05",
            decision_date="2026-10-01",
            insurer_reference="D-7",
        )
        self.assertRecordValues(
            request,
            [
                {
                    "state": "answered",
                    "limit_state": "partial",
                    "granted_amount": 120000.0,
                    "insurer_ref": "D-7",
                    "answered_on": date(2026, 10, 1),
                }
            ],
        )
        self.assertRecordValues(
            self.limit, [{"state": "closed", "date_to": date(2026, 10, 4)}]
        )
        self.assertEqual(request.activity_ids.user_id, self.user)
        self.assertIn("120,000", request.activity_ids.summary)
        # the next one may be asked for
        again = self.ask(self.alfa, 200000.0)
        self.assertEqual(again.previous_id, request.limit_id)

    def test_refused_increase_changes_nothing(self):
        request = self.ask(self.alfa, 150000.0)
        request.action_send()
        self.answer(request, "refused", reason_code="13")
        self.assertEqual(request.state, "answered")
        self.assertEqual(request.limit_state, "refused")
        self.assertEqual(self.limit.state, "approved")
        self.assertEqual(self.get_position(self.alfa).limit, 100000.0)

    def test_cancellation_waits_for_the_insurer(self):
        request = self.opened(self.limit.action_ask_cancellation())
        self.assertRecordValues(
            request, [{"request_type": "cancel", "amount": 0.0, "state": "draft"}]
        )
        request.action_send()
        self.assertRecordValues(
            self.limit, [{"state": "approved", "cancelled_by": False}]
        )
        self.answer(request, date_from="2026-10-11", decision_date="2026-10-01")
        self.assertRecordValues(
            self.limit,
            [
                {
                    "state": "cancelled",
                    "cancelled_by": "insured",
                    "date_to": date(2026, 10, 10),
                }
            ],
        )
        self.assertEqual(request.state, "answered")

    def test_temporary_limit_is_cancelled_too(self):
        line = self.make_limit(
            self.alfa, 30000.0, kind="temporary", date_to="2026-12-31"
        )
        request = self.opened(line.action_ask_cancellation())
        request.action_send()
        self.answer(request, date_from="2026-10-11", decision_date="2026-10-01")
        self.assertEqual((line.state, line.cancelled_by), ("cancelled", "insured"))

    def test_prolongation(self):
        self.limit.with_user(self.controller)._store({"date_to": "2026-12-31"})
        request = self.opened(self.limit.action_ask_prolongation())
        self.assertRecordValues(
            request, [{"amount": 100000.0, "date_to": date(2027, 12, 31)}]
        )
        with self.assertRaises(ValidationError):
            request.date_to = "2026-12-31"
        request.action_send()
        self.answer(request, date_from="2027-01-01", decision_date="2026-10-01")
        self.assertRecordValues(
            request.limit_id, [{"state": "approved", "date_to": date(2027, 12, 31)}]
        )
        self.assertEqual(self.limit.date_to, date(2026, 12, 31))

    def test_nothing_to_prolong(self):
        with self.assertRaises(ValidationError):
            self.limit.action_ask_prolongation()

    def test_reduction_to_what_is_used(self):
        self.make_invoice(self.alfa, 40000.0)
        request = self.opened(self.limit.action_ask_reduction())
        self.assertEqual(request.amount, 40000.0)
        request.action_send()
        self.answer(request, date_from="2026-10-05", decision_date="2026-10-01")
        self.assertEqual(request.limit_id.amount, 40000.0)
        self.assertEqual(self.limit.state, "reduced")

    def test_reduction_where_securities_carry(self):
        """40 000 owed, of which a guarantee carries 30 000: 10 000 use the limit."""
        self.make_invoice(self.alfa, 40000.0)
        self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount": 30000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
            }
        )
        request = self.opened(self.limit.action_ask_reduction())
        self.assertEqual((request.exposure, request.amount), (10000.0, 10000.0))

    def test_order_where_a_guarantee_has_room(self):
        """20 000 owed and 100 000 ordered, a guarantee carries 50 000: 70 000."""
        self.make_invoice(self.alfa, 20000.0)
        self.env["credit.insurance.security"].create(
            {
                "name": "G-2",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount": 50000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
            }
        )
        order = self.make_order(self.alfa, 100000.0, confirm=False)
        request = self.opened(order.with_user(self.user).action_ask_limit())
        self.assertEqual(request.exposure, 70000.0)

    def test_mass_action(self):
        other = self.make_limit(self.beta, 20000.0)
        action = (self.limit + other).action_ask_cancellation()
        self.assertEqual(
            self.requests.search(action["domain"]).previous_id, self.limit + other
        )
        again = (self.limit + other).action_ask_cancellation()
        self.assertEqual(sorted(again["domain"][0][2]), sorted(action["domain"][0][2]))

    def test_withdraw(self):
        request = self.ask(self.alfa, 150000.0, user=self.user)
        request.action_send()
        line = request.limit_id
        request.action_withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.assertFalse(line.exists())
        with self.assertRaises(UserError):
            request.action_withdraw()
        again = self.ask(self.alfa, 140000.0)
        again.action_send()
        again.limit_id.action_withdraw()  # on the limit itself
        self.assertEqual(again.state, "withdrawn")
