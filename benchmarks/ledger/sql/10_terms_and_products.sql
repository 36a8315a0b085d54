-- Currencies, price lists, payment terms and 200 products.
-- gen_market (one row per country) has been filled before.

CREATE TEMP TABLE gen_currency AS
SELECT rate.code, currency.id, rate.rate,
       CASE WHEN rate.code != 'USD'
            THEN %(product_pricelist)s + row_number() OVER (ORDER BY rate.code)
       END AS pricelist_id
FROM gen_rate rate
JOIN res_currency currency ON currency.name = rate.code;

UPDATE res_currency SET active = true
WHERE id IN (SELECT id FROM gen_currency);

INSERT INTO res_currency_rate (id, name, rate, currency_id, company_id)
SELECT %(res_currency_rate)s + row_number() OVER (ORDER BY code),
       '2000-01-01', rate, id, 1
FROM gen_currency WHERE code != 'USD';

INSERT INTO product_pricelist (id, name, active, sequence, company_id, currency_id)
SELECT pricelist_id, jsonb_build_object('en_US', 'Export ' || code), true, 16, 1, id
FROM gen_currency WHERE pricelist_id IS NOT NULL;

CREATE TEMP TABLE gen_term AS
SELECT days, %(account_payment_term)s + row_number() OVER (ORDER BY days) AS id
FROM (SELECT DISTINCT days FROM gen_market) market;

INSERT INTO account_payment_term
    (id, name, active, sequence, display_on_invoice, discount_days,
     discount_percentage, early_pay_discount_computation)
SELECT id, jsonb_build_object('en_US', 'Net ' || days), true, 10, false, 10, 2,
       'included'
FROM gen_term;

INSERT INTO account_payment_term_line
    (id, payment_id, value, value_amount, nb_days, delay_type)
SELECT %(account_payment_term_line)s + row_number() OVER (ORDER BY days),
       id, 'percent', 100, days, 'days_after'
FROM gen_term;

-- Prices are about log-normal, with a median near 60.
CREATE TEMP TABLE gen_product AS
SELECT n, %(product_product)s + n AS id, 'Product ' || lpad(n::text, 3, '0') AS name,
       round(exp(4.1 + 2.2 * (pg_temp.u(n, 1) + pg_temp.u(n, 2) + pg_temp.u(n, 3)
                              - 1.5))::numeric, 2) AS price
FROM generate_series(1, %(products)s) n;

INSERT INTO product_template
    (id, name, type, active, uom_id, list_price, sale_ok, purchase_ok, sequence,
     service_type, expense_policy, invoice_policy, service_tracking, volume, weight,
     can_image_1024_be_zoomed, has_configurable_attributes)
SELECT %(product_template)s + n, jsonb_build_object('en_US', name), 'consu', true,
       %(uom)s, price, true, true, 1, 'manual', 'no', 'order', 'no', 0, 0, false, false
FROM gen_product;

INSERT INTO product_product
    (id, product_tmpl_id, active, combination_indices, is_favorite, default_code,
     can_image_variant_1024_be_zoomed)
SELECT id, %(product_template)s + n, true, '', false, 'P' || lpad(n::text, 3, '0'),
       false
FROM gen_product;
