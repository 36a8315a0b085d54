import itertools

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class CreditInsurancePolicyYear(models.Model):
    """An insurance year: its rates, its percentages and what has been used of it."""

    _name = "credit.insurance.policy.year"
    _description = "Policy Year"
    _order = "policy_id, date_from desc, id"

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    rate_domestic = fields.Float(
        string="Rate Domestic (%)",
        digits=(16, 4),
        default=0.15,
        aggregator=None,
        help="Premium in per cent of the insured turnover within the country.",
    )
    rate_eu = fields.Float(
        string="Rate EU (%)",
        digits=(16, 4),
        default=0.20,
        aggregator=None,
        help="Premium in per cent of the insured turnover within the European Union.",
    )
    rate_other = fields.Float(
        string="Rate Other (%)",
        digits=(16, 4),
        default=0.45,
        aggregator=None,
        help="Premium in per cent of the insured turnover in the rest of the world.",
    )
    insured_pct_named = fields.Float(
        string="Named (%)", aggregator=None, help="0: as the policy says."
    )
    insured_pct_unnamed = fields.Float(
        string="Unnamed (%)", aggregator=None, help="0: as the policy says."
    )
    minimum_premium = fields.Monetary(
        help="What this year costs at least.",
    )
    aggregate_first_loss = fields.Monetary(
        help="What you bear of this year's losses before the insurer pays.",
    )
    max_liability_multiple = fields.Float(
        string="Maximum Liability (× premium)",
        aggregator=None,
        help="The most that the insurer pays for this year's losses, as a multiple of "
        "the year's premium.",
    )
    bonus_malus_pct = fields.Float(
        string="Bonus/Malus (%)",
        aggregator=None,
        help="On the premium: below 0 a bonus, above 0 a malus.",
    )
    premium_amount = fields.Monetary(
        string="Premium", help="Premium of the year as invoiced so far."
    )
    first_loss_used = fields.Monetary(
        string="First Loss Used Before",
        help="Losses counted against the first loss that no claim here stands for.",
    )
    liability_used = fields.Monetary(
        string="Indemnities Paid Before",
        help="Indemnities counted against the liability that no claim here stands for.",
    )
    first_loss_left = fields.Monetary(
        compute="_compute_counters",
        help="What you will still bear yourself of further losses of this year.",
    )
    max_liability = fields.Monetary(
        string="Maximum Liability",
        compute="_compute_counters",
        help="The larger of the premium and its minimum, times the multiple.",
    )
    liability_left = fields.Monetary(
        compute="_compute_counters",
        help="What the insurer will still pay for losses of this year.",
    )

    @api.depends("date_from", "policy_id.number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for year in self:
            day = format_date(self.env, year.date_from)
            year.display_name = f"{year.policy_id.number} {day}"

    @api.depends(
        "minimum_premium",
        "premium_amount",
        "max_liability_multiple",
        "aggregate_first_loss",
        "first_loss_used",
        "liability_used",
    )
    def _compute_counters(self):
        """Maximum liability is a multiple of the year's premium, at least of the
        minimum premium."""
        for year in self:
            premium = max(year.minimum_premium, year.premium_amount)
            year.max_liability = year.max_liability_multiple * premium
            first_loss, liability = year._used()
            year.liability_left = max(0.0, year.max_liability - liability)
            year.first_loss_left = max(0.0, year.aggregate_first_loss - first_loss)

    def _used(self):
        """Return what is used of the year's first loss and of its liability."""
        self.ensure_one()
        return self.first_loss_used, self.liability_used

    @api.constrains("date_from", "date_to", "policy_id")
    def _check_dates(self):
        for year in self:
            if year.date_to < year.date_from:
                raise ValidationError(
                    self.env._(
                        "The policy year ends on %(date_to)s, before it starts on "
                        "%(date_from)s. Correct its dates.",
                        date_from=format_date(self.env, year.date_from),
                        date_to=format_date(self.env, year.date_to),
                    )
                )
        for policy in self.policy_id:
            years = policy.year_ids.sorted("date_from")
            for year, following in itertools.pairwise(years):
                if following.date_from <= year.date_to:
                    raise ValidationError(
                        self.env._(
                            "The policy years %(year)s and %(following)s overlap. "
                            "Let one start on the day after the other ends.",
                            year=year.display_name,
                            following=following.display_name,
                        )
                    )
