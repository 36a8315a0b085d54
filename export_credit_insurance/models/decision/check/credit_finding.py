"""What the check of an order works on and what it answers: plain values, no model."""

import dataclasses
from typing import Any, NamedTuple

# Every code, the gravest first: the order of messages, and the first is the reason.
FINDING_CODES = [
    ("country_sanctioned", "Country Under Sanctions"),
    ("country_unknown", "Country Unknown"),
    ("rate_unknown", "Exchange Rate Unknown"),
    ("insolvent", "Buyer Insolvent"),
    ("country_off_cover", "Country Off Cover"),
    ("cover_stopped", "Cover Stopped"),
    ("limit_refused", "Limit Refused or Withdrawn"),
    ("limit_expired", "Limit Expired"),
    ("no_limit", "No Limit"),
    ("over_limit", "Over the Limit"),
    ("over_group_ceiling", "Over the Group's Ceiling"),
    ("terms_too_long", "Payment Terms Too Long"),
    ("terms_illegal", "Payment Terms Beyond the Law"),
    ("band_no_credit", "No Credit for This Risk Band"),
    ("terms_beyond_band", "Payment Terms Beyond the Risk Band"),
    ("not_insurable", "Not Insurable"),
    ("country_restricted", "Country Restricted"),
    ("overdue", "Overdue Debt"),
    ("wrong_entity", "Ordered by Another Company"),
    ("limit_expiring", "Limit About to Expire"),
]
SEVERITIES = [("block", "Blocks"), ("warn", "Warns"), ("ignore", "Ignored")]
SANCTION_CODE = "country_sanctioned"
UNKNOWN_CODE = "country_unknown"
# Looked for at every order, whatever it adds: sanctions do not ask who has paid.
SANCTION_CODES = (SANCTION_CODE, UNKNOWN_CODE)
RATE_CODE = "rate_unknown"
# What nobody filled in, and what helps, is no secret: everybody may read it.
UNFILLED_CODES = (UNKNOWN_CODE, RATE_CODE)
# These say how much credit lacks; every other code speaks of the whole order.
SHORT_CODES = ("limit_refused", "limit_expired", "no_limit", "over_limit")
# Says how much the ceiling of the buyer's group lacks; who released a lack of the
# buyer's own limit did not know of it.
JOINT_CODE = "over_group_ceiling"
# With these nothing of the order is insured, whatever the limit.
UNINSURED_CODES = ("insolvent", "country_off_cover", "cover_stopped", "not_insurable")

# Why a policy leaves a debtor out, as the position says it.
UNINSURED = ("public", "private", "related", "country_off")
# Who a rule speaks of: see credit.insurance.check.rule.
SCOPES = [
    ("insured", "Buyers insured by a policy"),
    ("domestic", "Domestic buyers outside every policy"),
    ("foreign", "Foreign buyers outside every policy"),
    ("private", "Private persons"),
]


def is_uninsurable(position):
    """Whether no shipment to this buyer would be insured, whatever the limit."""
    return bool(
        position.stop_date
        or position.insolvency
        or position.country_status in ("off_cover", "sanctioned")
        or position.exclusion in UNINSURED
    )


def joint_key(order, position):
    """Name the ceiling that an order shares with others: its company and group."""
    return order.company_id.id, position.joint and position.joint.group_id


@dataclasses.dataclass(frozen=True)
class Rule:
    """How grave a finding is for one buyer."""

    severity: str
    min_amount: float = 0.0
    tolerance_pct: float = 0.0


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing the check has to say about an order.

    ``severity`` is what counts now, ``rule_severity`` what the rule says: they differ
    while the policy is in observation.
    """

    code: str
    severity: str
    amount: float
    currency: Any
    currency_code: str
    message: str
    cure: str
    rule_severity: str

    @property
    def blocks(self):
        return self.severity == "block"

    def to_json(self):
        """Return the finding as a clearance keeps it."""
        return {
            "code": self.code,
            "severity": self.rule_severity,
            "amount": self.amount,
            "currency": self.currency_code,
            "message": self.message,
            "cure": self.cure,
        }


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What an order shall become, where a release is asked for before the change.

    ``growth`` is what the change adds to the order's open amount; it can exceed what
    it adds to the total, where delivered or invoiced lines give way to new ones.
    None: as it is.
    """

    total: float | None = None
    growth: float = 0.0
    delivery: Any = None
    invoice: Any = None
    payment_term: Any = None

    def to_json(self):
        """Return the change as a hold keeps it."""
        return {
            "total": self.total,
            "growth": self.growth,
            "delivery": self.delivery.id if self.delivery else None,
            "invoice": self.invoice.id if self.invoice else None,
            "payment_term": (
                None if self.payment_term is None else self.payment_term.id or 0
            ),
        }

    @classmethod
    def from_json(cls, env, values):
        """Return the change that a hold keeps."""
        partners, terms = env["res.partner"], env["account.payment.term"]
        term = values["payment_term"]
        return cls(
            total=values["total"],
            growth=values["growth"],
            delivery=partners.browse(values["delivery"] or ()).exists() or None,
            invoice=partners.browse(values["invoice"] or ()).exists() or None,
            payment_term=None if term is None else terms.browse(term or ()).exists(),
        )


