from odoo.tools import SQL

from .position_allocation import PositionAllocation
from .position_debts import PositionDebts
from .position_exposure import PositionExposure
from .position_limits import PositionLimits
from .position_orders import PositionOrders
from .position_presence import PositionPresence
from .position_securities import PositionSecurities
from .position_sources import PositionSources
from .position_summary import PositionSummary
from .position_terms import LAST_DAY


class PositionQuery(
    PositionPresence,
    PositionSources,
    PositionOrders,
    PositionLimits,
    PositionDebts,
    PositionAllocation,
    PositionSecurities,
    PositionExposure,
    PositionSummary,
):
    """The SQL behind every figure of exposure and cover.

    How it works: each method of the parent classes is one named fragment (a common
    table expression); this class chains those that a question needs. PostgreSQL
    computes what is chained, nothing else.

    :param facts: :class:`~.credit_insurance_position.PositionFacts` of the company
    :param company: the company that asks
    :param day: the day that counts as today
    :param partners: SQL of an array of commercial partners, None for all
    :param orders: SQL of an array of orders asked about: reported apart, never part
        of the exposure
    :param policy_id: a single-transaction policy to look at instead of the map
    """

    last_day = LAST_DAY

    def __init__(self, facts, company, day, partners=None, orders=None, policy_id=None):
        self.facts = facts
        self.company = company
        self.day = day
        self.partners = partners
        self.orders = orders
        self.only_partner_id = None
        self.present = None  # see PositionPresence
        self.policy_id = policy_id
        self.company_ids = list(facts.company_ids)
        self.order_company_ids = self.company_ids
        self.draft_company_ids = list(facts.draft_company_ids)
        self.policy_ids = list(facts.policy_ids)
        self.has_single = facts.has_single
        self.has_buyer_policies = facts.has_buyer_policies
        self.has_stop_share = facts.has_stop_share
        self.has_stacking_policies = facts.has_stacking_policies
        self.has_invoice_rates = facts.has_invoice_rates
        self.own_rate = facts.own_rate
        self.terms_json = facts.terms_json
        self.country_classes = facts.country_classes

    @staticmethod
    def _with(ctes, select):
        named = SQL(", ").join(
            SQL("%s AS %s", SQL.identifier(name), cte) for name, cte in ctes.items()
        )
        return SQL("WITH %s %s", named, select)

    def _base_ctes(self):
        ctes = {"rate": self.rate_cte(), **self.scope_ctes()}
        ctes["receivable"] = self.receivable_cte()
        ctes.update(self.order_ctes())
        if self.draft_company_ids:
            ctes["draft_invoice"] = SQL("(%s)", self.draft_invoice_select())
        return ctes

    def exposure(self):
        """Exposure alone, by component, in the company's currency, per buyer."""
        ctes = {"rate": self.rate_cte(), **self.scope_ctes()}
        self.company_ids = self.order_company_ids = [self.company.id]
        ctes["receivable"] = self.open_item_cte()
        ctes.update(self.order_ctes())
        if self.draft_company_ids:
            ctes["draft_invoice"] = SQL("(%s)", self.draft_invoice_select())
        ctes["exposure"] = self.exposure_cte()
        return self._with(ctes, SQL("SELECT * FROM exposure"))

    def documents(self, partner_id):
        """What one buyer's exposure is made of, one row per document and component."""
        self.company_ids = self.order_company_ids = [self.company.id]
        return self._with(self._base_ctes(), self.document_select(partner_id))

    def use(self, partner_id):
        """What uses one buyer's limit, per partner and company that share it."""
        ctes = {
            **self._allocation(),
            "latest_decision": self.latest_decision_cte(),
            "today": self.today_cte(),
            "asking": self.asking_cte(),
            "owed_tax": self.owed_tax_cte(),
            "flow": self.flow_cte(),
        }
        return self._with(ctes, self.use_select(partner_id))

    def _allocation(self):
        return {
            **self._base_ctes(),
            **self.limit_ctes(),
            **self.allocation_ctes(),
            **self.security_ctes(),
        }

    def cover(self, seq):
        """The allocation, one row per open instalment (0) or delivery (1).

        :param seq: 0 for instalments, 1 for deliveries not invoiced
        """
        ctes = {**self._allocation(), **self.cover_ctes()}
        return self._with(
            ctes,
            SQL(
                """
                SELECT cover.id, cover.partner_id, cover.company_id, cover.policy_id,
                       cover.move_id, cover.order_id, cover.shipment_date,
                       cover.invoice_date, cover.due_date, cover.mep_end,
                       cover.limit_currency_id, cover.limit_kind, cover.usable_limit,
                       cover.insured_pct, cover.reason AS exclusion_reason,
                       cover.payment_days,
                       cover.lc_excluded, cover.used_before,
                       %(own)s AS currency_id,
                       cover.open_company AS open_amount,
                       %(amounts)s,
                       cover.open_company - %(used)s - %(covered)s AS uncovered_amount,
                       late.stop_from AS cover_stop_date
                  FROM cover
                  LEFT JOIN overdue_stop late ON late.group_id = cover.group_id
                                             AND late.policy_id = cover.policy_id
                 WHERE cover.seq = %(seq)s AND cover.company_id = %(company)s
                """,
                own=self.facts.own_currency_id,
                amounts=SQL(", ").join(
                    SQL("%s AS %s", self._company_share(column), SQL.identifier(name))
                    for column, name in COVER_AMOUNTS.items()
                ),
                used=self._company_share("credited + received"),
                covered=self._company_share("covered"),
                seq=seq,
                company=self.company.id,
            ),
        )

    def overdue_stops(self):
        """Which instalment stops whose cover, from which day."""
        return self._with(
            self._allocation(),
            SQL(
                """
                SELECT buyer.partner_id, late.policy_id, late.stop_from, late.line_id
                  FROM overdue_stop late
                  JOIN buyer ON buyer.group_id = late.group_id
                """
            ),
        )

    def _company_share(self, expression):
        """An amount of the allocation, in the asking company's currency.

        As a share of the debt's own amount in that currency, so that a debt covered
        in full is covered to the cent in every currency.
        """
        return SQL(
            "CASE WHEN open = open_company THEN %(amount)s"
            " ELSE round(open_company * (%(amount)s) / NULLIF(open, 0),"
            " %(digits)s) END",
            amount=SQL(f"({expression})"),
            digits=self.facts.own_digits,
        )

    def position(self, with_cover=False):
        """One row per buyer: exposure, limit, headroom, stops; cover where wanted."""
        ctes = {
            **self._allocation(),
            **(self.cover_ctes() if with_cover else {}),
            "latest_decision": self.latest_decision_cte(),
            "today": self.today_cte(),
            "asking": self.asking_cte(),
            "owed_tax": self.owed_tax_cte(),
            "exposure": self.exposure_cte(with_use=True),
            **self.security_use_ctes(),
            "secured_total": self.secured_total_cte(),
            "order_amount": self.order_amount_cte(),
            "own_risk": self.own_risk_cte(),
            **self.halt_ctes(),
        }
        if with_cover:
            ctes["covered_total"] = self._covered_total_cte()
        return self._with(ctes, self._position_select(with_cover))

    def totals(self):
        """Exposure, limit in force and cover of each buyer, without use of the limit.

        What lists of all buyers sort and filter by; a part of :meth:`position`, where
        headroom and stops take another look at every document.
        """
        ctes = {
            **self._allocation(),
            **self.cover_ctes(),
            "latest_decision": self.latest_decision_cte(),
            "today": self.today_cte(),
            "exposure": self.exposure_cte(),
            "covered_total": self._covered_total_cte(),
        }
        return self._with(
            ctes,
            SQL(
                """
                SELECT today.partner_id AS id, today.partner_id, %(components)s,
                       today.policy_id, today.limit_currency_id,
                       today.usable_limit AS insured_limit, today.limit_date_to,
                       %(limit_state)s AS limit_state %(cover)s,
                       COALESCE(exposure.exposure, 0)
                           - COALESCE(covered_total.covered, 0) AS uncovered
                  FROM today
                  LEFT JOIN exposure ON exposure.partner_id = today.partner_id
                  LEFT JOIN covered_total
                         ON covered_total.partner_id = today.partner_id
                 WHERE %(wanted)s
                """,
                components=SQL(", ").join(
                    SQL(f"COALESCE(exposure.{name}, 0) AS {name}")
                    for name in COMPONENTS
                ),
                limit_state=LIMIT_STATE,
                cover=COVER_COLUMNS,
                wanted=self._wanted(SQL("FALSE")),
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
        return SQL(
            """
            SELECT position.*,
                   headroom_limit_currency * CASE WHEN limit_currency_id = %(own)s
                       THEN 1 ELSE %(own_rate)s / limit_rate END AS headroom
                   %(uncovered)s
              FROM (
                SELECT today.partner_id AS id, today.partner_id,
                       %(company)s AS company_id, %(own)s AS currency_id,
                       %(components)s,
                       COALESCE(exposure.overdue_days, 0) AS overdue_days,
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
                           + %(own_risk)s - %(used)s
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
                  %(cover_join)s
                 WHERE %(wanted)s
              ) position
            """,
            own=self.facts.own_currency_id,
            own_rate=self.own_rate,
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
            limit_state=LIMIT_STATE,
            own_risk=own_risk,
            cover_state=COVER_STATE,
            uncovered=SQL(", exposure - covered AS uncovered") if with_cover else SQL(),
            cover=COVER_COLUMNS if with_cover else SQL(),
            cover_join=SQL(
                "LEFT JOIN covered_total ON covered_total.partner_id = today.partner_id"
                if with_cover
                else ""
            ),
            wanted=self._wanted(SQL("own_risk.partner_id IS NOT NULL")),
        )

    def _wanted(self, otherwise):
        """Leave out partners of whom there is nothing to tell."""
        if self.partners is not None:
            return SQL("today.partner_id = ANY(%s)", self.partners)
        return SQL(
            "(exposure.has_documents OR today.latest_state IS NOT NULL"
            " OR today.limit_kind IS NOT NULL OR %s)",
            otherwise,
        )


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
COVER_AMOUNTS = {
    "credited": "credited_amount",
    "received": "received_amount",
    "secured": "secured_amount",
    "disputed_part": "disputed_amount",
    "eligible": "eligible_amount",
    "base": "base_amount",
    "covered": "covered_amount",
    "covered_political": "covered_political_amount",
}
COVER_COLUMNS = SQL(
    """, COALESCE(covered_total.eligible, 0) AS eligible,
    COALESCE(covered_total.covered, 0) AS covered,
    COALESCE(covered_total.covered_political, 0) AS covered_political"""
)
LIMIT_STATE = SQL(
    """CASE WHEN today.limit_kind = 'discretionary' THEN 'discretionary'
        WHEN today.usable_limit > 0 THEN 'in_force'
        WHEN today.latest_state IN ('requested', 'refused', 'cancelled', 'expired')
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
