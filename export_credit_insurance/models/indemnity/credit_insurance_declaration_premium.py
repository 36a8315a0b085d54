from odoo import models


class CreditInsuranceDeclaration(models.Model):
    """What the declared amounts cost: premium, minimum, bonus or malus, fees, tax.

    premium = max(minimum, Σ base × rate) × (1 ± bonus/malus) + fees + insurance tax,
    over the policy year up to this declaration (DOMAIN 1.12).
    """

    _inherit = "credit.insurance.declaration"

    def _write_premium(self):
        self.ensure_one()
        year, currency = self.year_id, self.currency_id
        own = sum(self.group_ids.mapped("premium_amount"))
        before = self._declared_before()
        premium_before = sum(before.mapped("premium_amount"))
        fee_before = sum(before.mapped("fee_amount"))
        premium = max(year.minimum_premium, own + premium_before)
        bonus_malus = currency.round(premium * year.bonus_malus_pct / 100)
        fees = self._fees()
        cost = premium + bonus_malus + fees + fee_before
        taxes = self.policy_id.fee_ids._on(
            self.date_to, "tax", self.company_id.country_id
        )
        tax = currency.round(cost * sum(taxes.mapped("rate")) / 100)
        self.write(
            {
                "premium_amount": currency.round(own),
                "premium_before": currency.round(premium_before),
                "minimum_premium": year.minimum_premium,
                "bonus_malus_pct": year.bonus_malus_pct,
                "bonus_malus_amount": bonus_malus,
                "fee_amount": fees,
                "fee_before": fee_before,
                "tax_amount": tax,
                "total_amount": currency.round(cost + tax),
            }
        )

    def _declared_before(self):
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

        They are counted once, in the declaration of the first insured company.
        """
        policy = self.policy_id
        if self.corrects_id or self.company_id != policy.company_ids.sorted("id")[:1]:
            return 0.0
        decided, in_force = self._count_limits()
        return self.currency_id.round(
            sum(policy.fee_ids._on(self.date_to, "decision").mapped("amount")) * decided
            + sum(policy.fee_ids._on(self.date_to, "monitoring").mapped("amount"))
            * in_force
        )

    def _count_limits(self):
        """Return how many limits were decided, and how many buyers had one in force."""
        limits = self.env["credit.insurance.limit"]
        own = [("policy_id", "=", self.policy_id.id), ("kind", "!=", "discretionary")]
        decided = limits.search_count(
            [
                *own,
                ("decision_date", ">=", self.date_from),
                ("decision_date", "<=", self.date_to),
                ("state", "not in", ("draft", "requested")),
            ]
        )
        in_force = limits._read_group(
            [
                *own,
                ("amount", ">", 0),
                ("state", "not in", ("draft", "requested", "refused")),
                ("date_from", "<=", self.date_to),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date_from),
            ],
            [],
            ["partner_id:count_distinct"],
        )
        return decided, in_force[0][0]
