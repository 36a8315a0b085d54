from datetime import timedelta
from functools import partial

from odoo import api, models

from ...job import do_each
from .credit_insurance_review_causes import (
    LOST_STATES,
    RECENT_DAYS,
)
from .credit_insurance_review_tell import ACTIVITY_REVIEW


class CreditInsuranceReview(models.Model):
    """What was decided beforehand falls due: it begins, it ends, it comes near."""

    _inherit = "credit.insurance.review"

    @api.model
    def _cron_notice_due(self):
        """Each night: have orders reviewed for what began, ended or comes near.

        What had its review already gets none again, however often this runs; the job
        may miss some nights without forgetting any. Each stage is committed; one that
        fails keeps none behind it waiting.
        """
        today = self._latest_today()
        since = today - timedelta(days=RECENT_DAYS)
        stages = (
            partial(self._notice_events, since, today),
            partial(self._notice_terms, since, today),
            partial(self._notice_stops, since, today),
            partial(self._notice_limits, since, today),
            partial(self._notice_ratings, since, today),
            partial(self._notice_ended, since, today),
            self._notice_due_orders,
            self._notice_missed_till_sales,
            self._retry_failed,
            self._close_decided,
        )
        do_each(self.env, stages, lambda stage: stage())

    @api.model
    def _notice_events(self, since, today):
        """Have orders reviewed for events in countries that began.

        An event begins in each company with its own day, and has a review of each.
        """
        events = self.env["credit.insurance.country.event"].search(
            [("date_from", ">=", since), ("date_from", "<=", today)]
        )
        reviews = self.search(
            [("event_id", "in", events.ids), ("create_date", ">=", since)]
        )
        known = {(review.event_id, review.company_id) for review in reviews}
        events._have_orders_reviewed(
            {
                event: {
                    limited
                    for limited in event._limited_countries()
                    if (event, limited[0]) in known
                }
                for event in events
            }
        )

    @api.model
    def _notice_terms(self, since, today):
        """Have orders reviewed for countries that a policy puts off cover by now."""
        self.env["credit.insurance.policy.country.term"].search(
            [
                ("cover_status", "=", "off_cover"),
                ("date_from", ">=", since),
                ("date_from", "<=", today),
                ("id", "not in", self._reviewed("term_id", since)),
            ]
        )._have_orders_reviewed()

    @api.model
    def _notice_stops(self, since, today):
        """Have orders reviewed for cover stops that began."""
        self.env["credit.insurance.stop"].search(
            [
                ("date_from", ">=", since),
                ("date_from", "<=", today),
                ("id", "not in", self._reviewed("stop_ids", since)),
            ]
        )._have_orders_reviewed()

    @api.model
    def _notice_limits(self, since, today):
        """Have orders reviewed for limits that ended."""
        self.env["credit.insurance.limit"].search(
            [
                ("date_to", ">=", since),
                ("date_to", "<", today),
                ("state", "in", LOST_STATES),
                ("id", "not in", self._reviewed("limit_ids", since)),
            ]
        )._have_orders_reviewed()

    @api.model
    def _latest_today(self):
        """Return the day it is in the easternmost of the companies that are checked.

        What is looked for so has its orders reviewed by the day of its own company.
        """
        checked = self.env["res.company"]._credit_check_modes()
        companies = self.env["res.company"].browse(checked) | self.env.company
        return max(company._credit_today() for company in companies)

    @api.model
    def _notice_ended(self, since, today):
        """Have orders reviewed for securities, own risk and policies that ended."""

        def ended(model, field, reviewed, *domain):
            found = self.env[model].search(
                [
                    (field, ">=", since),
                    (field, "<", today),
                    ("id", "not in", self._reviewed(reviewed, since)),
                    *domain,
                ]
            )
            if "company_id" not in found._fields:
                return found  # each looks at its own day
            return found.filtered(
                lambda row: row[field] < row.company_id._credit_today()
            )

        is_used = ("state", "!=", "draft")
        (
            ended("credit.insurance.security", "date_to", "security_ids", is_used)
            | ended(
                "credit.insurance.security",
                "latest_shipment_date",
                "security_ids",
                is_used,
            )
        )._have_orders_reviewed()
        ended(
            "credit.insurance.own.risk", "date_to", "own_risk_ids"
        )._have_orders_reviewed()
        ended(
            "credit.insurance.policy", "date_end", "policy_id", is_used
        )._have_orders_reviewed()

    @api.model
    def _retry_failed(self):
        """Queue again what could not be checked, from the first buyer left out on."""
        for review in self.search([("state", "=", "failed")]):
            first = review.first_failed_buyer_id
            review.write(
                {
                    "state": "queued",
                    "last_buyer_id": first - 1 if first else review.last_buyer_id,
                    "first_failed_buyer_id": 0,
                }
            )

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
        """Take the reminders off events on which everything is decided."""
        reminded = self.search([("activity_ids.activity_type_id", "!=", False)])
        waiting = self.env["credit.insurance.review.line"].search(
            [
                ("review_id", "in", reminded.ids),
                ("is_open", "=", True),
                "|",
                ("hold_id", "!=", False),
                ("stage", "in", self._fact_stages()),
            ]
        )
        (reminded - waiting.review_id).activity_unlink([ACTIVITY_REVIEW])
