from datetime import datetime, time, timedelta

from odoo import api, models

#: the months before, oldest first: exposure and cover as shares of today's. Exports
#: grow, August is quiet, the insurer raised limits in the seventh month
EXPOSURE_SHARES = (
    0.58,
    0.61,
    0.60,
    0.66,
    0.70,
    0.74,
    0.79,
    0.83,
    0.80,
    0.88,
    0.93,
    0.97,
)
COVER_SHARES = (0.47, 0.49, 0.48, 0.52, 0.55, 0.58, 0.71, 0.76, 0.74, 0.82, 0.88, 0.93)
#: every so many buyers, one was not a customer yet in the first months
NEWCOMERS, NEW_SINCE = 5, 4


class CreditInsuranceDemo(models.AbstractModel):
    _inherit = "credit.insurance.demo"

    @api.model
    def _record_past_months(self):
        """Record twelve months' ends, as the monthly job would have done since.

        Made up from today's exposure: the rows say when they would have been written.
        """
        company = self.env.company
        rows = self.env["credit.insurance.exposure"].search([("exposure", ">", 0)])
        month_end = company._credit_today().replace(day=1) - timedelta(days=1)
        values = []
        for back in range(1, len(EXPOSURE_SHARES) + 1):
            values += self._month_values(rows, company, month_end, -back)
            month_end = month_end.replace(day=1) - timedelta(days=1)
        self.env["credit.insurance.exposure.snapshot"].create(values)

    @api.model
    def _month_values(self, rows, company, day, month):
        countries = rows.country_id
        risks = countries._credit_risk(company, day)
        status = countries._credit_status(day)
        values = []
        for number, row in enumerate(rows):
            is_newcomer = not number % NEWCOMERS
            if is_newcomer and month < NEW_SINCE - len(EXPOSURE_SHARES):
                continue
            values.append(
                {
                    "company_id": company.id,
                    "date": day,
                    "recorded_on": datetime.combine(day, time(0, 30))
                    + timedelta(days=1),
                    "buyer_ref": row.partner_id.id,
                    "partner_id": row.partner_id.id,
                    "country_id": row.country_id.id,
                    "country_status": status.get(row.country_id, "open"),
                    "country_score": row.country_id and risks[row.country_id].score,
                    "country_grade": row.country_id and risks[row.country_id].grade,
                    "zone_id": row.zone_id.id,
                    "policy_id": row.policy_id.id,
                    "insurer_id": row.insurer_id.id,
                    "currency_id": company.currency_id.id,
                    "cover_state": row.cover_state,
                    **self._month_amounts(row, company, month),
                }
            )
        return values

    @api.model
    def _month_amounts(self, row, company, month):
        """Return the amounts of a buyer in a month, which add up as today's do."""
        cents = company.currency_id.round
        exposure = cents(row.exposure * EXPOSURE_SHARES[month])
        covered = cents(row.covered * COVER_SHARES[month])
        own_risk = min(
            cents(row.own_risk_amount * EXPOSURE_SHARES[month]), exposure - covered
        )
        return {
            "exposure": exposure,
            "eligible": cents(row.eligible * EXPOSURE_SHARES[month]),
            "covered": covered,
            "covered_political": cents(row.covered_political * COVER_SHARES[month]),
            "own_risk_amount": own_risk,
            "beyond_amount": cents(exposure - covered - own_risk),
            "overdue_amount": cents(row.overdue_amount * EXPOSURE_SHARES[month]),
        }
