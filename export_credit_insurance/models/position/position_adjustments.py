from odoo.tools import SQL

ORDER_PARTS = ("ordered", "ordered_untaxed", "delivered", "delivered_untaxed")
# A line of these takes something off its order: a return, a discount.
NEGATIVE_LINE = SQL(
    "LEAST(sol.product_uom_qty, sol.price_total, sol.price_unit, 100 - sol.discount)"
    " < 0"
)
# Or it is a deposit. One expression, as the index of these lines has it: of several
# PostgreSQL would try to prove each by each, in every query about order lines.
ADJUSTING_LINE = SQL(
    "CASE WHEN sol.is_downpayment THEN TRUE ELSE %s END", NEGATIVE_LINE
)
# Whether a line counts in negative quantities: it is ordered so, unless it was
# delivered the other way round and is owed by that. Nobody orders that; Odoo bills it.
IS_RETURN = """CASE
    WHEN sol.product_uom_qty < 0
    THEN sol.price_total >= 0 OR COALESCE(%(gone)s, 0) <= 0
    WHEN sol.product_uom_qty > 0 THEN sol.price_total < 0 AND %(gone)s < 0
    ELSE sol.price_unit * (1 - COALESCE(sol.discount, 0) / 100) < 0 AND %(gone)s < 0 END
"""
# Whether a line takes something off its order by what is ordered of it, or delivered.
LOWERS = SQL(
    "(sol.price_total < 0 OR (sol.product_uom_qty = 0"
    " AND sol.price_unit * (1 - COALESCE(sol.discount, 0) / 100) < 0))"
)
BILLED_AS_DELIVERED = SQL(
    """EXISTS (
        SELECT FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
         WHERE product.id = sol.product_id AND template.invoice_policy = 'delivery')
    """
)
# What takes something off its order by what was ordered, whatever is delivered.
BILLED_AS_ORDERED = SQL("%s AND NOT %s", LOWERS, BILLED_AS_DELIVERED)
# A return or discount that is billed once it is delivered: until then invoices of the
# order do not have it, so it takes nothing off.
IS_NOT_BILLED = SQL("(%s AND %s)", NEGATIVE_LINE, BILLED_AS_DELIVERED)
# A quantity away from 0 to the decimals of quantities, but for what floats add.
_ROUNDED_UP = SQL(
    """CASE WHEN bill_in_unit.is_converted
            THEN sign(bill_in_unit.pieces) * ceil(
                round(abs(bill_in_unit.pieces) * unit.pieces_of_one, 6))
                / unit.pieces_of_one
            ELSE bill_in_unit.pieces END"""
)


