from odoo.tools import SQL


class PositionDebts:
    """The debts: what is owed, under which policy, less credit notes and receipts.

    The first steps of the allocation (see :class:`PositionAllocation`): open,
    credited, received, owed.
    """

    def debt_cte(self):
        """Instalments due and deliveries not invoiced, in document currency."""
        return SQL(
            """(
            SELECT 0 AS seq, id, move_id, NULL::int AS order_id, partner_id, company_id,
                   currency_id, rate, amount, untaxed_share, shipment_date, invoice_date,
                   due_date, final_due_date, disputed, is_significant
              FROM receivable WHERE amount > 0
            UNION ALL
            SELECT 1, id, NULL, order_id, partner_id, company_id, currency_id, rate,
                   open_delivered, open_delivered_untaxed / open_delivered,
                   shipment_date, invoice_date, NULL, NULL, 0, FALSE
              FROM order_delivered
             WHERE open_delivered > 0 AND NOT is_candidate
            )"""
        )

    def term_cte(self):
        return SQL(
            """(
            SELECT * FROM jsonb_to_recordset(%s) AS term(
                company_id int, country_class int, party_kind text, date_from date,
                date_to date, policy_id int, sequence int, scope text, reason text,
                country_status text, pct_named numeric, pct_express numeric,
                pct_topup numeric, pct_unnamed numeric, political_pct_named numeric,
                political_pct_unnamed numeric, max_payment_days int, mep_days int)
            )""",
            self.terms_json,
        )

    def term_match(self, term, document, day):
        """Join condition between a term and a document of a buyer on a day."""
        return SQL(
            "%(term)s.company_id = %(document)s.company_id"
            " AND %(term)s.country_class = buyer.country_class"
            " AND %(term)s.party_kind = buyer.party_kind"
            " AND %(day)s BETWEEN %(term)s.date_from AND %(term)s.date_to",
            term=SQL(term),
            document=SQL(document),
            day=day,
        )

    def chosen_term_ctes(self):
        """Choose the policy that serves a debt where more than the map must decide.

        Single-transaction policies serve the orders they name, before all others;
        policies for named buyers serve those who hold a decision under them.
        """
        ctes = {"single_debt": self._single_debt_cte()} if self.has_single else {}
        if self.has_buyer_policies:
            ctes["named_buyer"] = SQL(
                "(SELECT DISTINCT policy_id, group_id FROM buyer_limit)"
            )
        return ctes

    def _single_debt_cte(self):
        return SQL(
            """(
            SELECT 1 AS seq, link.order_id AS document_id,
                   min(link.policy_id) AS policy_id
              FROM credit_insurance_policy_order_rel link
             WHERE link.policy_id = ANY(%(policies)s)
             GROUP BY link.order_id
            UNION ALL
            SELECT 0, line.move_id, min(link.policy_id)
              FROM credit_insurance_policy_order_rel link
              JOIN sale_order_line sol ON sol.order_id = link.order_id
              JOIN sale_order_line_invoice_rel invoiced
                ON invoiced.order_line_id = sol.id
              JOIN account_move_line line ON line.id = invoiced.invoice_line_id
             WHERE link.policy_id = ANY(%(policies)s)
             GROUP BY line.move_id
            )""",
            policies=self.policy_ids,
        )

    def item_cte(self):
        """Debts with their policy, their limit's timeline and the limit currency."""
        return SQL(
            """(
            SELECT debt.*, buyer.group_id, chosen.policy_id,
                   chosen.reason AS off_reason,
                   chosen.pct_named, chosen.pct_express, chosen.pct_topup,
                   chosen.pct_unnamed, chosen.political_pct_named,
                   chosen.political_pct_unnamed,
                   chosen.max_payment_days, chosen.mep_days,
                   own.id AS limit_currency_id, own.digits,
                   %(open)s AS open,
                   %(open_company)s AS open_company
              FROM debt
              JOIN (%(buyer)s) buyer ON buyer.partner_id = debt.partner_id
              %(choice)s
              LEFT JOIN credit_insurance_policy policy ON policy.id = chosen.policy_id
              LEFT JOIN group_currency latest ON latest.policy_id = chosen.policy_id
                                             AND latest.group_id = buyer.group_id
              JOIN rate own ON own.id = COALESCE(
                       latest.currency_id, policy.currency_id, %(company_currency)s)
            )""",
            buyer=self.buyer_select(),
            choice=self._choice(),
            open=self._open_amount(),
            open_company=self.to_company(
                SQL("debt.amount"), "debt.currency_id", "debt"
            ),
            company_currency=self.facts.own_currency_id,
        )

    def _choice(self):
        """Join the debt to the one term that holds for it."""
        day = SQL("debt.shipment_date")
        general = SQL(
            "LEFT JOIN term ON term.scope = 'general' AND %s",
            self.term_match("term", "debt", day),
        )
        if not (self.has_single or self.has_buyer_policies):
            return SQL("%s CROSS JOIN LATERAL (SELECT term.*) chosen", general)
        single = SQL(
            """
            UNION ALL
            SELECT 0, other.* FROM single_debt named
              JOIN term other ON other.scope = 'single'
                             AND other.policy_id = named.policy_id
             WHERE named.seq = debt.seq
               AND named.document_id = COALESCE(debt.move_id, debt.order_id)
               AND %s
            """,
            self.term_match("other", "debt", day),
        )
        named = SQL(
            """
            UNION ALL
            SELECT 1, other.* FROM term other
              JOIN named_buyer named ON named.policy_id = other.policy_id
                                    AND named.group_id = buyer.group_id
             WHERE other.scope = 'buyer' AND %s
            """,
            self.term_match("other", "debt", day),
        )
        return SQL(
            """
            %(general)s
            LEFT JOIN LATERAL (
                SELECT candidate.* FROM (
                    SELECT 1 AS rank, term.*
                    %(single)s
                    %(named)s
                ) candidate
                ORDER BY rank, sequence, policy_id LIMIT 1
            ) chosen ON TRUE
            """,
            general=general,
            single=single if self.has_single else SQL(),
            named=named if self.has_buyer_policies else SQL(),
        )

    def _open_amount(self):
        """The debt in the limit's currency, at the rate the policy names."""
        debt_rate = SQL("debt.rate")
        if self.has_invoice_rates:
            debt_rate = SQL(
                """CASE WHEN policy.rate_rule = 'invoice_date' THEN COALESCE((
                    SELECT rate.rate FROM res_currency_rate rate
                     WHERE rate.currency_id = debt.currency_id
                       AND rate.name <= debt.invoice_date
                       AND (rate.company_id IS NULL OR rate.company_id = %s)
                     ORDER BY rate.company_id, rate.name DESC LIMIT 1), debt.rate)
                    / COALESCE((
                    SELECT rate.rate FROM res_currency_rate rate
                     WHERE rate.currency_id = own.id
                       AND rate.name <= debt.invoice_date
                       AND (rate.company_id IS NULL OR rate.company_id = %s)
                     ORDER BY rate.company_id, rate.name DESC LIMIT 1), own.rate)
                    * own.rate ELSE debt.rate END""",
                self.company.root_id.id,
                self.company.root_id.id,
            )
        return SQL(
            "CASE WHEN debt.currency_id = own.id THEN debt.amount"
            " ELSE round(debt.amount * own.rate / (%s), own.digits) END",
            debt_rate,
        )

    # ------------------------------------------------ credit notes and receipts

    def credit_ctes(self):
        """Credit notes lower the invoice they reverse, the rest the oldest debt."""
        return {
            "credited": self._credited_cte(),
            "pool": self._pool_cte(),
            "received": self._received_cte(),
        }

    def _credited_cte(self):
        """What the credit notes of an invoice take off its instalments, in turn."""
        return SQL(
            """(
            SELECT id, group_id, company_id, currency_id, rate, taken,
                   CASE WHEN taken = due THEN open
                        ELSE round(open * taken / due, digits) END AS amount
              FROM (
                SELECT item.id, item.group_id, item.company_id, item.currency_id,
                       item.rate, item.open, item.digits, item.amount AS due,
                       GREATEST(LEAST(item.amount, reversal.amount - (
                           sum(item.amount) OVER (
                               PARTITION BY item.move_id ORDER BY item.due_date, item.id
                           ) - item.amount)), 0) AS taken
                  FROM (SELECT reversed_entry_id, currency_id, sum(-amount) AS amount
                          FROM receivable
                         WHERE amount < 0 AND reversed_entry_id IS NOT NULL
                         GROUP BY reversed_entry_id, currency_id) reversal
                  JOIN item ON item.seq = 0
                           AND item.move_id = reversal.reversed_entry_id
                           AND item.currency_id = reversal.currency_id
              ) instalment
            )"""
        )

    def _pool_cte(self):
        """Credits that no invoice took, per buyer and company, in one currency."""
        return SQL(
            """(
            SELECT unmatched.group_id, unmatched.company_id, held.currency_id,
                   pool_rate.rate, pool_rate.digits, sum(%(amount)s) AS amount
              FROM (SELECT %(group)s AS group_id, receivable.company_id,
                           receivable.currency_id, receivable.rate,
                           -receivable.amount AS amount
                      FROM receivable
                      %(shared)s
                     WHERE receivable.amount < 0
                    UNION ALL
                    SELECT group_id, company_id, currency_id, rate, -taken
                      FROM credited) unmatched
              LEFT JOIN (SELECT group_id, min(limit_currency_id) AS currency_id
                           FROM item GROUP BY group_id) held
                ON held.group_id = unmatched.group_id
              LEFT JOIN rate pool_rate ON pool_rate.id = held.currency_id
             GROUP BY unmatched.group_id, unmatched.company_id, held.currency_id,
                      pool_rate.rate, pool_rate.digits
            HAVING sum(%(amount)s) > 0
            )""",
            group=self.group_of("receivable.partner_id"),
            shared=self.shared_join("receivable.partner_id"),
            amount=self.convert(
                SQL("unmatched.amount"),
                "unmatched.currency_id",
                "held.currency_id",
                "unmatched",
                "pool_rate",
            ),
        )

    def _received_cte(self):
        """Spread the pool over the debts, the oldest first."""
        return SQL(
            """(
            SELECT seq, id, round(due * GREATEST(LEAST(pooled, pool_amount - (
                       sum(pooled) OVER (PARTITION BY group_id, company_id
                                         ORDER BY shipment_date, seq, id
                                         ROWS UNBOUNDED PRECEDING) - pooled)), 0)
                       / NULLIF(pooled, 0), digits) AS amount
              FROM (
                SELECT item.seq, item.id, item.group_id, item.company_id, item.digits,
                       item.shipment_date, pool.amount AS pool_amount,
                       item.open - COALESCE(credited.amount, 0) AS due,
                       %(pooled)s AS pooled
                  FROM pool
                  JOIN item ON item.group_id = pool.group_id
                           AND item.company_id = pool.company_id
                  JOIN rate own ON own.id = item.limit_currency_id
                  LEFT JOIN credited ON item.seq = 0 AND credited.id = item.id
                  LEFT JOIN credit_insurance_policy policy
                    ON policy.id = item.policy_id
                 WHERE policy.receipt_imputation IS DISTINCT FROM 'as_matched'
              ) debt
            )""",
            pooled=self.convert(
                SQL("(item.open - COALESCE(credited.amount, 0))"),
                "item.limit_currency_id",
                "pool.currency_id",
                "own",
                "pool",
            ),
        )

    def owed_cte(self):
        """What the buyer owes on each debt, and when its extension period ends."""
        return SQL(
            """(
            SELECT item.*, item.open - COALESCE(credited.amount, 0)
                       - COALESCE(received.amount, 0) AS owed,
                   COALESCE(credited.amount, 0) AS credited,
                   COALESCE(received.amount, 0) AS received,
                   step.amount AS granted, step.kind AS limit_kind,
                   policy.excess_uses_limit, policy.cover_tax_basis,
                   policy.max_invoicing_days,
                   COALESCE(NULLIF(step.max_payment_days, 0), item.max_payment_days)
                       AS payment_days,
                   COALESCE(NULLIF(step.insured_pct, 0), CASE step.kind
                       WHEN 'discretionary' THEN item.pct_unnamed
                       WHEN 'express' THEN item.pct_express
                       WHEN 'topup' THEN item.pct_topup
                       ELSE item.pct_named END) AS insured_pct,
                   CASE step.kind WHEN 'discretionary' THEN item.political_pct_unnamed
                        ELSE item.political_pct_named END AS political_pct,
                   policy.limit_basis, %(residue)s AS residue,
                   CASE policy.mep_base WHEN 'invoice_date' THEN item.invoice_date
                        WHEN 'shipment_date' THEN item.shipment_date
                        ELSE item.due_date END
                       + COALESCE(NULLIF(step.mep_days, 0), item.mep_days) AS mep_end
              FROM item
              LEFT JOIN credit_insurance_policy policy ON policy.id = item.policy_id
              LEFT JOIN rate own ON own.id = item.limit_currency_id
              LEFT JOIN rate policy_rate ON policy_rate.id = policy.currency_id
              LEFT JOIN limit_step step ON step.policy_id = item.policy_id
                                       AND step.group_id = item.group_id
                                       AND item.shipment_date
                                           BETWEEN step.date_from AND step.date_to
              LEFT JOIN credited ON item.seq = 0 AND credited.id = item.id
              LEFT JOIN received ON received.seq = item.seq AND received.id = item.id
            )""",
            residue=self.convert(
                SQL("policy.residue_amount"),
                "policy.currency_id",
                "item.limit_currency_id",
                "policy_rate",
                "own",
            ),
        )
