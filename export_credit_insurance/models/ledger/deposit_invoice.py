"""Invoices of deposits, and when what they are for left: the one definition.

A deposit is asked for before anything is shipped. It is for what leaves last: it counts
as shipped once its order has left in full, or once a later invoice takes it off what it
bills; then all that both bill has left. An invoice that bills more goods than deposits
is none: it has a day of its own.
"""

from odoo.tools import SQL

from .untaxed_share import BILLS

# The lines of orders that are deposits, as an index has them (sale.order.line).
IS_DEPOSIT = SQL(
    "sol.is_downpayment AND CASE WHEN sol.is_downpayment THEN TRUE ELSE"
    " LEAST(sol.product_uom_qty, sol.price_total, sol.price_unit, 100 - sol.discount)"
    " < 0 END"
)
# What is read, to be written before.
READ_OF_DEPOSITS = {
    "sale.order.line": (
        "order_id",
        "is_downpayment",
        "display_type",
        "product_uom_qty",
        "price_total",
        "price_unit",
        "discount",
        "qty_delivered",
        "credit_left_qty",
        "insured_shipment_date",
        "invoice_lines",
    ),
    "account.move": (
        "state",
        "move_type",
        "date",
        "invoice_date",
        "credit_shipment_date",
        "credit_delivery_date",
    ),
    "account.move.line": ("move_id", "quantity", "display_type", "price_subtotal"),
}


def deposit_select(condition):
    """SQL of posted invoices that bill deposits, and more of them than of goods.

    Columns ``move_id`` and ``shipped_on``: when the last of what they are for left,
    NULL if not all of it has.

    :param condition: SQL of which ones: of ``so``, their orders, and ``move``
    """
    return SQL(
        """
        SELECT move_id, CASE WHEN count(*) = count(day) THEN max(day) END AS shipped_on
          FROM (
            SELECT move.id AS move_id, CASE WHEN ordered.is_gone
                       THEN COALESCE(ordered.day, move.invoice_date, move.date)
                       ELSE taken_off.day END AS day
              FROM sale_order_line sol
              JOIN sale_order so ON so.id = sol.order_id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = sol.id
              JOIN account_move_line billed ON billed.id = link.invoice_line_id
               AND billed.quantity > 0
              JOIN account_move move ON move.id = billed.move_id
               AND move.state = 'posted' AND move.move_type IN %(bills)s
             CROSS JOIN LATERAL (%(ordered)s) ordered
             CROSS JOIN LATERAL (%(taken_off)s) taken_off
             WHERE %(is_deposit)s AND %(condition)s
               AND (%(more)s) > 0
          ) deposit
         GROUP BY move_id
        """,
        bills=BILLS,
        ordered=_ordered_select(),
        taken_off=_taken_off_select(),
        is_deposit=IS_DEPOSIT,
        condition=condition,
        more=_more_select(),
    )


def _ordered_select():
    """Whether all that the order of a deposit ``sol`` sells has left, and when."""
    return SQL(
        """
        SELECT bool_and(GREATEST(sold.qty_delivered, sold.credit_left_qty)
                        >= sold.product_uom_qty) AS is_gone,
               max(sold.insured_shipment_date) AS day
          FROM sale_order_line sold
         WHERE sold.order_id = sol.order_id AND sold.display_type IS NULL
           AND sold.is_downpayment IS NOT TRUE
           AND sold.product_uom_qty > 0 AND sold.price_total > 0
        """
    )


def _taken_off_select():
    """When what left that the invoice bills which takes a deposit ``sol`` off."""
    return SQL(
        """
        SELECT max(COALESCE(final.credit_shipment_date, final.credit_delivery_date,
                            final.invoice_date, final.date)) AS day
          FROM sale_order_line_invoice_rel other
          JOIN account_move_line less ON less.id = other.invoice_line_id
           AND less.quantity < 0
          JOIN account_move final ON final.id = less.move_id
           AND final.state = 'posted' AND final.move_type IN %s
         WHERE other.order_line_id = sol.id
        """,
        BILLS,
    )


def _more_select():
    """How much more an invoice ``move`` bills of deposits than of anything else."""
    return SQL(
        """
        SELECT sum(CASE WHEN EXISTS (
                       SELECT FROM sale_order_line_invoice_rel own
                         JOIN sale_order_line asked ON asked.id = own.order_line_id
                        WHERE own.invoice_line_id = part.id AND asked.is_downpayment)
                   THEN part.price_subtotal ELSE -part.price_subtotal END)
          FROM account_move_line part
         WHERE part.move_id = move.id AND part.display_type = 'product'
           AND part.price_subtotal > 0
        """
    )
