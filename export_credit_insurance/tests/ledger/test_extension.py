from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..position.position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestExtension(PositionCommon):
    """Only what the insurer agreed to in writing moves its clock (DOMAIN 1.8, 1.17).

    The invoice of DOMAIN 1.8: 15 January 2026, due 16 March; 60 days of extension end
    on 15 May; overdue notice and hand-over 30 days later, by 14 June.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-05-20 08:00:00"))
        cls.policy.write(
            {
                "notification_base": "mep_end",
                "notification_days": 30,
                "collection_base": "due_date",
                "collection_days": 90,
            }
        )
        cls.make_limit(cls.alfa, 100000.0)
        cls.late = cls.make_invoice(
            cls.alfa, 20000.0, day="2026-01-15", due="2026-03-16"
        )
        cls.instalment = cls.late.line_ids.filtered("date_maturity")
        cls.Extension = cls.env["credit.insurance.extension"]

    def extend(self, until="2026-06-30", **values):
        extension = self.Extension.create(
            {
                "move_line_id": self.instalment.id,
                "extension_until": until,
                "agreement_ref": "ATLAS-778",
                "agreed_on": "2026-05-20",
                **values,
            }
        )
        self.env.invalidate_all()
        return extension

    def test_all_deadlines_move_by_the_same_days(self):
        """15 May → 30 June: 46 days. Notice 14 June → 30 July, hand-over likewise."""
        self.assertRecordValues(
            self.late,
            [
                {
                    "cover_stop_date": date(2026, 5, 16),
                    "overdue_notice_deadline": date(2026, 6, 14),
                    "collection_deadline": date(2026, 6, 14),
                }
            ],
        )
        self.extend()
        self.assertRecordValues(
            self.late,
            [
                {
                    "cover_stop_date": date(2026, 7, 1),
                    "overdue_notice_deadline": date(2026, 7, 30),
                    "collection_deadline": date(2026, 7, 30),
                }
            ],
        )

    def test_a_commercial_postponement_moves_nothing(self):
        self.instalment.date_maturity = "2026-12-31"
        self.env.invalidate_all()
        self.assertEqual(self.late.cover_stop_date, date(2026, 5, 16))
        self.assertEqual(self.late.overdue_notice_deadline, date(2026, 6, 14))

    def test_cover_goes_on_until_the_agreed_day(self):
        self.assertEqual(
            self.get_position(self.alfa, "2026-05-20").cover_state, "stopped"
        )
        self.extend()
        self.assertNotEqual(
            self.get_position(self.alfa, "2026-06-30").cover_state, "stopped"
        )
        self.assertEqual(
            self.get_position(self.alfa, "2026-07-01").cover_state, "stopped"
        )

    def test_the_latest_agreement_holds(self):
        self.extend("2026-07-31")
        self.extend("2026-06-30")
        self.assertEqual(self.late.cover_stop_date, date(2026, 8, 1))

    def test_an_agreement_shorter_than_the_period_shortens_nothing(self):
        self.extend("2026-04-30")
        self.assertEqual(self.late.cover_stop_date, date(2026, 5, 16))
        self.assertEqual(self.late.collection_deadline, date(2026, 6, 14))

    def test_it_lifts_the_recorded_stop(self):
        """Goods shipped inside the stop are insured again: the insurer agreed."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_record_overdue_stops"
            ).method_direct_trigger()
        stop = self.env["credit.insurance.stop"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertEqual(stop.date_from, date(2026, 5, 16))
        shipped = self.make_invoice(
            self.alfa, 1000.0, day="2026-05-18", due="2026-08-18"
        )
        self.assertEqual(
            self.rows(self.alfa, "2026-05-20")[shipped.id]["covered_amount"], 0
        )
        self.extend()
        self.assertRecordValues(
            stop, [{"date_to": date(2026, 5, 20), "agreement_ref": "ATLAS-778"}]
        )
        # 1 000 × 90 %
        row = self.rows(self.alfa, "2026-05-21")[shipped.id]
        self.assertEqual(row["covered_amount"], 900)

    def test_it_follows_its_buyer_under_another_company(self):
        beta, gamma = self.make_buyer("BETA"), self.make_buyer("GAMMA")
        late = self.make_invoice(beta, 100.0, day="2026-01-15", due="2026-03-16")
        item = late.line_ids.filtered("date_maturity")
        extension = self.extend(move_line_id=item.id)
        self.assertEqual(extension.partner_id, beta)
        beta.write({"is_company": False, "parent_id": gamma.id})
        self.assertEqual(extension.partner_id, gamma)

    def test_bad_input_is_refused(self):
        receipt = self.make_receipt(self.alfa, 10.0)
        other = receipt.line_ids.filtered(lambda line: line.balance < 0)
        cases = (
            {"until": "2026-03-16"},  # the due date itself prolongs nothing
            {"until": "2026-07-31", "move_line_id": other.id},
            {"until": "2026-07-31", "agreed_on": "2026-05-21"},  # tomorrow
        )
        for case in cases:
            with self.subTest(case), self.assertRaises(ValidationError):
                self.extend(**case)

    def test_it_stays_as_it_was_recorded(self):
        extension = self.extend()
        with self.assertRaises(UserError):
            extension.extension_until = "2026-12-31"
        extension.note = "Confirmed by phone"
        self.assertEqual(extension.extension_until, date(2026, 6, 30))
