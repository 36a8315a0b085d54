from odoo.tools import SQL

from .position_orders import TAXED_PARTS

COMPONENTS = (
    "receivable",
    "unallocated",
    "draft",
    "delivered",
    "ordered",
    "deferred",
    "exposure",
    "overdue_amount",
)
BOOKED = "+ COALESCE(order_amount.booked_company, 0)"
USED = SQL("(COALESCE(exposure.used, 0) + COALESCE(order_amount.booked_limit, 0))")
COVER_COLUMNS = SQL(
    """, COALESCE(covered_total.eligible, 0) AS eligible,
    COALESCE(covered_total.covered, 0) AS covered,
    COALESCE(covered_total.covered_political, 0) AS covered_political"""
)
LIMIT_STATE = SQL(
    """CASE WHEN today.limit_kind = 'discretionary' THEN 'discretionary'
        WHEN today.usable_limit > 0 THEN 'in_force'
        WHEN today.latest_state
             IN ('requested', 'refused', 'cancelled', 'ended', 'expired')
            THEN today.latest_state
        WHEN today.latest_state IS NOT NULL AND today.latest_state <> 'closed'
            THEN 'expired'
        ELSE 'none' END"""
)
COVER_STATE = SQL(
    """CASE WHEN today.policy_id IS NULL THEN 'not_insured'
        WHEN insolvent.id IS NOT NULL OR halt.partner_id IS NOT NULL
             OR late.stop_from IS NOT NULL OR today.exclusion IS NOT NULL THEN 'stopped'
        WHEN today.usable_limit = 0 THEN 'not_insured'
        WHEN near_stop.day IS NOT NULL
             OR today.usable_limit + COALESCE(secured_total.amount, 0)
                < COALESCE(exposure.used, 0) + COALESCE(order_amount.booked_limit, 0)
             THEN 'warning'
        ELSE 'ok' END"""
)


LIMIT_COLUMNS = {
    "policy_id": SQL("today.policy_id"),
    "limit_currency_id": SQL("today.limit_currency_id"),
    "insured_limit": SQL("today.usable_limit"),
    "limit_date_to": SQL("today.limit_date_to"),
    "limit_state": LIMIT_STATE,
}
TOTAL_COLUMNS = {
    **{name: SQL(f"COALESCE(exposure.{name}, 0)") for name in COMPONENTS},
    **LIMIT_COLUMNS,
    "eligible": SQL("COALESCE(covered_total.eligible, 0)"),
    "covered": SQL("COALESCE(covered_total.covered, 0)"),
    "covered_political": SQL("COALESCE(covered_total.covered_political, 0)"),
    "uncovered": SQL(
        "COALESCE(exposure.exposure, 0) - COALESCE(covered_total.covered, 0)"
    ),
}
# What exposure and cover alone tell, without the limit of today.
AMOUNT_COLUMNS = (*COMPONENTS, "covered", "covered_political", "uncovered")