class PositionAdjustments:
    """Orders that are not just the sum of their open lines, and what lowers them.

    Deposits, payments that are no entry in the books yet, returns and discount lines,
    draft invoices.
    """

    def adjusted_order_selects(self):
        """The orders whose open lines are not all there is to them, a query a kind."""
        parts = [
            SQL(
                "SELECT sol.order_id AS id FROM sale_order_line sol WHERE %s AND %s",
                ADJUSTING_LINE,
                self._of_order("sol.order_id"),
            ),
            SQL(
                "SELECT link.sale_order_id FROM sale_order_transaction_rel link"
                " JOIN payment_transaction tx ON tx.id = link.transaction_id"
                " WHERE tx.state IN ('authorized', 'done') AND %s",
                self._of_order("link.sale_order_id"),
            ),
        ]
        if self._companies_of_orders():
            parts.append(
                SQL(
                    "SELECT sol.order_id %s AND %s",
                    self._draft_bills(),
                    self._of_order("sol.order_id"),
                )
            )
        return parts

    def _of_order(self, column):
        if self.partners is None:
            return SQL("TRUE")
        return SQL("%s = ANY(ARRAY(SELECT id FROM scope_order))", SQL(column))

    def _companies_of_orders(self):
        """Companies whose draft invoices still count as orders, not by themselves."""
        return [
            company_id
            for company_id in self.company_ids
            if company_id not in self.draft_company_ids
        ]

    def _draft_bills(self):
        return SQL(
            """
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
              JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
              JOIN sale_order_line sol ON sol.id = link.order_line_id
             WHERE move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.company_id = ANY(%s)
               AND sol.is_downpayment IS NOT TRUE
            """,
            self._companies_of_orders(),
        )

    def _draft_quantity_cte(self):
        """Quantities on draft invoices, where drafts do not count by themselves.

        ``qty_invoiced`` counts drafts; what they bill stays exposure of its order. So
        it is counted as Odoo does: without a unit in the order's own, and what is
        converted rounded up, line by line.
        """
        return SQL(
            """(
            SELECT bill.order_line_id,
                   sum(%(rounded)s
                       * CASE bill.move_type WHEN 'out_refund' THEN -1 ELSE 1 END)
                       AS quantity
              FROM (SELECT sol.id AS order_line_id, line.quantity, move.move_type,
                           line.product_uom_id, sol.product_uom_id AS ordered_uom_id
                    %(drafts)s) bill
              LEFT JOIN uom_uom uom ON uom.id = bill.product_uom_id
              JOIN uom_uom ordered_uom ON ordered_uom.id = bill.ordered_uom_id
              CROSS JOIN LATERAL (
                  SELECT bill.quantity * COALESCE(
                             uom.factor / ordered_uom.factor, 1)::numeric AS pieces,
                         uom.id <> ordered_uom.id AS is_converted) bill_in_unit
              CROSS JOIN (
                  SELECT 10.0 ^ COALESCE((
                      SELECT digits FROM decimal_precision
                       WHERE name = 'Product Unit'), 2) AS pieces_of_one) unit
             GROUP BY bill.order_line_id
            )""",
            rounded=_ROUNDED_UP,
            drafts=self._draft_bills(),
        )

    def _adjusted_line_cte(self):
        return SQL(
            "MATERIALIZED (%s)",
            self.order_line_select(
                SQL("so.id = ANY(ARRAY(SELECT id FROM adjusted_order))"), adjusted=True
            ),
        )

    # -------------------------------------------------- what lowers an order

    def _order_credit_cte(self):
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
                %(deposits)s
                UNION ALL
                SELECT so.id, money.amount,
                       money.amount * CASE WHEN so.amount_total = 0
                           THEN 1 ELSE so.amount_untaxed / so.amount_total END
                  FROM (%(money)s) money
                  JOIN sale_order so ON so.id = money.order_id
                  LEFT JOIN account_payment payment ON payment.id = money.payment_id
                 WHERE money.payment_id IS NULL OR payment.move_id IS NULL
                       AND payment.state = 'in_process'
                UNION ALL
                SELECT order_id, -LEAST(ordered, 0) - LEAST(delivered, 0),
                       -LEAST(ordered_untaxed, 0) - LEAST(delivered_untaxed, 0)
                  FROM adjusted_line WHERE ordered < 0 OR delivered < 0
              ) credit
             GROUP BY order_id
            )""",
            deposits=self._order_deposit_select(),
            money=self.own_money_select(SQL("ARRAY(SELECT id FROM adjusted_order)")),
        )

    def _order_deposit_select(self):
        """What deposit invoices take off their orders, at today's rates.

        No more than is owed for them: other lines may take something off the invoice,
        and a credit note gives back what a final invoice took off, not more.
        """
        return SQL(
            """
                SELECT order_id,
                       LEAST(sum(total), COALESCE(sum(total)
                           FILTER (WHERE sign = 1 AND total > 0), 0)) AS total,
                       LEAST(sum(untaxed), COALESCE(sum(untaxed)
                           FILTER (WHERE sign = 1 AND untaxed > 0), 0)) AS untaxed
                  FROM (
                    SELECT deposit.order_id, bill.sign,
                           line.price_total * bill.sign * owed.part AS total,
                           line.price_subtotal * bill.sign * owed.part AS untaxed
                      FROM sale_order_line deposit
                      JOIN sale_order so ON so.id = deposit.order_id
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = deposit.id
                      JOIN account_move_line line ON line.id = link.invoice_line_id
                      JOIN account_move move ON move.id = line.move_id
                      LEFT JOIN rate own ON own.id = so.currency_id
                      LEFT JOIN rate billed ON billed.id = line.currency_id
                      CROSS JOIN LATERAL (
                          SELECT CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1
                                 END AS sign, sum(other.price_total) AS deposits
                            FROM account_move_line other
                           WHERE other.move_id = move.id AND EXISTS (
                              SELECT FROM sale_order_line_invoice_rel of_order
                                JOIN sale_order_line sol
                                  ON sol.id = of_order.order_line_id
                               WHERE of_order.invoice_line_id = other.id
                                 AND sol.is_downpayment)) bill
                      CROSS JOIN LATERAL (
                          SELECT CASE WHEN bill.deposits * 0.99 > move.amount_total
                                 THEN GREATEST(move.amount_total, 0) / bill.deposits
                                 ELSE 1 END
                               * CASE WHEN line.currency_id = so.currency_id THEN 1
                                 ELSE COALESCE(own.rate, 1) / COALESCE(billed.rate, 1)
                                 END AS part) owed
                     WHERE deposit.is_downpayment AND deposit.product_uom_qty = 0
                       AND (move.state = 'posted' OR move.state = 'draft'
                            AND move.company_id = ANY(%s))
                       AND deposit.order_id = ANY(ARRAY(SELECT id FROM adjusted_order))
                  ) deposit
                 GROUP BY order_id""",
            self.draft_company_ids,
        )

    def _order_line_credit_cte(self):
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
                  FROM (SELECT id, order_id, %(positive)s FROM adjusted_line) line
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


def _taken(credit, part):
    """The share of an order's credit that one line's part takes."""
    return SQL(
        "GREATEST(LEAST(%(part)s, %(credit)s - (%(upto)s - %(part)s)), 0)",
        part=SQL(part),
        credit=SQL(credit),
        upto=SQL(f"upto_{part}"),
    )
