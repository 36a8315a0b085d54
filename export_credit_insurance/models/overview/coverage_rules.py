"""Which contract suits which exporter: the rules of the coverage advisor.

From the founding text and DOMAIN 1.2: below a turnover a single or simplified
contract; few markets, a contract for named countries; few buyers, one for named buyers;
else the whole turnover. Public cover is for what private insurers refuse, for state
contracts and for long terms, and never for marketable risks (EU communication on
short-term export-credit insurance).
"""

from dataclasses import dataclass, field

from .coverage_profile import LARGEST_BUYERS

#: kinds of contracts, in the order in which they are shown
KINDS = ("single", "simplified", "buyer", "country", "global")
#: reasons that rule a kind of contract out
RULED_OUT = {"one_off", "small_turnover", "beyond_small", "many_sales"}


@dataclass(frozen=True)
class Answers:
    """What the books do not tell.

    :param turnover: expected, 0: as in the last twelve months
    :param long_terms: part of it on credit of more than two years
    """

    turnover: float = 0.0
    long_terms: float = 0.0
    is_recurring: bool = True
    is_public_contract: bool = False
    is_public_buyer: bool = False
    is_first_market: bool = False
    is_small_firm: bool = True


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
    small = thresholds["small_turnover"]
    if not answers.is_recurring:
        return "single", ("one_off", {})
    if turnover < small:
        single = 0 < profile.buyers <= thresholds["few_buyers"]
        reason = ("few_sales" if single else "simplified", {"limit": small})
        return ("single" if single else "simplified"), reason
    if not profile.buyers:
        return "global", ("buyers_unknown", {})
    share = profile.largest_buyers_share * 100
    if share >= thresholds["concentration"]:
        return "buyer", ("concentration", {"share": share})
    if profile.markets <= thresholds["few_markets"]:
        return "country", ("few_markets", {"count": profile.markets})
    return "global", ("spread", {"count": profile.markets, "buyers": profile.buyers})


def recommend(profile, answers, thresholds):
    """Judge every kind of contract: the reason decides the verdict.

    :param thresholds: ``{code: value}`` of the advisor's thresholds
    :return: a :class:`Recommendation` per kind of contract
    """
    chosen, reason = choose_kind(profile, answers, thresholds)
    small = thresholds["small_turnover"]
    is_small = (answers.turnover or profile.turnover) < small
    found = []
    for kind in KINDS:
        if kind == chosen:
            found.append(Recommendation(kind, "recommended", (reason,)))
            continue
        drawback = _drawback(kind, profile, answers, small, is_small)
        verdict = "unsuitable" if drawback[0] in RULED_OUT else "possible"
        found.append(Recommendation(kind, verdict, (drawback,)))
    return found


def _drawback(kind, profile, answers, small, is_small):
    """Return what speaks against a kind of contract that was not chosen."""
    if kind in ("simplified", "global") and not answers.is_recurring:
        return "one_off", {}
    if kind == "simplified":
        return ("simplified" if is_small else "beyond_small"), {"limit": small}
    if kind == "global" and is_small:
        return "small_turnover", {"limit": small}
    if not profile.buyers:
        return f"{kind}_ahead", {}
    if kind == "single":
        code = "many_sales" if profile.buyers > 1 else "each_sale_asked"
        return code, {"invoices": profile.invoices}
    if kind == "buyer":
        return "others_uninsured", {"share": 100 - profile.largest_buyers_share * 100}
    if kind == "country":
        return "new_markets_uninsured", {"count": profile.markets}
    return "all_declared", {"buyers": profile.buyers}


