from datetime import timedelta

from odoo import api, models


class CreditInsuranceCountryRating(models.Model):
    """A grade may restrict or end cover: its country's status follows the rating."""

    _inherit = "credit.insurance.country.rating"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'credit.insurance.rating.mixin'
        ratings = super().create(vals_list)
        if not self.env["credit.insurance.rating.grade"]._decide_on_cover():
            return ratings
        latest = ratings._latest()
        events = latest._end_downgrades()
        latest._record_downgrades(events)
        return ratings

    def _latest(self):
        """Return those that are what their source says last: history changes nothing.

        What is dated ahead does not outdate what holds until then. Archived sources
        decide on nothing.
        """
        today = self.env.company._credit_today()
        present = self.filtered(lambda rating: rating.date <= today)
        newest = self._newest([])
        newest_today = present._newest([("date", "<=", today)])

        def is_latest(rating):
            known = newest_today if rating.date <= today else newest
            return known[rating.country_id, rating.source_id] == rating.date

        return self.filtered(
            lambda rating: rating.source_id.active and is_latest(rating)
        )

    def _newest(self, domain):
        """Return {(country, source): day of its newest rating} within a domain."""
        groups = self._read_group(
            [
                ("country_id", "in", self.country_id.ids),
                ("source_id", "in", self.source_id.ids),
                *domain,
            ],
            ["country_id", "source_id"],
            ["date:max"],
        )
        return {(country, source): day for country, source, day in groups}

    def _counts_from(self):
        """Return the first day on which the rating changes cover.

        Never in the past: what was shipped before it was recorded keeps its cover
        (DOMAIN 1.5).
        """
        self.ensure_one()
        return max(self.date, self.env.company._credit_today())

    def _end_downgrades(self):
        """End what these sources' earlier ratings did to cover, unless it goes on.

        :return: the events that go on
        """
        # sudo: the grade decides on cover, whoever records or imports the rating
        events = (
            self.env["credit.insurance.country.event"]
            .sudo()
            .search(
                [
                    ("rating_id.source_id", "in", self.source_id.ids),
                    ("rating_id.country_id", "in", self.country_id.ids),
                    ("date_to", "=", False),
                ]
            )
        )
        kept = events.browse()
        ratings = {(rating.country_id, rating.source_id): rating for rating in self}
        for event in events:
            former = event.rating_id
            rating = ratings.get((former.country_id, former.source_id))
            if not rating or rating.grade_id.cover_status == event.cover_status:
                kept |= event
            else:
                last_day = rating._counts_from() - timedelta(days=1)
                event.date_to = max(event.date_from, last_day)
        return kept

    def _record_downgrades(self, going_on):
        """Record an event for each rating whose grade restricts or ends cover.

        :param going_on: events of earlier ratings that say the same
        """
        said = {
            (event.rating_id.country_id, event.rating_id.source_id)
            for event in going_on
        }
        # sudo: as above
        self.env["credit.insurance.country.event"].sudo().create(
            [
                rating._prepare_downgrade()
                for rating in self
                if rating.grade_id.cover_status
                and (rating.country_id, rating.source_id) not in said
            ]
        )

    def _prepare_downgrade(self):
        name = self.env._(
            "%(country)s rated %(grade)s by %(rater)s",
            country=self.country_id.name,
            grade=self.grade_id.code,
            rater=self.source_id.name,
        )
        return {
            "name": name,
            "country_ids": [(6, 0, self.country_id.ids)],
            "kind": "downgrade",
            "cover_status": self.grade_id.cover_status,
            "date_from": self._counts_from(),
            "source": self.edition_id.name or self.source_id.name,
            "rating_id": self.id,
        }
