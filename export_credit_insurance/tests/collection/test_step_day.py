from datetime import date
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from ...models.reference import local_holidays
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestStepDay(FollowupCommon):
    """Due date + days + zone's days, moved to the buyer's next working day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.saudi = cls.make_buyer("SAUDI", "sa")
        cls.step = cls.make_step(7)
        # DOMAIN 3.2: due Monday 16 March 2026
        cls.invoice = cls.make_invoice(
            cls.saudi, 1000.0, day="2026-01-15", due="2026-03-16"
        )

    def assertFirstDay(self, day):
        """The step is due on ``day`` and not the day before, and announced for it."""
        self.assertDue(self.invoice, date.fromordinal(day.toordinal() - 1), None)
        self.assertDue(self.invoice, day, self.step)
        self.assertEqual(self.item(self.invoice, "2026-03-01").next_day, day)

    def test_thursday(self):
        """16 March + 7 + 10 = 2 April 2026, a Thursday: worked on in Riyadh."""
        self.set_zone_days(self.saudi, transport=10)
        self.assertFirstDay(date(2026, 4, 2))

    def test_wednesday(self):
        """16 March + 7 + 9 = 1 April 2026."""
        self.set_zone_days(self.saudi, transport=9)
        self.assertFirstDay(date(2026, 4, 1))

    def test_friday_moves_to_sunday(self):
        """16 March + 7 + 8 + 3 = Friday 3 April: the week begins on Sunday the 5th."""
        self.set_zone_days(self.saudi, transport=8, administration=3)
        self.assertFirstDay(date(2026, 4, 5))

    def test_weekend_is_the_buyers(self):
        """The same Friday is a working day in Brazil; Saturday the 4th is not."""
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-01-15", due="2026-03-27"
        )
        self.assertDue(invoice, "2026-04-03", self.step)
        self.step.days = 8
        self.assertEqual(self.item(invoice, "2026-03-28").next_day, date(2026, 4, 6))
        self.assertDue(invoice, "2026-04-05", None)
        self.assertDue(invoice, "2026-04-06", self.step)

    def test_public_holiday(self):
        """With the package installed, a holiday on 2 April moves the step to Sunday."""
        self.set_zone_days(self.saudi, transport=10)
        package = SimpleNamespace(
            country_holidays=lambda code, years: {date(2026, 4, 2)}
        )
        local_holidays.public_holidays.cache_clear()
        self.addCleanup(local_holidays.public_holidays.cache_clear)
        with patch.object(local_holidays, "holidays", package):
            self.assertFirstDay(date(2026, 4, 5))

    def test_before_the_due_date(self):
        """7 days before 16 March: 9 March, no transport waited for; never after it."""
        self.set_zone_days(self.saudi, transport=10)
        self.step.days = -7
        self.assertFirstDay(date(2026, 3, 9))
        self.assertDue(self.invoice, "2026-03-16", self.step)
        self.assertDue(self.invoice, "2026-03-17", None)

    def test_insurers_clock_never_moves(self):
        """POL-26: 16 March + 60 = Friday 15 May 2026, weekend and transport or not."""
        self.set_zone_days(self.saudi, transport=10)
        self.step.write({"base": "mep_end", "days": 0})
        self.plan.accelerate_days = 0
        self.assertFirstDay(date(2026, 5, 15))

    def test_postponed_invoice(self):
        """Follow-up waits for the later day; the insurer's clock does not."""
        clock = self.make_step(0, base="mep_end")
        self.plan.accelerate_days = 0
        line = self.invoice.line_ids.filtered("date_maturity")
        line.date_maturity = "2026-04-15"
        item = self.item(self.invoice, "2026-04-01")
        self.assertEqual(item.due_date, date(2026, 4, 15))
        self.assertEqual(item.mep_end, date(2026, 5, 15))
        self.assertDue(self.invoice, "2026-04-22", self.step)
        self.assertDue(self.invoice, "2026-05-15", clock)
