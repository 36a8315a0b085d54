from odoo.tools import SQL

from ..ledger.facts_sql import is_insolvent_on

# The first reason for which a whole debt is not insured.
FIRST_REASON = """CASE
        WHEN owed.policy_id IS NULL THEN COALESCE(owed.off_reason, 'country_off')
        WHEN owed.off_reason IS NOT NULL THEN owed.off_reason
        WHEN owed.is_unshipped THEN 'not_shipped'
        WHEN owed.seq = 0 AND owed.payment_days > 0
             AND owed.final_due_date - owed.invoice_date > owed.payment_days
            THEN 'terms_exceeded'
        WHEN term.max_invoicing_days > 0
             AND owed.invoice_date - owed.shipment_date > term.max_invoicing_days
            THEN 'invoiced_late'
        WHEN owed.shipment_date >= late.stop_from OR %s THEN 'shipped_after_stop'
        END"""

INSURED_PCT = """COALESCE(owed.limit_pct, CASE owed.limit_kind
        WHEN 'discretionary' THEN term.pct_unnamed
        WHEN 'express' THEN term.pct_express
        WHEN 'topup' THEN term.pct_topup
        ELSE term.pct_named END)"""
POLITICAL_PCT = """CASE owed.limit_kind
        WHEN 'discretionary' THEN term.political_pct_unnamed
        ELSE term.political_pct_named END"""


def first_reason(is_stopped):
    """SQL of the first reason for which a whole debt ``owed`` is not insured.

    Its ``term`` is joined.

    :param is_stopped: SQL, whether it was shipped inside a recorded stop
    """
    return SQL(FIRST_REASON, is_stopped)


