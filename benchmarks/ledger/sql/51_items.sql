-- Journal items and their reconciliation.

CREATE TEMP TABLE gen_item AS
-- what is sold
SELECT l.id, m.id AS move_id, m.name AS move_name, m.origin AS ref, l.name, l.sequence,
       m.date, m.date AS invoice_date, NULL::date AS date_maturity,
       'product' AS display_type, %(sale_journal)s AS journal_id, m.currency_id,
       m.commercial_id AS partner_id, %(income)s AS account_id, l.product_id,
       %(uom)s AS uom_id, l.quantity, l.price, l.amount AS subtotal,
       -l.balance AS balance, -l.amount AS amount_currency, 0.0 AS residual,
       0.0 AS residual_currency, false AS reconciled, NULL::int AS full_id,
       NULL AS matching
FROM gen_line l JOIN gen_move m ON m.n = l.invoice_n
UNION ALL
-- what the customer owes
SELECT m.receivable_id, m.id, m.name, m.origin, m.name, 12000, m.date, m.date, m.due,
       'payment_term', %(sale_journal)s, m.currency_id, m.commercial_id,
       %(receivable)s, NULL, NULL, 0, 0, 0, m.balance, m.amount, m.residual,
       m.residual_currency, m.residual_currency = 0, p.full_id, p.matching
FROM gen_move m LEFT JOIN gen_payment p ON p.invoice_n = m.n
UNION ALL
-- what arrives at the bank
SELECT p.bank_item_id, p.id, p.name, p.ref, 'Payment ' || p.ref, 100, p.date, NULL,
       p.date, 'product', %(bank_journal)s, p.currency_id, p.commercial_id, %(bank)s,
       NULL, NULL, 1, 0, p.amount, p.balance, p.amount, p.balance, p.amount, false,
       NULL, NULL
FROM gen_payment p
UNION ALL
-- what it settles, or nothing yet
SELECT p.receivable_item_id, p.id, p.name, p.ref, 'Payment ' || p.ref, 101, p.date,
       NULL, p.date, 'product', %(bank_journal)s, p.currency_id, p.commercial_id,
       %(receivable)s, NULL, NULL, 1, 0, -p.amount, -p.balance, -p.amount,
       CASE WHEN p.invoice_n IS NULL THEN -p.balance ELSE 0 END,
       CASE WHEN p.invoice_n IS NULL THEN -p.amount ELSE 0 END,
       p.invoice_n IS NOT NULL, p.full_id, p.matching
FROM gen_payment p;

INSERT INTO account_move_line
    (id, move_id, move_name, ref, name, sequence, date, invoice_date, date_maturity,
     parent_state, display_type, journal_id, company_id, company_currency_id,
     currency_id, partner_id, account_id, product_id, product_uom_id, quantity,
     price_unit, discount, price_subtotal, price_total, debit, credit, balance,
     amount_currency, amount_residual, amount_residual_currency, reconciled,
     full_reconcile_id, matching_number, is_storno, no_followup, deductible_amount,
     create_uid, write_uid, create_date, write_date)
SELECT id, move_id, move_name, ref, name, sequence, date, invoice_date, date_maturity,
       'posted', display_type, journal_id, 1, %(usd)s, currency_id, partner_id,
       account_id, product_id, uom_id, quantity, price, 0, subtotal, subtotal,
       greatest(balance, 0), greatest(-balance, 0), balance, amount_currency, residual,
       residual_currency, reconciled, full_id, matching, false, false, 100,
       %(user)s, %(user)s, date + time '11:00', date + time '11:00'
FROM gen_item ORDER BY id;

INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)
SELECT full_id, %(user)s, %(user)s, now(), now()
FROM gen_payment WHERE full_id IS NOT NULL;

INSERT INTO account_partial_reconcile
    (id, debit_move_id, credit_move_id, full_reconcile_id, debit_currency_id,
     credit_currency_id, amount, debit_amount_currency, credit_amount_currency,
     max_date, company_id, create_uid, write_uid, create_date, write_date)
SELECT p.partial_id, p.receivable_id, p.receivable_item_id, p.full_id, p.currency_id,
       p.currency_id, p.balance, p.amount, p.amount, greatest(m.date, p.date), 1,
       %(user)s, %(user)s, now(), now()
FROM gen_payment p JOIN gen_move m ON m.n = p.invoice_n
ORDER BY p.partial_id;

INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
SELECT id, order_line_id FROM gen_line WHERE order_line_id IS NOT NULL;

UPDATE res_partner SET customer_rank = rank.count
FROM (SELECT commercial_id, count(*) FROM gen_move GROUP BY 1) rank
WHERE res_partner.id = rank.commercial_id;
