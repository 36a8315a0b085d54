from odoo.tools import SQL

OPEN_ITEM = SQL(
    "line.parent_state = 'posted' AND line.reconciled IS NOT TRUE"
    " AND line.amount_residual_currency <> 0"
    " AND line.account_id = ANY(ARRAY("
    "SELECT id FROM account_account WHERE account_type = 'asset_receivable'))"
)
ORDER_PARTS = ("ordered", "ordered_untaxed", "delivered", "delivered_untaxed")
INVOICE_TYPES = SQL("('out_invoice', 'out_refund', 'out_receipt')")


class PositionSources:
    """Where the amounts come from: Odoo's open items and confirmed orders.

    Every fragment yields document currency amounts with their commercial partner and
    company. A known set of buyers enters as an array, which keeps the indexes usable.
    """

    def scope_ctes(self):
        """Name the buyers asked about, with those who share their limit."""
        if self.partners is None:
            return {}
        return {
            "scope_partner": SQL(
                """MATERIALIZED (
                SELECT unnest(%(partners)s) AS id
                UNION
                SELECT mate.partner_id
                  FROM credit_insurance_limit own
                  JOIN credit_insurance_limit mate
                    ON mate.insurer_buyer_ref = own.insurer_buyer_ref
                   AND mate.insurer_id = own.insurer_id
                 WHERE own.partner_id = ANY(%(partners)s)
                   AND own.insurer_buyer_ref IS NOT NULL
                )""",
                partners=self.partners,
            ),
            "scope_contact": SQL(
                """MATERIALIZED (
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(
                    ARRAY(SELECT id FROM scope_partner))
                )"""
            ),
        }

    def in_scope(self, column, of="scope_contact"):
        """Restrict a column to the buyers asked about (all of them: no condition)."""
        if self.partners is None:
            return SQL("TRUE")
        return SQL("%s = ANY(ARRAY(SELECT id FROM %s))", SQL(column), SQL(of))

    def rate_cte(self):
        """Today's rates, for currencies other than the one wanted."""
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s)"
            " AS rate(id int, rate numeric, digits int))",
            self.rates_json,
        )

    def to_company(self, amount, currency, rate):
        """Convert an amount to the asking company's currency at today's rate."""
        own = self.company.currency_id
        return SQL(
            "CASE WHEN %(currency)s = %(own)s THEN %(amount)s"
            " ELSE round(%(amount)s * %(own_rate)s / %(rate)s.rate, %(digits)s) END",
            amount=amount,
            currency=SQL(currency),
            own=own.id,
            own_rate=self.own_rate,
            rate=SQL(rate),
            digits=own.decimal_places,
        )

    def convert(self, amount, source, target, source_rate, target_rate):
        """Convert between two currencies that columns name."""
        return SQL(
            "CASE WHEN %(source)s = %(target)s THEN %(amount)s"
            " ELSE round(%(amount)s * %(target_rate)s.rate / %(source_rate)s.rate,"
            " %(target_rate)s.digits) END",
            amount=amount,
            source=SQL(source),
            target=SQL(target),
            source_rate=SQL(source_rate),
            target_rate=SQL(target_rate),
        )

    # ------------------------------------------------------------ open items

    def receivable_cte(self):
        """Open posted receivables (positive) and credits (negative), with their dates.

        The original due date of an instalment is the one at first posting: what the
        invoice was postponed by since is taken off again (DOMAIN 1.8).
        """
        return SQL(
            """(
            SELECT line.id, line.move_id, contact.commercial_partner_id AS partner_id,
                   line.company_id, line.currency_id, line.date_maturity,
                   line.amount_residual_currency AS amount,
                   COALESCE(move.credit_shipment_date, move.invoice_date, move.date)
                       AS shipment_date,
                   COALESCE(move.invoice_date, move.date) AS invoice_date,
                   COALESCE(
                       line.credit_original_due_date,
                       line.date_maturity
                           - GREATEST(move.invoice_date_due - move.insured_due_date, 0),
                       move.date
                   ) AS due_date,
                   COALESCE(move.insured_due_date, move.invoice_date_due, move.date)
                       AS final_due_date,
                   COALESCE(move.credit_dispute_amount, 0) AS disputed,
                   move.reversed_entry_id,
                   line.amount_residual_currency >= 0.01 * move.amount_total
                       AS is_significant,
                   CASE WHEN move.move_type IN %(invoice_types)s
                             AND move.amount_total <> 0
                        THEN move.amount_untaxed / move.amount_total
                        ELSE 1 END AS untaxed_share,
                   move.move_type NOT IN %(invoice_types)s AS is_payment
              FROM account_move_line line
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN account_move move ON move.id = line.move_id
             WHERE %(open_item)s
               AND line.company_id = ANY(%(companies)s)
               AND %(scope)s
            )""",
            invoice_types=INVOICE_TYPES,
            open_item=OPEN_ITEM,
            companies=self.company_ids,
            scope=self.in_scope("line.partner_id"),
        )

    # ---------------------------------------------------------- order lines

    def draft_quantity_cte(self):
        """Quantities on draft invoices, where drafts do not count by themselves.

        ``qty_invoiced`` counts drafts; what they bill stays exposure of its order.
        """
        return SQL(
            """(
            SELECT link.order_line_id,
                   sum(line.quantity * (uom.factor / ordered_uom.factor)::numeric
                       * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END)
                       AS quantity
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
              JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
              JOIN sale_order_line ordered ON ordered.id = link.order_line_id
              JOIN uom_uom uom ON uom.id = line.product_uom_id
              JOIN uom_uom ordered_uom ON ordered_uom.id = ordered.product_uom_id
             WHERE move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.company_id = ANY(%(companies)s)
               AND ordered.is_downpayment IS NOT TRUE
             GROUP BY link.order_line_id
            )""",
            companies=[
                company_id
                for company_id in self.order_company_ids
                if company_id not in self.draft_company_ids
            ],
        )

    def order_line_cte(self):
        """What confirmed orders, and those asked about, still owe us or will.

        Open quantity = (the larger of ordered and delivered) − invoiced; its
        delivered part comes first. An order closed short keeps its delivered part.
        Deposits invoiced are taken off by :meth:`order_credit_cte`.
        """
        return SQL(
            """(
            SELECT id, order_id, partner_id, company_id, currency_id, shipment_date,
                   invoice_date, is_deferred, is_candidate,
                   round(quantity.delivered * unit_total, digits) AS delivered,
                   round(quantity.delivered * unit_untaxed, digits)
                       AS delivered_untaxed,
                   round(quantity.ordered * unit_total, digits) AS ordered,
                   round(quantity.ordered * unit_untaxed, digits) AS ordered_untaxed
              FROM (
                SELECT sol.id, sol.order_id, payer.commercial_partner_id AS partner_id,
                       so.company_id, so.currency_id, currency.decimal_places AS digits,
                       COALESCE(sol.insured_shipment_date,
                                so.commitment_date::date, so.date_order::date)
                           AS shipment_date,
                       CASE WHEN sol.insured_shipment_date IS NULL
                            THEN COALESCE(so.commitment_date, so.date_order)::date
                            ELSE %(day)s END AS invoice_date,
                       so.id = ANY(%(orders)s) AS is_candidate,
                       company.credit_order_horizon_days > 0
                           AND COALESCE(so.commitment_date, so.date_order
                               + sol.customer_lead * interval '1 day')::date
                           > %(day)s + company.credit_order_horizon_days AS is_deferred,
                       COALESCE(so.credit_remainder_closed, FALSE)
                           AND NOT so.id = ANY(%(orders)s) AS is_closed,
                       sol.product_uom_qty AS wanted,
                       COALESCE(sol.qty_delivered, 0) AS shipped,
                       COALESCE(sol.qty_invoiced, 0) - COALESCE(draft.quantity, 0)
                           AS invoiced,
                       %(unit_total)s AS unit_total,
                       %(unit_untaxed)s AS unit_untaxed
                  FROM sale_order so
                  JOIN res_partner payer ON payer.id = so.partner_invoice_id
                  JOIN res_company company ON company.id = so.company_id
                  JOIN res_currency currency ON currency.id = so.currency_id
                  JOIN sale_order_line sol ON sol.order_id = so.id
                  LEFT JOIN draft_quantity draft ON draft.order_line_id = sol.id
                 WHERE (so.state = 'sale' OR so.id = ANY(%(orders)s))
                   AND so.company_id = ANY(%(companies)s)
                   AND (sol.is_downpayment IS NOT TRUE OR sol.product_uom_qty <> 0)
                   AND sol.display_type IS NULL
                   AND (sol.product_uom_qty <> sol.qty_invoiced
                        OR sol.qty_delivered <> sol.qty_invoiced
                        OR draft.order_line_id IS NOT NULL)
                   AND %(scope)s
              ) line
              CROSS JOIN LATERAL %(quantity)s quantity
             WHERE quantity.delivered <> 0 OR quantity.ordered <> 0
            )""",
            day=self.day,
            orders=self.orders,
            companies=self.order_company_ids,
            scope=self.in_scope("so.partner_invoice_id"),
            unit_total=unit_price("price_total"),
            unit_untaxed=unit_price("price_subtotal"),
            quantity=OPEN_QUANTITY,
        )

    def order_credit_cte(self):
        """What lowers an order: deposits invoiced, money not booked, negative lines.

        A deposit invoice is a receivable, paid or not, so its amount leaves the
        order until the final invoice takes it off. A payment that is no entry in
        the books yet lowers the order too, once. Discounts and returns lower the
        rest of their order, not other debts.
        """
        return SQL(
            """(
            SELECT order_id, sum(total) AS total, sum(untaxed) AS untaxed
              FROM (
                SELECT deposit.order_id, line.price_total * sign.value AS total,
                       line.price_subtotal * sign.value AS untaxed
                  FROM sale_order_line deposit
                  JOIN sale_order so ON so.id = deposit.order_id
                  JOIN sale_order_line_invoice_rel link
                    ON link.order_line_id = deposit.id
                  JOIN account_move_line line ON line.id = link.invoice_line_id
                  JOIN account_move move ON move.id = line.move_id
                  CROSS JOIN LATERAL (SELECT CASE move.move_type
                      WHEN 'out_refund' THEN -1 ELSE 1 END) sign(value)
                 WHERE deposit.is_downpayment AND deposit.product_uom_qty = 0
                   AND (move.state = 'posted' OR move.state = 'draft'
                        AND move.company_id = ANY(%(draft_companies)s))
                   AND so.company_id = ANY(%(companies)s)
                   AND %(scope)s
                UNION ALL
                SELECT so.id, tx.amount * share.of_order,
                       tx.amount * share.of_order * CASE WHEN so.amount_total = 0
                           THEN 1 ELSE so.amount_untaxed / so.amount_total END
                  FROM payment_transaction tx
                  JOIN sale_order_transaction_rel link ON link.transaction_id = tx.id
                  JOIN sale_order so ON so.id = link.sale_order_id
                  LEFT JOIN account_payment payment ON payment.id = tx.payment_id
                  CROSS JOIN LATERAL (
                      SELECT COALESCE(so.amount_total
                                      / NULLIF(sum(paid.amount_total), 0),
                                      1) AS of_order
                        FROM sale_order_transaction_rel other
                        JOIN sale_order paid ON paid.id = other.sale_order_id
                       WHERE other.transaction_id = tx.id) share
                 WHERE tx.state = 'done'
                   AND (tx.payment_id IS NULL OR payment.move_id IS NULL
                        AND payment.state = 'in_process')
                   AND tx.currency_id = so.currency_id
                   AND so.company_id = ANY(%(companies)s)
                   AND %(scope)s
                UNION ALL
                SELECT order_id, -LEAST(ordered, 0) - LEAST(delivered, 0),
                       -LEAST(ordered_untaxed, 0) - LEAST(delivered_untaxed, 0)
                  FROM order_line WHERE ordered < 0 OR delivered < 0
              ) credit
             GROUP BY order_id
            )""",
            companies=self.order_company_ids,
            draft_companies=self.draft_company_ids,
            scope=self.in_scope("so.partner_invoice_id"),
        )

    def order_open_cte(self):
        """Open order lines after the order's own credits: undelivered ones first."""
        return SQL(
            """(
            SELECT line.*,
                   %(open)s
              FROM order_line line
              LEFT JOIN order_line_credit credit ON credit.id = line.id
            )""",
            open=SQL(", ").join(
                SQL(
                    "GREATEST(line.%(part)s, 0) - COALESCE(credit.%(part)s, 0)"
                    " AS open_%(part)s",
                    part=SQL(part),
                )
                for part in ORDER_PARTS
            ),
        )

    def order_line_credit_cte(self):
        """Spread each order's credits over its lines, undelivered amounts first."""
        return SQL(
            """(
            SELECT id, %(ordered)s AS ordered, %(ordered_untaxed)s AS ordered_untaxed,
                   %(delivered)s AS delivered,
                   %(delivered_untaxed)s AS delivered_untaxed
              FROM (
                SELECT line.id, line.order_id, line.ordered, line.ordered_untaxed,
                       line.delivered, line.delivered_untaxed, credit.total,
                       credit.untaxed,
                       sum(line.ordered) OVER upto AS upto_ordered,
                       sum(line.ordered_untaxed) OVER upto AS upto_ordered_untaxed,
                       sum(line.ordered) OVER whole
                           + sum(line.delivered) OVER upto AS upto_delivered,
                       sum(line.ordered_untaxed) OVER whole
                           + sum(line.delivered_untaxed) OVER upto
                           AS upto_delivered_untaxed
                  FROM (SELECT id, order_id, %(positive)s FROM order_line) line
                  JOIN order_credit credit ON credit.order_id = line.order_id
                WINDOW whole AS (PARTITION BY line.order_id),
                       upto AS (PARTITION BY line.order_id ORDER BY line.id)
              ) spread
            )""",
            positive=SQL(", ").join(
                SQL("GREATEST(%(part)s, 0) AS %(part)s", part=SQL(part))
                for part in ORDER_PARTS
            ),
            ordered=_taken("total", "ordered"),
            ordered_untaxed=_taken("untaxed", "ordered_untaxed"),
            delivered=_taken("total", "delivered"),
            delivered_untaxed=_taken("untaxed", "delivered_untaxed"),
        )

    def order_ctes(self):
        return {
            "draft_quantity": self.draft_quantity_cte(),
            "order_line": self.order_line_cte(),
            "order_credit": self.order_credit_cte(),
            "order_line_credit": self.order_line_credit_cte(),
            "order_open": self.order_open_cte(),
        }

    def draft_invoice_select(self):
        """Draft invoices of companies that count them, per buyer."""
        return SQL(
            """
            SELECT move.id AS move_id, move.commercial_partner_id AS partner_id,
                   move.company_id, move.currency_id, move.invoice_date,
                   move.invoice_date_due,
                   move.amount_total * sign.value AS amount,
                   move.amount_untaxed * sign.value AS untaxed
              FROM account_move move
              CROSS JOIN LATERAL (SELECT CASE move.move_type
                  WHEN 'out_refund' THEN -1 ELSE 1 END) sign(value)
             WHERE move.state = 'draft'
               AND move.move_type IN %(invoice_types)s
               AND move.company_id = ANY(%(companies)s)
               AND %(scope)s
            """,
            invoice_types=INVOICE_TYPES,
            companies=self.draft_company_ids,
            scope=self.in_scope("move.commercial_partner_id", "scope_partner"),
        )


