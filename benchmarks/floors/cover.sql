-- Exposure, limit in force today and covered amount of each buyer, in the company's
-- currency: instalments in order of shipment, each under the limit in force on the day
-- it was shipped; receipts on account settle the oldest debts first.
WITH rate AS MATERIALIZED (
    SELECT * FROM unnest(%(currencies)s, %(rates)s::numeric[]) AS rate (id, rate)
), policy AS MATERIALIZED (
    SELECT policy.id, policy.max_payment_days, policy.insured_pct_named::numeric / 100 AS share
    FROM credit_insurance_policy policy
    JOIN credit_insurance_policy_company_rel rel
      ON rel.policy_id = policy.id AND rel.company_id = %(company)s
    WHERE policy.state = 'active'
    ORDER BY policy.sequence, policy.id LIMIT 1
), granted AS MATERIALIZED (
    SELECT line.partner_id AS buyer, line.kind = 'temporary' AS is_temporary,
           line.amount_mode = 'total' AS is_total, line.amount / rate.rate AS amount,
           line.date_from, coalesce(line.date_to, 'infinity') AS date_to
    FROM credit_insurance_limit line
    JOIN policy ON policy.id = line.policy_id
    JOIN rate ON rate.id = line.currency_id
    WHERE line.kind IN ('named', 'temporary')
      AND (line.state IN ('approved', 'partial', 'reduced', 'cancelled', 'expired',
                          'closed')
           OR line.state = 'conditional' AND line.conditions_met)
), in_force AS (
    SELECT buyer,
           coalesce(max(amount) FILTER (WHERE is_temporary AND is_total),
                    sum(amount)) AS amount
    FROM granted
    WHERE %(today)s BETWEEN date_from AND date_to
    GROUP BY buyer
), item AS MATERIALIZED (
    SELECT partner.commercial_partner_id AS buyer, item.id, item.move_id,
           item.amount_residual AS amount, item.date_maturity
    FROM account_move_line item
    JOIN res_partner partner ON partner.id = item.partner_id
    WHERE item.account_id = ANY (%(accounts)s) AND item.reconciled IS NOT TRUE
      AND item.parent_state = 'posted' AND item.company_id = %(company)s
      /* only partners: item.partner_id */
), receipt AS (
    SELECT buyer, -sum(amount) AS amount FROM item WHERE amount < 0 GROUP BY buyer
), debt AS (
    SELECT item.buyer, item.id, move.invoice_date AS shipped,
           item.date_maturity - move.invoice_date <= policy.max_payment_days AS insurable,
           least(item.amount,
                 greatest(0, sum(item.amount) OVER oldest
                             - coalesce(receipt.amount, 0))) AS amount
    FROM item
    CROSS JOIN policy
    JOIN account_move move ON move.id = item.move_id
    LEFT JOIN receipt ON receipt.buyer = item.buyer
    WHERE item.amount > 0
    WINDOW oldest AS (PARTITION BY item.buyer
                      ORDER BY item.date_maturity, item.id ROWS UNBOUNDED PRECEDING)
), limited AS (
    SELECT debt.buyer, debt.id, debt.shipped, debt.amount,
           coalesce(max(granted.amount)
                        FILTER (WHERE granted.is_temporary AND granted.is_total),
                    sum(granted.amount), 0) AS available
    FROM debt
    LEFT JOIN granted
      ON granted.buyer = debt.buyer
     AND debt.shipped BETWEEN granted.date_from AND granted.date_to
    WHERE debt.insurable AND debt.amount > 0
    GROUP BY debt.buyer, debt.id, debt.shipped, debt.amount
), allocated AS (
    SELECT buyer,
           greatest(0, least(amount, available + amount - sum(amount) OVER shipment))
               AS amount
    FROM limited
    WINDOW shipment AS (PARTITION BY buyer
                        ORDER BY shipped, id ROWS UNBOUNDED PRECEDING)
), covered AS (
    SELECT buyer, sum(allocated.amount * policy.share) AS amount
    FROM allocated CROSS JOIN policy
    GROUP BY buyer
), ordered AS (
    SELECT partner.commercial_partner_id AS buyer, sum(line.amount / rate.rate) AS amount
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
    JOIN res_partner partner ON partner.id = sale.partner_invoice_id
    JOIN rate ON rate.id = sale.currency_id
    GROUP BY 1
), exposed AS (
    SELECT buyer, sum(amount) AS amount
    FROM (SELECT buyer, amount FROM item UNION ALL SELECT * FROM ordered) part
    GROUP BY buyer
)
SELECT exposed.buyer,
       round(exposed.amount, 2) AS exposure,
       round(coalesce(in_force.amount, 0), 2) AS available,
       round(coalesce(covered.amount, 0), 2) AS covered
FROM exposed
LEFT JOIN in_force ON in_force.buyer = exposed.buyer
LEFT JOIN covered ON covered.buyer = exposed.buyer
