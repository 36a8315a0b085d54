from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import date_utils

from ..reference.number_text import number_text

DECLARATION_BASES = [
    ("turnover", "Turnover"),
    ("balance", "Outstanding Balance"),
]
DECLARATION_PERIODS = [
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Policy Year"),
]


class CreditInsurancePolicy(models.Model):
    """What the policy says about declarations and the premium (DOMAIN 1.12)."""

    _inherit = "credit.insurance.policy"

    declaration_basis = fields.Selection(
        DECLARATION_BASES,
        required=True,
        default="turnover",
        tracking=True,
        help="Turnover: what was invoiced in the period. Outstanding balance: what is "
        "open on its last day. Both before tax.",
    )
    declaration_period = fields.Selection(
        DECLARATION_PERIODS,
        default="quarter",
        tracking=True,
        help="Empty: the insurer asks for no declaration.",
    )
    declaration_days = fields.Integer(
        string="Declaration Within",
        default=30,
        help="Calendar days after the end of the period: 20 for a balance that is due "
        "by the 20th of the next month.",
        tracking=True,
    )
    premium_eu_group_id = fields.Many2one(
        "res.country.group",
        string="Countries at the EU Rate",
        default=lambda self: self.env.ref("base.europe", raise_if_not_found=False),
        help="The company's own country is domestic; countries outside this group are "
        "at the rate of other countries, unless the country schedule says otherwise.",
        tracking=True,
    )
    fee_ids = fields.One2many(
        "credit.insurance.policy.fee",
        "policy_id",
        string="Fees and Taxes",
        copy=True,
        help="What the insurer bills besides the premium: monitoring of limits, case "
        "fees, insurance tax.",
    )

    @api.constrains("declaration_days")
    def _check_declaration_days(self):
        for policy in self:
            if policy.declaration_days < 0:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: declarations cannot be due %(days)s days "
                        "after their period. Enter 0 or more.",
                        policy=policy.number,
                        days=number_text(self.env, policy.declaration_days),
                    )
                )

    def _premium_year_of(self, day):
        """Return the policy year that contains a day."""
        self.ensure_one()
        return self.year_ids.filtered(
            lambda year: year.date_from <= day <= year.date_to
        )[:1]

    def _declaration_period_of(self, day):
        """Return the first and last day of the period to declare around a day.

        Months and quarters are those of the calendar, cut where the policy year
        begins or ends; without a policy year there is nothing to declare.

        :return: (date, date) or None
        """
        self.ensure_one()
        year = self._premium_year_of(day)
        if not year or not self.declaration_period:
            return None
        if self.declaration_period == "year":
            return year.date_from, year.date_to
        first = date_utils.start_of(day, self.declaration_period)
        last = date_utils.end_of(day, self.declaration_period)
        return max(first, year.date_from), min(last, year.date_to)

    def _last_period_ended(self, day):
        """Return the last period that ended before a day, None before the first."""
        self.ensure_one()
        running = self._declaration_period_of(day)
        before = (running[0] if running else self.date_end) - relativedelta(days=1)
        if not running:
            before = min(day - relativedelta(days=1), self.date_end)
        return self._declaration_period_of(before)

    def _premium_group_of(self, country, zone, company, year, day):
        """Return at which rate the turnover with a country is insured.

        The policy's own rate for the country or zone wins over those of the policy
        year, which are by group: domestic, EU, other.

        :param day: day of the document, whose country terms count
        :return: dict of ``kind``, ``country_id``, ``zone_id`` and ``rate`` (per cent)
        """
        self.ensure_one()
        term = self._country_term(country, zone, day)
        if term.premium_rate:
            kind, rate = "place", term.premium_rate
        else:
            term = term.browse()
            kind = "other"
            if country and country == company.sudo().country_id:
                kind = "domestic"
            elif country in self.premium_eu_group_id.country_ids:
                kind = "eu"
            rate = year[f"rate_{kind}"]
        return {
            "kind": kind,
            "country_id": term.country_id.id,
            "zone_id": term.zone_id.id,
            "rate": rate,
        }
