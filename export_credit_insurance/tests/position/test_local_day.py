from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon

# 9 hours before UTC, and 7 behind it until 1 November 2026
TOKYO, LOS_ANGELES = "Asia/Tokyo", "America/Los_Angeles"


@tagged("post_install", "-at_install")
class TestLocalDay(PositionCommon):
    """Planned moments are days where the company is, not in UTC.

    The limit of 50 000 is in force from 1 October on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0, date_from="2026-10-01")

    def move_to(self, zone, company=None):
        (company or self.company).partner_id.tz = zone

    def assertShipped(self, order, day, covered):
        row = self.rows(self.alfa)["order", order.id]
        self.assertEqual(str(row["shipment_date"]), day)
        self.assertEqual(float(row["covered_amount"]), covered)

    def make_delivered(self, moment):
        """1 000 delivered of an undated line, whose order plans it for a moment."""
        order = self.make_order(self.alfa, 1000.0)
        order.write({"commitment_date": moment})
        line = order.order_line
        line.qty_delivered = 1000.0
        # as of a service: nothing says when it was rendered
        line.insured_shipment_date = False
        return order

    def test_last_day_before_a_limit_in_the_east(self):
        """20:00 UTC of 30 September is 1 October in Tokyo: 90 % of 1 000 covered."""
        order = self.make_delivered("2026-09-30 20:00:00")
        self.move_to("UTC")
        self.assertShipped(order, "2026-09-30", 0.0)
        self.move_to(TOKYO)
        self.assertShipped(order, "2026-10-01", 900.0)

    def test_first_day_of_a_limit_in_the_west(self):
        """03:00 UTC of 1 October is 30 September, 20:00, in Los Angeles."""
        order = self.make_delivered("2026-10-01 03:00:00")
        self.move_to("UTC")
        self.assertShipped(order, "2026-10-01", 900.0)
        self.move_to(LOS_ANGELES)
        self.assertShipped(order, "2026-09-30", 0.0)

    def assertHorizon(self, ordered, deferred):
        self.assertExposure(self.alfa, ordered=ordered, deferred=deferred)

    def test_horizon(self):
        """Of 1 October + 30 days, the 31st is the last day that counts.

        31 October, 20:00 UTC is 1 November in Tokyo; 1 November, 03:00 UTC is still
        31 October in Los Angeles.
        """
        self.company.credit_order_horizon_days = 30
        for amount, moment in (
            (100.0, "2026-10-31 20:00:00"),
            (10.0, "2026-11-01 03:00:00"),
        ):
            self.make_order(self.alfa, amount).commitment_date = moment
        self.move_to("UTC")
        self.assertHorizon(100.0, 10.0)
        self.move_to(TOKYO)
        self.assertHorizon(0.0, 110.0)
        self.move_to(LOS_ANGELES)
        self.assertHorizon(110.0, 0.0)

    def test_horizon_by_lead_time(self):
        """Ordered on 1 October, 20:00 UTC, for 30 days later: 31 October, 20:00."""
        self.company.credit_order_horizon_days = 30
        order = self.make_order(self.alfa, 100.0)
        order.date_order = "2026-10-01 20:00:00"
        order.order_line.customer_lead = 30.0
        self.move_to("UTC")
        self.assertHorizon(100.0, 0.0)
        self.move_to(TOKYO)
        self.assertHorizon(0.0, 100.0)

    def test_each_company_has_its_day(self):
        """One policy, one limit of 50 000, one company by UTC and one in Tokyo."""
        other = self.env["res.company"].create(
            {"name": "Japan", "currency_id": self.euro.id}
        )
        self.policy.company_ids = [Command.link(other.id)]
        self.move_to("UTC")
        self.move_to(TOKYO, other)
        (self.company + other).credit_order_horizon_days = 30
        own = self.make_order(self.alfa, 100.0)
        theirs = self.make_order(self.alfa, 10.0, company_id=other.id, confirm=False)
        theirs.with_company(other).action_confirm()
        (own + theirs).write({"commitment_date": "2026-10-31 20:00:00"})
        position = self.get_position(self.alfa)
        self.assertEqual((position.ordered, position.deferred), (100.0, 0.0))
        self.assertEqual(position.exposure_limit_currency, 100.0)
        position = self.position._get_credit_position(self.alfa, other, self.today)
        self.assertEqual(position[self.alfa].deferred, 10.0)
