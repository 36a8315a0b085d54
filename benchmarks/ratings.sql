-- Buyers are the companies among the customers; what chance decides follows from ids.
CREATE TEMPORARY TABLE rated AS
SELECT id, (id * 2654435761) %% 1000003 AS chance
  FROM res_partner
 WHERE id = commercial_partner_id AND customer_rank > 0;

UPDATE res_partner SET is_company = TRUE
 WHERE id IN (SELECT id FROM rated) AND is_company IS NOT TRUE;

UPDATE res_partner partner SET industry_id = industry.id
  FROM rated
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
          FROM res_partner_industry) industry ON industry.place = rated.chance %% industry.many
 WHERE partner.id = rated.id AND rated.chance %% 5 < 2;

INSERT INTO credit_insurance_buyer_rating
       (partner_id, source_id, value, score, date, company_id)
SELECT rated.id, source.id, rating.value,
       100 * (CASE WHEN source.higher_is_better THEN rating.value - source.value_min
                   ELSE source.value_max - rating.value END)
           / (source.value_max - source.value_min),
       rating.date, rating.company_id
  FROM rated
 CROSS JOIN LATERAL (
       SELECT 'creditsafe' AS code, (rated.chance + 37 * edition) %% 101 AS value,
              %(today)s::date - 200 * edition AS date, NULL::int AS company_id
         FROM generate_series(0, 1) AS edition
        WHERE rated.chance %% 10 < 7
       UNION ALL
       SELECT 'dnb_failure', 1 + rated.chance %% 100, %(today)s::date - 30, NULL
        WHERE rated.chance %% 5 = 0
       UNION ALL
       SELECT 'measured_payments', (rated.chance + 11 * month) %% 101,
              %(today)s::date - 30 * month, %(company)s
         FROM generate_series(0, 11) AS month
        WHERE rated.chance %% 2 = 0
       ) AS rating
  JOIN credit_insurance_rating_source source ON source.code = rating.code;

INSERT INTO credit_insurance_country_rating (country_id, source_id, grade_id, date)
SELECT country.id, source.id, grade.id, %(today)s::date - 90 * edition
  FROM res_country country
 CROSS JOIN generate_series(0, 1) AS edition
  JOIN credit_insurance_rating_source source ON source.code = 'coface_country'
  JOIN LATERAL (
       SELECT id FROM credit_insurance_rating_grade
        WHERE source_id = source.id ORDER BY rank
       OFFSET (country.id + edition) %% 8 LIMIT 1) grade ON TRUE;
