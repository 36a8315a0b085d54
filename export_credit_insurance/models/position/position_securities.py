from odoo.tools import SQL

from .position_presence import nothing, stood_on


class PositionSecurities:
    """Letters of credit, guarantees, deposits: what they absorb, what they still hold.

    Each first absorbs the open amount it serves, up to its own amount; that part no
    longer uses the limit (DESIGN 4, *What an order may use*).
    """

    def security_ctes(self):
        """The securities that are valid today, and what names the orders they serve.

        Of a past day those valid then, also where they expired or were closed since.
        """
        if not self.present.securities:
            return {}
        return {
            "security": SQL(
                """(
                SELECT id, partner_id, company_id, kind, currency_id, amount, date_from,
                       date_to, latest_shipment_date,
                       COALESCE(is_general, FALSE) AS is_general
                  FROM credit_insurance_security
                 WHERE %(stood)s AND company_id = ANY(%(companies)s)
                   AND COALESCE(date_to, %(day)s) >= %(day)s
                   AND %(scope)s
                )""",
                stood=stood_on(self.day),
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

    # ------------------------------------------- in what an order may use

    def security_use_ctes(self):
        """What every security absorbs of the documents that use a limit."""
        if not self.present.securities:
            return {}
        return {
            "flow": self.flow_cte(),
            "security_asked": self._security_asked_cte(),
            "flow_served": self._flow_served_cte(),
            "security_use": self._security_use_cte(),
        }

    def _security_asked_cte(self):
        """The valid securities of companies that the asking buyer's policy insures."""
        return SQL(
            """(
            SELECT security.*, %(amount)s AS held,
                   security.date_from <= %(day)s AND COALESCE(
                       security.latest_shipment_date, %(day)s) >= %(day)s AS is_open
              FROM security
              JOIN asking ON asking.partner_id = security.partner_id
                         AND asking.mate_id = security.partner_id
              LEFT JOIN rate source ON source.id = security.currency_id
             WHERE %(insured)s
            )""",
            amount=self.convert(
                SQL("security.amount"),
                "security.currency_id",
                "asking.limit_currency_id",
                "source",
                "asking",
            ),
            day=self.day,
            insured=self.insured_company("security"),
        )

    def _flow_served_cte(self):
        """Which documents in use of the limit each security serves.

        With what credit notes and receipts leave of them, as the allocation has it.
        """
        return SQL(
            """(
            SELECT security.id AS security_id, security.partner_id, security.company_id,
                   security.held AS amount, security.is_general, named.is_named,
                   FALSE AS is_excluded, source.seq, source.id, source.shipment_date,
                   source.due
              FROM security_asked security
              JOIN (%(used)s) source ON source.partner_id = security.partner_id
                                    AND source.company_id = security.company_id
              %(named)s
             WHERE %(serves)s
            )""",
            used=self._used_select(),
            named=self._named_join("source"),
            serves=self._serves("source.shipment_date"),
        )

    def _used_select(self):
        """Documents with what they use of the limit of a buyer with securities."""
        return SQL(
            """
                SELECT source.partner_id, source.company_id, source.order_id,
                       source.move_id, 0 AS seq, row_number() OVER () AS id,
                       COALESCE(source.shipment_date, %(day)s) AS shipment_date,
                       CASE WHEN owed.owed = owed.open OR owed.id IS NULL
                            THEN %(used)s
                            ELSE round(%(used)s * owed.owed / NULLIF(owed.open, 0),
                                       asking.digits) END AS due
                  FROM asking
                  JOIN flow source ON source.partner_id = asking.mate_id
                  LEFT JOIN (SELECT seq, id, owed, open FROM owed
                              WHERE partner_id IN (SELECT partner_id FROM security)
                             OFFSET 0) owed
                         ON owed.seq = source.seq AND owed.id = source.id
                        AND source.seq < 2
                 WHERE asking.mate_id = asking.partner_id AND source.amount > 0
                   AND asking.partner_id IN (SELECT partner_id FROM security)
                   AND %(insured)s AND %(single)s
            """,
            day=self.day,
            used=self.use_of("source.amount", "source.untaxed"),
            insured=self.insured_company("source"),
            single=self.single_condition("source.seq"),
        )

    def _security_use_cte(self):
        """What each valid security absorbs, and what it could still serve today."""
        return SQL(
            """(
            SELECT id, partner_id, is_general, absorbed,
                   CASE WHEN is_open THEN held - absorbed ELSE 0 END AS available
              FROM (
                SELECT security.*, COALESCE(taken.amount, 0) AS absorbed
                  FROM security_asked security
                  LEFT JOIN (SELECT security_id, sum(taken) AS amount FROM %s turn
                              GROUP BY security_id) taken
                         ON taken.security_id = security.id
              ) security
            )""",
            absorbed_in_turn(SQL("flow_served")),
        )

    def secured_total_cte(self):
        """Securities for what they absorb, open general ones in full.

        They absorb no more than what is used of the limit after all money received.
        """
        if not self.present.securities:
            return nothing(partner_id="int", amount="numeric")
        return SQL(
            """(
            SELECT held.partner_id, held.available + LEAST(held.absorbed, GREATEST(
                       COALESCE(exposure.used, 0)
                       + COALESCE(order_amount.booked_limit, 0), 0)) AS amount
              FROM (
                SELECT partner_id, sum(absorbed) AS absorbed,
                       COALESCE(sum(available) FILTER (WHERE is_general), 0)
                           AS available
                  FROM security_use GROUP BY partner_id
              ) held
              LEFT JOIN exposure ON exposure.partner_id = held.partner_id
              LEFT JOIN order_amount ON order_amount.partner_id = held.partner_id
            )"""
        )

    # -------------------------------------------------- in the allocation

    def secured_ctes(self):
        """What securities absorb of the debts they serve, oldest first.

        It serves shipments within its validity; expired today, it secures nothing.
        """
        if not self.present.securities:
            return {}
        return {
            "served": self.served_cte(),
            "secured": SQL(
                """(
                SELECT seq, id, sum(taken) AS amount,
                       bool_or(is_excluded AND taken > 0) AS is_excluded
                  FROM %s turn GROUP BY seq, id
                )""",
                absorbed_in_turn(SQL("served")),
            ),
        }

    def served_cte(self):
        """Which debts each active security serves, with its amount converted.

        It pays for what was shipped: none serves a deposit whose goods have not left.
        """
        return SQL(
            """(
            SELECT security.id AS security_id, owed.partner_id, owed.company_id,
                   %(amount)s AS amount, security.is_general, named.is_named,
                   security.kind = 'lc_confirmed' AND policy.exclude_confirmed_lc
                       OR security.kind = 'lc_unconfirmed'
                          AND policy.exclude_unconfirmed_lc AS is_excluded,
                   owed.seq, owed.id, owed.shipment_date, owed.owed AS due
              FROM security
              JOIN owed ON owed.partner_id = security.partner_id
                       AND owed.company_id = security.company_id
              LEFT JOIN credit_insurance_policy policy ON policy.id = owed.policy_id
              LEFT JOIN rate source ON source.id = security.currency_id
              JOIN rate own ON own.id = owed.limit_currency_id
              %(named)s
             WHERE %(serves)s AND NOT owed.is_unshipped AND %(not_costs)s
            )""",
            not_costs=self.no_costs("owed"),
            amount=self.convert(
                SQL("security.amount"),
                "security.currency_id",
                "own.id",
                "source",
                "own",
            ),
            named=self._named_join("owed"),
            serves=self._serves("owed.shipment_date"),
        )

    def _named_join(self, document):
        """Whether a ``security`` names the order of a document, as ``is_named``."""
        return SQL(
            """CROSS JOIN LATERAL (SELECT EXISTS (
                       SELECT 1 FROM served_document served
                        WHERE served.security_id = security.id
                          AND (served.order_id = %(document)s.order_id
                               OR served.move_id = %(document)s.move_id)))
                   named(is_named)""",
            document=SQL(document),
        )

    def _serves(self, shipment_date):
        """Whether a ``security`` serves what was shipped on a day."""
        return SQL(
            """%(day)s BETWEEN security.date_from AND COALESCE(
                       security.latest_shipment_date, security.date_to, %(last_day)s)
                   AND (security.is_general OR named.is_named)""",
            day=SQL(shipment_date),
            last_day=self.last_day,
        )


def absorbed_in_turn(served):
    """SQL of what each security takes of each debt: ``taken`` of what is ``due``.

    One after the other, so that no two take the same: those of named orders first,
    then general ones; of these, who serves the fewest debts. Each takes what those
    before it left of its own orders' debts, then of the others, oldest first.

    :param served: SQL of a table of what each security serves: ``security_id``, its
        ``amount``, ``is_general``, ``is_excluded``; the debt's ``seq`` and ``id``,
        ``partner_id``, ``company_id``, ``shipment_date``, what is ``due`` in the same
        currency, and whether the security ``is_named`` for it
    """
    return SQL(
        """(
            WITH RECURSIVE place AS MATERIALIZED (
                SELECT served.*, dense_rank() OVER (
                           PARTITION BY partner_id, company_id
                           ORDER BY is_general, width, security_id) AS place
                  FROM (SELECT served.*, count(*) OVER (PARTITION BY security_id)
                                   AS width
                          FROM %s served) served
            ), turn AS (
                SELECT DISTINCT seq, id, partner_id, company_id, shipment_date,
                       due, due AS left_over, 0::bigint AS place,
                       max(place) OVER (PARTITION BY partner_id, company_id) AS places,
                       NULL::int AS security_id, FALSE AS is_excluded,
                       0::numeric AS taken
                  FROM place
                UNION ALL
                SELECT seq, id, partner_id, company_id, shipment_date, due,
                       left_over - taken, place, places, security_id, is_excluded, taken
                  FROM (
                    SELECT turn.seq, turn.id, turn.partner_id, turn.company_id,
                           turn.shipment_date, turn.due, turn.left_over,
                           turn.place + 1 AS place, turn.places, own.security_id,
                           COALESCE(own.is_excluded, FALSE) AS is_excluded,
                           CASE WHEN own.security_id IS NULL THEN 0
                                ELSE GREATEST(LEAST(turn.left_over,
                                    own.amount + turn.left_over - sum(turn.left_over)
                                        OVER (PARTITION BY own.security_id
                                              ORDER BY own.is_named DESC,
                                                       turn.shipment_date, turn.seq,
                                                       turn.id)), 0) END AS taken
                      FROM turn
                      LEFT JOIN place own ON own.place = turn.place + 1
                                         AND own.seq = turn.seq AND own.id = turn.id
                     WHERE turn.place < turn.places
                  ) step
            )
            SELECT seq, id, due, security_id, is_excluded, taken
              FROM turn WHERE security_id IS NOT NULL
        )""",
        served,
    )
