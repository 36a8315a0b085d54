from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentHistory:
    """How a buyer paid a company, in the company's currency.

    ``highest_balance``: the highest month-end balance of invoices that were later
    paid within terms. ``paid_on_time`` and ``paid_late``: numbers of invoices settled.
    ``worst_delay``: days, of settled and open ones; ``overdue_days`` of open ones.
    """

    highest_balance: float = 0.0
    paid_on_time: int = 0
    paid_late: int = 0
    worst_delay: int = 0
    overdue_days: int = 0
