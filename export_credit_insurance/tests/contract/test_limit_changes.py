from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .limit_common import LimitCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestLimitChanges(LimitCommon):
    """Increased, reduced, cancelled, prolonged: each a line of its own (DOMAIN 1.4)."""

    def test_increase_closes_the_line_on_the_day_before(self):
        first = self.make_limit(self.alfa, 100000.0)
        second = self.ask(150000.0)
        self.assertEqual((second.request_type, second.previous_id), ("increase", first))
        second._record_decision("approved", date_from="2026-11-01")
        self.assertRecordValues(
            first + second,
            [
                {
                    "state": "closed",
                    "amount": 100000.0,
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 10, 31),
                },
                {
                    "state": "approved",
                    "amount": 150000.0,
                    "date_from": date(2026, 11, 1),
                    "date_to": False,
                },
            ],
        )

    def test_refused_increase_leaves_the_line(self):
        first = self.make_limit(self.alfa, 100000.0)
        self.ask(150000.0)._record_decision("refused")
        self.assertRecordValues(first, [{"state": "approved", "date_to": False}])

    def test_pending_increase_leaves_the_line(self):
        first = self.make_limit(self.alfa, 100000.0)
        self.ask(150000.0)
        self.assertRecordValues(first, [{"state": "approved", "date_to": False}])

    def test_reduction_adds_a_line(self):
        first = self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="77")
        second = first._record_decision(
            "reduced",
            amount=40000.0,
            decision_date="2026-10-01",
            notified_on="2026-10-02",
            date_from="2026-11-01",
            reason_code="12",
        )
        self.assertRecordValues(
            first + second,
            [
                {
                    "state": "reduced",
                    "amount": 100000.0,
                    "date_to": date(2026, 10, 31),
                    "insurer_buyer_ref": "77",
                    "previous_id": False,
                    "notified_on": False,
                },
                {
                    "state": "approved",
                    "amount": 40000.0,
                    "date_to": False,
                    "insurer_buyer_ref": "77",
                    "previous_id": first.id,
                    "notified_on": date(2026, 10, 2),
                },
            ],
        )

    def test_second_reduction_before_the_first_takes_effect(self):
        first = self.make_limit(self.alfa, 100000.0)
        second = first._record_decision(
            "reduced", amount=40000.0, date_from="2026-11-01"
        )
        third = second._record_decision(
            "reduced", amount=20000.0, date_from="2026-10-15"
        )
        self.assertEqual(first.date_to, date(2026, 10, 14))
        self.assertFalse(second._is_effective())
        self.assertTrue(third._is_effective())

    def test_cancellation_keeps_the_granted_figures(self):
        line = self.make_limit(self.alfa, 100000.0)
        line._record_decision(
            "cancelled",
            decision_date="2026-10-01",
            notified_on="2026-10-02",
            date_from="2026-10-31",
            reason_code="12",
        )
        self.assertRecordValues(
            line,
            [
                {
                    "state": "cancelled",
                    "cancelled_by": "insurer",
                    "amount": 100000.0,
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 10, 30),
                    "decision_date": date(2026, 1, 1),
                    "end_decision_date": date(2026, 10, 1),
                    "end_notified_on": date(2026, 10, 2),
                    "end_reason_code": "12",
                }
            ],
        )
        self.assertEqual(len(self.lines()), 1)

    def test_cancellation_on_request(self):
        line = self.make_limit(self.alfa, 100000.0)
        request = self.ask(0.0, request_type="cancel", previous_id=line.id)
        request._record_decision("approved", date_from="2026-10-10")
        self.assertRecordValues(
            line,
            [
                {
                    "state": "cancelled",
                    "cancelled_by": "insured",
                    "date_to": date(2026, 10, 9),
                }
            ],
        )
        self.assertEqual(request.state, "closed")
        self.assertFalse(request._is_effective())

    def test_cancellation_is_agreed_to_or_not(self):
        line = self.make_limit(self.alfa, 100000.0)
        request = self.ask(0.0, request_type="cancel", previous_id=line.id)
        for answer in ("partial", "conditional"):
            with self.subTest(answer), self.assertRaisesRegex(UserError, "cancel"):
                request._record_decision(answer, amount=1000.0, conditions="Any")
        self.assertEqual((line.state, request.state), ("approved", "requested"))
        request._record_decision("refused")
        self.assertEqual((line.state, request.state), ("approved", "refused"))

    def test_prolongation_follows_the_line(self):
        line = self.make_limit(
            self.alfa, 30000.0, kind="temporary", date_to="2026-12-31"
        )
        following = line._record_decision("prolonged", date_to="2027-03-31")
        self.assertEqual(line.date_to, date(2026, 12, 31))
        self.assertEqual(following.date_from, date(2027, 1, 1))
        self.assertEqual(following.date_to, date(2027, 3, 31))
        self.assertEqual(following.amount, 30000.0)

    def test_prolongation_ends_later(self):
        line = self.make_limit(
            self.alfa, 30000.0, kind="temporary", date_to="2026-12-31"
        )
        for values in ({"date_to": "2026-12-31"}, {"date_to": "2026-11-30"}, {}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "ends later"):
                line._record_decision("prolonged", **values)
        endless = self.make_limit(self.alfa, 100000.0)
        with self.assertRaisesRegex(UserError, "no end"):
            endless._record_decision("prolonged", date_to="2027-12-31")
