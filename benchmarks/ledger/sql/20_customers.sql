-- Customers and their invoice addresses.  n is a customer's rank by turnover,
-- invoice_partner_id the contact that its invoices are addressed to.

CREATE TEMP TABLE gen_customer AS
SELECT n, %(res_partner)s + n AS id,
       CASE WHEN pg_temp.u(n, 10) < 0.2
            THEN %(res_partner)s + %(customers)s + n
            ELSE %(res_partner)s + n
       END AS invoice_partner_id,
       (ARRAY['Atlas', 'Nordic', 'Delta', 'Orient', 'Prime', 'Global', 'Summit',
              'Harbor', 'Pacific', 'Alpine'])[1 + floor(pg_temp.u(n, 11) * 10)::int]
       || ' ' ||
       (ARRAY['Foods', 'Machinery', 'Textiles', 'Chemicals', 'Trading', 'Components',
              'Packaging', 'Optics', 'Tools', 'Polymers'])
           [1 + floor(pg_temp.u(n, 12) * 10)::int]
       || ' ' || lpad(n::text, 6, '0') AS name,
       CASE WHEN pg_temp.u(n, 13) < 0.95
            THEN 'ap.' || lpad(n::text, 6, '0') || '@customer.example'
       END AS email,
       country.id AS country_id, market.days, term.id AS term_id,
       currency.id AS currency_id, currency.rate, currency.pricelist_id
FROM generate_series(1, %(customers)s) n
JOIN gen_market market
  ON pg_temp.u(n, 14) >= market.share_from AND pg_temp.u(n, 14) < market.share_to
JOIN res_country country ON country.code = market.code
JOIN gen_term term ON term.days = market.days
JOIN gen_currency currency ON currency.code = market.currency;
CREATE UNIQUE INDEX ON gen_customer (n);
CREATE UNIQUE INDEX ON gen_customer (id);
ANALYZE gen_customer;

CREATE TEMP TABLE gen_partner AS
SELECT n, id, name, name AS complete_name, true AS is_company, 'contact' AS type,
       email, NULL::int AS parent_id
FROM gen_customer
UNION ALL
SELECT n, invoice_partner_id, 'Accounts Payable', name || ', Accounts Payable', false,
       'invoice', 'billing.' || email, id
FROM gen_customer WHERE invoice_partner_id != id;

INSERT INTO res_partner
    (id, name, complete_name, commercial_company_name, is_company, type, active, lang,
     email, email_normalized, country_id, parent_id, commercial_partner_id,
     customer_rank, supplier_rank, partner_share, autopost_bills, color,
     message_bounce, property_payment_term_id, specific_property_product_pricelist,
     create_uid, write_uid, create_date, write_date)
SELECT p.id, p.name, p.complete_name, c.name, p.is_company, p.type, true, 'en_US',
       p.email, p.email, c.country_id, p.parent_id, c.id, 1, 0, true, 'ask', 0, 0,
       jsonb_build_object('1', c.term_id),
       CASE WHEN c.pricelist_id IS NOT NULL
            THEN jsonb_build_object('1', c.pricelist_id) END,
       1, 1, now(), now()
FROM gen_partner p JOIN gen_customer c ON c.n = p.n
ORDER BY p.id;
