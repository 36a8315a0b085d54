-- Exposure of each buyer, in the company's currency: open posted receivables less what
-- is unallocated, and what is ordered or delivered and not invoiced yet.
WITH rate AS MATERIALIZED (
    SELECT * FROM unnest(%(currencies)s, %(rates)s::numeric[]) AS rate (id, rate)
), owed AS (
    SELECT partner_id, sum(amount_residual) AS amount
    FROM account_move_line
    WHERE account_id = ANY (%(accounts)s) AND reconciled IS NOT TRUE
      AND parent_state = 'posted' AND company_id = %(company)s
      /* only partners: partner_id */
    GROUP BY partner_id
), ordered AS (
    SELECT sale.partner_invoice_id AS partner_id, sum(line.amount / rate.rate) AS amount
    FROM (
        SELECT order_id,
               sum(price_total * (greatest(product_uom_qty, qty_delivered)
                                  - qty_invoiced) / product_uom_qty) AS amount
        FROM sale_order_line
        WHERE state = 'sale' AND company_id = %(company)s AND product_uom_qty > 0
          AND greatest(product_uom_qty, qty_delivered) > qty_invoiced
          /* only orders: order_id */
        GROUP BY order_id
    ) line
    JOIN sale_order sale ON sale.id = line.order_id
    JOIN rate ON rate.id = sale.currency_id
    GROUP BY 1
)
SELECT partner.commercial_partner_id AS buyer, round(sum(part.amount), 2) AS exposure
FROM (SELECT * FROM owed UNION ALL SELECT * FROM ordered) part
JOIN res_partner partner ON partner.id = part.partner_id
GROUP BY 1
