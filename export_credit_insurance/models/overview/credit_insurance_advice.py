from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from .advice_text import AdviceText
from .coverage_profile import BuyerSales, ExportProfile
from .coverage_rules import Answers, public_cover, recommend

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
    is_recurring = fields.Boolean("Sales recur", default=True)
    is_public_contract = fields.Boolean("Public tenders or state contracts")
    is_first_market = fields.Boolean("First sale on a market")
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
    terms_months = fields.Integer(
        string="Longest Credit (Months)",
        default=3,
        help="From the start of production or from shipment to the last payment.",
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
    line_ids = fields.One2many(
        "credit.insurance.advice.line", "advice_id", readonly=True
    )
    gap_ids = fields.One2many("credit.insurance.advice.gap", "advice_id", readonly=True)

    _terms_positive = models.Constraint(
        "CHECK(terms_months >= 0 AND expected_turnover >= 0)",
        "Months and turnover cannot be negative.",
    )

    @api.depends("date", "company_id")
    def _compute_name(self):
        for advice in self:
            advice.name = self.env._(
                "Advice of %s", fields.Date.to_string(advice.date) or ""
            )

    def action_advise(self):
        """Read the sales, apply the rules and write the advice."""
        self.check_access("write")
        thresholds = self.env["credit.insurance.advice.threshold"]._values()
        for advice in self:
            profile = advice._profile(thresholds)
            answers = advice._answers()
            text = AdviceText(self.env, advice.currency_id)
            advice.write(
                {
                    **advice._facts(profile),
                    "advice": text.summary(profile, answers),
                    "line_ids": [Command.clear()]
                    + [
                        Command.create({"sequence": number, **vals})
                        for number, vals in enumerate(
                            advice._lines(profile, answers, thresholds, text)
                        )
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
            is_first_market=self.is_first_market,
            is_small_firm=self.firm_size in ("micro", "sme"),
            terms_months=self.terms_months,
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
        refused = self._refused_countries(thresholds)
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
                    is_marketable=country in marketable and country not in refused,
                    is_sector_at_risk=sectors.get(industry, 100.0) <= sector_limit,
                )
                for buyer, country, industry, kind, amount, invoices in self._sales()
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
                       count(*) FILTER (WHERE move.move_type = 'out_invoice')
                  FROM account_move move
                  JOIN res_partner buyer ON buyer.id = move.commercial_partner_id
                 WHERE move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund')
                   AND move.invoice_date > %(first)s AND move.invoice_date <= %(day)s
                   AND buyer.country_id <> %(home)s
              GROUP BY buyer.id
              ORDER BY buyer.id
                """,
                company=self.company_id.id,
                first=self.date - relativedelta(months=MONTHS),
                day=self.date,
                home=self.company_id.country_id.id or 0,
            )
        )

    def _refused_countries(self, thresholds):
        """Return the ids of the countries where private insurers cover nothing.

        Off cover by an event, by the schedule of an active policy, or rated worse than
        the threshold.
        """
        company = self.company_id
        Event = self.env["credit.insurance.country.event"]
        countries = self.env["res.country"].search([])
        status = Event._status(countries, self.date)
        refused = {c.id for c in countries if status[c] in ("off_cover", "sanctioned")}
        terms = self.env["credit.insurance.policy.country.term"].search(
            [
                ("policy_id.state", "=", "active"),
                ("policy_id.company_ids", "in", company.ids),
                ("country_id", "!=", False),
                ("cover_status", "=", "off_cover"),
            ]
        )
        scores = self.env["credit.insurance.band"]._scores_of_rated(
            "credit.insurance.country.rating", company
        )
        worst = {
            c for c, score in scores.items() if score < thresholds["refused_score"]
        }
        return refused | set(terms.country_id.ids) | worst

    # === ADVICE === #

    def _lines(self, profile, answers, thresholds, text):
        """Return the values of a line per kind of contract and security."""
        turnover = answers.turnover or profile.turnover
        for found in recommend(profile, answers, thresholds):
            rate = thresholds[f"rate_{found.kind}"] / 100
            yield {
                "kind": found.kind,
                "verdict": found.verdict,
                "reason": text.reasons(found.reasons),
                "turnover": turnover,
                "cost": max(turnover * rate, thresholds["minimum_premium"])
                if turnover
                else 0.0,
            }
        asked, reasons = public_cover(profile, answers)
        yield {
            "kind": "public",
            "verdict": "recommended" if asked else "unsuitable",
            "reason": text.reasons(reasons),
            "turnover": asked,
            "cost": asked * thresholds["rate_public"] / 100,
        }
        credits = thresholds["rate_letter_of_credit"] / 100 * turnover
        yield {
            "kind": "letter_of_credit",
            "verdict": "possible",
            "reason": text.reasons([("letter_of_credit", {"n": profile.invoices})]),
            "turnover": turnover,
            "cost": credits + profile.invoices * thresholds["fee_letter_of_credit"],
        }
        outstanding = turnover * thresholds["days_outstanding"] / 365
        yield {
            "kind": "guarantee",
            "verdict": "possible",
            "reason": text.reasons([("guarantee", {"outstanding": outstanding})]),
            "turnover": turnover,
            "cost": outstanding * thresholds["rate_guarantee"] / 100,
        }

    def _gaps(self, profile, text):
        """Return the values of a row per refused destination, the largest first."""
        public = {s.country for s in profile.insurable if s.is_public}
        refused = {s.country for s in profile.insurable if s.is_refused}
        for country, amount in profile.by_country.items():
            if country in refused:
                yield {
                    "country_id": country,
                    "turnover": amount,
                    "reason": text.reasons([("refused_here", {})]),
                    "remedy": text.remedy(country in public),
                }
