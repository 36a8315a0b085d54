"""Is the generated ledger one that Odoo could have written?"""

CHECKS = {
    "entries that do not balance": """
        SELECT count(*) FROM (
            SELECT move_id FROM account_move_line
            GROUP BY move_id HAVING sum(balance) != 0) entry
    """,
    "items whose balance is not debit less credit": """
        SELECT count(*) FROM account_move_line
        WHERE balance != debit - credit OR debit * credit != 0
    """,
    "invoices whose residual is not that of their item": """
        SELECT count(*) FROM account_move move
        JOIN account_move_line item
          ON item.move_id = move.id AND item.display_type = 'payment_term'
        WHERE item.amount_residual != move.amount_residual_signed
           OR item.amount_residual_currency != move.amount_residual
           OR item.reconciled != (item.amount_residual = 0)
           OR item.date_maturity != move.invoice_date_due
    """,
    "receivables whose residual is not amount less reconciled": """
        SELECT count(*) FROM account_move_line item
        LEFT JOIN (
            SELECT debit_move_id AS id, sum(amount) AS amount
            FROM account_partial_reconcile GROUP BY 1
            UNION ALL
            SELECT credit_move_id, -sum(amount)
            FROM account_partial_reconcile GROUP BY 1
        ) matched ON matched.id = item.id
        WHERE item.account_id = %(receivable)s
          AND item.amount_residual != item.balance - coalesce(matched.amount, 0)
    """,
    "items without entry, account or the entry's customer": """
        SELECT count(*) FROM account_move_line item
        LEFT JOIN account_move move ON move.id = item.move_id
        LEFT JOIN account_account account ON account.id = item.account_id
        LEFT JOIN res_partner partner ON partner.id = item.partner_id
        WHERE move.id IS NULL OR account.id IS NULL OR partner.id IS NULL
           OR move.commercial_partner_id != item.partner_id
    """,
    "orders whose total is not that of their lines": """
        SELECT count(*) FROM sale_order sale
        LEFT JOIN (SELECT order_id, sum(price_total) AS total
                   FROM sale_order_line GROUP BY 1) line ON line.order_id = sale.id
        WHERE sale.amount_total IS DISTINCT FROM line.total
    """,
    "order lines whose invoiced quantity is wrong": """
        SELECT count(*) FROM sale_order_line line
        LEFT JOIN (
            SELECT rel.order_line_id, sum(item.quantity) AS quantity
            FROM sale_order_line_invoice_rel rel
            JOIN account_move_line item ON item.id = rel.invoice_line_id
            GROUP BY 1
        ) invoiced ON invoiced.order_line_id = line.id
        WHERE line.qty_invoiced != coalesce(invoiced.quantity, 0)
    """,
}


def verify(cr, receivable):
    """Raise SystemExit when the ledger contradicts itself.

    :param receivable: id of the account that customers owe on
    """
    for what, query in CHECKS.items():
        cr.execute(query, {"receivable": receivable})
        [count] = cr.fetchone()
        if count:
            raise SystemExit(f"The generated ledger has {count} {what}.")
