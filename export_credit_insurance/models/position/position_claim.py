from odoo.tools import SQL


class PositionClaim:
    """What a claim is made of: the allocation per instalment, in the limit's currency.

    The same steps as every other figure of cover (see
    :class:`~.position_allocation.PositionAllocation`); amounts are the numbers that
    are compared with the limit, not converted to the company's currency.
    """

    def claimable(self):
        """One row per instalment owed under a policy, the first shipped first.

        ``insurable_share`` is the part of an amount that is no uninsured tax.
        """
        ctes = {**self._allocation(), **self.cover_ctes()}
        return self._with(
            ctes,
            SQL(
                """
                SELECT cover.id, cover.partner_id, cover.policy_id, cover.move_id,
                       cover.shipment_date, cover.invoice_date, cover.due_date,
                       cover.mep_end, cover.limit_currency_id, cover.amount,
                       cover.reason AS exclusion_reason, cover.lc_excluded,
                       cover.owed, cover.secured, cover.disputed_part,
                       cover.eligible, cover.usable_limit, cover.base,
                       cover.insured_pct, cover.political_pct,
                       CASE cover.cover_tax_basis
                           WHEN 'ex_tax' THEN cover.untaxed_share ELSE 1 END
                           AS insurable_share,
                       %(deadlines)s
                  FROM cover
                  JOIN credit_insurance_policy policy ON policy.id = cover.policy_id
                 WHERE cover.seq = 0 AND cover.company_id = %(company)s
                   AND cover.owed > 0
                 ORDER BY cover.shipment_date, cover.id
                """,
                deadlines=self.deadlines("cover"),
                company=self.company.id,
            ),
        )