class PositionRows:
    """The last step: one row per buyer, joined from the parts."""

    def totals(self, columns=tuple(TOTAL_COLUMNS)):
        """Exposure, limit in force and cover of each buyer, without use of the limit.

        What lists of all buyers sort and filter by; a part of :meth:`position`, where
        headroom and stops take another look at every document.

        :param columns: those wanted of :data:`TOTAL_COLUMNS`. A buyer of whom they tell
            nothing may have no row; what is eligible is not looked at for its own sake.
        """
        self.only_with_limit = "eligible" not in columns
        with_limit = not LIMIT_COLUMNS.keys().isdisjoint(columns)
        with_decision = "limit_state" in columns
        ctes = {**self._allocation(TAXED_PARTS), **self.cover_ctes()}
        if with_decision:
            ctes["latest_decision"] = self.latest_decision_cte()
        source = SQL("%s exposure", self.exposure_cte())
        if with_limit:
            source = SQL(
                "%s today LEFT JOIN %s ON exposure.partner_id = today.partner_id",
                self.today_cte(with_decision),
                source,
            )
        buyer = SQL("today.partner_id" if with_limit else "exposure.partner_id")
        return self._with(
            ctes,
            SQL(
                """
                SELECT %(buyer)s AS id, %(buyer)s AS partner_id, %(columns)s
                  FROM %(source)s
                  LEFT JOIN %(covered)s covered_total
                         ON covered_total.partner_id = %(buyer)s
                 WHERE %(wanted)s
                """,
                buyer=buyer,
                columns=SQL(", ").join(
                    SQL("%s AS %s", TOTAL_COLUMNS[name], SQL.identifier(name))
                    for name in columns
                ),
                source=source,
                covered=self._covered_total_cte(),
                wanted=self._wanted(
                    buyer,
                    "exposure.has_documents",
                    *(["today.limit_kind IS NOT NULL"] if with_limit else ()),
                    *(["today.latest_state IS NOT NULL"] if with_decision else ()),
                ),
            ),
        )

    def _covered_total_cte(self):
        return SQL(
            """(
            SELECT partner_id, sum(%(eligible)s) AS eligible,
                   sum(%(covered)s) AS covered,
                   sum(%(political)s) AS covered_political
              FROM cover WHERE %(of_company)s
             GROUP BY partner_id
            )""",
            eligible=self._company_share("eligible"),
            covered=self._company_share("covered"),
            political=self._company_share("covered_political"),
            of_company=self.of_company("company_id"),
        )

    def _position_select(self, with_cover):
        own_risk = self.convert(
            SQL("COALESCE(own_risk.amount, 0)"),
            str(self.facts.own_currency_id),
            "own.id",
            "company_rate",
            "own",
        )
        kept = self.convert(
            SQL("COALESCE(kept_in_group.amount, 0)"),
            str(self.facts.own_currency_id),
            "own.id",
            "company_rate",
            "own",
        )
        headroom = SQL(
            "headroom_limit_currency * CASE WHEN limit_currency_id = %s"
            " THEN 1 ELSE %s / limit_rate END",
            self.facts.own_currency_id,
            self.own_rate,
        )
        return SQL(
            """
            SELECT position.*, %(headroom)s AS headroom %(uncovered)s
              FROM (
                SELECT today.partner_id AS id, today.partner_id,
                       %(company)s AS company_id, %(own)s AS currency_id,
                       %(components)s,
                       COALESCE(exposure.overdue_days, 0) AS overdue_days,
                       COALESCE(exposure.chased_amount, 0) AS chased_amount,
                       COALESCE(exposure.chased_days, 0) AS chased_days,
                       COALESCE(own_risk.amount, 0) AS own_risk_limit,
                       today.policy_id, today.exclusion, today.limit_kind,
                       today.limit_currency_id, own.rate AS limit_rate,
                       today.usable_limit AS insured_limit,
                       today.granted AS granted_limit,
                       today.limit_date_to, %(limit_state)s AS limit_state,
                       today.max_payment_days,
                       COALESCE(today.country_status, 'open') AS country_status,
                       %(used)s AS exposure_limit_currency,
                       COALESCE(secured_total.amount, 0) AS secured_limit_currency,
                       %(own_risk)s AS own_risk_limit_currency,
                       today.usable_limit + COALESCE(secured_total.amount, 0)
                           + %(own_risk)s - %(used)s - %(kept)s
                           AS headroom_limit_currency,
                       LEAST(halt.date_from, insolvent.date_from, late.stop_from)
                           AS stop_date,
                       CASE LEAST(halt.date_from, insolvent.date_from, late.stop_from)
                            WHEN insolvent.date_from THEN 'insolvency'
                            WHEN halt.date_from THEN halt.cause
                            WHEN late.stop_from THEN 'overdue' END AS stop_cause,
                       COALESCE(late.line_id, halt.move_line_id) AS stop_move_line_id,
                       insolvent.id AS insolvency_id,
                       near_stop.day AS near_stop_date,
                       order_amount.amounts AS order_amounts,
                       COALESCE(kept_money.amount, 0) AS kept_money,
                       %(cover_state)s AS cover_state
                       %(cover)s
                  FROM today
                  JOIN rate own ON own.id = today.limit_currency_id
                  LEFT JOIN rate company_rate ON company_rate.id = %(own)s
                  LEFT JOIN exposure ON exposure.partner_id = today.partner_id
                  LEFT JOIN secured_total
                         ON secured_total.partner_id = today.partner_id
                  LEFT JOIN own_risk ON own_risk.partner_id = today.partner_id
                  LEFT JOIN overdue_stop late ON late.group_id = today.group_id
                                             AND late.policy_id = today.policy_id
                  LEFT JOIN near_stop ON near_stop.group_id = today.group_id
                                     AND near_stop.policy_id = today.policy_id
                  LEFT JOIN halt ON halt.partner_id = today.partner_id
                  LEFT JOIN insolvent ON insolvent.group_id = today.group_id
                  LEFT JOIN order_amount ON order_amount.partner_id = today.partner_id
                  LEFT JOIN kept_money ON kept_money.partner_id = today.partner_id
                  LEFT JOIN kept_in_group ON kept_in_group.group_id = today.group_id
                  %(cover_join)s
                 WHERE %(wanted)s
              ) position
            """,
            own=self.facts.own_currency_id,
            headroom=headroom,
            company=self.company.id,
            components=SQL(", ").join(
                SQL(
                    "COALESCE(exposure.%(name)s, 0) %(booked)s AS %(name)s",
                    name=SQL(name),
                    booked=SQL(BOOKED if name in ("unallocated", "exposure") else ""),
                )
                for name in COMPONENTS
            ),
            used=USED,
            kept=kept,
            limit_state=LIMIT_STATE,
            own_risk=own_risk,
            cover_state=COVER_STATE,
            uncovered=self._uncovered_columns(headroom) if with_cover else SQL(),
            cover=COVER_COLUMNS if with_cover else SQL(),
            cover_join=SQL(
                "LEFT JOIN covered_total ON covered_total.partner_id = today.partner_id"
                if with_cover
                else ""
            ),
            wanted=self._wanted(
                SQL("today.partner_id"),
                "exposure.has_documents",
                "today.latest_state IS NOT NULL",
                "today.limit_kind IS NOT NULL",
                "own_risk.partner_id IS NOT NULL",
            ),
        )

    def _uncovered_columns(self, headroom):
        """What the insurer would not pay, and its two parts, which sum to it.

        Beyond the authorised credit is what exceeds limit, securities and own risk
        accepted; all the rest is at own risk. As the buyer's exposure bar splits it.
        """
        beyond = SQL(
            "LEAST(GREATEST(round(-(%s), %s), 0), GREATEST(exposure - covered, 0))",
            headroom,
            self.facts.own_digits,
        )
        return SQL(
            """, exposure - covered AS uncovered,
                   exposure - covered - %(beyond)s AS own_risk_amount,
                   %(beyond)s AS beyond_amount""",
            beyond=beyond,
        )

    def _wanted(self, buyer, *told):
        """Leave out partners of whom there is nothing to tell.

        :param buyer: SQL of the partner
        :param told: SQL, what there may be to tell
        """
        if self.partners is not None:
            return SQL("%s = ANY(%s)", buyer, self.partners)
        return SQL("(%s)", SQL(" OR ").join(map(SQL, told)))
