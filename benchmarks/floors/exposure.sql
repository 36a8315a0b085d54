-- Exposure of each buyer in the company's currency: open posted receivables less what
-- is unallocated, and what is ordered or delivered and not invoiced yet, each document
-- at today's rate.
WITH rate AS MATERIALIZED (
    SELECT * FROM unnest(%(currencies)s, %(rates)s::numeric[]) AS rate (id, rate)
), owed AS (
    SELECT item.partner_id,
           sum(CASE WHEN item.currency_id = %(currency)s
                    THEN item.amount_residual_currency
                    ELSE round(item.amount_residual_currency / rate.rate, 2)
               END) AS amount
    FROM account_move_line item
    JOIN rate ON rate.id = item.currency_id
    WHERE item.account_id = ANY (%(accounts)s) AND item.reconciled IS NOT TRUE
      AND item.parent_state = 'posted' AND item.company_id = %(company)s
      /* only partners: item.partner_id */
    GROUP BY item.partner_id
), ordered AS (
    SELECT sale.partner_invoice_id AS partner_id,
           sum(round(round(
               line.price_total * (greatest(line.product_uom_qty, line.qty_delivered)
                                   - line.qty_invoiced) / line.product_uom_qty, 2)
               / rate.rate, 2)) AS amount
    FROM sale_order_line line
    JOIN sale_order sale ON sale.id = line.order_id
    JOIN rate ON rate.id = sale.currency_id
    WHERE line.state = 'sale' AND line.company_id = %(company)s
      AND line.product_uom_qty > 0
      AND greatest(line.product_uom_qty, line.qty_delivered) > line.qty_invoiced
      /* only orders: line.order_id */
    GROUP BY 1
)
SELECT partner.commercial_partner_id AS buyer, sum(part.amount) AS exposure
FROM (SELECT * FROM owed UNION ALL SELECT * FROM ordered) part
JOIN res_partner partner ON partner.id = part.partner_id
GROUP BY 1