def private_turnover(kind, profile, answers):
    """Return the sales that a private contract of a kind would cover.

    Neither refused destinations nor credit of more than two years; named buyers are the
    five largest. What is expected is spread as the sales of the last twelve months.

    >>> from .coverage_profile import BuyerSales, ExportProfile
    >>> profile = ExportProfile(tuple(BuyerSales(n, 10.0, 1, n) for n in range(8))
    ...                         + (BuyerSales(9, 20.0, 1, 9, is_refused=True),))
    >>> private_turnover("global", profile, Answers())
    80.0
    >>> private_turnover("buyer", profile, Answers(turnover=200.0))
    100.0
    >>> private_turnover("global", profile, Answers(long_terms=50.0))
    40.0
    """
    if not profile.turnover:
        return max(answers.turnover - answers.long_terms, 0.0)
    amounts = sorted(s.amount for s in profile.insurable if not s.is_refused)
    if kind == "buyer":
        amounts = amounts[-LARGEST_BUYERS:]
    return _expected(sum(amounts), profile, answers)


def _expected(amount, profile, answers):
    """Return what sales of twelve months become in the year ahead, on short terms."""
    if not amount:
        return 0.0
    short = max((answers.turnover or profile.turnover) - answers.long_terms, 0.0)
    return amount * short / profile.turnover


def public_cover(profile, answers):
    """Return why public cover is worth asking for, or not.

    Marketable risks, short-term sales to the countries that private insurers serve, are
    never proposed to it, also where private insurers refuse the country.

    What is expected is spread as the sales of the last twelve months.

    :return: ``(verdict, turnover it would be asked for, [reasons])``

    >>> from .coverage_profile import BuyerSales, ExportProfile
    >>> profile = ExportProfile((BuyerSales(1, 60.0, 1, 1),
    ...                          BuyerSales(2, 40.0, 1, 2, is_refused=True)))
    >>> public_cover(profile, Answers())[:2]
    ('recommended', 40.0)
    >>> public_cover(profile, Answers(turnover=200.0))[:2]
    ('recommended', 80.0)

    Long terms are asked for whole, the rest as the short sales are spread: 50 of 200
    on long terms, 40 % of the other 150.

    >>> public_cover(profile, Answers(turnover=200.0, long_terms=50.0))[:2]
    ('recommended', 110.0)

    Private policies often exclude public buyers, also without a state contract: those
    of the last twelve months count, whatever is answered of those to come.

    >>> state = ExportProfile((BuyerSales(1, 60.0, 1, 1, is_public=True),))
    >>> public_cover(state, Answers(is_small_firm=False))
    ('recommended', 60.0, [('public_buyer', {})])
    """
    open_to_it = [s for s in profile.insurable if not s.is_marketable]
    asked = [s for s in open_to_it if s.is_refused or s.is_public]
    amount = answers.long_terms + _expected(
        sum(s.amount for s in asked), profile, answers
    )
    reasons = []
    if answers.long_terms:
        reasons.append(("long_terms", {"amount": answers.long_terms}))
    if any(s.is_refused for s in asked):
        reasons.append(("refused", {}))
    reasons += _public_reasons(profile, answers, asked)
    if reasons:
        if answers.is_small_firm:
            reasons.append(("small_firm_percentage", {}))
        return ("recommended" if amount else "possible"), amount, reasons
    if not profile.turnover:
        return "possible", 0.0, [("public_unknown", {})]
    marketable = profile.share_of(lambda sale: sale.is_marketable)
    return "unsuitable", 0.0, [("no_public_cover", {"share": marketable * 100})]


def _public_reasons(profile, answers, asked):
    """Return what state contracts and public buyers have to say for public cover.

    :param asked: the sales for which it would be asked
    """
    tenders, buyers = answers.is_public_contract, answers.is_public_buyer
    if any(s.is_public for s in asked):
        known = (("public_contract", tenders), ("public_buyer", True))
        return [(code, {}) for code, is_so in known if is_so]
    if any(s.is_public for s in profile.insurable):
        return []  # in marketable countries alone
    known = (("public_ahead", tenders), ("public_buyer_ahead", buyers))
    return [(code, {}) for code, is_so in known if is_so]
