from odoo import api, models

TERM_FIELDS = {"cover_status", "country_id", "zone_id"}


class CreditInsurancePolicyCountryTerm(models.Model):
    """A country that a policy puts off cover has its open orders looked through."""

    _inherit = "credit.insurance.policy.country.term"

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        terms._have_orders_reviewed()
        return terms

    def write(self, vals):
        result = super().write(vals)
        if TERM_FIELDS & vals.keys():
            self._have_orders_reviewed()
        return result

    def _have_orders_reviewed(self):
        for term in self:
            policy = term.policy_id
            if term.cover_status != "off_cover" or policy.state != "active":
                continue
            for company in policy.company_ids:
                self.env["credit.insurance.review"]._notice(
                    "terms",
                    countries=term._countries(company),
                    companies=company,
                    term_id=term,
                )

    def _countries(self, company):
        """Return the countries that the term speaks of, seen from a company."""
        self.ensure_one()
        if self.country_id:
            return self.country_id
        zones = self.zone_id._zone_by_country(company)
        return self.env["res.country"].browse(
            country_id
            for country_id, zone_id in zones.items()
            if zone_id == self.zone_id.id
        )
