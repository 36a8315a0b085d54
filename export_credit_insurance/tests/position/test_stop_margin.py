from freezegun import freeze_time

from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestStopMargin(PositionCommon):
    """What is missing until EDC's threshold stops cover (DOMAIN 1.8).

    62 days after 31 July is 1 October; the extension period is 60 days. More than 10 %
    of all that is due *and* more than an amount stop the cover.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-01 09:00:00"))
        cls.policy.stop_min_pct = 10.0
        cls.make_limit(cls.alfa, 100000.0)

    def owe(self, overdue, rest, buyer=None):
        buyer = buyer or self.alfa
        self.make_invoice(buyer, overdue, day="2026-06-01", due="2026-07-31")
        self.make_invoice(buyer, rest, day="2026-09-01")

    def margin(self, buyers=None):
        self.env.invalidate_all()
        rows = self.env["credit.insurance.stop.margin"].with_company(self.company)
        return rows.search([("partner_id", "in", (buyers or self.alfa).ids)])

    def assertMargin(self, **expected):
        self.assertRecordValues(self.margin(), [expected])

    def stops(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_record_overdue_stops"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["credit.insurance.stop"].search(
            [("partner_id", "=", self.alfa.id)]
        )

    def test_six_per_cent(self):
        """4 000 of 65 000 = 6.2 %; 10 % are 6 500, so 2 500 are missing."""
        self.owe(4000.0, 61000.0)
        self.assertMargin(
            late_amount=4000.0,
            total_amount=65000.0,
            threshold_amount=6500.0,
            missing_amount=2500.0,
            is_stopped=False,
        )
        self.assertAlmostEqual(self.margin().share, 6.1538, 3)
        self.assertFalse(self.stops())

    def test_sixty_two_per_cent(self):
        """40 000 of 65 000 = 61.5 %: stopped, and recorded by the nightly job."""
        self.owe(40000.0, 25000.0)
        self.assertMargin(
            late_amount=40000.0,
            total_amount=65000.0,
            threshold_amount=6500.0,
            missing_amount=0.0,
            is_stopped=True,
        )
        self.assertEqual(self.stops().cause, "overdue")

    def test_both_conditions(self):
        """Amount 50 000 and 10 %: 40 000 are 61.5 % and yet 10 000 are missing."""
        self.policy.stop_min_amount = 50000.0
        self.owe(40000.0, 25000.0)
        self.assertMargin(
            late_amount=40000.0,
            total_amount=65000.0,
            threshold_amount=50000.0,
            missing_amount=10000.0,
            is_stopped=False,
        )
        self.assertFalse(self.stops())
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")

    def test_exactly_the_threshold_is_not_above(self):
        """6 500 of 65 000 are 10 %: not stopped; a cent more is."""
        self.owe(6500.0, 58500.0)
        self.assertMargin(
            late_amount=6500.0,
            total_amount=65000.0,
            threshold_amount=6500.0,
            missing_amount=0.0,
            is_stopped=False,
        )
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")

    def test_policies_without_a_threshold_list_nobody(self):
        self.policy.stop_min_pct = 0.0
        self.owe(4000.0, 61000.0)
        self.assertFalse(self.margin())

    def test_the_period_runs_still(self):
        """Due 3 August + 60 days = 2 October: nothing is beyond it on the 1st."""
        self.make_invoice(self.alfa, 4000.0, day="2026-06-01", due="2026-08-03")
        self.assertMargin(
            late_amount=0.0,
            total_amount=4000.0,
            threshold_amount=400.0,
            missing_amount=400.0,
            is_stopped=False,
        )

    def test_queries_do_not_grow(self):
        buyers = self.alfa
        self.owe(4000.0, 61000.0)
        for number in range(50):
            buyer = self.make_buyer(f"Late {number}")
            self.make_limit(buyer, 100000.0)
            self.owe(400.0, 6100.0, buyer)
            buyers |= buyer
        counts = []
        for some in (self.alfa, buyers):
            self.margin(some)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.margin(some)
            self.assertEqual(len(found.mapped("missing_amount")), len(some))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
