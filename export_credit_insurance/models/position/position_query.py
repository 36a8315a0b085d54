from odoo.tools import SQL

from .position_adjustments import ORDER_PARTS, PositionAdjustments
from .position_ageing import PositionAgeing
from .position_allocation import PositionAllocation
from .position_claim import PositionClaim
from .position_clock import PositionClock
from .position_debts import PositionDebts
from .position_deposits import PositionDeposits
from .position_exposure import PositionExposure
from .position_limits import PositionLimits
from .position_manufacturing import PositionManufacturing
from .position_money import PositionMoney
from .position_orders import TAXED_PARTS, PositionOrders
from .position_presence import PositionPresence
from .position_rows import PositionRows
from .position_scenario import PositionScenario
from .position_securities import PositionSecurities
from .position_sources import PositionSources
from .position_summary import PositionSummary
from .position_terms import LAST_DAY
from .position_use import PositionUse

# {amount of the allocation: column of the rows over it}
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


class PositionQuery(
    PositionPresence,
    PositionDeposits,
    PositionSources,
    PositionOrders,
    PositionAdjustments,
    PositionMoney,
    PositionScenario,
    PositionManufacturing,
    PositionLimits,
    PositionClock,
    PositionClaim,
    PositionDebts,
    PositionAllocation,
    PositionSecurities,
    PositionUse,
    PositionExposure,
    PositionSummary,
    PositionRows,
    PositionAgeing,
):
    """The SQL behind every figure of exposure and cover.

    How it works: each method of the parent classes is one named fragment (a common
    table expression); this class chains those that a question needs. PostgreSQL
    computes what is chained, nothing else. What one other fragment alone reads stands
    in it, without a name: for each name used once PostgreSQL goes through the whole
    statement again to put it there.

    :param facts: :class:`~.position_facts.PositionFacts` of the company
    :param company: the company that asks
    :param day: the day that counts as today
    :param partners: SQL of an array of commercial partners, None for all
    :param orders: SQL of an array of orders asked about: reported apart, never part
        of the exposure
    :param policy_id: a single-transaction policy to look at instead of the map
    :param leaving: see :class:`~.position_orders.PositionOrders`
    :param scenario: what is supposed, see :class:`~.position_scenario.Scenario`
    :param opened_on: take what was open at the end of this day, None: what is open
    """

    last_day = LAST_DAY

    def __init__(
        self,
        facts,
        company,
        day,
        partners=None,
        orders=None,
        policy_id=None,
        leaving=None,
        scenario=None,
        opened_on=None,
    ):
        self.facts = facts
        self.company = company
        self.day = day
        self.partners = partners
        self.orders = orders
        self.only_partner_id = None
        self.present = None  # see PositionPresence
        self.policy_id = policy_id
        self.leaving = leaving
        self.scenario = scenario
        self.opened_on = opened_on
        self.company_ids = list(facts.company_ids)
        self.draft_company_ids = list(facts.draft_company_ids)
        self.policy_ids = list(facts.policy_ids)
        self.has_single = facts.has_single
        self.has_buyer_policies = facts.has_buyer_policies
        self.has_stop_share = facts.has_stop_share
        self.has_stacking_policies = facts.has_stacking_policies
        self.has_invoice_rates = facts.has_invoice_rates
        self.own_rate = facts.own_rate
        self.terms_json = facts.terms_json

    @staticmethod
    def _with(ctes, select):
        named = SQL(", ").join(
            SQL("%s AS %s", SQL.identifier(name), cte) for name, cte in ctes.items()
        )
        return SQL("WITH %s %s", named, select)

    def _base_ctes(self, order_parts=ORDER_PARTS):
        ctes = {"rate": self.rate_cte(), **self.scope_ctes(), **self.deposit_ctes()}
        ctes["receivable"] = self.receivable_cte()
        ctes.update(self.order_ctes(order_parts))
        ctes.update(self._unposted_ctes())
        return ctes

    @property
    def counts_unposted(self):
        """Whether anything counts that is not in the books yet, besides orders."""
        return bool(self.unposted_selects())

    def unposted_selects(self):
        """What counts before it is in the books, with the same columns each.

        Draft invoices of companies that count them, and sales at the till. An add-on
        that knows of more appends a select of its own (docs/developer.md): the columns
        of :meth:`draft_invoice_select`, whose document is named by model and id.
        """
        selects = []
        if self.draft_company_ids:
            selects.append(self.draft_invoice_select())
        if self.present.till_sales:
            selects.append(self.till_sale_select())
        return selects

    def _unposted_ctes(self):
        if not (selects := self.unposted_selects()):
            return {}
        return {"draft_invoice": SQL("(%s)", SQL(" UNION ALL ").join(selects))}

    def exposure(self):
        """Exposure alone, by component, in the company's currency, per buyer."""
        self._ask_own_company()
        ctes = {"rate": self.rate_cte(), **self.scope_ctes()}
        ctes["receivable"] = self.open_item_cte()
        ctes.update(self.order_ctes(TAXED_PARTS))
        ctes.update(self._unposted_ctes())
        ctes["exposure"] = self.exposure_cte()
        return self._with(ctes, SQL("SELECT * FROM exposure"))

    def open_parts(self):
        """What is open of the orders asked about, in their currency, by component."""
        ctes = {"rate": self.rate_cte(), **self.scope_ctes(), **self.order_ctes()}
        return self._with(
            ctes,
            SQL(
                """
                SELECT order_id, sum(COALESCE(open_ordered, 0)),
                       sum(COALESCE(open_delivered, 0)),
                       sum(COALESCE(open_ordered_untaxed, 0)),
                       sum(COALESCE(open_delivered_untaxed, 0))
                  FROM order_open
                 WHERE is_candidate
                 GROUP BY order_id
                """
            ),
        )

    def documents(self, partner_id):
        """What one buyer's exposure is made of, one row per document and component."""
        self._ask_own_company()
        return self._with(self._base_ctes(), self.document_select(partner_id))

    def _ask_own_company(self):
        """Leave out the documents of other companies that the policies insure."""
        own = self.company.id
        self.company_ids = [own]
        self.draft_company_ids = [own] if own in self.draft_company_ids else []

    def use(self, partner_id):
        """What uses one buyer's limit, per partner and company that share it."""
        ctes = {
            **self._allocation(),
            "latest_decision": self.latest_decision_cte(),
            "today": self.today_cte(),
            "asking": self.asking_cte(),
            "owed_tax": self.owed_tax_cte(),
            **self.single_use_ctes(),
            "flow": self.flow_cte(),
        }
        return self._with(ctes, self.use_select(partner_id))

    def _allocation(self, order_parts=ORDER_PARTS):
        if self.counts_costs:
            order_parts = ORDER_PARTS
        return {
            **self._base_ctes(order_parts),
            **self.limit_ctes(),
            **self.allocation_ctes(),
            **self.security_ctes(),
        }

    def cover(self, seq):
        """The allocation, one row per open instalment, delivery or order made.

        :param seq: 0 for instalments, 1 for deliveries not invoiced,
            :data:`~.position_manufacturing.COSTS` for costs before the shipment
        """
        ctes = {**self._allocation(), **self.cover_ctes()}
        return self._with(ctes, self._cover_select(seq))

    def _cover_select(self, seq, columns=None, join=None):
        """One row per debt ``cover``, with more columns from what is joined."""
        return SQL(
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
                       late.stop_from AS cover_stop_date, %(deadlines)s %(columns)s
                  FROM cover
                  %(join)s
                  LEFT JOIN credit_insurance_policy policy
                         ON policy.id = cover.policy_id
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
            deadlines=self.deadlines("cover"),
            columns=columns or SQL(),
            join=join or SQL(),
            seq=seq,
            company=self.company.id,
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
        return self._with(
            self._position_ctes(with_cover), self._position_select(with_cover)
        )

    def with_position(self, ctes, select):
        """Let a select read the rows of several questions that are computed once.

        :param ctes: further {name: SQL}, which may read ``buyer_row`` (the rows of
            :meth:`position` with cover) and ``clock_row`` (those of :meth:`clock`)
        :param select: SQL of the answer
        """
        shared = {
            **self._position_ctes(with_cover=True),
            "buyer_row": SQL("(%s)", self._position_select(with_cover=True)),
            "clock_row": SQL("(%s)", self._clock_select()),
        }
        return self._with({**shared, **ctes}, select)

    def _position_ctes(self, with_cover):
        ctes = {
            **self._allocation(),
            **(self.cover_ctes() if with_cover else {}),
            "latest_decision": self.latest_decision_cte(),
            "today": self.today_cte(),
            "asking": self.asking_cte(),
            "owed_tax": self.owed_tax_cte(),
            **self.single_use_ctes(),
            "exposure": self.exposure_cte(with_use=True),
            **self.security_use_ctes(),
            "order_amount": self.order_amount_cte(),
            "secured_total": self.secured_total_cte(),
            **self.kept_money_ctes(),
            "own_risk": self.own_risk_cte(),
            **self.halt_ctes(),
        }
        if with_cover:
            ctes["covered_total"] = self._covered_total_cte()
        return ctes