class PositionAllocation:
    """First shipped, first covered: the one place that allocates limits to debts.

    For each buyer and policy, debts stand in order of shipment. Each is covered by
    what the limit in force on *its own* shipment date leaves after the older ones
    (DOMAIN 1.5). The steps, of which :class:`~.position_debts.PositionDebts` takes the
    first four and :class:`~.position_securities.PositionSecurities` the fifth::

        open      what is still due, in the buyer's limit currency
        credited  credit notes on the invoice they reverse
        received  receipts not matched, on the oldest debt
        owed      open − credited − received
        secured   borne by letters of credit and guarantees
        disputed  contested by the customer
        eligible  the rest, less the tax share, or 0 with the reason
        base      what the limit of the shipment date leaves for it
        covered   base × insured percentage
    """

    # ------------------------------------------------------------ cover stops

    def overdue_stop_cte(self):
        """From which day an unpaid instalment stops the cover of new shipments.

        The day after the extension period of the oldest significant one (DOMAIN
        1.8); where the policy sets an amount and a share, only above both.
        """
        return SQL(
            "(SELECT * FROM (%s) late WHERE stop_from IS NOT NULL AND %s)",
            self.late_sums(SQL("%s OR late", self.has_stop_share)),
            self._stop_threshold(),
        )

    def late_sums(self, counted):
        """What each buyer owes beyond the extension period, and in all.

        In the currency of its limit, for each policy.

        :param counted: SQL, which debts count for the total
        """
        return SQL(
            """
                SELECT owed.group_id, owed.policy_id,
                       owed.limit_currency_id AS stop_currency_id,
                       min(owed.mep_end) FILTER (WHERE late) + 1 AS stop_from,
                       (array_agg(owed.id ORDER BY owed.mep_end, owed.id)
                           FILTER (WHERE late))[1] AS line_id,
                       sum(owed.owed) FILTER (WHERE late) AS amount,
                       sum(owed.owed) AS total
                  FROM owed
                  CROSS JOIN LATERAL (SELECT seq = 0 AND is_significant
                      AND owed.owed >= residue AND mep_end < %(day)s) judged(late)
                 WHERE owed.policy_id IS NOT NULL AND (%(counted)s)
                   AND owed.seq < 2
                 GROUP BY owed.group_id, owed.policy_id, owed.limit_currency_id
            """,
            day=self.day,
            counted=counted,
        )

    def _stop_threshold(self):
        if not self.has_stop_share:
            return SQL("TRUE")
        return SQL(
            """EXISTS (SELECT 1 FROM credit_insurance_policy policy
                JOIN rate source ON source.id = policy.currency_id
                JOIN rate own ON own.id = late.stop_currency_id
                WHERE policy.id = late.policy_id
                  AND late.amount > %(amount)s
                  AND late.amount * 100
                      > late.total * COALESCE(policy.stop_min_pct, 0)::numeric)
            """,
            amount=self.convert(
                SQL("COALESCE(policy.stop_min_amount, 0)"),
                "policy.currency_id",
                "late.stop_currency_id",
                "source",
                "own",
            ),
        )

    def stopped_cte(self):
        """Debts shipped while cover was stopped, by a recorded stop or insolvency.

        A shipment inside a stop stays uninsured after the cause is paid, unless the
        policy reinstates it or the insurer agreed in writing (DOMAIN 1.17).
        """
        parts = []
        if self.present.stops:
            parts.append(self._stopped_by_record())
        if self.present.insolvencies:
            parts.append(self._stopped_by_insolvency())
        return SQL("(%s)", SQL(" UNION ").join(parts))

    @property
    def knows_stops(self):
        """Whether any stop or insolvency is recorded."""
        return self.present.stops or self.present.insolvencies

    def _stopped_by_record(self):
        """Debts shipped inside a recorded stop.

        One for an unpaid instalment ends the day before it was paid, also before the
        nightly job has written that down.
        """
        return SQL(
            """
            SELECT owed.seq, owed.id
              FROM (
                SELECT stop.partner_id, stop.policy_id, stop.date_from,
                       stop.agreement_ref, COALESCE(%(ended)s,
                           CASE WHEN stop.cause = 'overdue' AND %(paid)s
                                THEN GREATEST(stop.date_from, LEAST(%(day)s, (
                                    SELECT max(max_date)
                                      FROM account_partial_reconcile matched
                                     WHERE matched.debit_move_id = unpaid.id)) - 1)
                           END) AS date_to
                  FROM credit_insurance_stop stop
                  LEFT JOIN account_move_line unpaid ON unpaid.id = stop.move_line_id
                 WHERE %(scope)s
              ) stop
              JOIN buyer ON buyer.partner_id = stop.partner_id
              JOIN owed ON owed.group_id = buyer.group_id
                       AND owed.policy_id = COALESCE(stop.policy_id, owed.policy_id)
              JOIN credit_insurance_policy policy ON policy.id = owed.policy_id
             WHERE owed.shipment_date >= stop.date_from
               AND (stop.date_to IS NULL OR owed.shipment_date <= stop.date_to
                    AND NOT COALESCE(policy.stop_reinstates, FALSE)
                    AND COALESCE(stop.agreement_ref, '') = '')
            """,
            ended=self.stop_ended_on(),
            paid=self.is_paid(),
            day=self.day,
            scope=self.in_scope("stop.partner_id", "scope_partner"),
        )

    def stop_ended_on(self):
        """The last day of a recorded ``stop`` that has ended."""
        return SQL("stop.date_to")

    def is_paid(self):
        """Whether ``unpaid``, the instalment that caused a stop, is settled."""
        return SQL("unpaid.reconciled")

    def _stopped_by_insolvency(self):
        return SQL(
            """
            SELECT owed.seq, owed.id
              FROM credit_insurance_insolvency insolvency
              JOIN buyer ON buyer.partner_id = insolvency.partner_id
              JOIN owed ON owed.group_id = buyer.group_id
             WHERE %s
            """,
            is_insolvent_on("insolvency", SQL("owed.shipment_date")),
        )

    # -------------------------------------------------------------- disputes

    def disputed_cte(self):
        """The contested amount of an invoice, on its earliest instalments first."""
        return SQL(
            """(
            SELECT id, GREATEST(LEAST(owed, contested - (sum(owed) OVER (
                       PARTITION BY move_id ORDER BY due_date, id) - owed)), 0)
                       AS amount
              FROM (
                SELECT id, move_id, due_date, owed,
                       round(disputed * open / amount, digits) AS contested
                  FROM owed WHERE seq = 0 AND disputed > 0
              ) contested
            )"""
        )

    # ------------------------------------------------------------ the allocation

    def _judged(self):
        """Eligible amount per debt, and the reason where there is none (1.15)."""
        return SQL(
            """(
            SELECT debt.*,
                   CASE WHEN reason IS NOT NULL THEN 0 ELSE round(
                       (owed - secured - disputed_part) * CASE cover_tax_basis
                           WHEN 'ex_tax' THEN untaxed_share ELSE 1 END, digits)
                       END AS eligible,
                   CASE WHEN limit_basis = 'net' AND insured_pct > 0
                        THEN round(COALESCE(granted, 0) * 100 / insured_pct, digits)
                        ELSE COALESCE(granted, 0) END AS usable_limit
              FROM (
                SELECT owed.*, term.excess_uses_limit, term.cover_tax_basis,
                       term.limit_basis,
                       %(insured_pct)s AS insured_pct,
                       %(political_pct)s AS political_pct,
                       %(taken)s,
                       %(reason)s AS reason
                  FROM owed
                  LEFT JOIN term ON term.id = owed.term_id
                  LEFT JOIN overdue_stop late ON late.group_id = owed.group_id
                                             AND late.policy_id = owed.policy_id
                  %(joins)s
                OFFSET 0
              ) debt
            OFFSET 0
            )""",
            insured_pct=self.unless_cost("term.pct_manufacturing", INSURED_PCT),
            political_pct=self.unless_cost(
                "term.political_pct_manufacturing", POLITICAL_PCT
            ),
            **self._taken(),
        )

    def _taken(self):
        """What stops, securities and disputes take of a debt.

        There may be none of a kind: a join to nothing would still be made debt by debt.
        """
        stopped, excluded = SQL("FALSE"), SQL("FALSE")
        secured = disputed = SQL("0::numeric")
        joins = []
        if self.knows_stops:
            stopped = SQL("stopped.id IS NOT NULL")
            joins.append(
                "LEFT JOIN stopped ON stopped.seq = owed.seq AND stopped.id = owed.id"
            )
        if self.present.securities:
            secured = SQL("COALESCE(secured.amount, 0)")
            excluded = SQL("COALESCE(secured.is_excluded, FALSE)")
            joins.append(
                "LEFT JOIN secured ON secured.seq = owed.seq AND secured.id = owed.id"
            )
        if self.present.disputes:
            disputed = SQL(
                "LEAST(COALESCE(disputed.amount, 0), owed.owed - %s)", secured
            )
            joins.append("LEFT JOIN disputed ON owed.seq = 0 AND disputed.id = owed.id")
        return {
            "reason": first_reason(stopped),
            "taken": SQL(
                "%s AS secured, %s AS lc_excluded, %s AS disputed_part",
                secured,
                excluded,
                disputed,
            ),
            "joins": SQL(" ".join(joins)),
        }

    def cover_cte(self):
        """Cover each debt by what its own limit leaves after the older ones."""
        before = SQL("sum(eligible) OVER upto - eligible")
        # OFFSET 0: each amount is computed once, not again wherever it is used
        if self.has_stacking_policies:
            before = SQL(
                """CASE WHEN excess_uses_limit THEN %s ELSE COALESCE(
                    credit_insurance_fill(eligible, usable_limit) OVER (
                        PARTITION BY group_id, policy_id
                        ORDER BY shipment_date, seq, id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END""",
                before,
            )
        return SQL(
            """(
            SELECT allocated.*,
                   round(base * COALESCE(insured_pct, 0) / 100, digits) AS covered,
                   round(base * COALESCE(political_pct, 0) / 100, digits)
                       AS covered_political
              FROM (
                SELECT preceded.*,
                       GREATEST(LEAST(eligible, usable_limit - used_before), 0) AS base
                  FROM (
                    SELECT judged.*, %(before)s AS used_before
                      FROM %(judged)s judged
                    WINDOW upto AS (PARTITION BY group_id, policy_id
                                    ORDER BY shipment_date, seq, id
                                    ROWS UNBOUNDED PRECEDING)
                  ) preceded
                OFFSET 0
              ) allocated
            OFFSET 0
            )""",
            before=before,
            judged=self._judged(),
        )

    def allocation_ctes(self):
        return {
            "term": self.term_cte(),
            **self.chosen_term_ctes(),
            **self.credit_ctes(),
            "owed": self.owed_cte(),
            "overdue_stop": self.overdue_stop_cte(),
        }

    def cover_ctes(self):
        return {
            **({"stopped": self.stopped_cte()} if self.knows_stops else {}),
            **self.secured_ctes(),
            **({"disputed": self.disputed_cte()} if self.present.disputes else {}),
            "cover": self.cover_cte(),
        }
