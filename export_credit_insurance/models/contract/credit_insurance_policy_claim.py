from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: how what is recovered after a loss is shared with the insurer (DOMAIN 1.14)
RECOVERY_METHODS = [
    ("pro_rata", "Pro rata of the debt"),
    ("fifo", "Oldest debt first"),
]
CLAIM_DAY_FIELDS = (
    "insolvency_waiting_days",
    "political_waiting_days",
    "claim_payment_days",
)


class CreditInsurancePolicy(models.Model):
    """What a policy says about claims: their formula, their year, recoveries."""

    _inherit = "credit.insurance.policy"

    waiting_days = fields.Integer(
        string="Waiting Period",
        default=150,
        tracking=True,
        help="Days after which the insurer pays a loss by default. In an insolvency "
        "it does not wait. See “Waiting period”, e.g. 150.",
    )
    waiting_base = fields.Selection(
        [
            ("claim_received", "Receipt of the claim file"),
            ("due_date", "Original due date"),
            ("mep_end", "End of the extension period"),
        ],
        string="Waiting Period Counted From",
        required=True,
        default="claim_received",
        tracking=True,
        help="The day from which the waiting period is counted.",
    )
    claim_threshold = fields.Monetary(
        default=300.0,
        tracking=True,
        help="Losses below this amount are not paid at all.",
    )
    deductible = fields.Monetary(
        string="Deductible per Claim",
        default=1000.0,
        tracking=True,
        help="What you bear yourself of each loss, e.g. 1,000.",
    )
    aggregate_first_loss = fields.Monetary(
        string="Annual Aggregate First Loss",
        default=10000.0,
        tracking=True,
        help="What you bear yourself of all losses of a policy year together, before "
        "the insurer pays anything.",
    )
    max_liability_multiple = fields.Float(
        string="Maximum Liability (× premium)",
        default=30.0,
        tracking=True,
        help="The most that the insurer pays in a policy year, as a multiple of its "
        "premium: 30 times 15,000 are 450,000.",
    )
    minimum_premium = fields.Monetary(
        string="Annual Minimum Premium",
        default=15000.0,
        tracking=True,
        help="What the year costs at least, however little you sell.",
    )
    deductible_before_pct = fields.Boolean(
        string="Deductible Before the Percentage",
        help="The deductible is taken off the loss, then the insured percentage is "
        "applied. Otherwise it is taken off what the percentage leaves.",
        tracking=True,
    )
    claim_year_base = fields.Selection(
        [
            ("loss", "The date of loss"),
            ("shipment", "The shipment"),
        ],
        string="A Claim Counts in the Year Of",
        required=True,
        default="loss",
        help="Which policy year's first loss and maximum liability a claim uses. By "
        "shipment, a claim lists the shipments of one policy year.",
        tracking=True,
    )
    insolvency_waiting_days = fields.Integer(
        string="Waiting Period, Insolvency",
        help="Days from the judgment to the date of loss.",
        tracking=True,
    )
    political_waiting_days = fields.Integer(
        string="Waiting Period, Political Cause",
        help="0: as for the commercial cause.",
        tracking=True,
    )
    claim_payment_days = fields.Integer(
        string="Indemnity Paid Within",
        default=30,
        help="Days from the date of loss.",
        tracking=True,
    )
    recovery_method = fields.Selection(
        RECOVERY_METHODS,
        string="Sharing of Recoveries",
        required=True,
        default="pro_rata",
        help="After the loss. What comes in before it settles the oldest debt.",
        tracking=True,
    )

    def _year_of(self, day):
        """Return the policy year that contains a day, empty without one."""
        self.ensure_one()
        return self.year_ids.filtered(
            lambda year: day and year.date_from <= day <= year.date_to
        )[:1]

    def _claim_counters(self, day):
        """Return what the year of a day leaves: (first loss, liability or None).

        Without a year of its own the policy's terms stand in, unused; a multiple of 0
        agrees no maximum (DOMAIN 1.11). In the policy's currency.
        """
        year = self._year_of(day)
        if year:
            is_limited = bool(year.max_liability_multiple)
            return year.first_loss_left, year.liability_left if is_limited else None
        maximum = self.max_liability_multiple * self.minimum_premium
        return (
            self.aggregate_first_loss,
            maximum if self.max_liability_multiple else None,
        )

    def _waiting_days(self, cause):
        """Return the days until the date of loss of a protracted default."""
        self.ensure_one()
        if cause == "political":
            return self.political_waiting_days or self.waiting_days
        return self.waiting_days

    @api.constrains(*CLAIM_DAY_FIELDS)
    def _check_claim_days(self):
        for policy in self:
            for name in CLAIM_DAY_FIELDS:
                if policy[name] < 0:
                    raise ValidationError(
                        self.env._(
                            'Policy %(policy)s: "%(field)s" cannot be %(days)s days. '
                            "Delays are not negative.",
                            policy=policy.number,
                            field=policy._fields[name]._description_string(self.env),
                            days=policy[name],
                        )
                    )
