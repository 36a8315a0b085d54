import functools

from odoo import api, models
from odoo.tools import SQL

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


class ProgressClaims:
    """For the class of the engine's SQL: progress claims beside draft invoices."""

    def unposted_selects(self):
        return [*super().unposted_selects(), self.progress_claim_select()]

    def progress_claim_select(self):
        buyer, contact = self.buyer_of("claim.partner_id", "contact")
        return SQL(
            """
            SELECT 'example.progress.claim' AS document_model, claim.id AS document_id,
                   %(buyer)s AS partner_id, claim.company_id, claim.currency_id,
                   claim.date AS invoice_date, NULL::date AS invoice_date_due,
                   COALESCE(rate.rate, 1) AS rate,
                   claim.amount, claim.amount_untaxed AS untaxed
              FROM example_progress_claim claim
              %(contact)s
              %(rate)s
             WHERE claim.is_invoiced IS NOT TRUE
               AND claim.company_id = ANY(%(companies)s) AND %(scope)s
            """,
            buyer=buyer,
            contact=contact,
            rate=self.rate_join("claim.currency_id"),
            companies=self.company_ids,
            scope=self.in_scope("claim.partner_id"),
        )


@functools.cache
def with_progress_claims(query_class):
    return type("QueryWithProgressClaims", (ProgressClaims, query_class), {})


class CreditInsurancePosition(models.AbstractModel):
    _inherit = "credit.insurance.position"

    @api.model
    def _query_class(self):
        # EXTENDS 'export_credit_insurance': beside what other add-ons count
        return with_progress_claims(super()._query_class())

    @api.model
    def _flush_sources(self):
        # EXTENDS 'export_credit_insurance': what is in memory counts, too
        for model, names in READ.items():
            self.env[model].flush_model(names)
        return super()._flush_sources()

    @api.model
    def _get_ordinary_rows(self, partners, company, day, orders, leaving=None):
        # EXTENDS 'export_credit_insurance': the short way knows nothing of claims
        claims = self.env["example.progress.claim"].sudo()  # sudo: as all that is owed
        domain = [("partner_id.commercial_partner_id", "in", partners.ids)]
        if claims.search_count(domain, limit=1):
            return None
        return super()._get_ordinary_rows(partners, company, day, orders, leaving)


class CreditInsurancePositionTable(models.AbstractModel):
    _inherit = "credit.insurance.position.table"
    _depends = READ
