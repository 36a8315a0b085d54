from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, format_datetime

from ..groups import CREDIT_GROUP, SETTINGS
from .dashboard_query import (
    SUMS,
    BoardQuery,
    TodayQuery,
    answer,
    listed,
    sums_of,
)

MONTHS = 12
DEADLINE_DAYS = 30
#: the largest id that a database has
LARGEST_ID = 2**31 - 1


class CreditInsuranceDashboard(models.AbstractModel):
    """The firm's position on one page: sums of the one engine, and what waits.

    Exposure is split as on a buyer's exposure bar: covered, at own risk, and beyond
    the authorised credit (key ``uncovered``); the three add up to it, to the cent.
    Figures of a past month's end are those that were recorded then. Amounts are in the
    currency of the company that is asked about. Every figure carries what
    :meth:`get_action` needs to open the list that sums to it.
    """

    _name = "credit.insurance.dashboard"
    _description = "Credit Insurance Dashboard"

    @api.model
    @api.readonly
    def get_dashboard(self, filters=None):
        """Return all that the page shows.

        :param filters: ``company_id`` (empty: the active one) and ``date`` (empty:
            today, else a recorded month's end)
        :raise AccessError: for who is no credit user, or may not see the company
        :raise UserError: if nothing is recorded of the day
        """
        filters = self._asked(filters)
        board = self._of_company(filters.get("company_id"))
        company = board.env.company
        today = company._credit_today()
        day = board._asked_day(filters.get("date")) or today
        is_today = day == today
        beside = board._beside(company, today, is_today)
        months = beside["months"]
        if is_today:
            found = board._sums_today(company, day)
        else:
            found = board._sums_recorded(company, day, months)
        return {
            **board._frame(company, day, is_today, months),
            "setup": board._setup(beside["setup"]) if is_today else None,
            **board._figures(company, day, is_today, months, found),
            **board._sections(company, day, is_today, found, beside),
        }

    @api.model
    def _of_company(self, company_id):
        """Return the dashboard for a company that the user may see.

        :raise AccessError: as :meth:`get_dashboard`
        """
        if not (self.env.su or self.env.user.has_group(CREDIT_GROUP)):
            raise AccessError(
                self.env._("The credit insurance dashboard is for credit users.")
            )
        company = self.env["res.company"].browse(self._asked_id(company_id) or ())
        company = company or self.env.company
        # sudo: settings of credit insurance, read with all else of the company
        company.sudo().fetch(
            [
                name
                for name, field in company._fields.items()
                if field.store
                and field.column_type
                and field.prefetch in (True, SETTINGS)
            ]
        )
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You do not work for this company: choose one of yours.")
            )
        return self.with_context(allowed_company_ids=company.ids)

    # === WHAT IS ASKED === #

    @api.model
    def _asked(self, values):
        """Return filters or parameters as they came; nothing if there are none."""
        if not isinstance(values or {}, dict):
            raise self._misunderstood()
        return values or {}

    @api.model
    def _asked_id(self, value):
        """Return the id that a client sent, 0 for none.

        :raise UserError: if it cannot be one
        """
        try:
            found = int(value or 0)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._misunderstood() from error
        if not 0 <= found <= LARGEST_ID:
            raise self._misunderstood()
        return found

    @api.model
    def _asked_day(self, value):
        """Return the day that a client sent, if any; errors as :meth:`_asked_id`."""
        if value and not isinstance(value, str):
            raise self._misunderstood()
        try:
            return fields.Date.to_date(value or None)
        except ValueError as error:
            raise self._misunderstood() from error

    @api.model
    def _misunderstood(self):
        return UserError(
            self.env._("What was asked for is not understood: reload the page.")
        )

    # === FRAME === #

    @api.model
    def _frame(self, company, day, is_today, months):
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": each.id, "name": each.name} for each in self.env.user.company_ids
            ],
            "date": fields.Date.to_string(day),
            "is_today": is_today,
            "recorded_note": "" if is_today else self._recorded_note(day, months),
            "dates": [
                {
                    "value": fields.Date.to_string(month["date"]),
                    "label": format_date(
                        self.env, month["date"], date_format="d MMMM y"
                    ),
                }
                for month in reversed(months)
            ],
            "currency_id": company.currency_id.id,
        }

    @api.model
    def _recorded_note(self, day, months):
        """Say when a month's end was recorded, and what is of that moment."""
        [month] = [month for month in months if month["date"] == day]
        if month["receivables_only"]:
            return self.env._(
                "Recorded late, on %(moment)s: receivables of the month's end alone; "
                "orders, deliveries and drafts of that time are not known.",
                moment=format_datetime(self.env, month["recorded_on"]),
            )
        return self.env._(
            "Recorded on %(moment)s: receivables are those of the month's end; orders, "
            "deliveries and drafts those of that moment.",
            moment=format_datetime(self.env, month["recorded_on"]),
        )

    @api.model
    def _open(self, key, **params):
        """Return what :meth:`get_action` opens, for the company asked about."""
        return {"key": key, "params": {"company_id": self.env.company.id, **params}}

    # === SUMS === #

    @api.model
    def _names(self):
        """SQL of names in the reader's language, by the alias of the table."""
        models_by_alias = {
            "country": "res.country",
            "zone": "credit.insurance.zone",
            "insurer": "credit.insurance.insurer",
        }
        return {
            alias: self.env[model]._field_to_sql(alias, "name")
            for alias, model in models_by_alias.items()
        }

    @api.model
    def _sums_today(self, company, day):
        """Ask the engine once for all that is shown of buyers and deadlines."""
        deadlines = self.env["credit.insurance.deadline"]
        query = deadlines._query_of(company)
        parts = TodayQuery(self._names())
        placed = self.env["credit.insurance.exposure"]._placed(
            SQL("SELECT * FROM buyer_row"), company
        )
        last = day + relativedelta(days=DEADLINE_DAYS)
        third = company.sudo().credit_use_third_pct  # sudo: a setting, whoever reads
        asked = query.with_position(
            {
                "placed": SQL("(%s)", placed),
                "deadline": SQL(
                    "(%s)",
                    deadlines._next(query, SQL("SELECT * FROM clock_row"), until=last),
                ),
            },
            answer(
                totals=parts.totals(),
                top=parts.top(),
                near=parts.limits_near(third),
                expiring=parts.limits_expiring(self._expiring_until(company, day)),
                deadlines=parts.deadlines(last),
            ),
        )
        return self._ask(asked)

    @api.model
    def _expiring_until(self, company, day):
        """Return the last day of limits that are called to end soon."""
        # sudo: a setting, whoever reads
        return day + relativedelta(days=company.sudo().credit_limit_expiring_days)

    @api.model
    def _sums_recorded(self, company, day, months):
        """Read what was recorded at a month's end."""
        if day not in {month["date"] for month in months}:
            raise UserError(
                self.env._(
                    "Nothing is recorded of %(day)s: choose today or the end of a "
                    "month that was recorded.",
                    day=format_date(self.env, day),
                )
            )
        parts = BoardQuery(self._names())
        placed = SQL(
            """(SELECT row.*, buyer.name AS buyer_name
                  FROM credit_insurance_exposure_snapshot AS row
             LEFT JOIN res_partner AS buyer ON buyer.id = row.partner_id
                 WHERE row.company_id = %s AND row.date = %s)""",
            company.id,
            day,
        )
        return self._ask(
            SQL(
                "WITH placed AS %s %s",
                placed,
                answer(totals=parts.totals(), top=parts.top_recorded()),
            )
        )

    @api.model
    def _ask(self, query):
        """Run a query of one JSON object; it is too short-lived to be compiled."""
        self.env.cr.execute(SQL("SET LOCAL jit = off; %s", query))
        return self.env.cr.fetchone()[0]

    @api.model
    def _beside(self, company, today, is_today):
        """Return what no buyer's position is asked for, with one query.

        The months recorded; of today the set-up, holds, policies and what follow-up
        brings.
        """
        parts = {"months": self._months_part(company, today)}
        if is_today:
            parts |= {
                "setup": self._setup_part(company),
                "holds": self._holds_part(company),
                "effect": self._effect_part(company, today),
                "policies": self._policies_part(company, today),
            }
        found = self._ask(answer(**parts))
        for month in found["months"]:
            month["date"] = fields.Date.to_date(month["date"])
            month["recorded_on"] = datetime.fromisoformat(month["recorded_on"])
        return found

    @api.model
    def _months_part(self, company, today):
        """SQL of the sums of the last recorded months' ends, oldest first."""
        self.env["credit.insurance.exposure.snapshot"].flush_model()
        return listed(
            SQL(
                """
                SELECT date, max(recorded_on) AS recorded_on,
                       bool_or(receivables_only) AS receivables_only, %(sums)s
                  FROM credit_insurance_exposure_snapshot
                 WHERE company_id = %(company)s AND date >= %(first)s
                   AND date < %(today)s
              GROUP BY date ORDER BY date
                """,
                sums=sums_of(),
                company=company.id,
                first=today.replace(day=1) - relativedelta(months=MONTHS),
                today=today,
            )
        )

    @api.model
    def _amounts(self, company, row):
        """Return the four amounts of a row, rounded so that they add up."""
        rounded = {name: company.currency_id.round(float(row[name])) for name in SUMS}
        rounded["own_risk"] = company.currency_id.round(
            rounded["exposure"] - rounded["covered"] - rounded["uncovered"]
        )
        return rounded
