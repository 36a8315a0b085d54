from odoo import models
from odoo.fields import Domain

from ..contract.credit_insurance_policy_fee import watched_limits


class CreditInsuranceDeclaration(models.Model):
    """What the declared amounts cost: premium, minimum, bonus or malus, fees, tax.

    The formula is :class:`~.premium.Premium`, over the policy year as declared so far,
    whatever the order of its periods (DOMAIN 1.12). Late documents of an earlier policy
    year make that year's premium, and lower no minimum of this one.
    """

    _inherit = "credit.insurance.declaration"

    def _write_premium(self):
        self.ensure_one()
        year, currency = self.year_id, self.currency_id
        own = self.group_ids._premium_by_year()
        earlier = self._earlier_years_cost(own)
        before = self._declared_so_far()
        premium_before = sum(before.mapped("premium_amount"))
        earlier_before = sum(before.mapped("earlier_amount"))
        fee_before = sum(before.mapped("fee_amount"))
        fees = self._fees()
        taxes = self.policy_id.fee_ids._on(
            self.date_to, "tax", self.company_id.country_id
        )
        premium = year._premium_of(
            own.get(year, 0.0) + premium_before,
            earlier=earlier + earlier_before,
            fees=fees + fee_before,
            tax_pct=sum(taxes.mapped("rate")),
        )
        self.write(
            {
                "premium_amount": currency.round(own.get(year, 0.0)),
                "earlier_amount": currency.round(earlier),
                "earlier_before": currency.round(earlier_before),
                "premium_before": currency.round(premium_before),
                "minimum_premium": year.minimum_premium,
                "bonus_malus_pct": year.bonus_malus_pct,
                "bonus_malus_amount": premium.bonus_malus,
                "fee_amount": fees,
                "fee_before": fee_before,
                "tax_amount": premium.tax,
                "total_amount": premium.total,
            }
        )

    def _earlier_years_cost(self, premiums):
        """Return what the declaration adds to the premium of earlier policy years.

        :param premiums: {policy year: premium of what is declared of it here}
        """
        cost = 0.0
        for year, premium in premiums.items():
            if year != self.year_id:
                declared = year.declared_premium
                cost += year._premium_of(declared + premium).amount
                cost -= year._premium_of(declared).amount
        return cost

    def _declared_so_far(self):
        """Return what was declared of the policy year so far, by every company."""
        return self.search(
            [
                ("year_id", "=", self.year_id.id),
                ("state", "!=", "draft"),
                ("id", "!=", self.id),
            ]
        )

    def _fees(self):
        """Return the fees of the period: limits are the policy's, not a company's.

        They are counted once, in the first declaration that there is of these days:
        insured companies that declare nothing keep nobody's cost low.
        """
        policy = self.policy_id
        if self.corrects_id or self._are_fees_elsewhere():
            return 0.0
        decided, watched = self._count_limits()
        return self.currency_id.round(
            sum(policy.fee_ids._on(self.date_to, "decision").mapped("amount")) * decided
            + policy.fee_ids._monitoring(self.date_to) * watched
        )

    def _are_fees_elsewhere(self):
        """Whether another company's declaration of these days counts the fees."""
        same_days = Domain(
            [
                ("policy_id", "=", self.policy_id.id),
                ("basis", "=", self.basis),
                ("corrects_id", "=", False),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
                ("id", "!=", self.id),
            ]
        )
        counted = Domain("state", "!=", "draft") & Domain("fee_amount", "!=", 0)
        first = Domain("state", "=", "draft") & Domain("id", "<", self.id)
        return bool(self.search_count(same_days & (counted | first), limit=1))

    def _count_limits(self):
        """Return how many limits were decided, and how many buyers were watched."""
        limits = self.env["credit.insurance.limit"]
        decided = limits.search_count(
            [
                ("policy_id", "=", self.policy_id.id),
                ("kind", "!=", "discretionary"),
                ("decision_date", ">=", self.date_from),
                ("decision_date", "<=", self.date_to),
                ("state", "not in", ("draft", "requested")),
            ]
        )
        watched = limits._read_group(
            Domain("policy_id", "=", self.policy_id.id)
            & watched_limits(self.date_from, self.date_to),
            [],
            ["partner_id:count_distinct"],
        )
        return decided, watched[0][0]
