import dataclasses
import datetime
from typing import Any


@dataclasses.dataclass(frozen=True)
class JointPosition:
    """What the members of a buyer's group owe together, in the company's currency.

    Without the orders asked about. ``ceiling`` is what they may owe together;
    ``ceiling_amount`` the same as it was decided, in its own currency.
    """

    group_id: int
    exposure: float
    ceiling: float
    ceiling_amount: float
    ceiling_currency_id: int


@dataclasses.dataclass(frozen=True)
class CreditPosition:
    """What one buyer owes and may still owe, on one day, seen from one company.

    Amounts named ``…_limit_currency`` are in :attr:`limit_currency` and in the
    policy's tax basis, over every company the policy insures and every partner that
    shares the insurer's buyer number. All others are in the company's currency, tax
    included, for the company alone.
    """

    partner: Any
    company: Any
    day: datetime.date
    # exposure, company currency
    receivable: float
    unallocated: float
    draft: float
    delivered: float
    ordered: float
    deferred: float
    exposure: float
    overdue_amount: float
    overdue_days: int
    # what is overdue beyond residues: what anybody is chased for
    chased_amount: float
    chased_days: int
    own_risk_limit: float
    headroom: float
    # the policy that would insure a shipment of this day
    policy: Any
    exclusion: str | None
    limit: float
    limit_currency: Any
    limit_currency_code: str
    limit_digits: int
    limit_rate: float
    company_rate: float
    company_digits: int
    limit_kind: str | None
    limit_state: str
    limit_date_to: datetime.date | None
    exposure_limit_currency: float
    secured_limit_currency: float
    own_risk_limit_currency: float
    headroom_limit_currency: float
    max_payment_days: int
    country_status: str
    # why cover is stopped, if it is
    stop_date: datetime.date | None
    stop_cause: str | None
    stop_move_line: Any
    insolvency: Any
    near_stop_date: datetime.date | None
    cover_state: str
    shares_limit: bool  # another partner may carry the same insurer's number
    # what the orders asked about add, {order id: OrderAmount}
    order_amounts: dict = dataclasses.field(default_factory=dict)
    # what was paid for other orders than those asked about, company currency
    kept_money: float = 0.0
    # of the buyer's group, where the company set it a ceiling
    joint: JointPosition | None = None
    # own risk that is accepted, but not for the orders asked about
    own_risk_set_aside: float = 0.0

    def without_own_risk(self):
        """Return the position with nothing accepted at own risk."""
        own_risk = self.own_risk_limit_currency
        in_company = own_risk * self.company_rate / self.limit_rate
        return dataclasses.replace(
            self,
            own_risk_limit=0.0,
            own_risk_limit_currency=0.0,
            own_risk_set_aside=own_risk,
            headroom=self.headroom - in_company,
            headroom_limit_currency=round(
                self.headroom_limit_currency - own_risk, self.limit_digits
            ),
        )

    def to_limit_currency(self, amount):
        """Convert from the company's currency, at the rates of the position."""
        if self.limit_currency == self.company.currency_id:
            return amount
        return round(amount * self.limit_rate / self.company_rate, self.limit_digits)

    @property
    def insurer(self):
        return self.policy.insurer_id

    def order_amount(self, order):
        """Return what this order adds to the exposure."""
        return self.order_amounts.get(order.id, NO_AMOUNT)


@dataclasses.dataclass(frozen=True)
class OrderAmount:
    """What one order adds: its quantities neither invoiced nor paid for.

    ``security`` is what securities that serve this order alone still hold for it;
    ``deferred`` the part planned beyond the horizon: whoever confirms the order needs
    room for it, but it is no exposure before its time.
    """

    company_currency: float
    limit_currency: float
    security_limit_currency: float = 0.0
    deferred_company_currency: float = 0.0
    deferred_limit_currency: float = 0.0


NO_AMOUNT = OrderAmount(0.0, 0.0)
