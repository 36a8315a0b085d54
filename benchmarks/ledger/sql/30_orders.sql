-- Confirmed orders of the last 90 days.  part: the order has an invoice for half of
-- every line; invoice_n is that invoice's number among all of gen_invoice.

CREATE TEMP TABLE gen_order AS
SELECT o.n, %(sale_order)s + o.n AS id, o.part,
       CASE WHEN o.part THEN sum(o.part::int) OVER (ORDER BY o.n) END AS invoice_n,
       'S' || lpad(o.n::text, 6, '0') AS name,
       %(today)s::date - 5 - floor(pg_temp.u(o.n, 20) * 85)::int AS date,
       3 + floor(pg_temp.u(o.n, 21) * 5)::int AS line_count,
       1 + floor(%(customers)s * pg_temp.u(o.n, 23) ^ 2)::int AS customer
FROM (SELECT n, pg_temp.u(n, 22) < %(share_orders_invoiced)s AS part
      FROM generate_series(1, %(orders)s) n) o;

CREATE TEMP TABLE gen_order_line AS
SELECT row_number() OVER w AS n, %(sale_order_line)s + row_number() OVER w AS id,
       o.n AS order_n, o.id AS order_id, s AS sequence, p.id AS product_id, p.name,
       2 * (1 + floor(pg_temp.u(o.n * 16 + s, 25) * 25)::int) AS quantity,
       CASE WHEN o.part THEN 0.5 ELSE 0 END AS invoiced,
       round(p.price * c.rate, 2) AS price
FROM gen_order o
JOIN gen_customer c ON c.n = o.customer
CROSS JOIN LATERAL generate_series(1, o.line_count) s
JOIN gen_product p
  ON p.n = 1 + floor(pg_temp.u(o.n * 16 + s, 24) * %(products)s)::int
WINDOW w AS (ORDER BY o.n, s);
ANALYZE gen_order;
ANALYZE gen_order_line;

INSERT INTO sale_order
    (id, name, state, locked, team_id, user_id, company_id, partner_id,
     partner_invoice_id, partner_shipping_id, date_order, currency_id, currency_rate,
     pricelist_id, payment_term_id, amount_untaxed, amount_tax, amount_total,
     invoice_status, require_payment, require_signature, prepayment_percent,
     create_uid, write_uid, create_date, write_date)
SELECT o.id, o.name, 'sale', false, %(team)s, %(user)s, 1, c.id, c.invoice_partner_id,
       c.id, o.date + time '10:00', c.currency_id, c.rate, c.pricelist_id, c.term_id,
       l.total, 0, l.total, 'to invoice', false, false, 1,
       %(user)s, %(user)s, o.date + time '09:00', o.date + time '10:00'
FROM gen_order o
JOIN gen_customer c ON c.n = o.customer
JOIN (SELECT order_n, sum(quantity * price) AS total
      FROM gen_order_line GROUP BY order_n) l ON l.order_n = o.n
ORDER BY o.n;

INSERT INTO sale_order_line
    (id, order_id, sequence, name, state, company_id, order_partner_id, salesman_id,
     currency_id, product_id, product_uom_id, product_uom_qty, price_unit,
     technical_price_unit, discount, price_subtotal, price_tax, price_total,
     price_reduce_taxexcl, price_reduce_taxinc, qty_delivered_method, qty_delivered,
     qty_invoiced, qty_to_invoice, untaxed_amount_invoiced, untaxed_amount_to_invoice,
     invoice_status, customer_lead, collapse_prices, collapse_composition,
     create_uid, write_uid, create_date, write_date)
SELECT l.id, l.order_id, l.sequence, l.name, 'sale', 1, c.id, %(user)s, c.currency_id,
       l.product_id, %(uom)s, l.quantity, l.price, l.price, 0, l.quantity * l.price, 0,
       l.quantity * l.price, l.price, l.price, 'manual', 0, l.quantity * l.invoiced,
       l.quantity * (1 - l.invoiced), l.quantity * l.invoiced * l.price,
       l.quantity * (1 - l.invoiced) * l.price, 'to invoice', 0, false, false,
       %(user)s, %(user)s, o.date + time '09:00', o.date + time '10:00'
FROM gen_order_line l
JOIN gen_order o ON o.n = l.order_n
JOIN gen_customer c ON c.n = o.customer
ORDER BY l.n;
