from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..groups import CREDIT_GROUP
from .dashboard_query import (
    BY_COUNTRY,
    BY_INSURER,
    BY_ZONE,
    SUMS,
    TOTAL,
    BoardQuery,
    TodayQuery,
    answer,
    sums_of,
)

MONTHS = 12
EXPIRING_DAYS = 60
DEADLINE_DAYS = 30
#: from which score on the map shows which risk
MAP_BANDS = ((75, "low"), (50, "medium"), (25, "high"), (0, "very_high"))


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
        filters = filters or {}
        board = self._of_company(filters.get("company_id"))
        company = board.env.company
        today = company._credit_today()
        day = fields.Date.to_date(filters.get("date")) or today
        is_today = day == today
        months = board._months(company, today)
        found = (
            board._sums_today(company, day)
            if is_today
            else board._sums_recorded(company, day, months)
        )
        return {
            **board._frame(company, day, is_today, months),
            **board._figures(company, day, is_today, months, found),
            **board._sections(company, day, is_today, found),
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
        company = self.env["res.company"].browse(int(company_id or 0))
        company = company or self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You do not work for this company: choose one of yours.")
            )
        return self.with_context(allowed_company_ids=company.ids)

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
            "setup": self._setup(company) if is_today else None,
        }

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
        third = company.sudo().credit_use_third_pct  # sudo: a setting, whoever reads
        asked = query.with_position(
            {
                "placed": SQL("(%s)", placed),
                "deadline": SQL(
                    "(%s)", deadlines._next(query, SQL("SELECT * FROM clock_row"))
                ),
            },
            answer(
                totals=parts.totals(),
                top=parts.top(),
                near=parts.limits_near(third),
                expiring=parts.limits_expiring(day + relativedelta(days=EXPIRING_DAYS)),
                deadlines=parts.deadlines(day + relativedelta(days=DEADLINE_DAYS)),
            ),
        )
        return self._ask(asked)

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
                answer(totals=parts.totals(), top=parts.top()),
            )
        )

    @api.model
    def _ask(self, query):
        """Run a query of one JSON object; it is too short-lived to be compiled."""
        self.env.cr.execute(SQL("SET LOCAL jit = off; %s", query))
        return self.env.cr.fetchone()[0]

    @api.model
    def _months(self, company, today):
        """Return the sums of the last recorded months' ends, oldest first."""
        snapshots = self.env["credit.insurance.exposure.snapshot"]
        snapshots.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT date, %(sums)s
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
        return self.env.cr.dictfetchall()

    @api.model
    def _amounts(self, company, row):
        """Return the four amounts of a row, rounded so that they add up."""
        rounded = {name: company.currency_id.round(float(row[name])) for name in SUMS}
        rounded["own_risk"] = company.currency_id.round(
            rounded["exposure"] - rounded["covered"] - rounded["uncovered"]
        )
        return rounded

    # === FIGURES === #

    @api.model
    def _figures(self, company, day, is_today, months, found):
        past = {} if is_today else {"date": fields.Date.to_string(day)}
        grouped = {kind: [] for kind in (TOTAL, BY_COUNTRY, BY_ZONE, BY_INSURER)}
        for row in found["totals"]:
            row["amounts"] = self._amounts(company, row)
            grouped[row["kind"]].append(row)
        [total] = grouped[TOTAL]
        before = [month for month in months if month["date"] < day][-1:]
        return {
            "figures": self._four(company, total["amounts"], before, past),
            "trend": {
                "note": self.env._("As recorded at each month's end"),
                "months": [self._month(company, month) for month in months],
            },
            "countries": self._countries(company, day, grouped[BY_COUNTRY], past),
            "zones": [
                {
                    "id": row["zone_id"] or False,
                    "name": row["zone_name"] or self.env._("No zone"),
                    **row["amounts"],
                    "open": self._open("zone", zone_id=row["zone_id"] or False, **past),
                }
                for row in grouped[BY_ZONE]
            ],
            "insurers": self._insurers(grouped[BY_INSURER], past),
            "top_uncovered": [self._top(company, row, past) for row in found["top"]],
        }

    @api.model
    def _four(self, company, total, before, past):
        """Return exposure and its three parts, with their change since last month."""
        former = self._amounts(company, before[0]) if before else {}
        labels = {
            "exposure": (
                self.env._("Exposure"),
                self.env._(
                    "Open invoices, deliveries not invoiced and orders not delivered, "
                    "less what was received and not matched."
                ),
            ),
            "covered": (
                self.env._("Covered"),
                self.env._("What the insurers would pay for a commercial loss."),
            ),
            "own_risk": (
                self.env._("At own risk"),
                self.env._(
                    "What no insurer pays within the authorised credit: the own share, "
                    "taxes, orders not shipped, own risk accepted."
                ),
            ),
            "uncovered": (
                self.env._("Beyond authorised credit"),
                self.env._(
                    "What exceeds limits, securities and the own risk accepted. With "
                    "the part at own risk, it is all that no insurer would pay."
                ),
            ),
        }
        return [
            {
                "key": key,
                "label": label,
                "help": text,
                "amount": total[key],
                "share": total[key] / total["exposure"] if total["exposure"] else 0.0,
                "change": company.currency_id.round(total[key] - former[key])
                if former
                else None,
                "open": self._open(key, **past),
            }
            for key, (label, text) in labels.items()
        ]

    @api.model
    def _month(self, company, month):
        day = fields.Date.to_string(month["date"])
        return {
            "date": day,
            "label": format_date(self.env, month["date"], date_format="MMM y"),
            **self._amounts(company, month),
            "open": self._open("exposure", date=day),
        }

    @api.model
    def _countries(self, company, day, rows, past):
        """Return the countries; of today with the grades and events of today."""
        countries = self.env["res.country"].browse(
            [row["country_id"] for row in rows if row["country_id"]]
        )
        risks, status = {}, {}
        if not past:
            risks = countries._credit_risk(company, day)
            status = countries._credit_status(day)
        result = []
        for row in rows:
            country = countries.browse(row["country_id"] or ())
            if country in risks:
                row.update(risks[country]._asdict())
            result.append(
                {
                    "id": country.id,
                    "code": row["code"] or "",
                    "name": row["country_name"] or self.env._("No country"),
                    "grade": row.get("grade") or "",
                    "score": row.get("score") or 0,
                    "band": self._map_band(row.get("grade"), row.get("score")),
                    "status": status.get(country) or row.get("status") or "open",
                    "buyers": row["buyers"],
                    **row["amounts"],
                    "open": self._open("country", country_id=country.id, **past),
                }
            )
        return result

    @api.model
    def _map_band(self, grade, score):
        if not grade or score is None:
            return "none"
        return next(band for lowest, band in MAP_BANDS if score >= lowest)

    @api.model
    def _insurers(self, rows, past):
        """Return the insurers, and last what no policy insures."""
        return [
            {
                "id": row["insurer_id"] or False,
                "name": row["insurer_name"] or self.env._("Not insured"),
                **row["amounts"],
                "open": self._open(
                    "insurer", insurer_id=row["insurer_id"] or False, **past
                ),
            }
            for row in sorted(rows, key=lambda each: not each["insurer_id"])
        ]

    @api.model
    def _top(self, company, row, past):
        reason = ""
        if not past:
            for name in ("stop_date", "near_stop_date"):
                row[name] = fields.Date.to_date(row[name])
            reason = self.env["credit.insurance.position"]._explain_cover_state(row)
        amounts = {name: row[column] for name, column in SUMS.items()}
        return {
            "id": row["partner_id"] or False,
            "name": row["buyer_name"] or "",
            "country": row["country_name"] or "",
            **self._amounts(company, amounts),
            "reason": reason,
            "open": self._open("buyer", partner_id=row["partner_id"] or False, **past),
        }