@dataclasses.dataclass(frozen=True)
class OrderCase:
    """One order, its debtor's position and what the order may use of it.

    Amounts are in the position's limit currency unless the name says otherwise.
    ``added`` is what the order adds to the exposure beyond ``secured``, the part that
    securities of its own absorb; ``available`` what the debtor may still use, less
    what earlier orders of the same call have taken. ``addresses`` are those whose
    countries count; ``codes`` the findings to look for, None for all. ``joint_taken``
    is what earlier orders of the call have added to what the buyer's group owes, in
    the company's currency.
    """

    order: Any
    debtor: Any
    addresses: Any
    payment_term: Any
    position: Any
    scope: str
    zone_id: int | None
    band: Any
    added: float
    secured: float
    added_company_currency: float
    available: float
    total_company_currency: float
    prepaid: bool
    codes: frozenset | None = None
    cleared: Any = None
    joint_taken: float = 0.0

    def with_available(self, available):
        return dataclasses.replace(self, available=available)

    def without_own_risk(self):
        """Return the case with nothing accepted at own risk."""
        position = self.position.without_own_risk()
        return dataclasses.replace(
            self,
            position=position,
            available=self.available - position.own_risk_set_aside,
        )

    @property
    def currency(self):
        return self.position.limit_currency

    def round(self, amount):
        """Round to the limit's currency, without reading it."""
        return round(amount, self.position.limit_digits)

    @property
    def band_id(self):
        return self.band.id or None if self.band else None

    @property
    def missing(self):
        """What the order lacks, 0 when it fits."""
        return max(self.added - self.available, 0.0) if self.added else 0.0

    @property
    def prepayment(self):
        """What would have to be paid in advance: never more than the order adds."""
        return min(self.missing, self.added)

    @property
    def authorised(self):
        """The credit of the debtor, without securities of this order alone."""
        position = self.position
        return (
            position.limit
            + position.secured_limit_currency
            + position.own_risk_limit_currency
        )

    @property
    def exposure_before(self):
        """Exposure without this order, with the earlier orders of the call."""
        return self.authorised - self.available

    @property
    def headroom_after(self):
        return self.available - self.added

    @property
    def is_uninsurable(self):
        """Whether nothing of the order would be insured whatever the limit."""
        return is_uninsurable(self.position)


class Shares(NamedTuple):
    """Who stands for an order's amount: the insurer, securities, the seller."""

    within_limit: float
    secured: float
    own_risk: float


@dataclasses.dataclass(frozen=True)
class Assessment:
    """What the check says of one order, and the release that lets it pass, if any."""

    case: OrderCase
    findings: list
    release: Any = None

    @property
    def blocking(self):
        return [finding for finding in self.findings if finding.blocks]

    @property
    def released(self):
        """Whether the order is blocked but a release covers it."""
        return bool(
            self.blocking
            and self.release
            and self.release._covers(self.case, self.blocking)
        )

    @property
    def passes(self):
        return not self.blocking or self.released

    @property
    def missing(self):
        """The most that a blocking finding objects to, in the limit's currency."""
        return max((finding.amount for finding in self.blocking), default=0.0)

    @property
    def exceeding(self):
        """By how much the order exceeds the authorised credit, in limit currency.

        That is all people learn who may not know the reason. Where the order is
        barred for another reason than a lack of room, it has no credit at all.
        """
        return max(
            (
                finding.amount
                if finding.code in (*SHORT_CODES, JOINT_CODE, SANCTION_CODE)
                else self.case.added
                for finding in self.findings
                if finding.rule_severity == "block"
                and finding.code not in UNFILLED_CODES
            ),
            default=0.0,
        )

    @property
    def shares(self):
        """The order's amount by who stands for it (DESIGN 4, releases).

        Securities come first, as they do for what is owed already; the limit carries
        what they leave, unless nothing of the order can be insured; the rest is what
        the seller would lose.
        """
        case, position = self.case, self.case.position
        unsecured = case.exposure_before - position.secured_limit_currency
        general = min(case.added, max(-unsecured, 0.0))
        room = position.limit - max(unsecured, 0.0)
        if case.is_uninsurable or self._found("terms_too_long"):
            room = 0.0
        within_limit = min(case.added - general, max(room, 0.0))
        return Shares(
            within_limit=case.round(within_limit),
            secured=case.round(case.secured + general),
            own_risk=case.round(case.added - general - within_limit),
        )

    def _found(self, code):
        return any(finding.code == code for finding in self.findings)

    @property
    def company_exposure_after(self):
        """The debtor's exposure with this order, in the company's currency."""
        return self._company(self.case.position.exposure, 1)

    @property
    def company_headroom_after(self):
        return self._company(self.case.position.headroom, -1)

    def _company(self, amount, sign):
        total = amount + sign * self.case.added_company_currency
        return round(total, self.case.position.company_digits)
