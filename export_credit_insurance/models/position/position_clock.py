from odoo.tools import SQL


class PositionClock:
    """The insurer's clock: calendar days from an instalment's original due date.

    Only what the insurer agreed to in writing moves it, all deadlines by the same
    number of days; a later due date, a dispute or a promise never does (DESIGN 4;
    DOMAIN 1.8, 1.9, 1.17). For the deposit on what has not left it does not run: that
    is owed, but not insured.
    """

    def extension_period(self):
        """SQL of ``mep_end`` and of ``extended_days``, of an item of ``owed``."""
        ends = SQL(
            """CASE WHEN item.is_unshipped THEN NULL ELSE
               CASE item.mep_base WHEN 'invoice_date' THEN item.invoice_date
                    WHEN 'shipment_date' THEN item.shipment_date
                    ELSE item.due_date END
               + COALESCE(NULLIF(step.mep_days, 0), item.mep_days) END"""
        )
        if not self.present.extensions:
            return SQL("%s AS mep_end, 0 AS extended_days", ends)
        return SQL(
            "GREATEST(%(ends)s, extension.until) AS mep_end,"
            " GREATEST(extension.until - (%(ends)s), 0) AS extended_days",
            ends=ends,
        )

    def extension_join(self):
        """Join the latest day that the insurer agreed to, where there is one."""
        if not self.present.extensions:
            return SQL()
        return SQL(
            """LEFT JOIN (
                SELECT move_line_id, max(extension_until) AS until
                  FROM credit_insurance_extension WHERE %s
                 GROUP BY move_line_id
               ) extension ON item.seq = 0 AND extension.move_line_id = item.id""",
            self.agreed(),
        )

    def agreed(self):
        """Which extensions the insurer has agreed to."""
        return SQL("state = 'agreed'")

    def deadlines(self, debt):
        """SQL of the last days to notify and to hand over.

        :param debt: alias of rows of ``owed``, with their policy joined as ``policy``
        """
        return SQL(", ").join(
            SQL(
                "%s AS %s",
                self._deadline(SQL.identifier(debt), name),
                SQL.identifier(f"{name}_deadline"),
            )
            for name in ("notification", "collection")
        )

    def _deadline(self, debt, name):
        return SQL(
            """CASE WHEN %(debt)s.is_unshipped THEN NULL ELSE CASE policy.%(base)s
                    WHEN 'due_date' THEN %(debt)s.due_date + %(debt)s.extended_days
                    WHEN 'invoice_date'
                        THEN %(debt)s.invoice_date + %(debt)s.extended_days
                    WHEN 'max_terms_end'
                        THEN %(debt)s.invoice_date + %(debt)s.extended_days
                           + COALESCE(NULLIF(%(debt)s.payment_days, 0),
                                      policy.max_payment_days, 0)
                    ELSE %(debt)s.mep_end END + COALESCE(policy.%(days)s, 0) END""",
            debt=debt,
            base=SQL.identifier(f"{name}_base"),
            days=SQL.identifier(f"{name}_days"),
        )

    def clock(self):
        """One row per open insured instalment that the insurer must hear of.

        Residues trigger nothing (DESIGN 4, *Cover stops*). The amount is what is
        owed, credits taken off, in the company's currency.
        """
        return self._with(self._allocation(), self._clock_select())

    def _clock_select(self):
        return SQL(
            """
            SELECT owed.id, owed.partner_id, owed.company_id, owed.policy_id,
                   owed.move_id, owed.invoice_date, owed.due_date, owed.mep_end,
                   owed.mep_end + 1 AS stop_date, %(own)s AS currency_id,
                   %(amount)s AS open_amount, %(deadlines)s
              FROM owed
              JOIN credit_insurance_policy policy ON policy.id = owed.policy_id
             WHERE owed.seq = 0 AND owed.company_id = %(company)s
               AND owed.off_reason IS NULL AND NOT owed.is_unshipped
               AND owed.is_significant AND owed.owed >= owed.residue
            """,
            own=self.facts.own_currency_id,
            amount=self._company_share("owed.owed"),
            deadlines=self.deadlines("owed"),
            company=self.company.id,
        )

    def stop_margins(self):
        """One row per buyer that owes under a policy that sets a threshold.

        Cover stops once what is unpaid beyond the extension period is above an amount
        *and* above a share of all that is due (EDC's way, DOMAIN 1.8). Amounts are in
        the currency of the buyer's limit, ``id`` is the buyer's.
        """
        return self._with(
            self._allocation(),
            SQL(
                """
                SELECT DISTINCT ON (late.group_id)
                       late.group_id AS id, late.group_id AS partner_id,
                       %(company)s AS company_id, late.policy_id,
                       late.stop_currency_id AS currency_id,
                       COALESCE(late.amount, 0) AS late_amount,
                       late.total AS total_amount,
                       COALESCE(late.amount, 0) * 100 / late.total AS share,
                       bound.amount AS threshold_amount,
                       GREATEST(bound.amount - COALESCE(late.amount, 0), 0)
                           AS missing_amount,
                       COALESCE(late.amount, 0) > bound.amount AS is_stopped
                  FROM (%(sums)s) late
                  JOIN credit_insurance_policy policy ON policy.id = late.policy_id
                  JOIN rate source ON source.id = policy.currency_id
                  JOIN rate own ON own.id = late.stop_currency_id
                  CROSS JOIN LATERAL (SELECT GREATEST(%(least)s, late.total
                      * COALESCE(policy.stop_min_pct, 0)::numeric / 100)) bound(amount)
                 WHERE late.total > 0
                   AND (policy.stop_min_amount > 0 OR policy.stop_min_pct > 0)
                 ORDER BY late.group_id, policy.sequence, policy.id
                """,
                company=self.company.id,
                sums=self.late_sums(SQL("TRUE")),
                least=self.convert(
                    SQL("COALESCE(policy.stop_min_amount, 0)"),
                    "policy.currency_id",
                    "late.stop_currency_id",
                    "source",
                    "own",
                ),
            ),
        )
