from datetime import date

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon

LAST_DAY = "2026-12-31 12:00:00"
NEXT_DAY = "2027-01-01 00:10:00"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPolicyLapse(DecisionCommon):
    """The policy ends on 31 December, and nobody has entered the next one.

    That time goes by is no decision that orders need no credit any more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()

    def confirm(self, partner=None, amount=1000.0):
        order = self.make_quotation(amount, partner)
        order.action_confirm()
        return order

    def assert_refused(self, partner=None):
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.confirm(partner)

    def renew(self):
        self.renew_policies()
        self.assertEqual(self.policy.state, "closed")

    def test_until_midnight_and_from_then_on(self):
        with freeze_time(LAST_DAY):
            self.confirm()
            self.renew_policies()
            self.assertFalse(self.company.credit_lapsed_on)
        with freeze_time(NEXT_DAY):
            self.assert_refused()
            self.renew()
            self.assertEqual(self.company.credit_lapsed_on, date(2026, 12, 31))
            self.assert_refused()

    def test_by_the_day_of_the_insured_company(self):
        """The policy is over in Tokyo on 31 December, 15:00 UTC; in Los Angeles it
        insures until 1 January, 08:00 UTC. The job's company counts by UTC."""
        other = self.env["res.company"].create({"name": "Other"})
        other.partner_id.tz = "UTC"
        policies = self.policy.sudo().with_company(other)
        for zone, before, after in (
            ("Asia/Tokyo", "2026-12-31 14:30:00", "2026-12-31 15:30:00"),
            ("America/Los_Angeles", "2027-01-01 07:30:00", "2027-01-01 08:30:00"),
        ):
            with self.subTest(zone):
                self.company.partner_id.tz = zone
                self.company.credit_lapsed_on = False
                with freeze_time(before):
                    policies._note_lapses()
                    self.assertFalse(self.company.credit_lapsed_on)
                with freeze_time(after):
                    policies._note_lapses()
                    self.assertEqual(self.company.credit_lapsed_on, date(2026, 12, 31))

    def test_what_was_open_is_looked_through(self):
        with freeze_time(LAST_DAY):
            order = self.confirm()
        with freeze_time(NEXT_DAY):
            self.renew()
            self.assertEqual(
                self.env["credit.insurance.review"].search([]).mapped("cause"),
                ["policy"],
            )
            self.assertTrue(self.clearance_of(order))

    def test_the_next_policy(self):
        """What was confirmed meanwhile is no baseline; then all is as it was."""
        with freeze_time(NEXT_DAY):
            self.renew()
            order = self.make_quotation(1000.0)
            self.release(self.ask_release(order), release_kind="own_risk")
            order.action_confirm()
            policy = self.make_policy(
                name="POL-27",
                number="POL-27",
                date_start="2027-01-01",
                date_end="2027-12-31",
            )
            self.assertFalse(self.company.credit_lapsed_on)
            self.assertFalse(self.clearance_of(order).baseline)
            self.make_limit(self.alfa, 5000.0, "2027-01-01", policy=policy)
            self.confirm()

    def test_another_policy_goes_on(self):
        self.make_policy(name="POL-27", number="POL-27", date_end="2027-12-31")
        with freeze_time(NEXT_DAY):
            self.renew()
            self.assertFalse(self.company.credit_lapsed_on)

    def test_who_closes_it_has_decided(self):
        self.policy.action_close()
        with freeze_time(NEXT_DAY):
            self.renew_policies()
            self.assertFalse(self.company.credit_lapsed_on)
            self.confirm(amount=500000.0)

    def test_who_empties_the_day_has_decided(self):
        with freeze_time(NEXT_DAY):
            self.renew()
            self.company.credit_lapsed_on = False
            self.confirm(amount=500000.0)

    def test_what_was_only_observed(self):
        self.policy.observation = True
        with freeze_time(NEXT_DAY):
            self.renew()
            self.assertFalse(self.company.credit_lapsed_on)
            self.confirm(amount=500000.0)

    def test_whom_it_left_out(self):
        """Private persons are not looked at, as before."""
        person = self.make_buyer("Jean", is_company=False)
        with freeze_time(NEXT_DAY):
            self.renew()
            self.confirm(person, 500000.0)

    def test_it_renews_by_itself(self):
        self.policy.renewal = "tacit"
        with freeze_time(NEXT_DAY):
            self.confirm()
            self.renew_policies()
            self.assertFalse(self.company.credit_lapsed_on)
            self.confirm()
