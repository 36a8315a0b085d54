from odoo.tools import SQL

from .order_quantities import counted_delivery
from .position_adjustments import BILLED_AS_ORDERED
from .position_presence import nothing


class PositionMoney:
    """Money that came in online for orders, and what each order has of it.

    What was authorised is captured or voided by transactions of their own, and given
    back by others, which no order names: they hang, at most two steps down, on the one
    that the customer made. What was split so is no money itself, nor is what Odoo had
    booked and somebody has deleted.
    """

    def order_money_select(self, orders):
        """What of each payment is for each of these orders.

        A payment for several orders is shared out by what they are worth: their totals
        and what is delivered beyond them.

        :param orders: SQL of an array of ids
        """
        return SQL(
            """
                SELECT link.sale_order_id AS order_id, link.transaction_id,
                       tx.amount * share.of_order AS amount, share.of_order,
                       tx.amount AS whole, tx.currency_id, tx.payment_id,
                       payer.commercial_partner_id AS payer_id
                  FROM sale_order_transaction_rel link
                  CROSS JOIN LATERAL (%(share)s) share
                  CROSS JOIN LATERAL (
                      SELECT link.transaction_id AS id
                      UNION ALL
                      SELECT child.id FROM payment_transaction child
                       WHERE child.source_transaction_id = link.transaction_id
                      UNION ALL
                      SELECT grandchild.id FROM payment_transaction child
                        JOIN payment_transaction grandchild
                          ON grandchild.source_transaction_id = child.id
                       WHERE child.source_transaction_id = link.transaction_id) part
                  JOIN payment_transaction tx ON tx.id = part.id
                  JOIN res_partner payer ON payer.id = tx.partner_id
                 WHERE link.sale_order_id = ANY(%(orders)s)
                   AND tx.state = 'done'
                   AND (tx.payment_id IS NOT NULL OR tx.amount < 0
                        OR tx.is_post_processed IS NOT TRUE)
                   AND NOT EXISTS (
                       SELECT FROM payment_transaction split
                        WHERE split.source_transaction_id = tx.id
                          AND split.operation IS DISTINCT FROM 'refund'
                          AND split.state IN ('done', 'cancel'))
            """,
            share=self._order_share_select(),
            orders=orders,
        )

    def own_money_select(self, orders):
        """Likewise, but only what the orders' debtors paid in the orders' currencies.

        In the books money is the payer's, who may use it for other orders: what
        somebody else pays, even who ordered, lowers no debt of the buyer.

        :param orders: SQL of an array of ids
        """
        return SQL(
            """
                SELECT money.*
                  FROM (%s) money
                  JOIN sale_order ON sale_order.id = money.order_id
                  JOIN res_partner debtor ON debtor.id = sale_order.partner_invoice_id
                 WHERE money.payer_id = debtor.commercial_partner_id
                   AND money.currency_id = sale_order.currency_id
            """,
            self.order_money_select(orders),
        )

    def open_money_select(self, orders):
        """What is open in the books of the money of these orders, payment by payment.

        Less what was given back of it. Of a payment for several orders no more than
        this one's share, less what its own bills have had of it.

        :param orders: SQL of an array of ids
        """
        return SQL(
            """
                SELECT money.order_id, line.partner_id, line.currency_id, line.rate,
                       CASE WHEN money.of_order = 1 THEN -line.amount
                            WHEN line.currency_id <> money.currency_id
                            THEN -line.amount * money.of_order
                            ELSE sign(money.amount) * LEAST(
                                abs(line.amount),
                                GREATEST(abs(money.amount)
                                         - COALESCE((%(matched)s), 0), 0))
                            END AS amount
                  FROM (%(money)s) money
                  JOIN account_payment payment ON payment.id = money.payment_id
                  JOIN receivable line ON line.move_id = payment.move_id
                                      AND sign(line.amount) = -sign(money.amount)
            """,
            money=self.own_money_select(orders),
            matched=self._matched_with_bills_select(),
        )

    def _matched_with_bills_select(self):
        """What of the receipt ``line`` is matched with bills of ``money``'s order."""
        return SQL(
            """
                SELECT sum(partial.credit_amount_currency)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line debit ON debit.id = partial.debit_move_id
                 WHERE partial.credit_move_id = line.id
                   AND EXISTS (
                       SELECT FROM account_move_line billed
                         JOIN sale_order_line_invoice_rel bill
                           ON bill.invoice_line_id = billed.id
                         JOIN sale_order_line sol ON sol.id = bill.order_line_id
                        WHERE billed.move_id = debit.move_id
                          AND sol.order_id = money.order_id)
            """
        )

    # ------------------------------------------------- kept for other orders

    def kept_money_ctes(self):
        """Money of other orders than those asked about, which makes no room for these.

        It lowers the exposure, but it pays for its own order: one that waits, was
        cancelled and may come back, or was lowered and may grow again. Else others
        would use it first, and that order would pass as paid for. ``kept_money`` is
        what their orders and bills do not take of it, per buyer, in the asking
        company's currency; ``kept_in_group`` that of all who share a limit.

        So is what a provider has given back and Odoo has not booked yet: in the books
        it is there, for some minutes.
        """
        if self.orders is None or not self.present.kept_money:
            return {
                "kept_money": nothing(partner_id="int", amount="numeric"),
                "kept_in_group": nothing(group_id="int", amount="numeric"),
            }
        orders = SQL("ARRAY(SELECT id FROM paid_order)")
        return {
            "paid_order": SQL("MATERIALIZED (%s)", self._paid_order_select()),
            "kept_money": SQL(
                """(
                SELECT buyer.partner_id, buyer.group_id,
                       sum(GREATEST(LEAST(paid.amount, COALESCE(gone.amount, 0)), 0)
                           + CASE WHEN %(is_own)s THEN 0 ELSE
                             GREATEST(paid.amount - COALESCE(gone.amount, 0)
                                      - COALESCE(owed.amount, 0), 0) END) AS amount
                  FROM (SELECT order_id, partner_id, sum(%(money)s) AS amount
                          FROM (%(open_money)s) line
                         GROUP BY order_id, partner_id) paid
                  JOIN buyer ON buyer.partner_id = paid.partner_id
                  LEFT JOIN (SELECT order_id, sum(amount) AS amount
                               FROM (%(owed)s) part
                              GROUP BY order_id) owed
                         ON owed.order_id = paid.order_id
                  LEFT JOIN (SELECT order_id, sum(-%(money)s) AS amount
                               FROM (%(gone)s) line
                              GROUP BY order_id) gone
                         ON gone.order_id = paid.order_id
                 GROUP BY buyer.partner_id, buyer.group_id
                )""",
                # of one order asked about, its own money pays for itself
                is_own=SQL(
                    "(cardinality(%(asked)s) = 1 AND paid.order_id = ANY(%(asked)s))",
                    asked=self.orders,
                ),
                money=self.to_company(SQL("line.amount"), "line.currency_id", "line"),
                open_money=self.open_money_select(orders),
                owed=self._owed_of_orders_select(orders),
                gone=self._given_back_select(orders),
            ),
            "kept_in_group": SQL(
                "(SELECT group_id, sum(amount) AS amount FROM kept_money"
                " GROUP BY group_id)"
            ),
        }

    def _paid_order_select(self):
        """The orders that open receipts of these buyers were paid for.

        Those asked about are among them: of several asked about together, what one does
        not need of its own money makes no room for the others either.
        """
        return SQL(
            """
                SELECT DISTINCT link.sale_order_id AS id
                  FROM receivable line
                  JOIN account_payment payment ON payment.move_id = line.move_id
                  JOIN payment_transaction tx ON tx.payment_id = payment.id
                  LEFT JOIN payment_transaction source
                         ON source.id = tx.source_transaction_id
                  JOIN sale_order_transaction_rel link
                    ON link.transaction_id IN (
                       tx.id, source.id, source.source_transaction_id)
                 WHERE line.amount < 0
            """
        )

    def _given_back_select(self, orders):
        """What providers gave back of the money of these orders, as long as Odoo has
        not booked it.

        :param orders: SQL of an array of ids
        """
        return SQL(
            """
                SELECT money.order_id, money.amount, money.currency_id, %s AS rate
                  FROM (%s) money %s
                 WHERE money.amount < 0 AND money.payment_id IS NULL
            """,
            self.rate_value("money.currency_id"),
            self.own_money_select(orders),
            self.rate_join("money.currency_id"),
        )

    def _owed_of_orders_select(self, orders):
        """What these orders stand for in the exposure: open lines, and open bills."""
        return SQL(
            """
                SELECT line.order_id, %(open)s AS amount
                  FROM order_open line WHERE line.order_id = ANY(%(orders)s)
                UNION ALL
                SELECT bill.order_id, %(billed)s
                  FROM (
                    SELECT DISTINCT sol.order_id, billed.move_id
                      FROM sale_order_line sol
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = sol.id
                      JOIN account_move_line billed ON billed.id = link.invoice_line_id
                     WHERE sol.order_id = ANY(%(orders)s)) bill
                  JOIN receivable line ON line.move_id = bill.move_id
                                      AND line.amount > 0
            """,
            open=self.to_company(
                SQL(
                    "(COALESCE(line.open_delivered, 0) + CASE WHEN line.is_deferred"
                    " THEN 0 ELSE COALESCE(line.open_ordered, 0) END)"
                ),
                "line.currency_id",
                "line",
            ),
            billed=self.to_company(SQL("line.amount"), "line.currency_id", "line"),
            orders=orders,
        )

    # ------------------------------------------------- shares

    def _order_share_select(self):
        """Which part of the payment ``link`` is for its order, 0 to 1.

        Nearly all are for one order: of these nothing is added up.
        """
        return SQL(
            """
                SELECT CASE WHEN NOT EXISTS (
                       SELECT FROM sale_order_transaction_rel other
                        WHERE other.transaction_id = link.transaction_id
                          AND other.sale_order_id <> link.sale_order_id)
                  THEN 1 ELSE (
                    SELECT COALESCE(sum(paid.worth)
                                    FILTER (WHERE paid.id = link.sale_order_id)
                                    / NULLIF(sum(paid.worth), 0), 0)
                      FROM (
                        SELECT so.id,
                               GREATEST(so.amount_total + COALESCE(more.amount, 0), 0)
                                   AS worth
                          FROM sale_order_transaction_rel other
                          JOIN sale_order so ON so.id = other.sale_order_id
                          LEFT JOIN LATERAL (%s) more ON TRUE
                         WHERE other.transaction_id = link.transaction_id
                      ) paid) END AS of_order
                OFFSET 0
            """,
            self._delivered_more_select(),
        )

    def _delivered_more_select(self):
        """What is delivered of the order ``so`` beyond what was ordered, with tax.

        Of a return at a negative price, which is owed too, everything is the other way
        round.
        """
        return SQL(
            """
                SELECT sum(line.price * CASE
                           WHEN LEAST(line.ordered, line.delivered) < 0
                                AND line.price < 0
                           THEN LEAST(line.delivered - LEAST(line.ordered, 0), 0)
                           ELSE GREATEST(line.delivered - GREATEST(line.ordered, 0), 0)
                           END) AS amount
                  FROM (
                    SELECT sol.product_uom_qty AS ordered,
                           %s AS delivered,
                           CASE WHEN sol.product_uom_qty <> 0
                                THEN sol.price_total / sol.product_uom_qty
                                ELSE sol.price_unit
                                     * (1 - COALESCE(sol.discount, 0) / 100)
                                END AS price
                      FROM sale_order_line sol
                     WHERE sol.order_id = so.id AND sol.display_type IS NULL
                       AND sol.is_downpayment IS NOT TRUE
                  ) line
            """,
            counted_delivery(SQL("sol.qty_delivered"), BILLED_AS_ORDERED),
        )

    def received_select(self, orders):
        """What came in for these orders and is still theirs, a row per payer.

        :param orders: SQL of an array of ids
        """
        return SQL(
            """
                SELECT money.order_id, money.payer_id, money.currency_id,
                       sum((money.whole - gone.amount) * money.of_order) AS amount
                  FROM (%(money)s) money
                  LEFT JOIN account_payment payment ON payment.id = money.payment_id
                  CROSS JOIN LATERAL (
                      SELECT CASE WHEN money.whole <= 0 OR payment.id IS NULL THEN 0
                             WHEN payment.state IN ('draft', 'canceled', 'rejected')
                             THEN money.whole
                             ELSE LEAST(COALESCE((%(elsewhere)s), 0), money.whole)
                             END AS amount) gone
                 GROUP BY money.order_id, money.payer_id, money.currency_id
            """,
            money=self.order_money_select(orders),
            elsewhere=self._matched_elsewhere_select(),
        )

    def _matched_elsewhere_select(self):
        """What of the ``payment`` of ``money`` the books matched with other debts.

        What a provider gave back is told by a transaction of its own, whatever it is
        matched with.
        """
        return SQL(
            """
                SELECT sum(partial.credit_amount_currency)
                  FROM account_move_line item
                  JOIN account_account account ON account.id = item.account_id
                                              AND account.account_type
                                                  = 'asset_receivable'
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = item.id
                  JOIN account_move_line debit ON debit.id = partial.debit_move_id
                 WHERE item.move_id = payment.move_id
                   AND NOT EXISTS (
                       SELECT FROM payment_transaction refund
                         LEFT JOIN payment_transaction source
                           ON source.id = refund.source_transaction_id
                        WHERE refund.payment_id = debit.payment_id
                          AND refund.operation = 'refund'
                          AND money.transaction_id
                              IN (source.id, source.source_transaction_id))
                   AND NOT EXISTS (
                       SELECT FROM account_move_line billed
                         JOIN sale_order_line_invoice_rel bill
                           ON bill.invoice_line_id = billed.id
                         JOIN sale_order_line sol ON sol.id = bill.order_line_id
                         JOIN sale_order_transaction_rel paid
                           ON paid.sale_order_id = sol.order_id
                        WHERE billed.move_id = debit.move_id
                          AND paid.transaction_id = money.transaction_id)
            """
        )
