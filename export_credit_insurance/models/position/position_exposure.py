from odoo.tools import SQL


class PositionExposure:
    """The asking company's exposure: its components, and the documents behind them."""

    def component_select(self):
        """The asking company's exposure per buyer, by component, in its currency."""
        amounts = {
            "receivable": "receivable.amount > 0",
            "unallocated": "receivable.amount < 0",
            "overdue": "receivable.amount > 0 AND receivable.date_maturity < %s",
        }
        converted = self.to_company(
            SQL("receivable.amount"), "receivable.currency_id", "rate"
        )
        return SQL(
            """
            SELECT partner_id, %(receivables)s,
                   max(%(day)s - date_maturity) FILTER (
                       WHERE receivable.amount > 0 AND date_maturity < %(day)s)
                       AS overdue_days,
                   0 AS delivered, 0 AS ordered, 0 AS deferred, 0 AS draft
              FROM receivable LEFT JOIN rate ON rate.id = receivable.currency_id
             WHERE receivable.company_id = %(company)s
             GROUP BY partner_id
            UNION ALL
            SELECT partner_id, 0, 0, 0, NULL, %(delivered)s,
                   COALESCE(%(ordered)s FILTER (WHERE NOT is_deferred), 0),
                   COALESCE(%(ordered)s FILTER (WHERE is_deferred), 0), 0
              FROM order_open LEFT JOIN rate ON rate.id = order_open.currency_id
             WHERE order_open.company_id = %(company)s AND NOT is_candidate
             GROUP BY partner_id
            %(drafts)s
            """,
            receivables=SQL(", ").join(
                SQL(
                    "COALESCE(sum(%s) FILTER (WHERE %s), 0) AS %s",
                    converted,
                    SQL(condition, self.day) if "%s" in condition else SQL(condition),
                    SQL.identifier(name),
                )
                for name, condition in amounts.items()
            ),
            day=self.day,
            company=self.company.id,
            delivered=self._sum_to_company("open_delivered"),
            ordered=self._sum_to_company("open_ordered"),
            drafts=self._draft_components(),
        )

    def _sum_to_company(self, column):
        amount = SQL(f"order_open.{column}")
        return SQL("sum(%s)", self.to_company(amount, "order_open.currency_id", "rate"))

    def _draft_components(self):
        if self.company.id not in self.draft_company_ids:
            return SQL()
        return SQL(
            """
            UNION ALL
            SELECT partner_id, 0, 0, 0, NULL, 0, 0, 0, sum(%(amount)s)
              FROM draft_invoice LEFT JOIN rate ON rate.id = draft_invoice.currency_id
             WHERE draft_invoice.company_id = %(company)s
             GROUP BY partner_id
            """,
            amount=self.to_company(
                SQL("draft_invoice.amount"), "draft_invoice.currency_id", "rate"
            ),
            company=self.company.id,
        )

    def exposure_cte(self):
        return SQL(
            """(
            SELECT partner_id, sum(receivable) AS receivable,
                   sum(unallocated) AS unallocated, sum(delivered) AS delivered,
                   sum(ordered) AS ordered, sum(deferred) AS deferred,
                   sum(draft) AS draft,
                   sum(receivable + unallocated + delivered + ordered + draft)
                       AS exposure,
                   GREATEST(sum(overdue + unallocated), 0) AS overdue_amount,
                   COALESCE(max(overdue_days), 0) AS overdue_days
              FROM (%s) component
             GROUP BY partner_id
            )""",
            self.component_select(),
        )

    def document_select(self, partner_id):
        """The exposure by document: the same amounts, converted line by line."""
        parts = [
            self._document_part(
                "CASE WHEN source.amount > 0 THEN 'receivable' ELSE 'unallocated' END",
                "receivable",
                "source.amount",
                model="'account.move'",
                res_id="source.move_id",
                day="source.invoice_date",
                due="source.date_maturity",
                partner_id=partner_id,
            )
        ]
        for component, amount, condition in (
            ("'delivered'", "source.open_delivered", "TRUE"),
            ("'ordered'", "source.open_ordered", "NOT source.is_deferred"),
            ("'deferred'", "source.open_ordered", "source.is_deferred"),
        ):
            parts.append(
                self._document_part(
                    component,
                    "order_open",
                    amount,
                    model="'sale.order'",
                    res_id="source.order_id",
                    day="source.shipment_date",
                    due="NULL::date",
                    partner_id=partner_id,
                    condition=condition,
                )
            )
        if self.company.id in self.draft_company_ids:
            parts.append(
                self._document_part(
                    "'draft'",
                    "draft_invoice",
                    "source.amount",
                    model="'account.move'",
                    res_id="source.move_id",
                    day="source.invoice_date",
                    due="source.invoice_date_due",
                    partner_id=partner_id,
                )
            )
        return SQL(
            """
            SELECT component, model, res_id, date, due_date,
                   currency_id AS document_currency_id,
                   sum(amount) AS document_amount, sum(company_amount) AS amount
              FROM (%s) part
             WHERE amount <> 0
             GROUP BY component, model, res_id, date, due_date, currency_id
             ORDER BY component, date, res_id, due_date
            """,
            SQL(" UNION ALL ").join(parts),
        )

    def _document_part(self, component, source, amount, condition="TRUE", **columns):
        return SQL(
            """
            SELECT %(component)s AS component, %(model)s AS model, %(res_id)s AS res_id,
                   %(day)s AS date, %(due)s AS due_date, source.currency_id,
                   %(amount)s AS amount, %(company_amount)s AS company_amount
              FROM %(source)s source
              LEFT JOIN rate ON rate.id = source.currency_id
             WHERE source.partner_id = %(partner)s AND source.company_id = %(company)s
               AND %(condition)s
            """,
            component=SQL(component),
            model=SQL(columns["model"]),
            res_id=SQL(columns["res_id"]),
            day=SQL(columns["day"]),
            due=SQL(columns["due"]),
            amount=SQL(amount),
            company_amount=self.to_company(SQL(amount), "source.currency_id", "rate"),
            source=SQL.identifier(source),
            partner=columns["partner_id"],
            company=self.company.id,
            condition=SQL(condition),
        )
