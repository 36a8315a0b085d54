import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .exchange_common import ExchangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestCutNotice(ExchangeCommon):
    """Binding orders in progress when the insurer cuts a limit (DOMAIN 1.5).

    An order of 20 000, of which 8 000 are delivered: 12 000 bind and are not shipped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.alfa, 20000.0, delivered=8000.0)
        cls.make_order(cls.alfa, 500.0, confirm=False)  # binds nobody
        cls.make_order(cls.alfa, 700.0, delivered=700.0)  # left
        cls.make_order(cls.beta, 900.0)  # somebody else's
        cls.notices = cls.env["credit.insurance.cut.notice"]

    def cut(self, decision="reduced", **values):
        line = self.limit.with_user(self.controller)
        return line._record_decision(
            decision, date_from="2026-10-11", decision_date="2026-10-01", **values
        )

    def test_reduction_lists_what_is_not_shipped(self):
        line = self.cut(amount=40000.0)
        notice = self.notices.search([("partner_id", "=", self.alfa.id)])
        self.assertRecordValues(
            notice,
            [
                {
                    "limit_id": line.id,
                    "decision": "reduced",
                    "date_effect": date(2026, 10, 11),
                    "state": "draft",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRecordValues(
            notice.line_ids,
            [
                {
                    "order_id": self.order.id,
                    "order_name": self.order.name,
                    "order_total": 20000.0,
                    "undelivered_amount": 12000.0,
                }
            ],
        )
        self.assertEqual(notice.activity_ids.user_id, self.controller)

    def test_days_are_the_company_s(self):
        """Ordered on 1 October, 08:00 UTC, for 30 November, 20:00 UTC: in Tokyo that is
        1 December; by Los Angeles, ordered on 1 October, 03:00 UTC, on 30 September."""
        self.company.partner_id.tz = "Asia/Tokyo"
        self.order.write(
            {
                "date_order": "2026-10-01 08:00:00",
                "commitment_date": "2026-11-30 20:00:00",
            }
        )
        planned = self.notices._prepare_order(
            self.order, self.position._get_undelivered(self.order)[self.order.id]
        )
        self.assertEqual(str(planned["order_date"]), "2026-10-01")
        self.assertEqual(str(planned["planned_date"]), "2026-12-01")
        self.company.partner_id.tz = "America/Los_Angeles"
        self.order.date_order = "2026-10-01 03:00:00"
        self.order.commitment_date = False
        self.cut(amount=40000.0)
        notice = self.notices.search([("partner_id", "=", self.alfa.id)])
        self.assertRecordValues(
            notice.line_ids,
            [{"order_date": date(2026, 9, 30), "planned_date": False}],
        )

    def test_cancellation_by_the_insurer(self):
        self.cut("cancelled")
        notice = self.notices.search([("partner_id", "=", self.alfa.id)])
        self.assertRecordValues(
            notice,
            [{"decision": "cancelled", "date_effect": date(2026, 10, 11)}],
        )

    def test_many_cuts_ask_as_much_as_one(self):
        """A file cuts limits by the hundred: orders are looked for once."""
        limits = self.limit
        for number in range(50):
            buyer = self.make_buyer(f"CUT {number}")
            limits += self.make_limit(buyer, 1000.0)
            self.make_order(buyer, 100.0)
        counts = []
        for lines in (limits[:1], limits[:1], limits):  # what is cached is warm then
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.notices._orders_in_progress(lines)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(found), len(lines))
        self.assertLessEqual(counts[2], counts[1] + 1)

    def test_own_cancellation_lists_nothing(self):
        self.cut("cancelled", cancelled_by="insured")
        self.assertFalse(self.notices.search([]))

    def test_increase_lists_nothing(self):
        self.cut("raised", amount=150000.0)
        self.assertFalse(self.notices.search([]))

    def test_nothing_in_progress(self):
        other = self.make_limit(self.make_buyer("IDLE"), 1000.0)
        other._record_decision("cancelled", date_from="2026-10-11")
        self.assertFalse(self.notices.search([]))

    def test_declare(self):
        self.cut("cancelled")
        notice = self.notices.search([]).with_user(self.controller)
        action = notice.action_declare()
        self.assertRecordValues(
            notice,
            [
                {
                    "state": "declared",
                    "declared_on": date(2026, 10, 1),
                    "declared_by_id": self.controller.id,
                }
            ],
        )
        self.assertFalse(notice.activity_ids)
        id_ = int(action["url"].split("/")[-1].split("?")[0])
        content = io.BytesIO(self.env["ir.attachment"].browse(id_).raw)
        rows = list(openpyxl.load_workbook(content).active.values)
        self.assertEqual(rows[1][0:3], ("POL-26", "ALFA", "BR"))
        self.assertEqual(rows[1][6], self.order.name)
        self.assertEqual(rows[1][10:13], (20000, 12000, 12000))
        with self.assertRaises(UserError):
            notice.action_declare()
        with self.assertRaises(UserError):
            notice.action_agreed()  # without a reference
        notice.insurer_ref = "RUN-OFF 7"
        notice.action_agreed()
        self.assertEqual(notice.state, "agreed")

    def test_what_was_listed_stays(self):
        self.cut("cancelled")
        notice = self.notices.search([]).with_user(self.controller)
        for values in ({"state": "agreed"}, {"date_effect": "2027-01-01"}):
            with self.subTest(values), self.assertRaises(AccessError):
                notice.write(values)
        with self.assertRaises(AccessError):
            notice.line_ids.write({"undelivered_amount": 1.0})
