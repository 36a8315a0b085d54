from freezegun import freeze_time

from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestStopShareGate(DecisionCommon):
    """EDC's threshold at the gate (DOMAIN 1.8): 62 days late, share of the total."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.stop_min_pct = 10.0
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 200000.0)

    def codes(self, overdue, rest):
        self.make_invoice(self.beta, overdue, day="2026-06-01", due="2026-07-31")
        self.make_invoice(self.beta, rest, day="2026-09-01")
        return set(self.find(self.make_quotation(3000.0, partner=self.beta)))

    def test_six_per_cent_goes(self):
        self.assertNotIn("cover_stopped", self.codes(4000.0, 61000.0))

    def test_sixty_two_per_cent_is_stopped(self):
        self.assertIn("cover_stopped", self.codes(40000.0, 25000.0))

    def test_both_conditions(self):
        self.policy.stop_min_amount = 50000.0
        self.assertNotIn("cover_stopped", self.codes(40000.0, 25000.0))
