from odoo import api, models
from odoo.tools import SQL

from odoo.addons.export_credit_insurance.models.position.position_query import (
    PositionQuery,
)

READ = {
    "example.progress.claim": [
        "partner_id",
        "company_id",
        "currency_id",
        "date",
        "amount",
        "amount_untaxed",
        "is_invoiced",
    ]
}


class PositionWithClaims(PositionQuery):
    """The one engine, with progress claims beside draft invoices."""

    def unposted_selects(self):
        return [*super().unposted_selects(), self.progress_claim_select()]

    def progress_claim_select(self):
        return SQL(
            """
            SELECT 'example.progress.claim' AS document_model, claim.id AS document_id,
                   claim.partner_id, claim.company_id, claim.currency_id,
                   claim.date AS invoice_date, NULL::date AS invoice_date_due,
                   COALESCE(rate.rate, 1) AS rate,
                   claim.amount, claim.amount_untaxed AS untaxed
              FROM example_progress_claim claim
              %(rate)s
             WHERE claim.is_invoiced IS NOT TRUE
               AND claim.company_id = ANY(%(companies)s) AND %(scope)s
            """,
            rate=self.rate_join("claim.currency_id"),
            companies=self.company_ids,
            scope=self.in_scope("claim.partner_id", "scope_partner"),
        )


class CreditInsurancePosition(models.AbstractModel):
    _inherit = "credit.insurance.position"

    @api.model
    def _query_class(self):
        # EXTENDS 'export_credit_insurance'
        return PositionWithClaims

    @api.model
    def _flush(self):
        # EXTENDS 'export_credit_insurance': what is in memory counts, too
        for model, names in READ.items():
            self.env[model].flush_model(names)
        return super()._flush()

    @api.model
    def _get_ordinary_rows(self, partners, company, day, orders, leaving=None):
        # EXTENDS 'export_credit_insurance': the short way knows nothing of claims
        claims = self.env["example.progress.claim"].sudo()  # sudo: as all that is owed
        if claims.search_count([("partner_id", "in", partners.ids)], limit=1):
            return None
        return super()._get_ordinary_rows(partners, company, day, orders, leaving)


class CreditInsurancePositionTable(models.AbstractModel):
    _inherit = "credit.insurance.position.table"
    _depends = READ
