from odoo import api, models

from ..reference.credit_insurance_country_event import MAP_FIELDS

# A restriction sets conditions; these end cover, or forbid the trade.
BARRING_STATUSES = ("off_cover", "sanctioned")


class CreditInsuranceCountryEvent(models.Model):
    """An event that ends cover has the open orders of its countries looked through."""

    _name = "credit.insurance.country.event"
    _inherit = [
        "credit.insurance.country.event",
        "credit.insurance.review.source.mixin",
    ]
    _review_field = "event_id"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._have_orders_reviewed({})
        return events

    def write(self, vals):
        if not (MAP_FIELDS | {"kind"}) & vals.keys():
            return super().write(vals)
        before = {event: event._barred_countries() for event in self}
        result = super().write(vals)
        self._have_orders_reviewed(before)
        return result

    def _barred_countries(self):
        """Return the (country, status) for which there is no cover today."""
        self.ensure_one()
        today = self.env.company._credit_today()
        if (
            not self.active
            or self.cover_status not in BARRING_STATUSES
            or self.date_from > today
            or (self.date_to and self.date_to < today)
        ):
            return set()
        return {(country, self.cover_status) for country in self.country_ids}

    def _have_orders_reviewed(self, before):
        """Have the orders of the countries reviewed that were not barred before.

        :param before: {event: what :meth:`_barred_countries` said}
        """
        for event in self:
            barred = event._barred_countries() - before.get(event, set())
            countries = self.env["res.country"].union(
                *(country for country, _status in barred)
            )
            self.env["credit.insurance.review"]._notice(
                "country", countries=countries, event_id=event
            )
