-- Journal entries of invoices and payments.

CREATE TEMP TABLE gen_entry AS
SELECT m.id, m.name, m.prefix, m.number, m.origin AS ref, m.date,
       m.date AS invoice_date, m.due AS invoice_date_due, 'out_invoice' AS move_type,
       CASE WHEN m.payment_share = 1 THEN 'paid'
            WHEN m.payment_share IS NULL THEN 'not_paid'
            ELSE 'partial'
       END AS payment_state,
       %(sale_journal)s AS journal_id, m.currency_id, m.rate,
       m.invoice_partner_id AS partner_id, m.commercial_id,
       m.commercial_id AS shipping_id,
       CASE WHEN m.invoice_partner_id = m.commercial_id THEN m.customer_name
            ELSE m.customer_name || ', Accounts Payable'
       END AS display_name,
       m.term_id, m.origin, m.name AS payment_reference, %(user)s AS invoice_user_id,
       %(team)s AS team_id, m.amount AS untaxed, m.amount AS total,
       m.residual_currency, m.balance AS untaxed_signed, m.balance AS total_signed,
       m.amount AS in_currency_signed, m.residual, false AS always_exigible
FROM gen_move m
UNION ALL
SELECT p.id, p.name, p.prefix, p.number, p.ref, p.date, NULL, p.date, 'entry',
       'not_paid', %(bank_journal)s, p.currency_id, 0, p.commercial_id,
       p.commercial_id, NULL, p.customer_name, NULL, NULL, NULL, NULL, NULL, 0,
       p.amount, 0, 0, p.balance, p.amount, 0, true
FROM gen_payment p;

INSERT INTO account_move
    (id, name, sequence_prefix, sequence_number, ref, date, invoice_date,
     invoice_date_due, move_type, state, payment_state, journal_id, company_id,
     currency_id, invoice_currency_rate, partner_id, commercial_partner_id,
     partner_shipping_id, invoice_partner_display_name, invoice_payment_term_id,
     invoice_origin, payment_reference, invoice_user_id, team_id, amount_untaxed,
     amount_tax, amount_total, amount_residual, amount_untaxed_signed,
     amount_tax_signed, amount_total_signed, amount_total_in_currency_signed,
     amount_untaxed_in_currency_signed, amount_residual_signed, auto_post,
     posted_before, checked, made_sequence_gap, always_tax_exigible,
     is_manually_modified, create_uid, write_uid, create_date, write_date)
SELECT id, name, prefix, number, ref, date, invoice_date, invoice_date_due, move_type,
       'posted', payment_state, journal_id, 1, currency_id, rate, partner_id,
       commercial_id, shipping_id, display_name, term_id, origin, payment_reference,
       invoice_user_id, team_id, untaxed, 0, total, residual_currency, untaxed_signed,
       0, total_signed, in_currency_signed,
       CASE WHEN move_type = 'entry' THEN 0 ELSE in_currency_signed END, residual,
       'no', true, true, false, always_exigible, false,
       %(user)s, %(user)s, date + time '11:00', date + time '11:00'
FROM gen_entry ORDER BY id;
