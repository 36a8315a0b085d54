"""Which share of what is open of an invoice is no tax: the one definition.

Of a partly paid invoice the tax is supposed to be paid in the same part (DOMAIN 1.15).
"""

from odoo.tools import SQL

# What a customer owes: invoices, and sales receipts that are paid later.
BILLS = ("out_invoice", "out_receipt")
INVOICE_TYPES = ("out_invoice", "out_refund", "out_receipt")
# Of the ``move`` of a query. An entry has no tax of its own.
UNTAXED_SHARE = SQL(
    "CASE WHEN move.move_type IN %s AND move.amount_total <> move.amount_untaxed"
    " AND move.amount_total <> 0"
    " THEN move.amount_untaxed / move.amount_total ELSE 1 END",
    INVOICE_TYPES,
)


def untaxed_share(move):
    """Return the share, 0 .. 1, of an ``account.move``."""
    if move.move_type not in INVOICE_TYPES or not move.amount_total:
        return 1.0
    return move.amount_untaxed / move.amount_total
