from odoo.tools import SQL

from .position_presence import nothing

SERVED_DOCUMENT = SQL(
    "(served.order_id = source.order_id OR served.move_id = source.move_id)"
)


class PositionSecurities:
    """Letters of credit, guarantees, deposits: what they absorb, what they still hold.

    Each first absorbs the open amount it serves, up to its own amount; that part no
    longer uses the limit (DESIGN 4, *What an order may use*).
    """

    def security_ctes(self):
        """The securities that are valid today, and what names the orders they serve."""
        if not self.present.securities:
            return {}
        return {
            "security": SQL(
                """(
                SELECT id, partner_id, company_id, kind, currency_id, amount, date_from,
                       date_to, latest_shipment_date,
                       COALESCE(is_general, FALSE) AS is_general
                  FROM credit_insurance_security
                 WHERE state = 'active' AND company_id = ANY(%(companies)s)
                   AND COALESCE(date_to, %(day)s) >= %(day)s
                   AND %(scope)s
                )""",
                companies=self.company_ids,
                day=self.day,
                scope=self.in_scope("partner_id", "scope_partner"),
            ),
            "served_document": SQL(
                """(
                SELECT link.security_id, link.order_id, NULL::int AS move_id
                  FROM credit_insurance_security_order_rel link
                  JOIN security ON security.id = link.security_id
                UNION
                SELECT link.security_id, NULL, billed.move_id
                  FROM credit_insurance_security_order_rel link
                  JOIN security ON security.id = link.security_id
                  JOIN sale_order_line sol ON sol.order_id = link.order_id
                  JOIN sale_order_line_invoice_rel invoiced
                    ON invoiced.order_line_id = sol.id
                  JOIN account_move_line billed ON billed.id = invoiced.invoice_line_id
                )"""
            ),
        }

    def security_use_ctes(self):
        """What every security serves of the documents that use a limit."""
        if not self.present.securities:
            return {}
        return {"flow": self.flow_cte(), "security_use": self._security_use_cte()}

    def _security_use_cte(self):
        """What each valid security absorbs, and what it could still serve today."""
        return SQL(
            """(
            SELECT id, partner_id, is_general, LEAST(amount, flow) AS absorbed,
                   CASE WHEN is_open THEN amount - LEAST(amount, flow) ELSE 0 END
                       AS available
              FROM (
                SELECT security.id, security.partner_id, security.is_general,
                       security.date_from <= %(day)s AND COALESCE(
                           security.latest_shipment_date, %(day)s) >= %(day)s
                           AS is_open,
                       %(amount)s AS amount,
                       COALESCE((SELECT sum(%(flow)s)
                                   FROM flow source
                                  WHERE %(served)s AND (security.is_general OR EXISTS (
                                        SELECT 1 FROM served_document served
                                         WHERE served.security_id = security.id
                                           AND %(document)s))), 0) AS flow
                  FROM security
                  JOIN asking ON asking.partner_id = security.partner_id
                             AND asking.mate_id = security.partner_id
                  LEFT JOIN rate held ON held.id = security.currency_id
              ) used
            )""",
            day=self.day,
            amount=self.convert(
                SQL("security.amount"),
                "security.currency_id",
                "asking.limit_currency_id",
                "held",
                "asking",
            ),
            flow=self.use_of("source.amount", "source.untaxed"),
            served=SQL(
                """source.partner_id = security.partner_id
                   AND source.company_id = security.company_id AND source.amount > 0
                   AND COALESCE(source.shipment_date, %s) BETWEEN security.date_from
                       AND COALESCE(security.latest_shipment_date, security.date_to,
                                    %s)""",
                self.day,
                self.last_day,
            ),
            document=SERVED_DOCUMENT,
        )

    def secured_total_cte(self):
        """Securities of named orders for what they absorb, general ones in full.

        Two securities of one order absorb no more than it owes.
        """
        if not self.present.securities:
            return nothing(partner_id="int", amount="numeric")
        return SQL(
            """(
            SELECT partner_id, COALESCE(sum(absorbed + available)
                       FILTER (WHERE is_general), 0)
                   + LEAST(COALESCE(sum(absorbed) FILTER (
                               WHERE is_general IS NOT TRUE), 0),
                           (SELECT COALESCE(sum(%(flow)s), 0)
                              FROM flow source
                              JOIN asking ON asking.partner_id = source.partner_id
                                         AND asking.mate_id = source.partner_id
                             WHERE source.partner_id = security_use.partner_id
                               AND source.amount > 0 AND EXISTS (
                                   SELECT 1 FROM served_document served
                                    WHERE %(document)s))) AS amount
              FROM security_use GROUP BY partner_id
            )""",
            flow=self.use_of("source.amount", "source.untaxed"),
            document=SERVED_DOCUMENT,
        )

    # -------------------------------------------------- in the allocation

    def secured_ctes(self):
        """What securities absorb of the debts they serve, oldest first.

        A security for named orders first, then a general one on what is left. It
        serves shipments within its validity; expired today, it secures nothing.
        """
        if not self.present.securities:
            return {}
        named = self._absorbed(
            SQL("owed.owed"), SQL("served.is_general IS NOT TRUE"), SQL()
        )
        general = self._absorbed(
            SQL("(owed.owed - COALESCE(before.amount, 0))"),
            SQL("served.is_general"),
            SQL(
                "LEFT JOIN secured_by_name before"
                " ON before.seq = owed.seq AND before.id = owed.id"
            ),
        )
        return {
            "served": self.served_cte(),
            "secured_by_name": named,
            "secured": SQL(
                """(
                SELECT seq, id, sum(amount) AS amount, bool_or(is_excluded)
                           AS is_excluded
                  FROM (SELECT * FROM secured_by_name UNION ALL SELECT * FROM %s) part
                 GROUP BY seq, id
                )""",
                SQL("%s general", general),
            ),
        }

    def _absorbed(self, due, condition, join):
        return SQL(
            """(
            SELECT seq, id, LEAST(sum(amount), max(due)) AS amount,
                   bool_or(is_excluded AND amount > 0) AS is_excluded
              FROM (
                SELECT owed.seq, owed.id, served.is_excluded, %(due)s AS due,
                       GREATEST(LEAST(%(due)s, served.amount - (sum(%(due)s) OVER (
                           PARTITION BY served.id
                           ORDER BY served.is_named DESC, owed.shipment_date, owed.seq,
                                    owed.id) - %(due)s)), 0) AS amount
                  FROM served
                  JOIN owed ON owed.seq = served.seq AND owed.id = served.debt_id
                  %(join)s
                 WHERE %(condition)s
              ) taken
             GROUP BY seq, id
            )""",
            due=due,
            condition=condition,
            join=join,
        )

    def served_cte(self):
        """Which debts each active security serves, with its amount converted."""
        return SQL(
            """(
            SELECT security.id, owed.seq, owed.id AS debt_id, %(amount)s AS amount,
                   security.is_general, named.is_named,
                   security.kind = 'lc_confirmed' AND policy.exclude_confirmed_lc
                       OR security.kind = 'lc_unconfirmed'
                          AND policy.exclude_unconfirmed_lc AS is_excluded
              FROM security
              JOIN owed ON owed.partner_id = security.partner_id
                       AND owed.company_id = security.company_id
              LEFT JOIN credit_insurance_policy policy ON policy.id = owed.policy_id
              LEFT JOIN rate source ON source.id = security.currency_id
              JOIN rate own ON own.id = owed.limit_currency_id
              CROSS JOIN LATERAL (SELECT EXISTS (
                       SELECT 1 FROM served_document served
                        WHERE served.security_id = security.id
                          AND (served.order_id = owed.order_id
                               OR served.move_id = owed.move_id))) named(is_named)
             WHERE owed.shipment_date >= security.date_from
               AND owed.shipment_date <= COALESCE(
                       security.latest_shipment_date, security.date_to, %(last_day)s)
               AND (security.is_general OR named.is_named)
            )""",
            amount=self.convert(
                SQL("security.amount"),
                "security.currency_id",
                "own.id",
                "source",
                "own",
            ),
            last_day=self.last_day,
        )
