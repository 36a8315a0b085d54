-- Payments, worked out: of an invoice, or on account (invoice_n is null).

CREATE TEMP TABLE gen_payment AS
WITH receipt AS (
    SELECT m.n AS invoice_n, m.commercial_id, m.customer_name, m.currency_id,
           m.payment_date AS date, m.paid_amount AS amount, m.paid_balance AS balance,
           m.name AS ref, m.receivable_id, m.payment_share = 1 AS in_full
    FROM gen_move m WHERE m.payment_date IS NOT NULL
    UNION ALL
    SELECT NULL, c.id, c.name, c.currency_id,
           %(today)s::date - 1 - floor(30 * pg_temp.u(c.n, 41))::int,
           round(round((200 + 9800 * pg_temp.u(c.n, 42))::numeric, 2) * c.rate, 2),
           round((200 + 9800 * pg_temp.u(c.n, 42))::numeric, 2),
           'On account', NULL, false
    FROM gen_customer c WHERE pg_temp.u(c.n, 40) < %(share_on_account)s
), numbered AS (
    SELECT receipt.*, row_number() OVER w AS n,
           sum((invoice_n IS NOT NULL)::int) OVER w AS partial_n,
           sum(in_full::int) OVER w AS full_n,
           extract(year FROM date)::int AS year,
           row_number() OVER (PARTITION BY extract(year FROM date)
                              ORDER BY date, invoice_n, commercial_id) AS number
    FROM receipt WINDOW w AS (ORDER BY date, invoice_n, commercial_id)
)
SELECT numbered.*, %(account_move)s + %(invoices)s + n AS id,
       last_item.id + 2 * n - 1 AS bank_item_id,
       last_item.id + 2 * n AS receivable_item_id,
       %(bank_code)s || '/' || year || '/' AS prefix,
       %(bank_code)s || '/' || year || '/' || lpad(number::text, greatest(6, length(number::text)), '0') AS name,
       CASE WHEN invoice_n IS NOT NULL
            THEN %(account_partial_reconcile)s + partial_n END AS partial_id,
       CASE WHEN in_full THEN %(account_full_reconcile)s + full_n END AS full_id,
       CASE WHEN in_full THEN (%(account_full_reconcile)s + full_n)::text
            WHEN invoice_n IS NOT NULL
            THEN 'P' || (%(account_partial_reconcile)s + partial_n)
       END AS matching
FROM numbered
CROSS JOIN (SELECT max(receivable_id) AS id FROM gen_move) last_item;
CREATE UNIQUE INDEX ON gen_payment (invoice_n);
ANALYZE gen_payment;
