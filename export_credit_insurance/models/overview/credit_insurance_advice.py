from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL, format_date

from ..ledger.untaxed_share import BILLS, INVOICE_TYPES
from .advice_text import AdviceText
from .coverage_profile import BuyerSales, ExportProfile
from .coverage_rules import Answers, private_turnover, public_cover, recommend

MONTHS = 12
MARKETABLE = "export_credit_insurance.marketable_risks"


class CreditInsuranceAdvice(models.Model):
    """Which credit insurance to ask for, from what was sold abroad in twelve months.

    The books give turnover, markets, concentration, sectors and kinds of buyers; a
    person answers what they do not tell. The advice names its reasons and the rules it
    applied (DOMAIN 1.2); it decides nothing.
    """

    _name = "credit.insurance.advice"
    _description = "Coverage Advice"
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    # answers
    expected_turnover = fields.Monetary(
        string="Export Turnover Expected",
        help="For the next twelve months; 0: as in the last ones.",
    )
    is_recurring = fields.Boolean("Sales Recur", default=True)
    is_public_contract = fields.Boolean("Public Tenders or State Contracts")
    is_public_buyer = fields.Boolean(
        "Sales to Public Buyers",
        help="States, administrations, hospitals, companies that belong to a state:"
        " also without a tender. Those of the last twelve months are known by the kind"
        " of debtor on their page.",
    )
    is_first_market = fields.Boolean("First Sale on a Market")
    firm_size = fields.Selection(
        [
            ("micro", "Up to 10 people"),
            ("sme", "Small or medium, up to 250 people"),
            ("mid", "Up to 5,000 people"),
            ("large", "More"),
        ],
        required=True,
        default="sme",
    )
    long_term_turnover = fields.Monetary(
        string="On Credit of More than Two Years",
        help="Part of the turnover of a year that is paid more than two years after the"
        " start of production or shipment.",
    )
    # facts
    turnover = fields.Monetary(
        string="Export Turnover",
        readonly=True,
        help="Untaxed, of twelve months, to business and public buyers abroad.",
    )
    market_count = fields.Integer("Markets", readonly=True)
    buyer_count = fields.Integer("Buyers", readonly=True)
    invoice_count = fields.Integer("Invoices", readonly=True)
    largest_buyers_share = fields.Float("Five Largest Buyers", readonly=True)
    largest_country_share = fields.Float("Largest Market", readonly=True)
    public_share = fields.Float("Public Buyers", readonly=True)
    sector_share = fields.Float("Sectors at Risk", readonly=True)
    marketable_share = fields.Float(
        string="Marketable Risks",
        readonly=True,
        help="Short-term sales to countries that private insurers serve: public cover"
        " may not be given for them.",
    )
    # advice
    advice = fields.Text(readonly=True)
    rules = fields.Text(
        string="Thresholds Applied",
        readonly=True,
        help="The figures by which this advice was given. Change them under"
        " Configuration and ask again.",
    )
    line_ids = fields.One2many(
        "credit.insurance.advice.line", "advice_id", readonly=True
    )
    gap_ids = fields.One2many("credit.insurance.advice.gap", "advice_id", readonly=True)

    _answers_positive = models.Constraint(
        "CHECK(long_term_turnover >= 0 AND expected_turnover >= 0)",
        "The turnover cannot be negative.",
    )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_name(self):
        for advice in self:
            advice.name = self.env._("Advice of %s", format_date(self.env, advice.date))

    def action_advise(self):
        """Read the sales, apply the rules and write the advice."""
        self.check_access("write")
        Threshold = self.env["credit.insurance.advice.threshold"]
        for advice in self:
            thresholds = Threshold._values(advice.company_id, advice.date)
            profile = advice._profile(thresholds)
            answers = advice._answers()
            text = AdviceText(self.env, advice.currency_id)
            lines = list(advice._lines(profile, answers, thresholds, text))
            # what to ask for comes first
            lines.sort(key=lambda vals: vals["verdict"] != "recommended")
            advice.write(
                {
                    **advice._facts(profile),
                    "advice": text.summary(
                        profile,
                        answers,
                        advice._recommended(lines),
                        advice._zone_shares(profile),
                    ),
                    "rules": text.figures(Threshold._known(), thresholds),
                    "line_ids": [Command.clear()]
                    + [
                        Command.create({"sequence": number, **vals})
                        for number, vals in enumerate(lines)
                    ],
                    "gap_ids": [Command.clear()]
                    + [Command.create(v) for v in advice._gaps(profile, text)],
                }
            )
        return True

    # === FACTS === #

    def _answers(self):
        self.ensure_one()
        return Answers(
            turnover=self.expected_turnover,
            is_recurring=self.is_recurring,
            is_public_contract=self.is_public_contract,
            is_public_buyer=self.is_public_buyer,
            is_first_market=self.is_first_market,
            is_small_firm=self.firm_size in ("micro", "sme"),
            long_terms=self.long_term_turnover,
        )

    def _facts(self, profile):
        return {
            "turnover": profile.turnover,
            "market_count": profile.markets,
            "buyer_count": profile.buyers,
            "invoice_count": profile.invoices,
            "largest_buyers_share": profile.largest_buyers_share,
            "largest_country_share": profile.largest_country_share,
            "public_share": profile.share_of(lambda sale: sale.is_public),
            "sector_share": profile.share_of(lambda sale: sale.is_sector_at_risk),
            "marketable_share": profile.share_of(lambda sale: sale.is_marketable),
        }

    def _profile(self, thresholds):
        """Return the sales abroad of the twelve months up to the advice's date."""
        self.ensure_one()
        company = self.company_id
        Band = self.env["credit.insurance.band"]
        sectors = Band._scores_of_rated("credit.insurance.sector.rating", company)
        sector_limit = thresholds["sector_score"]
        # sudo: a list of countries, no secret
        group = self.env.ref(MARKETABLE, raise_if_not_found=False)
        marketable = set(group.sudo().country_ids.ids) if group else set()
        sales = self._sales()
        refused = self._refused_countries({row[1] for row in sales}, thresholds)
        return ExportProfile(
            tuple(
                BuyerSales(
                    buyer,
                    amount,
                    invoices,
                    country,
                    is_public=kind == "public",
                    is_insurable=kind not in ("private", "related"),
                    is_refused=country in refused,
                    is_marketable=country in marketable,
                    is_sector_at_risk=sectors.get(industry, 100.0) <= sector_limit,
                )
                for buyer, country, industry, kind, amount, invoices in sales
            )
        )

    def _sales(self):
        """Return buyers abroad: id, country, sector, kind, untaxed amount, invoices."""
        for model in ("account.move", "res.partner"):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT buyer.id, buyer.country_id, buyer.industry_id,
                       COALESCE(buyer.credit_party_kind,
                                CASE WHEN buyer.is_company THEN 'company'
                                     ELSE 'private' END),
                       sum(move.amount_untaxed_signed)::float,
                       count(*) FILTER (WHERE move.move_type IN %(bills)s)
                  FROM account_move move
                  JOIN res_partner buyer ON buyer.id = move.commercial_partner_id
                 WHERE move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type IN %(types)s
                   AND move.invoice_date > %(first)s AND move.invoice_date <= %(day)s
                   AND buyer.country_id <> %(home)s
              GROUP BY buyer.id
              ORDER BY buyer.id
                """,
                bills=BILLS,
                types=INVOICE_TYPES,
                company=self.company_id.id,
                first=self.date - relativedelta(months=MONTHS),
                day=self.date,
                home=self.company_id.country_id.id or 0,
            )
        )

    def _zone_shares(self, profile):
        """Return ``{name of a zone: share of the turnover}``, the largest first."""
        Zone = self.env["credit.insurance.zone"]
        zones = Zone._zone_by_country(self.company_id)
        amounts = defaultdict(float)
        for country_id, amount in profile.by_country.items():
            if zone_id := zones.get(country_id):
                amounts[Zone.browse(zone_id)] += amount
        largest_first = sorted(amounts.items(), key=lambda item: -item[1])
        return {zone.name: amount / profile.turnover for zone, amount in largest_first}

    def _refused_countries(self, country_ids, thresholds):
        """Return which of the countries private insurers cover nothing in.

        Off cover by an event or by the schedules of the company's private policies, or
        rated worse than the threshold.
        """
        countries = self.env["res.country"].browse(country_ids)
        Event = self.env["credit.insurance.country.event"]
        status = Event._status(countries, self.date)
        scores = self.env["credit.insurance.band"]._scores_of_rated(
            "credit.insurance.country.rating", self.company_id
        )
        limit = thresholds["refused_score"]
        return {
            country.id
            for country in countries
            if status[country] in ("off_cover", "sanctioned")
            or scores.get(country.id, 100.0) < limit
        } | self._off_cover_by_policy(countries)

    def _off_cover_by_policy(self, countries):
        """Return the ids of the countries that a private policy excludes, by the
        country's or its zone's terms, while no other one covers them."""
        policies = (
            self.env["credit.insurance.policy"]
            ._covering(self.company_id, self.date)
            .filtered(lambda p: p.state == "active" and p.insurer_id.kind == "private")
        )
        Zone = self.env["credit.insurance.zone"]
        zones = Zone._zone_by_country(self.company_id)
        excluded, covered = set(), set()
        for country in countries:
            zone = Zone.browse(zones.get(country.id))
            for policy in policies:
                term = policy._country_term(country, zone, self.date)
                if term.cover_status == "off_cover":
                    excluded.add(country.id)
                elif term or policy.kind != "country":
                    covered.add(country.id)
        return excluded - covered

    # === ADVICE === #

    def _recommended(self, lines):
        """Return the names of the kinds of contract that the lines recommend."""
        kind = self.env["credit.insurance.advice.line"]._fields["kind"]
        names = dict(kind._description_selection(self.env))
        return [names[v["kind"]] for v in lines if v["verdict"] == "recommended"]

    def _lines(self, profile, answers, thresholds, text):
        """Return the values of a line per kind of contract and security."""
        turnover = answers.turnover or profile.turnover
        currency = self.currency_id
        for found in recommend(profile, answers, thresholds):
            insured = private_turnover(found.kind, profile, answers)
            premium = insured * thresholds[f"rate_{found.kind}"] / 100
            cost = max(premium, thresholds["minimum_premium"]) if insured else 0.0
            yield {
                "kind": found.kind,
                "verdict": found.verdict,
                "reason": text.reasons(found.reasons),
                "turnover": currency.round(insured),
                "cost": currency.round(cost),
            }
        verdict, asked, reasons = public_cover(profile, answers)
        yield {
            "kind": "public",
            "verdict": verdict,
            "reason": text.reasons(reasons),
            "turnover": currency.round(asked),
            "cost": currency.round(asked * thresholds["rate_public"] / 100),
        }
        letters = profile.invoices_of(turnover)
        credits = thresholds["rate_letter_of_credit"] / 100 * turnover
        yield {
            "kind": "letter_of_credit",
            "verdict": "possible",
            "reason": text.reasons([("letter_of_credit", {"n": letters})]),
            "turnover": turnover,
            "cost": currency.round(
                credits + letters * thresholds["fee_letter_of_credit"]
            ),
        }
        outstanding = turnover * thresholds["days_outstanding"] / 365
        yield {
            "kind": "guarantee",
            "verdict": "possible",
            "reason": text.reasons([("guarantee", {"outstanding": outstanding})]),
            "turnover": turnover,
            "cost": currency.round(outstanding * thresholds["rate_guarantee"] / 100),
        }

    def _gaps(self, profile, text):
        """Return the values of a row per refused destination, the largest first."""
        public = {s.country for s in profile.insurable if s.is_public}
        refused = {s.country for s in profile.insurable if s.is_refused}
        marketable = {s.country for s in profile.insurable if s.is_marketable}
        for country, amount in profile.by_country.items():
            if country in refused:
                yield {
                    "country_id": country,
                    "turnover": amount,
                    "reason": text.reasons([("refused_here", {})]),
                    "remedy": text.remedy(country in marketable, country in public),
                }
