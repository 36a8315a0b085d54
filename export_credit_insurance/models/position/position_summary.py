from odoo.tools import SQL

from ..contract.credit_insurance_limit import GRANTED_STATES
from ..ledger.facts_sql import is_insolvent_on
from .position_presence import nothing


class PositionSummary:
    """One row per buyer: exposure, today's limit, what is left of it, and the stops."""

    # ------------------------------------------------------------ today's limit

    def today_cte(self, with_decision=True):
        """The policy that would insure a shipment of this day, and its limit.

        :param with_decision: join ``latest_decision`` too, which tells why there may be
            no limit
        """
        return SQL(
            """(
            SELECT buyer.partner_id, buyer.group_id, chosen.policy_id,
                   chosen.reason AS exclusion, chosen.country_status,
                   COALESCE(NULLIF(step.max_payment_days, 0), chosen.max_payment_days)
                       AS max_payment_days,
                   own.id AS limit_currency_id, own.digits,
                   chosen.cover_tax_basis,
                   CASE WHEN chosen.limit_basis = 'net' AND %(pct)s > 0
                        THEN round(COALESCE(step.amount, 0) * 100 / %(pct)s, own.digits)
                        ELSE COALESCE(step.amount, 0) END AS usable_limit,
                   step.kind AS limit_kind, step.amount AS granted,
                   NULLIF(step.date_limit, %(last_day)s) AS limit_date_to
                   %(latest_state)s
              FROM buyer
              %(choice)s
              LEFT JOIN group_currency held ON held.policy_id = chosen.policy_id
                                           AND held.group_id = buyer.group_id
              JOIN rate own ON own.id = COALESCE(
                       held.currency_id, chosen.policy_currency_id,
                       %(company_currency)s)
              LEFT JOIN limit_step step ON step.policy_id = chosen.policy_id
                                       AND step.group_id = buyer.group_id
                                       AND %(day)s BETWEEN step.date_from
                                                   AND step.date_to
              %(latest)s
            )""",
            latest_state=SQL(", latest.state AS latest_state" if with_decision else ""),
            latest=SQL(
                "LEFT JOIN latest_decision latest"
                " ON latest.policy_id = chosen.policy_id"
                " AND latest.group_id = buyer.group_id"
                if with_decision
                else ""
            ),
            pct=SQL(
                "COALESCE(NULLIF(step.insured_pct, 0), CASE step.kind"
                " WHEN 'discretionary' THEN chosen.pct_unnamed"
                " WHEN 'express' THEN chosen.pct_express"
                " WHEN 'topup' THEN chosen.pct_topup ELSE chosen.pct_named END)"
            ),
            last_day=self.last_day,
            choice=self._today_choice(),
            company_currency=self.facts.own_currency_id,
            day=self.day,
        )

    def _today_match(self, term):
        return SQL(
            "%(term)s.company_id = %(company)s"
            " AND %(term)s.country_class = buyer.country_class"
            " AND %(term)s.party_kind = buyer.party_kind"
            " AND %(day)s BETWEEN %(term)s.date_from AND %(term)s.date_to",
            term=SQL(term),
            company=self.company.id,
            day=self.day,
        )

    def _today_choice(self):
        if self.policy_id:
            return SQL(
                "LEFT JOIN term chosen ON chosen.policy_id = %s AND %s",
                self.policy_id,
                self._today_match("chosen"),
            )
        match = self._today_match("term")
        general = SQL("LEFT JOIN term ON term.scope = 'general' AND %s", match)
        if not self.has_buyer_policies:
            return SQL("%s CROSS JOIN LATERAL (SELECT term.*) chosen", general)
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT * FROM (
                    SELECT term.* FROM term WHERE term.scope = 'general' AND %(match)s
                    UNION ALL
                    SELECT term.* FROM term
                      JOIN named_buyer named ON named.policy_id = term.policy_id
                                            AND named.group_id = buyer.group_id
                     WHERE term.scope = 'buyer' AND %(match)s
                ) candidate ORDER BY sequence, policy_id LIMIT 1
            ) chosen ON TRUE
            """,
            match=match,
        )

    def latest_decision_cte(self):
        """Why there is nothing in force: the latest entered of the lines that tell.

        As ``credit.insurance.limit._nothing_in_force`` says it.
        """
        return SQL(
            """(
            SELECT DISTINCT ON (policy_id, group_id) policy_id, group_id,
                   CASE WHEN state = 'cancelled' AND cancelled_by = 'insured'
                             THEN 'ended'
                        WHEN state IN ('requested', 'refused', 'cancelled') THEN state
                        ELSE 'expired' END AS state
              FROM buyer_limit
             WHERE state = 'requested'
                OR state = 'refused' AND request_type = 'new'
                   AND COALESCE(date_from, decision_date) <= %(day)s
                OR state IN %(granted)s AND request_type IS DISTINCT FROM 'cancel'
                   AND date_to < %(day)s
             ORDER BY policy_id, group_id, id DESC
            )""",
            day=self.day,
            granted=GRANTED_STATES,
        )

    # ------------------------------------------- own risk, and orders asked about

    def own_risk_cte(self):
        return SQL(
            """(
            SELECT partner_id, sum(amount) AS amount
              FROM credit_insurance_own_risk
             WHERE company_id = %(company)s AND date_from <= %(day)s
               AND (date_to IS NULL OR date_to >= %(day)s) AND %(scope)s
             GROUP BY partner_id
            )""",
            company=self.company.id,
            day=self.day,
            scope=self.in_scope("partner_id", "scope_partner"),
        )

    def order_amount_cte(self):
        """What each order asked about adds, and what securities hold for it alone.

        Money booked for an order and not matched yet is that order's: it lowers what
        the order adds, and no longer the rest of the exposure.
        """
        if self.orders is None:
            return nothing(
                partner_id="int",
                amounts="json",
                booked_company="numeric",
                booked_limit="numeric",
            )
        return SQL(
            """(
            SELECT partner_id, json_object_agg(order_id, json_build_array(
                       company_amount - booked_company, limit_amount - booked_limit,
                       %(security)s,
                       LEAST(deferred_company, company_amount - booked_company),
                       LEAST(deferred_limit, limit_amount - booked_limit)
                   )) AS amounts,
                   sum(booked_company) AS booked_company,
                   sum(booked_limit) AS booked_limit
              FROM (
                SELECT asked.*,
                       LEAST(asked.company_amount, COALESCE(booked.company_amount, 0))
                           AS booked_company,
                       LEAST(asked.limit_amount, COALESCE(booked.limit_amount, 0))
                           AS booked_limit
                  FROM (%(asked)s) asked
                  LEFT JOIN (%(booked)s) booked ON booked.order_id = asked.order_id
              ) candidate
             GROUP BY partner_id
            )""",
            security=self._order_security(),
            asked=self._asked_select(),
            booked=self._booked_select(),
        )

    def _asked_select(self):
        return SQL(
            """
                SELECT today.partner_id, line.order_id,
                       sum(%(company_amount)s) AS company_amount,
                       sum(%(limit_amount)s) AS limit_amount,
                       COALESCE(sum(%(company_ordered)s)
                           FILTER (WHERE line.is_deferred), 0) AS deferred_company,
                       COALESCE(sum(%(limit_ordered)s)
                           FILTER (WHERE line.is_deferred), 0) AS deferred_limit
                  FROM order_open line
                  JOIN today ON today.partner_id = line.partner_id
                  JOIN rate own ON own.id = today.limit_currency_id
                 WHERE line.is_candidate
                 GROUP BY today.partner_id, line.order_id
            """,
            company_amount=self.to_company(
                _sum_of("line.open_delivered", "line.open_ordered"),
                "line.currency_id",
                "line",
            ),
            limit_amount=self._asked_use(
                _sum_of("line.open_delivered", "line.open_ordered"),
                _sum_of("line.open_delivered_untaxed", "line.open_ordered_untaxed"),
            ),
            company_ordered=self.to_company(
                SQL("line.open_ordered"), "line.currency_id", "line"
            ),
            limit_ordered=self._asked_use(
                SQL("line.open_ordered"), SQL("line.open_ordered_untaxed")
            ),
        )

    def _asked_use(self, gross, untaxed):
        """What an amount of an order asked about uses of the limit of ``today``."""
        return self.convert(
            SQL(
                "CASE WHEN today.cover_tax_basis = 'ex_tax' THEN %s ELSE %s END",
                untaxed,
                gross,
            ),
            "line.currency_id",
            "own.id",
            "line",
            "own",
        )

    def _booked_select(self):
        """Open receipts in the books, paid online for the orders asked about."""
        return SQL(
            """
                SELECT line.order_id,
                       GREATEST(sum(%(company)s), 0) AS company_amount,
                       GREATEST(sum(%(limit)s), 0) AS limit_amount
                  FROM (%(money)s) line
                  JOIN today ON today.partner_id = line.partner_id
                  JOIN rate own ON own.id = today.limit_currency_id
                 GROUP BY line.order_id
            """,
            money=self.open_money_select(SQL("%s", self.orders)),
            company=self.to_company(SQL("line.amount"), "line.currency_id", "line"),
            limit=self.convert(
                SQL("line.amount"), "line.currency_id", "own.id", "line", "own"
            ),
        )

    def _order_security(self):
        if not self.present.securities:
            return SQL("0")
        return SQL(
            """COALESCE((
            SELECT sum(security_use.available)
              FROM served_document served
              JOIN security_use ON security_use.id = served.security_id
             WHERE served.order_id = candidate.order_id
               AND security_use.is_general IS NOT TRUE), 0)"""
        )

    # ------------------------------------------------------------ stops today

    def halt_ctes(self):
        """Recorded stops and insolvencies that hold today, and instalments close."""
        return {
            "halt": self._halt_cte(),
            "insolvent": self._insolvent_cte(),
            "near_stop": SQL(
                """(
                SELECT group_id, policy_id, min(mep_end) + 1 AS day
                  FROM owed
                 WHERE seq = 0 AND is_significant AND owed >= residue
                   AND due_date < %(day)s
                   AND mep_end BETWEEN %(day)s AND %(day)s + %(warning)s
                 GROUP BY group_id, policy_id
                )""",
                day=self.day,
                warning=self.facts.warning_days,
            ),
        }

    def _halt_cte(self):
        if not self.present.stops:
            return nothing(
                partner_id="int", date_from="date", cause="text", move_line_id="int"
            )
        return SQL(
            """(
            SELECT DISTINCT ON (today.partner_id) today.partner_id,
                   stop.date_from, stop.cause, stop.move_line_id
              FROM credit_insurance_stop stop
              JOIN buyer ON buyer.partner_id = stop.partner_id
              JOIN today ON today.group_id = buyer.group_id
              LEFT JOIN account_move_line unpaid ON unpaid.id = stop.move_line_id
             WHERE stop.date_from <= %(day)s
               AND (stop.cause <> 'overdue' OR %(paid)s IS NOT TRUE)
               AND (stop.date_to IS NULL OR stop.date_to >= %(day)s)
               AND (stop.policy_id IS NULL OR stop.policy_id = today.policy_id)
             ORDER BY today.partner_id, stop.date_from, stop.id
            )""",
            paid=self.is_paid(),
            day=self.day,
        )

    def _insolvent_cte(self):
        if not self.present.insolvencies:
            return nothing(group_id="int", id="int", date_from="date")
        return SQL(
            """(
            SELECT DISTINCT ON (buyer.group_id) buyer.group_id, insolvency.id,
                   insolvency.judgment_date AS date_from
              FROM credit_insurance_insolvency insolvency
              JOIN buyer ON buyer.partner_id = insolvency.partner_id
             WHERE %s
             ORDER BY buyer.group_id, insolvency.judgment_date, insolvency.id
            )""",
            is_insolvent_on("insolvency", self.day),
        )


def _sum_of(*columns):
    return SQL(f"({' + '.join(f'COALESCE({column}, 0)' for column in columns)})")
