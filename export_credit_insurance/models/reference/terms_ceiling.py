"""How long payment terms may be by law: plain dates."""

import datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Ceiling(NamedTuple):
    """The longest terms between businesses, from the invoice date (DOMAIN 3.3)."""

    rule_id: int
    days: int  # 0: no ceiling
    month_end_days: int  # 0: no other way of counting

    def allows(self, invoice_date, due_date, is_month_end):
        """Whether an instalment may be due on this day.

        Days and the end of the month may be counted in either order; the later day is
        the ceiling, since the contract chooses.

        >>> day = datetime.date
        >>> french = Ceiling(1, 60, 45)
        >>> french.allows(day(2026, 1, 1), day(2026, 3, 2), False)  # 60 days
        True
        >>> french.allows(day(2026, 1, 1), day(2026, 3, 3), False)  # 61
        False
        >>> french.allows(day(2026, 1, 1), day(2026, 3, 17), True)  # 31 January + 45
        True
        >>> french.allows(day(2026, 1, 17), day(2026, 3, 31), True)  # 3 March, its end
        True
        >>> french.allows(day(2026, 1, 17), day(2026, 4, 1), True)
        False
        """
        if not self.days or due_date <= invoice_date + datetime.timedelta(self.days):
            return True
        if not self.month_end_days or not is_month_end:
            return False
        later = datetime.timedelta(self.month_end_days)
        return due_date <= max(
            _month_end(invoice_date) + later, _month_end(invoice_date + later)
        )


def _month_end(day):
    return day + relativedelta(day=31)
