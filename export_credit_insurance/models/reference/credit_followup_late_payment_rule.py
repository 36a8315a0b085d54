from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import ormcache

from .late_interest import segments
from .terms_ceiling import Ceiling


class CreditFollowupLatePaymentRule(models.Model):
    """What a law grants a creditor whom another business pays late, with its dates.

    Interest on what is open from the day after the due date, in segments of rate, and
    a fixed fee once per invoice (DOMAIN 3.3). A country's own rule goes before that of
    a group of countries, as national law goes before the directive's minimum. Where no
    rule is recorded nothing is claimed.
    """

    _name = "credit.followup.late.payment.rule"
    _description = "Late-Payment Rule"
    _order = "sequence, date_from desc, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        "res.country", string="Law Of", help="The country whose law this is."
    )
    country_group_id = fields.Many2one(
        "res.country.group",
        string="Law of the Countries Of",
        help="For countries of the group that have no rule of their own.",
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        help="For debts that fall due from this day.",
    )
    date_to = fields.Date(string="Valid Until")
    legal_source = fields.Char(translate=True)

    reference_id = fields.Many2one(
        "credit.followup.reference.rate",
        string="Reference Rate",
        ondelete="restrict",
        help="Empty: the margin is the whole rate.",
    )
    margin = fields.Float(string="Margin (points)", digits=(16, 4))
    is_half_yearly = fields.Boolean(
        string="Fixed for the Half-Year",
        default=True,
        help="The reference rate of 1 January and 1 July holds for six months.",
    )
    lag_days = fields.Integer(
        string="Read Before (days)",
        help="1: the reference of 31 December and 30 June holds for the half-year "
        "that follows.",
    )
    year_days = fields.Integer(string="Days of a Year", required=True, default=365)
    currency_id = fields.Many2one("res.currency", required=True)
    fee_ids = fields.One2many(
        "credit.followup.late.payment.fee", "rule_id", string="Fixed Fees", copy=True
    )
    max_payment_days = fields.Integer(
        string="Longest Terms Allowed (days)",
        help="Between businesses, from the invoice date; 0: no ceiling.",
    )
    max_month_end_days = fields.Integer(
        string="Or Days and End of Month",
        help="Where the law allows this many days and the end of the month instead, to "
        "terms that say so (France: 45 days end of month); 0: it does not.",
    )

    _country_or_group = models.Constraint(
        "CHECK ((country_id IS NULL) <> (country_group_id IS NULL))",
        "A late-payment rule is the law of one country or of one group of countries.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A late-payment rule cannot end before it begins.",
    )
    _figures_sane = models.Constraint(
        "CHECK (year_days > 0 AND lag_days >= 0 AND max_payment_days >= 0"
        " AND max_month_end_days >= 0)",
        "A year has days, and delays are not negative.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()  # of ceilings, asked for at every order
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === BUSINESS === #

    @api.model
    @ormcache("country_id", "day")
    def _ceiling(self, country_id, day):
        """Return the :class:`~.terms_ceiling.Ceiling` of a law on a day."""
        country = self.env["res.country"].browse(country_id or ())
        rule = self._get_rules([(country, day)])[country, day]
        return Ceiling(rule.id, rule.max_payment_days, rule.max_month_end_days)

    @api.model
    def _terms_ceiling(self, company, buyer, day, chosen=None):
        """Return the ceiling on the terms of a contract with a buyer on a day.

        That of the law of the contract. Where nobody has chosen that law for the order
        or the buyer, it counts only if the buyer's own law knows a ceiling, too: sales
        to countries without one are left to the parties.

        :param chosen: the law that the order names, if any
        """
        law = company._credit_law(buyer, chosen)
        ceiling = self._ceiling(law.id, day)
        debtor = buyer.sudo()  # sudo: law and country of the debtor
        if chosen or debtor.credit_governing_law_id or debtor.country_id == law:
            return ceiling
        at_home = self._ceiling(debtor.country_id.id, day)
        return ceiling if at_home.days else ceiling._replace(days=0)

    @api.model
    def _explain_terms(self, ceiling, days):
        """Say that terms of so many days go beyond a ceiling, and where that stands."""
        # sudo: law is no secret
        rule = self.sudo().browse(ceiling.rule_id)
        figures = {
            "asked": days,
            "law": rule.name,
            "where": rule.legal_source or "",
            "days": ceiling.days,
        }
        if ceiling.month_end_days:
            return self.env._(
                "Payment after %(asked)s days: the law of %(law)s (%(where)s) allows "
                "%(days)s days from the invoice date, or %(month_end)s days end of "
                "month.",
                month_end=ceiling.month_end_days,
                **figures,
            )
        return self.env._(
            "Payment after %(asked)s days: the law of %(law)s (%(where)s) allows "
            "%(days)s days from the invoice date, unless both have expressly agreed on "
            "more and it is fair.",
            **figures,
        )

    @api.model
    @ormcache("day")
    def _lowest_ceiling(self, day):
        """Return the shortest terms that any law in force limits, None if none does.

        Shorter ones are legal everywhere: nothing more is read for them.
        """
        # sudo: law is no secret
        rules = self.sudo().search(
            [("active", "=", True), ("max_payment_days", ">", 0)]
        )
        return min(rules._in_force(day).mapped("max_payment_days"), default=None)

    @api.model
    def _get_rules(self, debts):
        """Return the rule for each debt, by the law of its contract.

        :param debts: pairs of a country, whose law governs, and a due date
        :return: ``{pair: rule}``, an empty rule where nothing is claimed
        """
        # sudo: law is no secret; whoever writes a reminder claims the same
        rules = self.sudo().search([("active", "=", True)])
        return {(law, due): rules._matching(law, due) for law, due in set(debts)}

    def _matching(self, country, due_date):
        """Return the rule in force, national law before that of a group."""
        valid = self._in_force(due_date)
        national = valid.filtered(lambda rule: country and rule.country_id == country)
        common = valid.filtered(
            lambda rule: country in rule.country_group_id.country_ids
        )
        return (national or common)[:1]

    def _in_force(self, day):
        return self.filtered(
            lambda rule: rule.date_from <= day
            and (not rule.date_to or rule.date_to >= day)
        )

    def _get_segments(self, due_date, until):
        """Return the segments of rate of a debt paid, or looked at, on ``until``.

        Interest runs from the day after the due date; ``until`` is its last day.
        """
        return self._segments_between(due_date + timedelta(days=1), until)

    def _segments_between(self, first, last):
        """Return the segments of rate from one day to another, both included."""
        self.ensure_one()
        table = self.reference_id._rate_table() if self.reference_id else None
        return segments(
            table,
            first,
            last,
            self.margin,
            self.is_half_yearly,
            self.lag_days,
        )

    def _get_interest(self, amount, due_date, until, currency):
        """Return the interest on an amount, rounded once, in the amount's currency."""
        if not self:
            return 0.0
        parts = self._get_segments(due_date, until)
        return currency.round(sum(p.interest(amount, self.year_days) for p in parts))

    def _get_fee(self, amount, currency, company, day):
        """Return the fixed fee for one invoice, in the invoice's currency.

        :param amount: what is open and late of the invoice; it decides on the tier
        """
        if not self or not self.fee_ids:
            return 0.0
        debt = currency._convert(amount, self.currency_id, company, day)
        tiers = self.fee_ids.filtered(lambda fee: fee.amount_from <= debt)
        if not tiers:
            return 0.0
        fee = max(tiers, key=lambda tier: tier.amount_from).fee
        return self.currency_id._convert(fee, currency, company, day)


class CreditFollowupLatePaymentFee(models.Model):
    """One tier of the fixed fee."""

    _name = "credit.followup.late.payment.fee"
    _description = "Fixed Fee for Late Payment"
    _order = "rule_id, amount_from"
    _rec_name = "amount_from"

    rule_id = fields.Many2one(
        "credit.followup.late.payment.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="rule_id.currency_id")
    amount_from = fields.Monetary(string="Debts From")
    fee = fields.Monetary(required=True)

    _tier_uniq = models.Constraint(
        "unique(rule_id, amount_from)", "Each tier begins at another amount."
    )
    _fee_positive = models.Constraint(
        "CHECK (amount_from >= 0 AND fee >= 0)", "Fees are not negative."
    )