# Signed like the ordered quantity, so that returns and discount lines lower the order.
OPEN_QUANTITY = SQL(
    """(
    SELECT part.delivered, CASE WHEN line.is_closed THEN 0
                                ELSE part.total - part.delivered END AS ordered
      FROM (
        SELECT CASE WHEN line.wanted < 0
                    THEN LEAST(line.shipped - line.invoiced, 0)
                    ELSE GREATEST(line.shipped - line.invoiced, 0) END AS delivered,
               CASE WHEN line.wanted < 0
                    THEN LEAST(LEAST(line.wanted, line.shipped) - line.invoiced, 0)
                    ELSE GREATEST(GREATEST(line.wanted, line.shipped)
                                  - line.invoiced, 0) END AS total
      ) part
    )"""
)


def unit_price(column):
    return SQL(
        "CASE WHEN sol.product_uom_qty <> 0 THEN %s / sol.product_uom_qty"
        " ELSE sol.price_unit * (1 - COALESCE(sol.discount, 0) / 100) END",
        SQL(f"sol.{column}"),
    )


def _taken(credit, part):
    """The share of an order's credit that one line's part takes."""
    return SQL(
        "GREATEST(LEAST(%(part)s, %(credit)s - (%(upto)s - %(part)s)), 0)",
        part=SQL(part),
        credit=SQL(credit),
        upto=SQL(f"upto_{part}"),
    )
