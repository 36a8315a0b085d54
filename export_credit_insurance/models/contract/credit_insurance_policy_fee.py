from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

FEE_KINDS = [
    ("decision", "Fee per Decision on a Limit"),
    ("monitoring", "Monitoring Fee per Limit and Period"),
    ("tax", "Insurance Tax"),
]
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def watched_limits(first, last):
    """Return the domain of the limits that insurers watch within these days.

    The monitoring fee is per buyer with such a limit, whatever the number of its lines:
    a temporary line or a top-up is watched with the named one. A discretionary limit is
    nobody's work but the insured's own (DOMAIN 1.12).
    """
    return (
        Domain("kind", "!=", "discretionary")
        & Domain("amount", ">", 0)
        & Domain("state", "not in", ("draft", "requested", "refused"))
        & Domain("date_from", "<=", last)
        & (Domain("date_to", "=", False) | Domain("date_to", ">=", first))
    )


class CreditInsurancePolicyFee(models.Model):
    """What the insurer charges besides the premium, from a day on (DOMAIN 1.12).

    Fees are amounts in the policy's currency; the insurance tax is a share of premium
    and fees, by country of the insured company.
    """

    _name = "credit.insurance.policy.fee"
    _description = "Fee or Tax of a Policy"
    _order = "policy_id, kind, date_from, id"

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    kind = fields.Selection(
        FEE_KINDS,
        required=True,
        default="decision",
        help="What the insurer bills it for.",
    )
    country_id = fields.Many2one(
        "res.country", help="Of the insured company. Empty: every country."
    )
    amount = fields.Monetary()
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        aggregator=None,
        help="In per cent of the premium, for taxes.",
    )
    date_from = fields.Date(string="From", help="Empty: from the beginning.")
    date_to = fields.Date(string="Until", help="Empty: to the end.")

    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND rate >= 0 AND rate <= 100)",
        "A fee is not negative, and a tax lies between 0 and 100 %.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for fee in self:
            if fee.date_from and fee.date_to and fee.date_to < fee.date_from:
                raise ValidationError(
                    self.env._(
                        "A fee of policy %(policy)s ends before it starts. Correct its "
                        "dates.",
                        policy=fee.policy_id.number,
                    )
                )

    def _monitoring(self, day):
        """Return what watching one buyer's limit costs a period, by these fees."""
        return sum(self._on(day, "monitoring").mapped("amount"))

    @api.model
    def _monthly_monitoring(self, day):
        """Return {policy id: what watching one buyer's limit costs a month}.

        Where a policy asks for no declaration its fee is of a year.
        """
        # sudo: the contract's fees, for whoever reads what limits cost
        fees = self.sudo().search([("kind", "=", "monitoring")])
        return {
            policy.id: own._monitoring(day)
            / PERIOD_MONTHS[policy.declaration_period or "year"]
            for policy, own in fees.grouped("policy_id").items()
        }

    def _on(self, day, kind, country=None):
        """Return the fees of a kind that hold on a day; the country's own tax wins."""
        found = self.filtered(
            lambda fee: (
                fee.kind == kind
                and (not fee.date_from or fee.date_from <= day)
                and (not fee.date_to or day <= fee.date_to)
            )
        )
        own = found.filtered(lambda fee: country and fee.country_id == country)
        return own or found.filtered(lambda fee: not fee.country_id)
