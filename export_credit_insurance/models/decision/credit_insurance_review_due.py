from datetime import timedelta

from odoo import api, models

from .credit_insurance_review_causes import (
    BARRING_STATUSES,
    LOST_STATES,
    RECENT_DAYS,
)
from .credit_insurance_review_tell import ACTIVITY_REVIEW


class CreditInsuranceReview(models.Model):
    """What was decided beforehand falls due: events, stops and ends of limits."""

    _inherit = "credit.insurance.review"

    @api.model
    def _cron_notice_due(self):
        """Each night: have orders reviewed for what began or ended meanwhile.

        What had its review already gets none again, however often this runs; the job
        may miss some nights without forgetting any.
        """
        today = self.env.company._credit_today()
        since = today - timedelta(days=RECENT_DAYS)
        began = [("date_from", ">=", since), ("date_from", "<=", today)]
        self.env["credit.insurance.country.event"].search(
            [
                *began,
                ("cover_status", "in", BARRING_STATUSES),
                ("id", "not in", self._reviewed("event_id", since)),
            ]
        )._have_orders_reviewed({})
        self.env["credit.insurance.stop"].search(
            [*began, ("id", "not in", self._reviewed("stop_ids", since))]
        )._have_orders_reviewed()
        self.env["credit.insurance.limit"].search(
            [
                ("date_to", ">=", since),
                ("date_to", "<", today),
                ("state", "in", LOST_STATES),
                ("id", "not in", self._reviewed("limit_ids", since)),
            ]
        )._have_orders_reviewed()
        for review in self.search([("state", "=", "failed")]):
            first = review.first_failed_buyer_id
            review.write(
                {
                    "state": "queued",
                    "last_buyer_id": first - 1 if first else review.last_buyer_id,
                    "first_failed_buyer_id": 0,
                }
            )
        self._close_decided()

    @api.model
    def _reviewed(self, field, since):
        """Return the ids of what had orders reviewed since that day.

        :param field: the field that names it
        """
        return self.search([(field, "!=", False), ("create_date", ">=", since)])[
            field
        ].ids

    @api.model
    def _close_decided(self):
        """Take the reminders off events whose holds are all decided."""
        reminded = self.search([("activity_ids.activity_type_id", "!=", False)])
        waiting = self.env["credit.insurance.review.line"].search(
            [
                ("review_id", "in", reminded.ids),
                ("is_open", "=", True),
                ("hold_id", "!=", False),
            ]
        )
        (reminded - waiting.review_id).activity_unlink([ACTIVITY_REVIEW])
