from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .position_common import PositionCommon

CRON = "export_credit_insurance.ir_cron_record_exposure"
LOGGER = "odoo.addons.export_credit_insurance.models.job"


@tagged("post_install", "-at_install")
class TestExposureSnapshot(PositionCommon):
    """ALFA owes 120 000 under a limit of 100 000 at 90 %: 90 000 are covered.

    20 000 are beyond the limit, 10 000 at own risk. OMEGA is insured and owes nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.make_limit(cls.alfa, 100000.0)
        cls.make_limit(cls.make_buyer("OMEGA"), 5000.0)
        cls.make_invoice(cls.alfa, 120000.0, due="2026-09-20")
        cls.snapshots = cls.env["credit.insurance.exposure.snapshot"]

    def found(self):
        return self.snapshots.search([("company_id", "=", self.company.id)])

    @freeze_time("2026-10-01 12:00:00")
    def test_row(self):
        self.snapshots._record_month_end(self.company)
        self.assertRecordValues(
            self.found(),
            [
                {
                    "date": date(2026, 9, 30),
                    "partner_id": self.alfa.id,
                    "buyer_ref": self.alfa.id,
                    "country_id": self.alfa.country_id.id,
                    "country_status": "open",
                    "zone_id": self.alfa.credit_zone_id.id,
                    "policy_id": self.policy.id,
                    "insurer_id": self.insurer.id,
                    "currency_id": self.euro.id,
                    "exposure": 120000.0,
                    "covered": 90000.0,
                    "own_risk_amount": 10000.0,
                    "beyond_amount": 20000.0,
                    "overdue_amount": 120000.0,
                    "cover_state": "warning",
                }
            ],
        )
        self.assertTrue(self.found().country_grade)

    @freeze_time("2026-10-01 12:00:00")
    def test_security_that_ends_with_the_month(self):
        """40 000 secured until 30 September: 80 000 × 90 %, whichever job is first."""
        security = self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 40000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-09-30",
                "is_general": True,
                "state": "active",
            }
        )
        self.expire_securities()
        self.assertEqual(security.state, "closed")
        self.snapshots._record_month_end(self.company)
        self.assertEqual(self.found().covered, 72000.0)

    @freeze_time("2026-10-01 12:00:00")
    def test_once_per_month_end(self):
        self.assertEqual(self.snapshots._record_month_end(self.company), 1)
        self.make_invoice(self.alfa, 1000.0)
        self.assertEqual(self.snapshots._record_month_end(self.company), 0)
        # two jobs at once: the constraint has the last word
        self.assertEqual(self.snapshots._record(self.company, date(2026, 9, 30)), 0)
        self.assertEqual(self.found().exposure, 120000.0)

    def test_late_is_better_than_never(self):
        """The server stood still until the 20th: the last month is recorded then."""
        with freeze_time("2026-10-20 12:00:00"):
            self.assertEqual(self.snapshots._record_month_end(self.company), 1)
        self.assertEqual(self.found().date, date(2026, 9, 30))
        self.assertEqual(self.found().recorded_on.date(), date(2026, 10, 20))

    def test_missed_months_are_caught_up(self):
        """July was recorded, then the server stood still until 4 October.

        End of August: 7 000, invoiced on 1 August, from the books alone. End of
        September: 127 000 and an order of 3 000, as of the recording.
        """
        self.make_invoice(self.alfa, 7000.0, day="2026-08-01")
        self.company.credit_exposure_recorded_until = "2026-07-31"
        self.make_order(self.alfa, 3000.0)
        with freeze_time("2026-10-04 12:00:00"):
            self.assertEqual(self.snapshots._record_month_end(self.company), 2)
            self.assertEqual(self.snapshots._record_month_end(self.company), 0)
        self.assertRecordValues(
            self.found().sorted("date"),
            [
                {
                    "date": date(2026, 8, 31),
                    "exposure": 7000.0,
                    "covered": 6300.0,
                    "receivables_only": True,
                },
                {
                    "date": date(2026, 9, 30),
                    "exposure": 130000.0,
                    "covered": 90000.0,
                    "receivables_only": False,
                },
            ],
        )
        self.assertEqual(self.found().mapped("recorded_on")[0].date().month, 10)
        self.assertEqual(self.company.credit_exposure_recorded_until, date(2026, 9, 30))

    def test_months_before_the_first_one_are_not_made_up(self):
        with freeze_time("2026-10-04 12:00:00"):
            self.snapshots._record_month_end(self.company)
        self.assertEqual(set(self.found().mapped("date")), {date(2026, 9, 30)})

    @freeze_time("2026-10-04 12:00:00")
    def test_job_catches_up_in_order(self):
        """A month that cannot be recorded: those after it wait for the next day."""
        self.make_invoice(self.alfa, 7000.0, day="2026-07-01")
        self.company.credit_exposure_recorded_until = "2026-06-30"
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE credit_insurance_exposure_snapshot ADD CONSTRAINT broken"
            " CHECK (date <> '2026-08-31') NOT VALID"
        )
        with (
            self.enter_registry_test_mode(),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.found().mapped("date"), [date(2026, 7, 31)])
        self.env.cr.execute(
            "ALTER TABLE credit_insurance_exposure_snapshot DROP CONSTRAINT broken"
        )
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            sorted(self.found().mapped("date")),
            [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)],
        )

    def test_receivables_of_the_month_end(self):
        """Invoice and receipt of the 2nd, recorded on the 4th: neither counts.

        Of September alone: 120 000, of which 90 % of the limit of 100 000 are covered.
        With them it would be 120 000 + 7 000 - 50 000 = 77 000.
        """
        with freeze_time("2026-10-04 12:00:00"):
            [owed] = self.env["account.move"].search(
                [
                    ("partner_id", "=", self.alfa.id),
                    ("move_type", "=", "out_invoice"),
                ]
            )
            self.make_invoice(self.alfa, 7000.0, day="2026-10-02")
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=owed.ids
            ).create(
                {"payment_date": "2026-10-02", "amount": 50000.0}
            )._create_payments()
            self.assertEqual(owed.amount_residual, 70000.0)
            self.snapshots._record_month_end(self.company)
        row = self.found()
        self.assertEqual(row.date, date(2026, 9, 30))
        self.assertEqual((row.exposure, row.covered), (120000.0, 90000.0))

    @freeze_time("2026-10-01 12:00:00")
    def test_month_without_exposure_is_recorded_once(self):
        """Nobody owed anything on 30 September: it is not asked again on the 3rd."""
        other = self.env["res.company"].create({"name": "No sales yet"})
        self.assertEqual(self.snapshots._record_month_end(other), 0)
        self.assertEqual(other.credit_exposure_recorded_until, date(2026, 9, 30))
        self.assertTrue(self.snapshots._is_recorded(other, date(2026, 9, 30)))
        self.assertFalse(self.snapshots._is_recorded(other, date(2026, 10, 31)))

    @freeze_time("2026-10-01 12:00:00")
    def test_trouble_of_one_company_is_its_own(self):
        """Rows of the first company are refused: the second is recorded anyway."""
        other = self.env["res.company"].create(
            {"name": "Broken", "currency_id": self.euro.id, "sequence": 1000}
        )
        companies = self.company + other
        self.policy.company_ids = companies
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE credit_insurance_exposure_snapshot ADD CONSTRAINT broken"
            " CHECK (company_id <> %s) NOT VALID",
            [self.company.id],
        )
        with (
            self.enter_registry_test_mode(),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.found())
        self.assertFalse(self.company.credit_exposure_recorded_until)
        self.assertEqual(other.credit_exposure_recorded_until, date(2026, 9, 30))

    def test_month_ends_where_the_company_is(self):
        """At 22:30 UTC of 31 October it is 1 November in Paris, not in New York."""
        self.snapshots._record(self.company, date(2026, 9, 30))
        self.company.partner_id.tz = "America/New_York"
        with freeze_time("2026-10-31 23:30:00"):
            self.assertEqual(self.snapshots._record_month_end(self.company), 0)
        self.company.partner_id.tz = "Europe/Paris"
        with freeze_time("2026-10-31 23:30:00"):
            self.assertEqual(self.snapshots._record_month_end(self.company), 1)
        self.assertEqual(self.found()[:1].date, date(2026, 10, 31))

    @freeze_time("2026-10-01 12:00:00")
    def test_job(self):
        other = self.env["res.company"].create({"name": "Without a policy"})
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.assertEqual(len(self.found()), 1)
        self.assertFalse(self.snapshots.search([("company_id", "=", other.id)]))

    @freeze_time("2026-10-01 12:00:00")
    def test_nobody_writes(self):
        self.snapshots._record_month_end(self.company)
        manager = new_test_user(
            self.env,
            "snapshot manager",
            "export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        row = self.found().with_user(manager)
        self.assertEqual(row.exposure, 120000.0)
        for attempt in (
            lambda: row.write({"exposure": 0.0}),
            lambda: row.unlink(),
            lambda: row.copy(),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                attempt()

    @freeze_time("2026-10-01 12:00:00")
    def test_merged_buyer_keeps_both_rows(self):
        """Two partners that turn out to be one: the month's sum stays."""
        twin = self.make_buyer("ALFA SA")
        self.make_invoice(twin, 500.0)
        self.snapshots._record_month_end(self.company)
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.alfa + twin).ids, self.alfa
        )
        rows = self.snapshots.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(sorted(rows.mapped("exposure")), [500.0, 120000.0])

    @freeze_time("2026-10-01 12:00:00")
    def test_queries_do_not_depend_on_the_buyers(self):
        self.count_queries(date(2026, 10, 31))  # caches of the registry
        few = self.count_queries(date(2026, 11, 30))
        for number in range(50):
            self.make_invoice(self.make_buyer(f"Buyer {number}"), 100.0)
        self.assertEqual(self.count_queries(date(2026, 12, 31)), few)

    def count_queries(self, day):
        self.env.flush_all()
        self.env["credit.insurance.position"]._facts(self.company.id, day)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.snapshots._record(self.company, day)
        return self.env.cr.sql_log_count - before
