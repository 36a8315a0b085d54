-- Limits of a generated ledger; see insurance.py for what they are like.

CREATE FUNCTION pg_temp.u(i bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended($1, 19000 + $2) & 4503599627370495)::float8
           / 4503599627370496
$$;

CREATE TEMP TABLE gen_buyer ON COMMIT DROP AS
SELECT partner.id, partner.name LIKE ANY (%(plenty)s) AS has_plenty,
       CASE WHEN pricelist.currency_id = euro.id THEN euro.id
            ELSE company.currency_id
       END AS currency_id,
       coalesce(owed.amount, 0)
           * CASE WHEN pricelist.currency_id = euro.id THEN 0.92 ELSE 1 END AS owed
FROM res_partner partner
JOIN res_company company ON company.id = %(company)s
JOIN res_currency euro ON euro.name = 'EUR'
LEFT JOIN product_pricelist pricelist
  ON pricelist.id
     = (partner.specific_property_product_pricelist->>%(company)s::text)::int
LEFT JOIN (
    SELECT item.partner_id, sum(item.amount_residual) AS amount
    FROM account_move_line item
    JOIN account_account account
      ON account.id = item.account_id AND account.account_type = 'asset_receivable'
    WHERE item.reconciled IS NOT TRUE AND item.parent_state = 'posted'
    GROUP BY 1
) owed ON owed.partner_id = partner.id
WHERE partner.is_company AND partner.customer_rank > 0 AND partner.parent_id IS NULL;

CREATE TEMP TABLE gen_limit ON COMMIT DROP AS
SELECT id AS buyer, currency_id,
       CASE WHEN has_plenty THEN 5 * owed + 5000000
            ELSE greatest(5000,
                          round(owed * (0.5 + 1.5 * pg_temp.u(id, 51))::numeric, -3))
       END AS amount,
       NOT has_plenty AND pg_temp.u(id, 52) < 0.2 AS was_raised,
       %(today)s::date
           - CASE WHEN NOT has_plenty AND pg_temp.u(id, 53) < 0.1
                  THEN 20 + floor(60 * pg_temp.u(id, 54))::int
                  ELSE 900 END AS date_from,
       %(today)s::date - 1 - floor(60 * pg_temp.u(id, 55))::int AS raised_on
FROM gen_buyer
WHERE has_plenty OR pg_temp.u(id, 50) < 0.6;

CREATE TEMP TABLE gen_decision ON COMMIT DROP AS
SELECT buyer, currency_id, 'named' AS kind, 'approved' AS state, amount,
       CASE WHEN was_raised AND raised_on > date_from THEN raised_on
            ELSE date_from END AS date_from,
       NULL::date AS date_to
FROM gen_limit
UNION ALL
SELECT buyer, currency_id, 'named', 'closed', round(amount / 2, -3), date_from,
       raised_on - 1
FROM gen_limit WHERE was_raised AND raised_on > date_from
UNION ALL
SELECT buyer, currency_id, 'temporary', 'approved', round(amount / 4, -3),
       greatest(date_from, %(today)s::date - 60), %(today)s::date + 60
FROM gen_limit WHERE pg_temp.u(buyer, 56) < 0.05;

INSERT INTO credit_insurance_limit
    (policy_id, insurer_id, partner_id, currency_id, kind, state, request_type,
     amount_mode, requested_amount, amount, request_date, decision_date, notified_on,
     date_from, date_to, source, create_uid, write_uid, create_date, write_date)
SELECT %(policy)s, %(insurer)s, buyer, currency_id, kind, state, 'new', 'additional',
       amount, amount, date_from, date_from, date_from, date_from, date_to, 'import',
       %(user)s, %(user)s, now(), now()
FROM gen_decision
ORDER BY date_from, buyer;
