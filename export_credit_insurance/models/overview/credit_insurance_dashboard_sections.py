from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..indemnity.premium import Premium
from .credit_insurance_dashboard import DEADLINE_DAYS
from .dashboard_query import SHORT, TOTAL, json_object, listed

#: the turnover that receivables are compared with
TURNOVER_DAYS = 90
#: how long a reminder has to work, and how far back reminders count
PAID_DAYS = 14
EFFECT_DAYS = 365


class CreditInsuranceDashboard(models.AbstractModel):
    """What there is of today alone: what waits, and what follow-up brings."""

    _inherit = "credit.insurance.dashboard"

    @api.model
    def _sections(self, company, day, is_today, found, beside):
        if not is_today:
            return dict.fromkeys(
                ("limits", "holds", "deadlines", "followup", "policies")
            )
        return {
            "limits": self._limits(found),
            "holds": self._holds(company, beside["holds"]),
            "deadlines": self._deadlines(day, found["deadlines"]),
            "followup": self._followup(company, found, beside["effect"]),
            "policies": [self._policy(row) for row in beside["policies"]],
        }

    @api.model
    def _limits(self, found):
        """Return the limits that end soon, and those used nearly in full."""
        return {
            "expiring": {
                "count": found["expiring"]["count"],
                "open": self._open("limits_expiring"),
                "rows": [
                    {
                        "id": row["partner_id"],
                        "buyer": row["buyer_name"],
                        "policy": row["policy_name"],
                        "limit": row["insured_limit"],
                        "used": row["used"],
                        "currency_id": row["limit_currency_id"],
                        "date_to": row["limit_date_to"],
                        "open": self._open("limit", partner_id=row["partner_id"]),
                    }
                    for row in found["expiring"]["rows"]
                ],
            },
            "near": {
                "count": found["near"]["count"],
                "open": self._open("limits_near"),
                "rows": [
                    {
                        "id": row["partner_id"],
                        "buyer": row["buyer_name"],
                        "limit": row["insured_limit"],
                        "used": row["used"],
                        "currency_id": row["limit_currency_id"],
                        "share": float(row["share"]),
                        "open": self._open("limit", partner_id=row["partner_id"]),
                    }
                    for row in found["near"]["rows"]
                ],
            },
        }

    @api.model
    def _deadlines(self, day, found):
        kinds = dict(
            self.env["credit.insurance.deadline"]
            ._fields["next_kind"]
            ._description_selection(self.env)
        )
        return {
            "days": DEADLINE_DAYS,
            "missed": found["missed"],
            "count": found["count"],
            "open": self._open("deadlines"),
            "rows": [
                {
                    "id": row["id"],
                    "date": row["next_date"],
                    "days_left": (fields.Date.to_date(row["next_date"]) - day).days,
                    "kind": row["next_kind"],
                    "kind_label": kinds[row["next_kind"]],
                    "buyer": row["buyer_name"],
                    "document": row["document"],
                    "amount": row["open_amount"],
                    # three steps on the page: what is later than soon is soon, too
                    "urgency": {"later": "soon"}.get(row["urgency"], row["urgency"]),
                    "open": self._open("deadline", line_id=row["id"]),
                }
                for row in found["rows"]
            ],
        }

    # === HOLDS === #

    @api.model
    def _holds_part(self, company):
        """SQL of the holds that wait for a decision: their sums and the oldest."""
        holds = self.env["credit.insurance.hold"]
        holds.flush_model()
        waiting = SQL(
            """(
            SELECT hold.id, hold.name, buyer.name AS buyer_name, hold.main_code,
                   hold.amount, hold.currency_id,
                   EXTRACT(day FROM %(now)s::timestamp - hold.requested_on)::int AS age
              FROM credit_insurance_hold AS hold
              JOIN res_partner AS buyer ON buyer.id = hold.partner_id
             WHERE hold.id IN %(waiting)s) AS waiting""",
            now=fields.Datetime.now(),
            waiting=holds._search(self._holds_domain(company)).subselect(),
        )
        sums = SQL(
            "SELECT currency_id, count(*) AS number, sum(amount) AS amount FROM %s"
            " GROUP BY currency_id",
            waiting,
        )
        rows = SQL("SELECT * FROM %s ORDER BY age DESC, id LIMIT %s", waiting, SHORT)
        return json_object({"sums": listed(sums), "rows": listed(rows)})

    @api.model
    def _holds_domain(self, company):
        return [("state", "=", "open"), ("company_id", "=", company.id)]

    @api.model
    def _holds(self, company, found):
        """Return the holds that wait for a decision, those asked for first on top."""
        holds = self.env["credit.insurance.hold"]
        position = self.env["credit.insurance.position"]
        facts = position._facts(company.id, company._credit_today())
        causes = dict(holds._fields["main_code"]._description_selection(self.env))
        return {
            "count": sum(row["number"] for row in found["sums"]),
            "amount": company.currency_id.round(
                sum(
                    facts.to_company(row["amount"], row["currency_id"])
                    for row in found["sums"]
                )
            ),
            "open": self._open("holds"),
            "rows": [
                {
                    "id": row["id"],
                    "order": row["name"],
                    "buyer": row["buyer_name"],
                    "amount": row["amount"],
                    "currency_id": row["currency_id"],
                    "age_days": row["age"],
                    "cause": causes.get(row["main_code"], ""),
                    "open": self._open("hold", hold_id=row["id"]),
                }
                for row in found["rows"]
            ],
        }

    # === FOLLOW-UP === #

    @api.model
    def _followup(self, company, found, effect):
        """Return what follow-up brings: days sales outstanding, overdues, payments."""
        [total] = [row for row in found["totals"] if row["kind"] == TOTAL]
        receivable = float(total["receivable"] or 0)
        overdue = float(total["overdue_amount"] or 0)
        turnover = float(effect["turnover"] or 0)
        return {
            "dso_days": round(receivable / turnover * TURNOVER_DAYS)
            if turnover > 0
            else None,
            "dso_help": self.env._(
                "Days sales outstanding: open invoices ÷ turnover of the last %(days)s "
                "days, both tax included, × %(days)s days. Invoices sold to a factor "
                "without recourse count as turnover and are no longer open.",
                days=TURNOVER_DAYS,
            ),
            "overdue_amount": company.currency_id.round(overdue),
            "overdue_share": overdue / receivable if receivable else 0.0,
            "open": self._open("overdue"),
            "steps": [
                {
                    "name": row["name"],
                    "reminders": row["reminders"],
                    "paid_share": row["paid"] / row["reminders"],
                    "days": PAID_DAYS,
                    "open": self._open("step", step_ids=row["step_ids"]),
                }
                for row in effect["steps"]
            ],
        }

    @api.model
    def _effect_days(self, day):
        """Return the days between which reminders count: they had time to work."""
        return day - timedelta(days=EFFECT_DAYS), day - timedelta(days=PAID_DAYS)

    @api.model
    def _effect_part(self, company, day):
        """SQL of the turnover, and of how many instalments each step got paid."""
        self.env["account.move"].flush_model(
            ["state", "move_type", "invoice_date", "amount_total_signed"]
        )
        turnover = SQL(
            """(
            SELECT sum(amount_total_signed) FROM account_move
             WHERE company_id = %(company)s AND state = 'posted'
               AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND invoice_date > %(first)s AND invoice_date <= %(day)s)""",
            company=company.id,
            first=day - timedelta(days=TURNOVER_DAYS),
            day=day,
        )
        steps = listed(self._steps_select(company, day))
        return json_object({"turnover": turnover, "steps": steps})

    @api.model
    def _steps_select(self, company, day):
        """SQL of each step's instalments, and how many were paid soon after it.

        Paid: settled in full within the days after the reminder. Steps of one name
        count together, whatever their plan.
        """
        self.env["account.move.line"].flush_model(["reconciled"])
        self.env["account.partial.reconcile"].flush_model(["max_date"])
        self.env["credit.followup.reminder.line"].flush_model()
        first, last = self._effect_days(day)
        return SQL(
            """
            SELECT %(name)s AS name, count(*) AS reminders,
                   count(*) FILTER (WHERE item.reconciled AND NOT EXISTS (
                       SELECT FROM account_partial_reconcile part
                        WHERE part.debit_move_id = item.id
                          AND part.max_date > line.date + %(days)s)) AS paid,
                   json_agg(DISTINCT step.id) AS step_ids
              FROM credit_followup_reminder_line line
              JOIN credit_followup_step step ON step.id = line.step_id
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE line.company_id = %(company)s AND line.state = 'taken'
               AND line.date BETWEEN %(first)s AND %(last)s
          GROUP BY 1 ORDER BY min(step.sequence), 1 LIMIT %(short)s
            """,
            name=self.env["credit.followup.step"]._field_to_sql("step", "name"),
            company=company.id,
            days=PAID_DAYS,
            first=first,
            last=last,
            short=SHORT,
        )

    # === POLICIES === #

    @api.model
    def _policies_part(self, company, day):
        """SQL of the policies in force, with their year's counters and declarations."""
        policies = self.env["credit.insurance.policy"]
        for name in (
            "policy",
            "policy.year",
            "declaration",
            "declaration.group",
            "insurer",
        ):
            self.env[f"credit.insurance.{name}"].flush_model()
        own = policies._search(
            [("state", "=", "active"), ("company_ids", "in", company.id)]
        )
        return listed(
            SQL(
                """
                SELECT policy.id, policy.name, policy.currency_id,
                       %(insurer)s AS insurer, year.date_from,
                       COALESCE(year.aggregate_first_loss,
                                policy.aggregate_first_loss, 0) AS first_loss,
                       COALESCE(year.first_loss_used, 0)
                           + COALESCE(year.first_loss_claimed, 0) AS first_loss_used,
                       COALESCE(year.max_liability_multiple,
                                policy.max_liability_multiple, 0) AS multiple,
                       COALESCE(year.liability_used, 0)
                           + COALESCE(year.liability_claimed, 0) AS liability_used,
                       COALESCE(year.minimum_premium, policy.minimum_premium, 0)
                           AS minimum,
                       COALESCE(year.premium_amount, 0) AS premium,
                       COALESCE(made.declared, 0) AS declared,
                       COALESCE(made.drafted, 0) AS drafted,
                       COALESCE(year.bonus_malus_pct, 0) AS bonus_malus_pct
                  FROM credit_insurance_policy AS policy
                  JOIN credit_insurance_insurer AS insurer
                    ON insurer.id = policy.insurer_id
             LEFT JOIN credit_insurance_policy_year AS year
                    ON year.policy_id = policy.id
                   AND %(day)s BETWEEN year.date_from AND year.date_to
             LEFT JOIN LATERAL (
                    SELECT sum(part.premium_amount) FILTER (
                               WHERE whole.state <> 'draft') AS declared,
                           sum(part.premium_amount) FILTER (
                               WHERE whole.state = 'draft') AS drafted
                      FROM credit_insurance_declaration_group AS part
                      JOIN credit_insurance_declaration AS whole
                        ON whole.id = part.declaration_id
                     WHERE part.year_id = year.id
                   ) AS made ON TRUE
                 WHERE policy.id IN %(own)s
              ORDER BY policy.sequence, policy.id
                """,
                insurer=self._names()["insurer"],
                day=day,
                own=own.subselect(),
            )
        )

    @api.model
    def _policy(self, row):
        """Return a policy's counters of the year, in its currency (DOMAIN 1.11)."""
        premium = max(row["minimum"], row["premium"])
        expected = Premium(
            declared=row["declared"] + row["drafted"],
            minimum=row["minimum"],
            bonus_malus_pct=row["bonus_malus_pct"],
        )
        return {
            "id": row["id"],
            "name": row["name"],
            "insurer": row["insurer"],
            "year": (row["date_from"] or "")[:4],
            "first_loss": {
                "amount": row["first_loss"],
                "used": row["first_loss_used"],
            },
            "liability": {
                "amount": row["multiple"] * premium,
                "used": row["liability_used"],
            },
            "premium": {
                "minimum": row["minimum"],
                "declared": row["declared"],
                "drafted": row["drafted"],
                "estimate": max(row["premium"], expected.amount),
                "help": self.env._(
                    "Expected: the premium of what was declared and of drafts of "
                    "declarations, with bonus or malus, at least the minimum. "
                    "Turnover of days that no declaration holds yet is not in it: see "
                    "Premium to Date on the policy's year."
                ),
            },
            "currency_id": row["currency_id"],
            "open": self._open("policy", policy_id=row["id"]),
        }
