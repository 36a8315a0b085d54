-- Of each buyer: exposure in the company's currency, limit in force today in its own
-- currency, and covered amount in the company's currency.  Instalments come in order of
-- shipment, each under the limit in force on the day it was shipped; receipts on
-- account settle the oldest first.
WITH rate AS MATERIALIZED (
    SELECT * FROM unnest(%(currencies)s, %(rates)s::numeric[]) AS rate (id, rate)
), policy AS MATERIALIZED (
    SELECT policy.id, policy.max_payment_days, policy.max_invoicing_days,
           policy.cover_tax_basis = 'ex_tax' AS is_ex_tax,
           policy.insured_pct_named::numeric / 100 AS share
    FROM credit_insurance_policy policy
    JOIN credit_insurance_policy_company_rel rel
      ON rel.policy_id = policy.id AND rel.company_id = %(company)s
    WHERE policy.state = 'active'
    ORDER BY policy.sequence, policy.id LIMIT 1
), line AS MATERIALIZED (
    SELECT line.id, line.partner_id AS buyer, line.amount, line.currency_id,
           line.kind = 'temporary' AND line.amount_mode = 'total' AS is_total,
           line.date_from, coalesce(line.date_to, 'infinity') AS date_to
    FROM credit_insurance_limit line
    JOIN policy ON policy.id = line.policy_id
    WHERE line.kind IN ('named', 'temporary') AND line.amount > 0
      AND (line.state IN ('approved', 'partial', 'reduced', 'cancelled', 'expired',
                          'closed')
           OR line.state = 'conditional' AND line.conditions_met)
      /* only partners: line.partner_id */
), insured AS MATERIALIZED (
    SELECT DISTINCT ON (line.buyer) line.buyer, line.currency_id, rate.rate
    FROM line JOIN rate ON rate.id = line.currency_id
    ORDER BY line.buyer, line.date_from DESC, line.id DESC
), granted AS MATERIALIZED (
    SELECT line.buyer, line.is_total, line.date_from, line.date_to,
           CASE WHEN line.currency_id = insured.currency_id THEN line.amount
                ELSE round(line.amount * insured.rate / rate.rate, 2)
           END AS amount
    FROM line
    JOIN insured ON insured.buyer = line.buyer
    JOIN rate ON rate.id = line.currency_id
), in_force AS (
    SELECT buyer,
           coalesce(max(amount) FILTER (WHERE is_total), sum(amount)) AS amount
    FROM granted
    WHERE %(today)s BETWEEN date_from AND date_to
    GROUP BY buyer
), item AS MATERIALIZED (
    SELECT partner.commercial_partner_id AS buyer, item.id, item.move_id,
           item.currency_id, rate.rate, item.amount_residual_currency AS amount,
           CASE WHEN item.currency_id = %(currency)s THEN item.amount_residual_currency
                ELSE round(item.amount_residual_currency / rate.rate, 2)
           END AS company_amount
    FROM account_move_line item
    JOIN res_partner partner ON partner.id = item.partner_id
    JOIN rate ON rate.id = item.currency_id
    WHERE item.account_id = ANY (%(accounts)s) AND item.reconciled IS NOT TRUE
      AND item.parent_state = 'posted' AND item.company_id = %(company)s
      /* only partners: item.partner_id */
), own_item AS MATERIALIZED (
    SELECT item.buyer, item.id, item.move_id, item.company_amount,
           CASE WHEN item.currency_id = insured.currency_id THEN item.amount
                ELSE round(item.amount * insured.rate / item.rate, 2)
           END AS amount
    FROM item JOIN insured ON insured.buyer = item.buyer
), receipt AS (
    SELECT buyer, -sum(amount) AS amount FROM own_item WHERE amount < 0 GROUP BY buyer
), shipped AS (
    SELECT own_item.*, move.amount_untaxed, move.amount_total,
           coalesce(move.credit_shipment_date, move.invoice_date) AS day,
           coalesce(move.insured_due_date, move.invoice_date_due) - move.invoice_date
               <= policy.max_payment_days
           AND move.invoice_date - coalesce(move.credit_shipment_date,
                                            move.invoice_date)
               <= policy.max_invoicing_days AS is_insurable,
           policy.is_ex_tax
    FROM own_item
    CROSS JOIN policy
    JOIN account_move move ON move.id = own_item.move_id
    WHERE own_item.amount > 0
), debt AS (
    SELECT shipped.*,
           CASE WHEN receipt.amount > 0
                THEN least(shipped.amount, greatest(
                    0, sum(shipped.amount) OVER shipment - receipt.amount))
                ELSE shipped.amount
           END AS owed
    FROM shipped
    LEFT JOIN receipt ON receipt.buyer = shipped.buyer
    WINDOW shipment AS (PARTITION BY shipped.buyer ORDER BY shipped.day, shipped.id
                        ROWS UNBOUNDED PRECEDING)
), limited AS (
    SELECT debt.id, debt.buyer, debt.day, debt.amount, debt.company_amount,
           round(CASE WHEN debt.is_ex_tax AND debt.amount_total != 0
                      THEN debt.owed * debt.amount_untaxed / debt.amount_total
                      ELSE debt.owed END, 2) AS eligible,
           coalesce(max(granted.amount) FILTER (WHERE granted.is_total),
                    sum(granted.amount), 0) AS available
    FROM debt
    LEFT JOIN granted ON granted.buyer = debt.buyer
                     AND debt.day BETWEEN granted.date_from AND granted.date_to
    WHERE debt.is_insurable AND debt.owed > 0
    GROUP BY debt.id, debt.buyer, debt.day, debt.amount, debt.company_amount,
             debt.owed, debt.is_ex_tax, debt.amount_untaxed, debt.amount_total
), allocated AS (
    SELECT buyer, amount, company_amount,
           greatest(0, least(eligible,
                             available + eligible - sum(eligible) OVER shipment))
               AS base
    FROM limited
    WINDOW shipment AS (PARTITION BY buyer ORDER BY day, id ROWS UNBOUNDED PRECEDING)
), covered AS (
    SELECT allocated.buyer,
           sum(CASE WHEN insured.currency_id = %(currency)s
                    THEN round(base * policy.share, 2)
                    ELSE round(company_amount * round(base * policy.share, 2) / amount,
                               2)
               END) AS amount
    FROM allocated
    JOIN insured ON insured.buyer = allocated.buyer
    CROSS JOIN policy
    GROUP BY allocated.buyer
), ordered AS (
    SELECT partner.commercial_partner_id AS buyer,
           sum(round(round(
               line.price_total * (greatest(line.product_uom_qty, line.qty_delivered)
                                   - line.qty_invoiced) / line.product_uom_qty, 2)
               / rate.rate, 2)) AS amount
    FROM sale_order_line line
    JOIN sale_order sale ON sale.id = line.order_id
    JOIN res_partner partner ON partner.id = sale.partner_invoice_id
    JOIN rate ON rate.id = sale.currency_id
    WHERE line.state = 'sale' AND line.company_id = %(company)s
      AND line.product_uom_qty > 0
      AND greatest(line.product_uom_qty, line.qty_delivered) > line.qty_invoiced
      /* only orders: line.order_id */
    GROUP BY 1
), exposed AS (
    SELECT buyer, sum(amount) AS amount
    FROM (
        SELECT buyer, company_amount AS amount FROM item
        UNION ALL
        SELECT * FROM ordered
        UNION ALL
        SELECT buyer, 0 FROM insured
    ) part
    GROUP BY buyer
)
SELECT exposed.buyer, exposed.amount AS exposure,
       coalesce(in_force.amount, 0) AS available, coalesce(covered.amount, 0) AS covered
FROM exposed
LEFT JOIN in_force ON in_force.buyer = exposed.buyer
LEFT JOIN covered ON covered.buyer = exposed.buyer
