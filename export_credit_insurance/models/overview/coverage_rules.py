"""Which contract suits which exporter: the rules of the coverage advisor.

From the founding text and DOMAIN 1.2: below a turnover a single or simplified
contract; few markets, a contract for named countries; few buyers, one for named buyers;
else the whole turnover. Public cover is for what private insurers refuse, for state
contracts and for long terms, and never for marketable risks (EU communication on
short-term export-credit insurance).
"""

from dataclasses import dataclass, field

#: kinds of contracts, in the order in which they are shown
KINDS = ("single", "buyer", "country", "global")
#: months from which a credit is no short-term one
SHORT_TERM_MONTHS = 24


@dataclass(frozen=True)
class Answers:
    """What the books do not tell."""

    turnover: float = 0.0
    is_recurring: bool = True
    is_public_contract: bool = False
    is_first_market: bool = False
    is_small_firm: bool = True
    terms_months: int = 3


@dataclass(frozen=True)
class Recommendation:
    """Whether a kind of contract suits, and why: codes of reasons with their values."""

    kind: str
    verdict: str  # recommended, possible, unsuitable
    reasons: tuple[tuple[str, dict], ...] = field(default=())


def choose_kind(profile, answers, thresholds):
    """Return the kind of contract that suits best, and why.

    >>> from .coverage_profile import BuyerSales, ExportProfile
    >>> limits = {"small_turnover": 500000, "few_buyers": 3, "few_markets": 3,
    ...           "concentration": 80}
    >>> def choice(turnover, sales, **answers):
    ...     profile = ExportProfile(tuple(sales))
    ...     return choose_kind(profile, Answers(turnover, **answers), limits)[0]
    >>> many = [BuyerSales(n, 1.0, 1, n) for n in range(20)]
    >>> choice(2000000, many)
    'global'
    >>> choice(499999, many), choice(500000, many)
    ('simplified', 'global')
    >>> choice(400000, many[:3])
    'single'
    >>> choice(2000000, many, is_recurring=False)
    'single'
    >>> choice(2000000, [BuyerSales(n, 1.0, 1, n % 3) for n in range(20)])
    'country'
    >>> choice(2000000, [BuyerSales(0, 90.0, 1, 0)] + many[1:])
    'buyer'
    """
    turnover = answers.turnover or profile.turnover
    if not answers.is_recurring:
        return "single", ("one_off", {})
    if turnover < thresholds["small_turnover"]:
        kind = "single" if profile.buyers <= thresholds["few_buyers"] else "simplified"
        return kind, ("small_turnover", {"limit": thresholds["small_turnover"]})
    share = profile.largest_buyers_share * 100
    if profile.buyers and share >= thresholds["concentration"]:
        return "buyer", ("concentration", {"share": share})
    if profile.markets and profile.markets <= thresholds["few_markets"]:
        return "country", ("few_markets", {"count": profile.markets})
    return "global", ("spread", {"count": profile.markets, "buyers": profile.buyers})


def recommend(profile, answers, thresholds):
    """Judge every kind of contract.

    :param thresholds: ``{code: value}`` of the advisor's thresholds
    :return: a :class:`Recommendation` per kind of contract
    """
    kind, reason = choose_kind(profile, answers, thresholds)
    chosen = "global" if kind == "simplified" else kind
    reasons = {chosen: [reason]}
    if kind == "simplified":
        reasons[chosen].append(("simplified", {}))
    return [
        Recommendation(
            name,
            "recommended" if name == chosen else _verdict(name, profile, answers),
            tuple(reasons.get(name, [_drawback(name, profile, answers)])),
        )
        for name in KINDS
    ]


def _verdict(kind, profile, answers):
    if kind == "single" and answers.is_recurring and profile.buyers > 1:
        return "unsuitable"
    if kind == "global" and not answers.is_recurring:
        return "unsuitable"
    return "possible"


def _drawback(kind, profile, answers):
    """Return what speaks against a kind of contract that was not chosen."""
    if kind == "single":
        return "each_sale_asked", {"invoices": profile.invoices}
    if kind == "buyer":
        return "others_uninsured", {"share": 100 - profile.largest_buyers_share * 100}
    if kind == "country":
        return "new_markets_uninsured", {"count": profile.markets}
    return "all_declared", {"buyers": profile.buyers}


def public_cover(profile, answers):
    """Return why public cover is worth asking for, or not.

    Marketable risks, short-term sales to the countries that private insurers serve, are
    never proposed to it.

    :return: ``(turnover it would be asked for, [reasons])``
    """
    long_terms = answers.terms_months > SHORT_TERM_MONTHS
    eligible = [s for s in profile.insurable if long_terms or not s.is_marketable]
    if long_terms:
        asked, reasons = eligible, [("long_terms", {"months": answers.terms_months})]
    else:
        asked = [
            s
            for s in eligible
            if s.is_refused or (answers.is_public_contract and s.is_public)
        ]
        reasons = []
        if any(s.is_refused for s in asked):
            reasons.append(("refused", {}))
        if any(s.is_public for s in asked) and answers.is_public_contract:
            reasons.append(("public_contract", {}))
    if reasons and answers.is_small_firm:
        reasons.append(("small_firm_percentage", {}))
    if not reasons:
        marketable = profile.share_of(lambda sale: sale.is_marketable)
        reasons = [("no_public_cover", {"share": marketable * 100})]
    return sum(s.amount for s in asked), reasons
