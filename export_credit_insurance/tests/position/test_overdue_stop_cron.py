from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestOverdueStopCron(CreditInsuranceCommon):
    """A stop is recorded while its cause is unpaid, and outlives the payment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 100000.0)
        # DOMAIN 1.8: due 16 March, extension period 60 days, ends 15 May
        cls.late = cls.make_invoice(
            cls.alfa, 20000.0, day="2026-01-15", due="2026-03-16"
        )
        cls.Stop = cls.env["credit.insurance.stop"]

    def stops(self):
        return self.Stop.search([("partner_id", "=", self.alfa.id)])

    def record(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_record_overdue_stops"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_nothing_is_recorded_within_the_extension_period(self):
        with freeze_time("2026-05-15 10:00:00"):
            self.record()
        self.assertFalse(self.stops())

    def test_recorded_once_from_the_day_after(self):
        with freeze_time("2026-05-16 10:00:00"):
            self.record()
            self.record()
        self.assertRecordValues(
            self.stops(),
            [
                {
                    "policy_id": self.policy.id,
                    "date_from": date(2026, 5, 16),
                    "date_to": False,
                    "cause": "overdue",
                }
            ],
        )

    def test_payment_lifts_the_stop_at_once(self):
        with freeze_time("2026-05-16 10:00:00"):
            self.record()
            self.assertEqual(
                self.get_position(self.alfa, "2026-05-16").cover_state, "stopped"
            )
            self._register_payment(self.late)
            self.assertEqual(
                self.get_position(self.alfa, "2026-05-16").cover_state, "ok"
            )

    def test_shipments_after_the_payment_are_covered_before_the_job_runs(self):
        with freeze_time("2026-05-16 10:00:00"):
            self.record()
        with freeze_time("2026-05-30 10:00:00"):
            self._register_payment(self.late)
        inside = self.make_invoice(
            self.alfa, 5000.0, day="2026-05-29", due="2026-07-29"
        )
        after = self.make_invoice(self.alfa, 7000.0, day="2026-05-30", due="2026-07-30")

        def covered(day):
            rows = {row["move_id"]: row for row in self.get_cover(self.alfa, day)}
            return [rows[move.id]["covered_amount"] for move in (inside, after)]

        # shipped the day before the payment: nothing; that day: 7 000 × 90 %
        self.assertEqual(covered("2026-05-30"), [0.0, 6300.0])
        with freeze_time("2026-06-02 00:30:00"):
            self.record()
        self.assertEqual(self.stops().date_to, date(2026, 5, 29))
        self.assertEqual(covered("2026-06-02"), [0.0, 6300.0])

    def test_payment_ends_the_stop_and_leaves_its_trace(self):
        with freeze_time("2026-05-16 10:00:00"):
            self.record()
        inside = self.make_invoice(
            self.alfa, 5000.0, day="2026-05-20", due="2026-07-20"
        )
        with freeze_time("2026-05-30 10:00:00"):
            self._register_payment(self.late)
            self.record()
        self.assertEqual(self.stops().date_to, date(2026, 5, 29))
        after = self.make_invoice(self.alfa, 7000.0, day="2026-06-05", due="2026-08-05")
        rows = {row["move_id"]: row for row in self.get_cover(self.alfa, "2026-06-10")}
        self.assertEqual(rows[inside.id]["exclusion_reason"], "shipped_after_stop")
        self.assertEqual(rows[inside.id]["covered_amount"], 0.0)
        # 7 000 × 90 %
        self.assertEqual(rows[after.id]["covered_amount"], 6300.0)

    def test_companies_that_share_some_policies_record_it_once(self):
        """POL-26 insures us and the sister, P-BR the sister alone: one stop, one end.

        The sister's invoice is insured by P-BR (the first in sequence). Both runs read
        it, ours too, because we share POL-26; P-BR's stop is the sister's to record.
        """
        sister = self.setup_other_company(name="Sister", currency_id=self.euro.id)[
            "company"
        ]
        self.policy.company_ids += sister
        policy = self.make_policy(company=sister, name="P-BR", sequence=1)
        buyer = self.make_buyer("GAMA")
        self.make_limit(buyer, 50000.0, policy=policy)
        late = self.make_invoice(
            buyer, 3000.0, day="2026-01-15", due="2026-03-16", company=sister
        )
        for day in ("2026-05-16", "2026-05-17", "2026-05-18"):
            with freeze_time(f"{day} 10:00:00"):
                self.record()
        stop = self.Stop.search([("partner_id", "=", buyer.id)])
        self.assertRecordValues(
            stop,
            [
                {
                    "policy_id": policy.id,
                    "date_from": date(2026, 5, 16),
                    "date_to": False,
                }
            ],
        )
        with freeze_time("2026-05-30 10:00:00"):
            self._register_payment(late)
            self.record()
        self.assertEqual(stop.date_to, date(2026, 5, 29))
        # what stops cover under the policy that both share is recorded by either
        self.assertEqual(len(self.stops()), 1)

    def test_the_same_instalment_stops_cover_once(self):
        with freeze_time("2026-05-16 10:00:00"):
            self.record()
        values = self.stops().copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.Stop.create(values)
            self.env.flush_all()
