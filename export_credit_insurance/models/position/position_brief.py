import json

from odoo.tools import SQL

from ..ledger.untaxed_share import INVOICE_TYPES
from .position_adjustments import NEGATIVE_LINE
from .position_orders import PositionOrders
from .position_sources import PositionSources


class PositionBrief(PositionSources, PositionOrders):
    """The sums of ordinary buyers, by a query that PostgreSQL plans at once.

    Planning the full query takes many times longer than a confirmation may wait for
    it, and most buyers need little of it: open items, open orders, a limit. This one
    sums them by the same rules and says where a buyer is not ordinary (drafts,
    deposits, payments not booked, returns, sales on account at the till, securities,
    stops, insolvency, a limit shared with others, taxed debts paid in part); then the
    full query answers. A test compares the two.

    :param facts: :class:`~.position_facts.PositionFacts` of the company
    :param company: the company that asks
    :param day: the day that counts as today
    :param targets: one dict per buyer: ``partner_id``, ``currency_id`` of the limit
        with ``rate`` and ``digits``, ``untaxed`` (what the limit is compared with)
        and ``company_ids`` (whose debts use the limit)
    :param order_ids: orders asked about, reported apart
    :param leaving: see :class:`~.position_orders.PositionOrders`
    """

    def __init__(self, facts, company, day, targets, order_ids, leaving=None):
        self.facts = facts
        self.company = company
        self.day = day
        self.targets = targets
        self.partner_ids = [target["partner_id"] for target in targets]
        self.partners = SQL("%s::int[]", self.partner_ids)
        self.only_partner_id = len(targets) == 1 and targets[0]["partner_id"]
        self.orders = SQL("%s::int[]", order_ids)
        self.company_ids = list(facts.company_ids)
        self.draft_company_ids = []
        self.leaving = leaving

    def query(self):
        """Return one row: JSON of lines, orders and own risk, and ``is_unusual``."""
        return SQL(
            """
            WITH rate AS %(rate)s, target AS (
                SELECT * FROM jsonb_to_recordset(%(targets)s) AS target(
                    partner_id int, currency_id int, rate numeric, digits int,
                    untaxed boolean, company_ids int[])
            ), scope_contact AS MATERIALIZED (
                SELECT id FROM res_partner
                 WHERE commercial_partner_id = ANY(%(partners)s)
            )
            SELECT (SELECT json_agg(line) FROM (%(lines)s) line) AS lines,
                   (SELECT json_agg(part) FROM (%(orders)s) part) AS orders,
                   (SELECT json_object_agg(partner_id, amount) FROM (
                       SELECT partner_id, sum(amount) AS amount
                         FROM credit_insurance_own_risk
                        WHERE partner_id = ANY(%(partners)s)
                          AND company_id = %(company)s AND date_from <= %(day)s
                          AND (date_to IS NULL OR date_to >= %(day)s)
                        GROUP BY partner_id) accepted) AS own_risk,
                   %(unusual)s AS is_unusual
            """,
            rate=self.rate_cte(),
            targets=json.dumps(self.targets),
            lines=self._lines(),
            orders=self._orders(),
            partners=self.partner_ids,
            company=self.company.id,
            day=self.day,
            unusual=self._unusual(),
        )

    def _to_limit(self, gross, untaxed):
        """A document's amount as the buyer's limit counts it."""
        return self.convert(
            SQL(
                "CASE WHEN target.untaxed THEN round(%s, target.digits) ELSE %s END",
                SQL(untaxed),
                SQL(gross),
            ),
            "line.currency_id",
            "target.currency_id",
            "line",
            "target",
        )

    # ------------------------------------------------------------ open items

    def _lines(self):
        """Open items per buyer: what is due, credits, overdue, use of the limit."""
        return SQL(
            """
            SELECT partner_id,
                   COALESCE(sum(own) FILTER (WHERE amount > 0), 0) AS receivable,
                   COALESCE(sum(own) FILTER (WHERE amount < 0), 0) AS unallocated,
                   COALESCE(sum(own) FILTER (WHERE is_late), 0) AS overdue,
                   COALESCE(max(%(day)s - date_maturity) FILTER (
                       WHERE is_late AND own IS NOT NULL), 0) AS overdue_days,
                   COALESCE(sum(used), 0) AS used,
                   bool_or(untaxed AND is_payment AND amount < 0)
                       AND bool_or(untaxed_share < 1) AS is_unusual,
                   min(%(clock)s) FILTER (WHERE amount > 0) AS oldest
              FROM (
                SELECT line.*, target.untaxed,
                       amount > 0 AND date_maturity < %(day)s AS is_late,
                       CASE WHEN company_id = %(company)s THEN %(own)s END AS own,
                       CASE WHEN company_id = ANY(target.company_ids)
                            THEN %(used)s END AS used
                  FROM %(source)s line
                  JOIN target USING (partner_id)
              ) item
             GROUP BY partner_id
            """,
            day=self.day,
            company=self.company.id,
            clock=self._clock(),
            own=self.to_company(SQL("line.amount"), "line.currency_id", "line"),
            used=self._to_limit("line.amount", "(line.amount * line.untaxed_share)"),
            source=self.receivable_cte(),
        )

    def _clock(self):
        """The earliest day from which some policy counts its extension period."""
        # a policy's base is called as the column is
        bases = sorted({"due_date", *self.facts.mep_bases})
        return SQL("LEAST(%s)", SQL(", ").join(map(SQL.identifier, bases)))

    # ------------------------------------------------------------ open orders

    def _orders(self):
        """Open order lines per buyer, and apart for each order asked about."""
        return SQL(
            """
            SELECT partner_id, CASE WHEN is_candidate THEN order_id END AS order_id,
                   COALESCE(sum(own_delivered), 0) AS delivered,
                   COALESCE(sum(own_ordered) FILTER (WHERE NOT is_deferred), 0)
                       AS ordered,
                   COALESCE(sum(own_ordered) FILTER (WHERE is_deferred), 0)
                       AS deferred,
                   COALESCE(sum(used_delivered), 0) + COALESCE(sum(used_ordered)
                       FILTER (WHERE is_candidate OR NOT is_deferred), 0) AS used,
                   COALESCE(sum(used_ordered) FILTER (WHERE is_deferred), 0)
                       AS used_deferred
              FROM (
                SELECT line.*,
                       CASE WHEN mine THEN %(own_delivered)s END AS own_delivered,
                       CASE WHEN mine THEN %(own_ordered)s END AS own_ordered,
                       CASE WHEN shares THEN %(used_delivered)s END AS used_delivered,
                       CASE WHEN shares THEN %(used_ordered)s END AS used_ordered
                  FROM (%(source)s) line
                  JOIN target USING (partner_id)
                  CROSS JOIN LATERAL (SELECT line.company_id = %(company)s,
                      line.company_id = ANY(target.company_ids)) whose(mine, shares)
              ) part
             GROUP BY 1, 2
            """,
            own_delivered=self.to_company(
                SQL("line.delivered"), "line.currency_id", "line"
            ),
            own_ordered=self.to_company(
                SQL("line.ordered"), "line.currency_id", "line"
            ),
            used_delivered=self._to_limit("line.delivered", "line.delivered_untaxed"),
            used_ordered=self._to_limit("line.ordered", "line.ordered_untaxed"),
            source=self.order_line_select(SQL("TRUE")),
            company=self.company.id,
        )

    # ------------------------------------------------------- not ordinary at all

    def _unusual(self):
        """Whether anything else concerns one of the buyers."""
        partners = self.partner_ids
        orders = SQL(
            "ARRAY(SELECT so.id FROM sale_order so WHERE %s)", self._open_order()
        )
        doubts = [
            SQL(
                "EXISTS (SELECT 1 FROM sale_order_line sol WHERE (sol.is_downpayment"
                " OR %s) AND sol.order_id = ANY(%s))",
                NEGATIVE_LINE,
                orders,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM sale_order_transaction_rel"
                " WHERE sale_order_id = ANY(%s))",
                orders,
            ),
            SQL(
                """EXISTS (SELECT 1 FROM credit_insurance_limit own
                  JOIN credit_insurance_limit mate
                    ON mate.insurer_buyer_ref = own.insurer_buyer_ref
                   AND mate.insurer_id = own.insurer_id
                   AND mate.partner_id <> own.partner_id
                 WHERE own.partner_id = ANY(%s))""",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM credit_insurance_stop"
                " WHERE partner_id = ANY(%s))",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM credit_insurance_security"
                " WHERE state = 'active' AND partner_id = ANY(%s))",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM credit_insurance_insolvency"
                " WHERE partner_id = ANY(%s))",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM account_move WHERE state = 'draft'"
                " AND move_type IN %s AND company_id = ANY(%s)"
                " AND commercial_partner_id = ANY(%s))",
                INVOICE_TYPES,
                list(self.facts.company_ids),
                partners,
            ),
        ]
        if self.facts.has_till:
            doubts.append(SQL("EXISTS (%s)", self.sold_on_account_select()))
        return SQL(" OR ").join(doubts)
