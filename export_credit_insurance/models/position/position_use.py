from odoo.tools import SQL


class PositionUse:
    """What the documents use of a limit, in its currency and tax basis.

    Fragments name a document ``source`` and the buyer who asks ``asking``: a limit may
    be shared by several partners, and by every company that the policy insures.
    """

    def asking_cte(self):
        """Who asks about whose documents: each buyer about its own and its mates'."""
        return SQL(
            """(
            SELECT today.partner_id, %(mate)s AS mate_id, today.policy_id,
                   today.limit_currency_id, today.cover_tax_basis, own.rate, own.digits
              FROM today
              %(mates)s
              JOIN rate own ON own.id = today.limit_currency_id
            )""",
            mate=SQL(
                "mate.partner_id" if self.present.shared_numbers else "today.partner_id"
            ),
            mates=SQL(
                "JOIN buyer mate ON mate.group_id = today.group_id"
                if self.present.shared_numbers
                else ""
            ),
        )

    def use_of(self, gross, untaxed):
        """What an amount of a document ``source`` uses of the asking buyer's limit."""
        amount = SQL(gross)
        if self.facts.needs_untaxed:
            amount = SQL(
                "CASE WHEN asking.cover_tax_basis = 'ex_tax'"
                " THEN round(%s, asking.digits) ELSE %s END",
                SQL(untaxed),
                SQL(gross),
            )
        return self.convert(
            amount,
            "source.currency_id",
            "asking.limit_currency_id",
            "source",
            "asking",
        )

    def _untaxed_of(self, item):
        """An open item without tax.

        Money received carries no tax of its own: it is taken to pay the tax share of
        what the buyer owes.
        """
        return (
            f"{item}.amount * CASE WHEN {item}.is_payment AND {item}.amount < 0"
            f" THEN COALESCE(owed_tax.untaxed_share, 1) ELSE {item}.untaxed_share END"
        )

    def _owed_tax_join(self, item):
        if not self.facts.needs_untaxed:
            return SQL()
        return SQL(
            f"LEFT JOIN owed_tax ON {item}.is_payment AND {item}.amount < 0"
            f" AND owed_tax.partner_id = {item}.partner_id"
            f" AND owed_tax.company_id = {item}.company_id"
        )

    def owed_tax_cte(self):
        """The untaxed share of what buyers with unmatched money owe."""
        return SQL(
            """(
            SELECT partner_id, company_id,
                   sum(amount * untaxed_share) / sum(amount) AS untaxed_share
              FROM receivable
             WHERE amount > 0 AND partner_id IN (
                   SELECT partner_id FROM receivable WHERE is_payment AND amount < 0)
             GROUP BY partner_id, company_id
            )"""
        )

    def flow_cte(self):
        """Every document that uses a limit, signed, with and without tax.

        Open items (``seq`` 0) and what was delivered (1) are debts of that ``id``.
        What is ordered has no shipment date yet.
        """
        drafts = SQL(
            """
            UNION ALL
            SELECT 3, NULL, partner_id, company_id, currency_id, rate, amount, untaxed,
                   NULL::int, NULL::int, NULL FROM draft_invoice
            """
        )
        return SQL(
            """(
            SELECT 0 AS seq, line.id, line.partner_id, line.company_id,
                   line.currency_id, line.rate, line.amount, %(untaxed)s AS untaxed,
                   line.move_id, NULL::int AS order_id, line.shipment_date
              FROM receivable line
              %(tax)s
            UNION ALL
            SELECT 1, id, partner_id, company_id, currency_id, rate, open_delivered,
                   open_delivered_untaxed, NULL, order_id, shipment_date
              FROM order_delivered WHERE %(not_asked)s AND open_delivered <> 0
            UNION ALL
            SELECT 2, id, partner_id, company_id, currency_id, rate, open_ordered,
                   open_ordered_untaxed, NULL, order_id, NULL
              FROM order_open
             WHERE %(not_asked)s AND NOT is_deferred AND open_ordered <> 0
            %(drafts)s
            )""",
            untaxed=SQL(
                self._untaxed_of("line") if self.facts.needs_untaxed else "line.amount"
            ),
            tax=self._owed_tax_join("line"),
            not_asked=self.not_asked_about(),
            drafts=drafts if self.counts_unposted else SQL(),
        )

    def use_select(self, partner_id):
        """Use of one buyer's limit, by the partners and companies that share it."""
        return SQL(
            """
            SELECT source.partner_id, source.company_id, asking.cover_tax_basis,
                   sum(%(amount)s) AS amount
              FROM asking
              JOIN flow source ON source.partner_id = asking.mate_id
             WHERE asking.partner_id = %(partner)s AND %(insured)s AND %(single)s
             GROUP BY source.partner_id, source.company_id, asking.cover_tax_basis
             ORDER BY source.company_id, source.partner_id
            """,
            amount=self.use_of("source.amount", "source.untaxed"),
            partner=partner_id,
            insured=self.insured_company("source"),
            single=self.single_condition("source.seq"),
        )

    def insured_company(self, source):
        """The asking company's documents, and those of all that the policy insures."""
        if self.company_ids == [self.company.id]:
            return SQL("TRUE")
        return SQL(
            """(%(source)s.company_id = %(company)s OR EXISTS (
                SELECT 1 FROM credit_insurance_policy_company_rel insured
                 WHERE insured.policy_id = asking.policy_id
                   AND insured.company_id = %(source)s.company_id))""",
            source=SQL(source),
            company=self.company.id,
        )

    def single_use_ctes(self):
        """Which documents use the limit of a single-transaction policy, and of which.

        The one that the allocation chooses: in force when the goods left. What has
        not left yet: one in force today, else one that is still to come. A credit note
        follows the invoice it reverses; one that reverses none, any that names it.
        """
        if not self.has_single:
            return {}
        return {
            "single_use": SQL(
                """(
                SELECT DISTINCT ON (document.seq, document.id)
                       document.seq, document.id, other.policy_id
                  FROM (%(documents)s) document
                  JOIN single_debt named ON named.seq = LEAST(document.seq, 1)
                                        AND named.document_id = document.document_id
                  JOIN (%(buyer)s) buyer ON buyer.partner_id = document.partner_id
                  JOIN term other ON other.scope = 'single'
                                 AND other.policy_id = named.policy_id
                                 AND other.company_id = document.company_id
                                 AND other.country_class = buyer.country_class
                                 AND other.party_kind = buyer.party_kind
                                 AND other.date_from <= document.last_day
                                 AND other.date_to >= document.first_day
                 ORDER BY document.seq, document.id,
                          other.date_from > document.first_day, other.sequence,
                          other.policy_id
                )""",
                documents=self._single_document_select(),
                buyer=self.buyer_select(),
            )
        }

    def _single_document_select(self):
        return SQL(
            """
                SELECT 0 AS seq, line.id, line.move_id AS document_id, line.partner_id,
                       line.company_id,
                       CASE WHEN line.amount > 0 THEN line.shipment_date
                            ELSE COALESCE(%(reversed)s, DATE '1900-01-01') END
                           AS first_day,
                       CASE WHEN line.amount > 0 THEN line.shipment_date
                            ELSE COALESCE(%(reversed)s, %(last_day)s) END AS last_day
                  FROM receivable line
                  LEFT JOIN account_move move ON move.id = line.reversed_entry_id
                  %(deposit)s
                UNION ALL
                SELECT 1, id, order_id, partner_id, company_id, shipment_date,
                       shipment_date
                  FROM order_delivered
                UNION ALL
                SELECT 2, id, order_id, partner_id, company_id, %(day)s, %(last_day)s
                  FROM order_open
            """,
            reversed=self.shipped_on(),
            deposit=self.deposit_join(),
            day=self.day,
            last_day=self.last_day,
        )

    def single_condition(self, seq, document="source.id"):
        """Orders that a single-transaction policy names use only its limit.

        :param seq: SQL, what the document is: an open item (0), what was delivered of
            an order line (1), what is ordered of it (2), a draft (3)
        :param document: SQL of its id
        """
        if not self.has_single:
            return SQL("TRUE")
        served = SQL(
            """EXISTS (SELECT 1 FROM single_use named
                WHERE named.seq = %s AND named.id = %s AND %s)""",
            SQL(seq),
            SQL(document),
            SQL("named.policy_id = %s", self.policy_id)
            if self.policy_id
            else SQL("TRUE"),
        )
        return served if self.policy_id else SQL("NOT %s", served)
