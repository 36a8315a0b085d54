"""The SQL of a declaration: invoices of a period, with what the policy says of them."""

from odoo.tools import SQL

from ..ledger.untaxed_share import BILLS, INVOICE_TYPES, UNTAXED_SHARE
from ..position.open_items import opened_amount, opened_moves
from ..position.position_allocation import first_reason
from ..position.position_query import PositionQuery
from ..position.position_securities import absorbed_in_turn
from .declaration_rates import DeclarationRates

SIGN = SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END")


class DeclarationQuery(DeclarationRates, PositionQuery):
    """Each document of a period with its policy and the reason to leave it out.

    Policies, stops and limits are judged by the fragments of the position: what is
    declared is what is insured. A credit note is judged by the invoice it reverses.

    :param declaration: a ``credit.insurance.declaration``, or what looks like one
    :param late_stops: rows of ``overdue_stops`` of the position, as JSON
    """

    declaration = None
    late_stops = "[]"

    @classmethod
    def of(cls, query, declaration, late_stops):
        """Return a query that knows what another one has found out."""
        own = cls(query.facts, query.company, query.day)
        own.present = query.present._replace(blind_limits=True)
        own.declaration = declaration
        own.late_stops = late_stops
        return own

    @property
    def is_balance(self):
        """Whether what is owed is declared, instead of what was invoiced."""
        return self.declaration.basis == "balance"

    def rows(self):
        """One row per document: amounts before tax, reason and share left out."""
        ctes = {
            "rate": self.rate_cte(),
            **self.limit_ctes(),
            **self.deposit_ctes(),
            "document": self._document_cte(),
            "term": self.term_cte(),
            **self.chosen_term_ctes(),
            "owed": self.owed_cte(),
            **({"stopped": self.stopped_cte()} if self.knows_stops else {}),
            "secured_share": self._secured_share_cte(),
        }
        return self._with(ctes, self._rows_select())

    # ------------------------------------------------------------ the documents

    def _document_cte(self):
        """The documents, credit notes with the invoice that they reverse.

        The deposit on what has not left yet is turnover of the period in which it
        leaves: until then no declaration takes it.
        """
        balance = self.is_balance
        is_unshipped = self.is_unshipped(self.declaration.date_to, "origin")
        return SQL(
            """MATERIALIZED (
            SELECT move.id, origin.id AS origin_id, move.name, move.move_type,
                   move.commercial_partner_id AS partner_id, move.company_id,
                   move.currency_id, COALESCE(move.invoice_date, move.date)
                       AS document_date,
                   %(amount)s AS untaxed, %(opened)s AS opened,
                   origin.amount_total, %(shipment)s AS shipment_date,
                   %(is_unshipped)s AS is_unshipped,
                   COALESCE(origin.invoice_date, origin.date) AS invoice_date,
                   COALESCE(origin.insured_due_date, origin.invoice_date_due,
                            origin.date) AS final_due_date
              FROM account_move move
              JOIN account_move origin ON origin.id = CASE
                   WHEN move.move_type = 'out_refund'
                   THEN COALESCE(move.reversed_entry_id, move.id) ELSE move.id END
              %(deposit)s
              %(join)s
             WHERE move.state = 'posted' AND move.move_type IN %(types)s
               AND move.commercial_partner_id IS NOT NULL
               AND move.company_id = %(company)s AND %(condition)s
            )""",
            shipment=self.shipped_on("origin"),
            is_unshipped=is_unshipped,
            deposit=self.deposit_join("origin"),
            amount=SQL(
                "round(opened.amount * %s, %s)",
                UNTAXED_SHARE,
                self.currency_digits("move.currency_id"),
            )
            if balance
            else SQL("%s * move.amount_untaxed", SIGN),
            opened=SQL("opened.amount" if balance else "NULL::numeric"),
            join=self._opened_join() if balance else SQL(),
            types=INVOICE_TYPES,
            company=self.company.id,
            condition=SQL(
                "opened.amount <> 0 AND move.id IN (%s)",
                opened_moves(self.declaration.date_to, self.company.id),
            )
            if balance
            else SQL(
                "%s AND NOT %s AND NOT %s",
                self._in_period(),
                self._is_taken(),
                is_unshipped,
            ),
        )

    def _in_period(self):
        """Its own days; and of a period declared before, what came afterwards."""
        own = self.declaration
        day = SQL("COALESCE(move.invoice_date, move.date)")
        inside = SQL("%s BETWEEN %s AND %s", day, own.date_from, own.date_to)
        if own.corrects_id:
            return inside
        return SQL(
            """(%(inside)s OR EXISTS (
                SELECT FROM credit_insurance_declaration before
                 WHERE before.policy_id = %(policy)s
                   AND before.company_id = %(company)s
                   AND before.basis = 'turnover' AND before.state <> 'draft'
                   AND before.corrects_id IS NULL
                   AND before.date_to < %(first)s
                   AND %(day)s BETWEEN before.date_from AND before.date_to))""",
            inside=inside,
            policy=own.policy_id.id,
            company=self.company.id,
            first=own.date_from,
            day=day,
        )

    def _is_taken(self):
        return SQL(
            """EXISTS (
                SELECT FROM credit_insurance_declaration_line taken
                 WHERE taken.move_id = move.id AND taken.policy_id = %s
                   AND taken.basis = 'turnover' AND taken.kind <> 'change'
                   AND taken.declaration_id <> %s)""",
            self.declaration.policy_id.id,
            self.declaration._origin.id or 0,
        )

    def _opened_join(self):
        """What was open at the end of the last day, in the document's currency."""
        return SQL(
            """JOIN LATERAL (
                SELECT sum(%(amount)s) AS amount
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                 WHERE line.move_id = move.id AND line.date <= %(day)s
            ) opened ON TRUE""",
            amount=opened_amount(self.declaration.date_to),
            day=self.declaration.date_to,
        )

    # --------------------------------------------------------- what decides them

    def debt_cte(self):
        """The documents as the position knows debts, on their invoice's days."""
        return SQL(
            """(
            SELECT 0 AS seq, document.id, origin_id AS move_id, NULL::int AS order_id,
                   partner_id, company_id, currency_id, COALESCE(rate.rate, 1) AS rate,
                   untaxed AS amount, 1 AS untaxed_share, shipment_date, invoice_date,
                   NULL::date AS due_date, final_due_date, 0 AS disputed,
                   FALSE AS is_significant, is_unshipped
              FROM document
              %s
            )""",
            self.rate_join("document.currency_id"),
        )

    def owed_cte(self):
        """Documents with their policy, the limit of the day and what withdrew it."""
        return SQL(
            """(
            SELECT item.seq, item.id, item.move_id, item.partner_id, item.group_id,
                   item.policy_id, item.term_id, item.off_reason, item.shipment_date,
                   item.invoice_date, item.final_due_date, item.is_unshipped,
                   step.kind AS limit_kind,
                   COALESCE(NULLIF(step.max_payment_days, 0), item.max_payment_days)
                       AS payment_days,
                   killed.day <= item.shipment_date
                       AND (step.amount IS NULL OR step.kind = 'discretionary')
                       AS is_withdrawn
              FROM (%(item)s) item
              LEFT JOIN limit_step step ON step.policy_id = item.policy_id
                                       AND step.group_id = item.group_id
                                       AND item.shipment_date
                                           BETWEEN step.date_from AND step.date_to
              LEFT JOIN killed ON killed.policy_id = item.policy_id
                              AND killed.group_id = item.group_id
            )""",
            item=self.item_select(),
        )

    def _secured_share_cte(self):
        """Which share of an invoice letters of credit bear that the policy excludes.

        The invoices one serves take from it in the order of their shipments, whatever
        their period, those of its own orders first; afterwards it bears nothing. What
        one has borne is left to no other.
        """
        return SQL(
            "(SELECT id, sum(taken) / max(due) AS share FROM %s turn GROUP BY id)",
            absorbed_in_turn(SQL("(%s)", self._served_select())),
        )

    def _served_select(self):
        """Which invoices each of these letters of credit serves, in one currency.

        It pays for what was shipped: none serves a deposit whose goods have not left.
        """
        return SQL(
            """
            SELECT 0 AS seq, origin.id, origin.commercial_partner_id AS partner_id,
                   origin.company_id, security.id AS security_id,
                   COALESCE(security.is_general, FALSE) AS is_general,
                   named.is_named, TRUE AS is_excluded,
                   %(shipment)s AS shipment_date,
                   origin.amount_total / COALESCE(rate.rate, 1) AS due,
                   security.amount / COALESCE(own.rate, 1) AS amount
              FROM credit_insurance_security security
              JOIN credit_insurance_policy policy ON policy.id = %(policy)s
              JOIN account_move origin
                ON origin.commercial_partner_id = security.partner_id
               AND origin.company_id = security.company_id
               AND origin.state = 'posted'
               AND origin.move_type IN %(bills)s
               AND origin.amount_total > 0
              %(deposit)s
              LEFT JOIN rate ON rate.id = origin.currency_id
              LEFT JOIN rate own ON own.id = security.currency_id
              CROSS JOIN LATERAL (SELECT EXISTS (
                  SELECT FROM credit_insurance_security_order_rel link
                    JOIN sale_order_line sol ON sol.order_id = link.order_id
                    JOIN sale_order_line_invoice_rel invoiced
                      ON invoiced.order_line_id = sol.id
                    JOIN account_move_line billed
                      ON billed.id = invoiced.invoice_line_id
                   WHERE link.security_id = security.id
                     AND billed.move_id = origin.id)) named(is_named)
             WHERE security.state <> 'draft'
               AND security.company_id = %(company)s
               AND (security.kind = 'lc_confirmed'
                        AND policy.exclude_confirmed_lc
                    OR security.kind = 'lc_unconfirmed'
                        AND policy.exclude_unconfirmed_lc)
               AND (security.is_general OR named.is_named)
               AND NOT %(is_unshipped)s
               AND %(shipment)s BETWEEN security.date_from
                   AND LEAST(COALESCE(security.latest_shipment_date,
                                      security.date_to, %(last_day)s),
                             security.closed_on - 1)
            """,
            shipment=self.shipped_on("origin"),
            deposit=self.deposit_join("origin"),
            is_unshipped=self.is_unshipped(self.declaration.date_to, "origin"),
            bills=BILLS,
            policy=self.declaration.policy_id.id,
            company=self.company.id,
            last_day=self.last_day,
        )

    # ------------------------------------------------------------------ the rows

    def _rows_select(self):
        own = self.declaration
        return SQL(
            """
            SELECT judged.*, CASE WHEN reason IS NOT NULL THEN 1
                       ELSE LEAST(lc_share + prepaid_share, 1) END AS excluded_share
              FROM (
                SELECT document.id, document.origin_id, document.name,
                       document.move_type,
                       document.partner_id, document.currency_id,
                       document.document_date, document.untaxed, %(amount)s AS amount,
                       buyer.country_id, owed.limit_kind,
                       owed.policy_id AS serving_policy_id,
                       CASE WHEN owed.policy_id <> %(policy)s THEN 'other_policy'
                            ELSE COALESCE(%(reason)s, CASE WHEN owed.is_withdrawn
                                THEN 'limit_withdrawn' END) END AS reason,
                       %(shares)s,
                       before.reason AS declared_reason,
                       before.share AS declared_share
                  FROM document
                  JOIN owed ON owed.id = document.id
                  JOIN res_partner buyer ON buyer.id = document.partner_id
                  LEFT JOIN term ON term.id = owed.term_id
                  LEFT JOIN jsonb_to_recordset(%(late)s) AS late(
                      partner_id int, policy_id int, stop_from date)
                    ON late.partner_id = owed.partner_id
                   AND late.policy_id = owed.policy_id
                  %(stopped)s
                  LEFT JOIN secured_share secured ON secured.id = document.origin_id
                  LEFT JOIN LATERAL (%(paid)s) paid ON TRUE
                  LEFT JOIN LATERAL (%(before)s) before ON TRUE
              ) judged
             WHERE %(scope)s
             ORDER BY document_date, id
            """,
            amount=self._in_policy_currency(),
            policy=own.policy_id.id,
            reason=first_reason(
                SQL("stopped.id IS NOT NULL" if self.knows_stops else "FALSE")
            ),
            stopped=SQL(
                "LEFT JOIN stopped ON stopped.seq = 0 AND stopped.id = owed.id"
                if self.knows_stops
                else ""
            ),
            late=self.late_stops,
            shares=self._left_out_shares(),
            paid=self._paid_select(),
            before=self._declared_select(),
            scope=SQL("TRUE")
            if own.policy_id.kind == "global"
            else SQL("serving_policy_id = %s", own.policy_id.id),
        )

    def _left_out_shares(self):
        """Which shares of a document letters of credit bear, and which was prepaid.

        Of what is owed no part was prepaid, and a letter of credit bears what it has
        not paid yet: what came in after the shipment is supposed to be its money.
        """
        if not self.is_balance:
            return SQL(
                """COALESCE(secured.share, 0) AS lc_share,
                   LEAST(COALESCE(paid.before / NULLIF(document.amount_total, 0), 0), 1)
                       AS prepaid_share"""
            )
        return SQL(
            """CASE WHEN document.opened > 0
                    THEN GREATEST(LEAST((
                             COALESCE(secured.share, 0) * document.amount_total
                             - COALESCE(paid.since, 0)) / document.opened, 1), 0)
                    ELSE COALESCE(secured.share, 0) END AS lc_share,
               0 AS prepaid_share"""
        )

    def _paid_select(self):
        """What of an invoice was paid by the day of its shipment, and what since."""
        return SQL(
            """
            SELECT sum(matched.debit_amount_currency) FILTER (
                       WHERE paid.date <= document.shipment_date) AS before,
                   sum(matched.debit_amount_currency) FILTER (
                       WHERE paid.date > document.shipment_date
                         AND matched.max_date <= %(last_day)s) AS since
              FROM account_move_line line
              JOIN account_partial_reconcile matched ON matched.debit_move_id = line.id
              JOIN account_move_line paid ON paid.id = matched.credit_move_id
              JOIN account_move payment ON payment.id = paid.move_id
               AND payment.move_type = 'entry'
             WHERE line.move_id = document.origin_id
            """,
            last_day=self.declaration.date_to,
        )

    def _declared_select(self):
        """How the invoice was declared that a credit note reverses."""
        return SQL(
            """
            SELECT line.exclusion_reason AS reason,
                   line.excluded_amount / NULLIF(line.amount, 0) AS share
              FROM credit_insurance_declaration_line line
              JOIN credit_insurance_declaration told ON told.id = line.declaration_id
             WHERE document.origin_id <> document.id
               AND line.move_id = document.origin_id AND line.policy_id = %s
               AND line.basis = 'turnover' AND line.kind <> 'change'
               AND told.state <> 'draft' AND line.amount <> 0
             LIMIT 1
            """,
            self.declaration.policy_id.id,
        )
