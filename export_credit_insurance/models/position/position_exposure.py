from odoo.tools import SQL

# {part of the exposure: its components}
COMPONENTS_OF = {
    "owed": ("receivable", "unallocated", "overdue"),
    "open_order": ("delivered", "ordered", "deferred"),
}


class PositionExposure:
    """The asking company's exposure: its components, and the documents behind them."""

    def exposure_cte(self):
        """The asking company's exposure per buyer, by component, in its currency."""
        parts = {
            "owed": self._owed_components(),
            "open_order": self._order_components(),
        }
        if self.company.id in self.draft_company_ids:
            parts["drafted"] = self._draft_component()
        (first, source), *others = parts.items()
        draft = "COALESCE(drafted.draft, 0)" if "drafted" in parts else "0::numeric"
        return SQL(
            """(
            SELECT component.*,
                   receivable + unallocated + delivered + ordered + draft AS exposure,
                   GREATEST(overdue + unallocated, 0) AS overdue_amount
              FROM (
                SELECT partner_id, %(amounts)s, %(draft)s AS draft,
                       COALESCE(owed.overdue_days, 0) AS overdue_days
                  FROM %(source)s %(first)s %(others)s
              ) component
            )""",
            amounts=SQL(", ").join(
                SQL(f"COALESCE({part}.{name}, 0) AS {name}")
                for part, names in COMPONENTS_OF.items()
                for name in names
            ),
            draft=SQL(draft),
            source=source,
            first=SQL(first),
            others=SQL(" ").join(
                SQL("FULL JOIN %s %s USING (partner_id)", part, SQL(name))
                for name, part in others
            ),
        )

    def _owed_components(self):
        """Open items: what is due, credits, and what is overdue of it."""
        return SQL(
            """(
            SELECT partner_id, sum(own) FILTER (WHERE amount > 0) AS receivable,
                   sum(own) FILTER (WHERE amount < 0) AS unallocated,
                   sum(own) FILTER (WHERE amount > 0 AND date_maturity < %(day)s)
                       AS overdue,
                   max(%(day)s - date_maturity) FILTER (
                       WHERE amount > 0 AND date_maturity < %(day)s) AS overdue_days
              FROM (
                SELECT partner_id, amount, date_maturity, %(own)s AS own
                  FROM receivable
                 WHERE receivable.company_id = %(company)s
                OFFSET 0
              ) item
             GROUP BY partner_id
            )""",
            day=self.day,
            own=self.to_company(
                SQL("receivable.amount"), "receivable.currency_id", "receivable"
            ),
            company=self.company.id,
        )

    def _order_components(self):
        """Open orders: delivered, ordered, and ordered beyond the horizon."""
        return SQL(
            """(
            SELECT partner_id, %(delivered)s AS delivered, %(ordered)s AS ordered,
                   %(deferred)s AS deferred
              FROM order_open
             WHERE order_open.company_id = %(company)s AND NOT is_candidate
             GROUP BY partner_id
            )""",
            company=self.company.id,
            delivered=self._sum_to_company("open_delivered", "open_delivered IS NOT NULL"),
            ordered=self._sum_to_company("open_ordered", "NOT is_deferred"),
            deferred=self._sum_to_company("open_ordered", "is_deferred"),
        )

    def _sum_to_company(self, column, condition):
        return SQL(
            "sum(%s) FILTER (WHERE %s)",
            self.to_company(SQL(column), "order_open.currency_id", "order_open"),
            SQL(condition),
        )

    def _draft_component(self):
        return SQL(
            """(
            SELECT partner_id, sum(%(amount)s) AS draft
              FROM draft_invoice
             WHERE draft_invoice.company_id = %(company)s
             GROUP BY partner_id
            )""",
            amount=self.to_company(
                SQL("draft_invoice.amount"),
                "draft_invoice.currency_id",
                "draft_invoice",
            ),
            company=self.company.id,
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
             WHERE source.partner_id = %(partner)s AND source.company_id = %(company)s
               AND %(condition)s
            """,
            component=SQL(component),
            model=SQL(columns["model"]),
            res_id=SQL(columns["res_id"]),
            day=SQL(columns["day"]),
            due=SQL(columns["due"]),
            amount=SQL(amount),
            company_amount=self.to_company(SQL(amount), "source.currency_id", "source"),
            source=SQL.identifier(source),
            partner=columns["partner_id"],
            company=self.company.id,
            condition=SQL(condition),
        )
