from odoo.tools import SQL


class PositionDebts:
    """The debts: what is owed, under which policy, less credit notes and receipts.

    The first steps of the allocation (see :class:`PositionAllocation`): open,
    credited, received, owed.
    """

    only_with_limit = False  # leave out buyers who never had a limit: nothing covered

    def debt_cte(self):
        """Instalments due and deliveries not invoiced, in document currency."""
        return SQL(
            """(
            SELECT 0 AS seq, id, move_id, NULL::int AS order_id, partner_id, company_id,
                   currency_id, rate, amount, untaxed_share, shipment_date,
                   invoice_date, due_date, final_due_date, disputed, is_significant,
                   is_unshipped
              FROM receivable WHERE amount > 0
            UNION ALL
            SELECT 1, id, NULL, order_id, partner_id, company_id, currency_id, rate,
                   open_delivered, open_delivered_untaxed / open_delivered,
                   shipment_date, invoice_date, NULL, NULL, 0, FALSE, FALSE
              FROM order_delivered
             WHERE open_delivered > 0 AND %s
            %s %s
            )""",
            self.not_asked_about(),
            self.hypothetical_debts(),
            self.cost_debts(),
        )

    def term_cte(self):
        """The map of the contract, each term with what its policy says.

        Joined here, to a few rows: at every step that needs it PostgreSQL would plan
        another join and make it debt by debt.
        """
        return SQL(
            """(
            SELECT term.*, policy.currency_id AS policy_currency_id,
                   rate.rate AS policy_rate, policy.residue_amount, policy.rate_rule,
                   policy.receipt_imputation, policy.mep_base,
                   policy.max_invoicing_days, policy.excess_uses_limit,
                   policy.cover_tax_basis, policy.limit_basis,
                   policy.manufacturing_cover
              FROM jsonb_to_recordset(%s) AS term(
                id int, company_id int, country_class int, party_kind text,
                date_from date, date_to date, policy_id int, sequence int, scope text,
                reason text,
                country_status text, pct_named numeric, pct_express numeric,
                pct_topup numeric, pct_unnamed numeric, political_pct_named numeric,
                political_pct_unnamed numeric, max_payment_days int, mep_days int,
                pct_manufacturing numeric, political_pct_manufacturing numeric)
              LEFT JOIN credit_insurance_policy policy ON policy.id = term.policy_id
              LEFT JOIN rate ON rate.id = policy.currency_id
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
        """Which single-transaction policies name an order or what bills it."""
        return SQL(
            """(
            SELECT 1 AS seq, link.order_id AS document_id, link.policy_id
              FROM credit_insurance_policy_order_rel link
             WHERE link.policy_id = ANY(%(policies)s)
            UNION
            SELECT 0, line.move_id, link.policy_id
              FROM credit_insurance_policy_order_rel link
              JOIN sale_order_line sol ON sol.order_id = link.order_id
              JOIN sale_order_line_invoice_rel invoiced
                ON invoiced.order_line_id = sol.id
              JOIN account_move_line line ON line.id = invoiced.invoice_line_id
             WHERE link.policy_id = ANY(%(policies)s)
            )""",
            policies=self.policy_ids,
        )

    def item_select(self):
        """Debts with their policy and the currency of their limit."""
        return SQL(
            """
            SELECT debt.*, buyer.group_id, chosen.policy_id, chosen.id AS term_id,
                   chosen.reason AS off_reason, chosen.max_payment_days,
                   chosen.mep_days, chosen.mep_base, own.id AS limit_currency_id,
                   own.digits, own.rate AS own_rate, %(residue)s AS residue,
                   %(open)s AS open, %(open_company)s AS open_company,
                   chosen.receipt_imputation IS DISTINCT FROM 'as_matched'
                       AS is_imputed
              FROM %(debts)s debt
              JOIN (%(buyer)s) buyer ON buyer.partner_id = debt.partner_id
              %(choice)s
              LEFT JOIN group_currency latest ON latest.policy_id = chosen.policy_id
                                             AND latest.group_id = buyer.group_id
              JOIN rate own ON own.id = COALESCE(
                       latest.currency_id, chosen.policy_currency_id,
                       %(company_currency)s)
             WHERE %(with_limit)s AND %(insures_costs)s
            """,
            debts=self.debt_cte(),
            buyer=self.buyer_select(),
            choice=self._choice(),
            open=self._open_amount(),
            open_company=self.to_company(
                SQL("debt.amount"), "debt.currency_id", "debt"
            ),
            residue=SQL(
                "CASE WHEN chosen.policy_currency_id = own.id"
                " THEN chosen.residue_amount"
                " ELSE round(chosen.residue_amount * own.rate / chosen.policy_rate,"
                " own.digits) END"
            ),
            company_currency=self.facts.own_currency_id,
            with_limit=SQL(
                "buyer.group_id IN (SELECT group_id FROM granted)"
                if self.only_with_limit
                else "TRUE"
            ),
            insures_costs=self.insures_costs(),
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
             WHERE named.seq = LEAST(debt.seq, 1)
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
                """CASE WHEN chosen.rate_rule = 'invoice_date' THEN COALESCE((
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
        """What credit notes take off their invoices."""
        if not self.present.credit_notes:
            return {}
        return {"credit_note": self._credit_note_cte()}

    def _credit_note_cte(self):
        """What the credit notes of an invoice take off its instalments, in turn."""
        return SQL(
            """(
            SELECT debt.id, debt.partner_id, debt.company_id, debt.rate,
                   GREATEST(LEAST(debt.amount, reversal.amount - (
                       sum(debt.amount) OVER (
                           PARTITION BY debt.move_id ORDER BY debt.due_date, debt.id
                           ROWS UNBOUNDED PRECEDING) - debt.amount)), 0) AS amount
              FROM (SELECT reversed_entry_id, currency_id, sum(-amount) AS amount
                      FROM receivable
                     WHERE amount < 0 AND reversed_entry_id IS NOT NULL
                     GROUP BY reversed_entry_id, currency_id) reversal
              JOIN receivable debt ON debt.move_id = reversal.reversed_entry_id
                                  AND debt.currency_id = reversal.currency_id
                                  AND debt.amount > 0
            )"""
        )

    def _credit_pool(self):
        """Credits of each buyer that are for no invoice, in each company.

        In units of the currency that rates are based on, not rounded.
        """
        taken = SQL(
            "UNION ALL SELECT partner_id, company_id, -amount / rate FROM credit_note"
            if self.present.credit_notes
            else ""
        )
        return SQL(
            """(
            SELECT %(group)s AS group_id, company_id, sum(amount) AS amount
              FROM (
                SELECT partner_id, company_id, -amount / rate AS amount
                  FROM receivable WHERE amount < 0
                %(taken)s
              ) credit
              %(shared)s
             GROUP BY 1, company_id
            HAVING sum(amount) > 0
            )""",
            group=self.group_of("credit.partner_id"),
            taken=taken,
            shared=self.shared_join("credit.partner_id"),
        )

    def _credited_select(self):
        """Debts after the credit notes on the invoice they reverse."""
        if not self.present.credit_notes:
            return SQL(
                "SELECT item.*, 0::numeric AS credited FROM (%s) item",
                self.item_select(),
            )
        return SQL(
            """
            SELECT item.*, CASE WHEN note.amount IS NULL THEN 0
                                WHEN note.amount = item.amount THEN item.open
                                ELSE round(item.open * note.amount / item.amount,
                                           item.digits) END AS credited
              FROM (%s) item
              LEFT JOIN credit_note note ON item.seq = 0 AND note.id = item.id
            OFFSET 0
            """,
            self.item_select(),
        )

    def _settled_select(self):
        """Debts after credit notes on the invoice they reverse, the rest on the oldest.

        The rest is pooled per buyer and company. Where currencies differ it is weighed
        in units of the one that rates are based on, and not rounded before the end.
        """
        if not self.present.credits:
            return SQL(
                "SELECT credited.*, 0::numeric AS received FROM (%s) credited",
                self._credited_select(),
            )
        return SQL(
            """
            SELECT pooled.*, CASE WHEN weight > 0
                THEN round((open - credited) * GREATEST(LEAST(
                         weight, pool - (upto - weight)), 0) / weight, digits)
                ELSE 0 END AS received
              FROM (
                SELECT weighed.*, sum(weight) OVER (PARTITION BY group_id, company_id
                                                    ORDER BY %(costs_last)s
                                                             shipment_date, seq, id
                                                    ROWS UNBOUNDED PRECEDING) AS upto
                  FROM (
                    SELECT credited.*, pool.amount AS pool,
                           CASE WHEN is_imputed AND pool.amount > 0
                                THEN (open - credited) / own_rate END AS weight
                      FROM (%(credited)s) credited
                      LEFT JOIN %(pool)s pool
                             ON pool.group_id = credited.group_id
                            AND pool.company_id = credited.company_id
                  ) weighed
              ) pooled
            """,
            costs_last=self.costs_last(),
            credited=self._credited_select(),
            pool=self._credit_pool(),
        )

    def owed_cte(self):
        """What the buyer owes on each debt, and when its extension period ends."""
        return SQL(
            """(
            SELECT item.seq, item.id, item.move_id, item.order_id, item.partner_id,
                   item.company_id, item.amount, item.untaxed_share, item.shipment_date,
                   item.invoice_date, item.due_date, item.final_due_date, item.disputed,
                   item.is_significant, item.is_unshipped, item.group_id,
                   item.policy_id, item.term_id,
                   item.off_reason, item.limit_currency_id, item.digits, item.open,
                   item.open_company, item.credited, item.received,
                   item.open - item.credited - item.received AS owed,
                   step.amount AS granted, step.kind AS limit_kind,
                   NULLIF(step.insured_pct, 0) AS limit_pct,
                   COALESCE(NULLIF(step.max_payment_days, 0), item.max_payment_days)
                       AS payment_days,
                   item.residue, %(mep)s
              FROM (%(item)s) item
              LEFT JOIN limit_step step ON step.policy_id = item.policy_id
                                       AND step.group_id = item.group_id
                                       AND item.shipment_date
                                           BETWEEN step.date_from AND step.date_to
              %(extended)s
            )""",
            item=self._settled_select(),
            mep=self.extension_period(),
            extended=self.extension_join(),
        )
