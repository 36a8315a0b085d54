-- What is invoiced and paid, worked out; nothing is written to Odoo's tables here.

-- Invoices 1 to orders_invoiced belong to the half-invoiced orders: 70 %% of them are
-- open and not due, the others paid.  The shares of the rest make up for that.
CREATE TEMP TABLE gen_invoice AS
WITH share AS (
    SELECT (%(share_not_due)s * %(invoices)s - 0.7 * count(*))
               / (%(invoices)s - count(*)) AS not_due,
           %(share_overdue)s * %(invoices)s / (%(invoices)s - count(*)) AS overdue
    FROM gen_order WHERE part
), draw AS (
    SELECT i.n, o.n AS order_n, o.name AS origin, o.date AS order_date,
           coalesce(o.customer,
                    1 + floor(%(customers)s * pg_temp.u(i.n, 30) ^ 2)::int) AS customer,
           CASE WHEN o.n IS NOT NULL
                THEN CASE WHEN pg_temp.u(i.n, 31) < 0.7 THEN 'not_due' ELSE 'paid' END
                WHEN pg_temp.u(i.n, 31) < share.overdue THEN 'overdue'
                WHEN pg_temp.u(i.n, 31) < share.overdue + share.not_due THEN 'not_due'
                ELSE 'paid'
           END AS kind
    FROM share CROSS JOIN generate_series(1, %(invoices)s) AS i (n)
    LEFT JOIN gen_order o ON o.invoice_n = i.n
), dated AS (
    SELECT draw.*, c.days,
           CASE WHEN kind = 'overdue'
                THEN %(today)s::date - 1 - c.days
                     - floor(180 * pg_temp.u(draw.n, 32) ^ 2)::int
                WHEN kind = 'not_due'
                THEN greatest(order_date, %(today)s::date
                                          - floor(c.days * pg_temp.u(draw.n, 32))::int)
                WHEN order_date IS NOT NULL
                THEN order_date + floor((%(today)s::date - order_date)
                                        * pg_temp.u(draw.n, 32))::int
                ELSE %(today)s::date - 1 - floor(1095 * pg_temp.u(draw.n, 32))::int
           END AS date
    FROM draw JOIN gen_customer c ON c.n = draw.customer
)
SELECT n, order_n, origin, customer, kind, date, date + days AS due,
       extract(year FROM date)::int AS year,
       row_number() OVER (PARTITION BY extract(year FROM date)
                          ORDER BY date, n) AS number,
       -- A payment comes from ten days early to forty days late.
       CASE WHEN kind = 'paid'
            THEN greatest(date, least(%(today)s::date, date + days - 10
                                      + floor(50 * pg_temp.u(n, 33))::int))
            WHEN pg_temp.u(n, 34) < %(share_part_paid)s
            THEN date + floor((%(today)s::date - date) * pg_temp.u(n, 33))::int
       END AS payment_date,
       CASE WHEN kind = 'paid' THEN 1
            WHEN pg_temp.u(n, 34) < %(share_part_paid)s
            THEN 0.2 + 0.6 * pg_temp.u(n, 35)
       END::numeric AS payment_share
FROM dated;
ANALYZE gen_invoice;

-- Product lines; order_line_id is what the line bills.
CREATE TEMP TABLE gen_line AS
WITH line AS (
    SELECT i.n AS invoice_n, l.sequence, l.product_id, l.name,
           l.quantity * l.invoiced AS quantity, l.price, l.id AS order_line_id
    FROM gen_invoice i JOIN gen_order_line l ON l.order_n = i.order_n
    UNION ALL
    SELECT i.n, s, p.id, p.name,
           1 + floor(pg_temp.u(i.n * 16 + s, 37) * 60)::int,
           round(p.price * c.rate, 2), NULL
    FROM gen_invoice i
    JOIN gen_customer c ON c.n = i.customer
    CROSS JOIN LATERAL generate_series(1, 1 + floor(pg_temp.u(i.n, 36) * 3)::int) s
    JOIN gen_product p
      ON p.n = 1 + floor(pg_temp.u(i.n * 16 + s, 38) * %(products)s)::int
    WHERE i.order_n IS NULL
)
SELECT line.*,
       %(account_move_line)s + row_number() OVER (ORDER BY invoice_n, sequence) AS id,
       line.quantity * line.price AS amount,
       round(line.quantity * line.price / c.rate, 2) AS balance
FROM line
JOIN gen_invoice i ON i.n = line.invoice_n
JOIN gen_customer c ON c.n = i.customer;

-- Journal items are numbered: product lines, receivables, then two per payment.
CREATE TEMP TABLE gen_move AS
WITH total AS (
    SELECT invoice_n, sum(amount) AS amount, sum(balance) AS balance
    FROM gen_line GROUP BY invoice_n
), paid AS (
    SELECT i.*, t.amount, t.balance, c.id AS commercial_id, c.invoice_partner_id,
           c.name AS customer_name, c.currency_id, c.rate, c.term_id,
           CASE WHEN i.payment_share = 1 THEN t.amount
                ELSE round(t.amount * i.payment_share, 2)
           END AS paid_amount,
           CASE WHEN i.payment_share = 1 THEN t.balance
                ELSE round(round(t.amount * i.payment_share, 2) / c.rate, 2)
           END AS paid_balance
    FROM gen_invoice i
    JOIN total t ON t.invoice_n = i.n
    JOIN gen_customer c ON c.n = i.customer
)
SELECT paid.*, %(account_move)s + n AS id,
       %(sale_code)s || '/' || year || '/' AS prefix,
       %(sale_code)s || '/' || year || '/' || lpad(number::text, greatest(6, length(number::text)), '0') AS name,
       (SELECT max(id) FROM gen_line) + n AS receivable_id,
       amount - coalesce(paid_amount, 0) AS residual_currency,
       balance - coalesce(paid_balance, 0) AS residual
FROM paid;
CREATE UNIQUE INDEX ON gen_move (n);
ANALYZE gen_line;
ANALYZE gen_move;
