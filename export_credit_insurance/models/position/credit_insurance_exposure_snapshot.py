from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..job import attempt
from .credit_insurance_buyer_table import COVER_STATES

AMOUNTS = (
    "exposure",
    "eligible",
    "covered",
    "covered_political",
    "own_risk_amount",
    "beyond_amount",
    "overdue_amount",
)
COUNTRY_STATUSES = [
    ("open", "Open"),
    ("restricted", "Restricted"),
    ("off_cover", "Off Cover"),
    ("sanctioned", "Sanctioned"),
]


def _month_end_before(day):
    """Return the last day of the month before a day's."""
    return day.replace(day=1) - timedelta(days=1)


class CreditInsuranceExposureSnapshot(models.Model):
    """What a buyer owed at a month's end, as it was known and recorded then.

    One row per buyer with exposure, company and month end, with the buyer's country
    and zone when it was recorded. Receivables and credits are those of the month's
    end: entries and matchings of later days do not count. Orders, deliveries and
    drafts, of which Odoo keeps no history, are those of ``recorded_on``; of a month
    that was missed for longer they are left out, not guessed (``receivables_only``).
    Written by the job alone and never changed: later entries do not reach it
    (DESIGN 2). In the company's currency of that day.
    """

    _name = "credit.insurance.exposure.snapshot"
    _description = "Exposure at a Month's End"
    _order = "date desc, exposure desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(string="Month's End", required=True, readonly=True)
    recorded_on = fields.Datetime(
        readonly=True,
        required=True,
        help="When the job looked at the books: orders, deliveries and drafts are "
        "those of this moment, receivables those of the month's end.",
    )
    receivables_only = fields.Boolean(
        readonly=True,
        help="Recorded more than a month late, from the books: orders, deliveries and "
        "drafts of that time are not known and left out.",
    )
    # the row stands for the buyer of that day, whoever the partner is merged into
    buyer_ref = fields.Integer(
        string="Buyer's Id Then", required=True, readonly=True, aggregator=None
    )
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", readonly=True, index="btree_not_null"
    )
    country_id = fields.Many2one("res.country", readonly=True)
    country_status = fields.Selection(
        COUNTRY_STATUSES, string="Country's Cover", readonly=True
    )
    country_score = fields.Float(
        readonly=True, aggregator=None, help="0 worst .. 100 best; 0: not rated."
    )
    country_grade = fields.Char(readonly=True)
    zone_id = fields.Many2one("credit.insurance.zone", string="Zone", readonly=True)
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    insurer_id = fields.Many2one("credit.insurance.insurer", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    exposure = fields.Monetary(readonly=True)
    eligible = fields.Monetary(
        readonly=True, help="Shipped, and insurable under the policy."
    )
    covered = fields.Monetary(
        readonly=True, help="What the insurer would have paid for a commercial loss."
    )
    covered_political = fields.Monetary(
        string="Covered (Political)",
        readonly=True,
        help="What the insurer would have paid for a political loss.",
    )
    own_risk_amount = fields.Monetary(
        string="At Own Risk",
        readonly=True,
        help="What was uncovered within the authorised credit: the own share, taxes, "
        "orders not shipped, own risk accepted.",
    )
    beyond_amount = fields.Monetary(
        string="Beyond Authorised Credit",
        readonly=True,
        help="What was uncovered above limit, securities and own risk accepted.",
    )
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    cover_state = fields.Selection(COVER_STATES, readonly=True)

    _once = models.Constraint(
        "unique(company_id, date, buyer_ref)",
        "The exposure of this buyer at this month's end is recorded already.",
    )

    @api.model
    def _cron_record(self):
        """Record the months that have ended, company by company; once for each.

        A company that cannot be recorded is logged, and tried again the next day.
        """
        due = [
            (company, month_end)
            for company in self._recording_companies()
            for month_end in self._missed_month_ends(company)
        ]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        failed = self.env["res.company"]
        for company, month_end in due:
            if company not in failed:
                month = (company, month_end)
                if attempt(self.env, self._record_missed, *month) is None:
                    failed += company  # its later months follow the missing one
            if not commit(1):
                break

    @api.model
    def _recording_companies(self):
        """Return the companies that an active policy insures: others record nothing."""
        policies = self.env["credit.insurance.policy"]
        return policies.search([("state", "=", "active")]).company_ids

    @api.model
    def _missed_month_ends(self, company):
        """Return the ended months to record, oldest first.

        All since the last one recorded; of a company that starts, the last one alone.
        """
        month_end = _month_end_before(company._credit_today())
        until = company.credit_exposure_recorded_until
        missed = [] if self._is_recorded(company, month_end) else [month_end]
        while missed and until and (month_end := _month_end_before(month_end)) > until:
            missed.append(month_end)
        return missed[::-1]

    @api.model
    def _record_month_end(self, company):
        """Record what a company's months lack, up to the last one.

        In the first days of the next month, or later where the job did not run then:
        ``recorded_on`` tells.

        :return: how many rows were written
        """
        return sum(
            self._record_missed(company, month_end)
            for month_end in self._missed_month_ends(company)
        )

    @api.model
    def _record_missed(self, company, month_end):
        """Record a month's end: the last one whole, an older one from the books."""
        is_last = month_end == _month_end_before(company._credit_today())
        recorded = self._record(company, month_end, receivables_only=not is_last)
        company.credit_exposure_recorded_until = month_end
        return recorded

    @api.model
    def _is_recorded(self, company, month_end):
        """Whether a month's end was recorded, be it that nobody owed anything."""
        until = company.credit_exposure_recorded_until
        if until and until >= month_end:
            return True
        rows = [("company_id", "=", company.id), ("date", "=", month_end)]
        return bool(self.search_count(rows, limit=1))

    @api.model
    def _record(self, company, day, receivables_only=False):
        """Write a row for each buyer with exposure; never a second one of a day.

        :param day: the month's end, whose receivables, limits and stops count
        :param receivables_only: without what is ordered, delivered and drafted now
        :return: how many rows were written
        """
        self.flush_model()
        position = self.env["credit.insurance.position"]
        query = (
            position._query_as_of(company, day)
            if receivables_only
            else position._query(company, day, opened_on=day)
        )
        placed = self.env["credit.insurance.exposure"]._placed(
            query.position(with_cover=True), company
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_insurance_exposure_snapshot (
                       company_id, date, recorded_on, receivables_only, buyer_ref,
                       partner_id, country_id, country_status, country_score,
                       country_grade, zone_id, policy_id, insurer_id, currency_id,
                       cover_state, %(amounts)s,
                       create_uid, create_date, write_uid, write_date)
                SELECT row.company_id, %(day)s, %(now)s, %(receivables_only)s,
                       row.partner_id, row.partner_id, row.country_id, place.status,
                       COALESCE(place.score, 0), place.grade, row.zone_id,
                       row.policy_id, row.insurer_id, row.currency_id,
                       row.cover_state, %(amounts)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(placed)s) AS row
             LEFT JOIN %(places)s AS place ON place.id = row.country_id
                 WHERE row.exposure <> 0 OR row.covered <> 0
           ON CONFLICT (company_id, date, buyer_ref) DO NOTHING
                """,
                amounts=SQL(", ").join(map(SQL.identifier, AMOUNTS)),
                day=day,
                now=fields.Datetime.now(),
                receivables_only=receivables_only,
                uid=self.env.uid,
                placed=placed,
                places=self._places(company, day),
            )
        )
        recorded = self.env.cr.rowcount
        self.invalidate_model()
        return recorded

    @api.model
    def _places(self, company, day):
        """SQL of what is known of each country on a day: events and ratings."""
        countries = self.env["res.country"].search([("code", "!=", False)])
        risks = countries._credit_risk(company, day)
        status = countries._credit_status(day)
        return SQL(
            "(SELECT * FROM unnest(%s::int[], %s::text[], %s::float8[], %s::text[])"
            " AS place(id, status, score, grade))",
            countries.ids,
            [status[country] for country in countries],
            [risks[country].score for country in countries],
            [risks[country].grade or None for country in countries],
        )
